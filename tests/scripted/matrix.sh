#!/usr/bin/env bash
# The crash matrix.  A move of rows over two files, with two hooks that set rows, is killed with
# SIGKILL from the outside when it enters its Nth pwrite, fsync, fdatasync, unlink or ftruncate,
# or on a database server its Nth sendto.
# Then, each on a copy of what it left: (a) it is resumed and ends as if nothing had happened;
# (b) it is undone and everything is as in the beginning; (c) somebody changes the world first,
# and after a resume every row is as before, as after, or told.
#
# `make check` takes a sample, by a seed that is printed (SNMOVE_TEST_SEED= repeats one);
# `make matrix` sets MATRIX=all and takes every point.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/databases.sh"
site=$source_tree/docs/example-site
seed=${SNMOVE_TEST_SEED:-$(($(date +%s) % 32768))}
RANDOM=$seed
echo "# seed $seed"

start=$scratch/start
mkdir -p "$start/db" "$start/hooks"
chmod 755 "$start/hooks"
"$build/snmove-lua" --db "sqlite:$scratch/all.db" --import "$site/tables" >/dev/null
for table in nodelist noderes nodehm hosts site networks nodetype servicenode; do
	sqlite3 "$scratch/all.db" ".dump $table" | sqlite3 "$start/db/$table.sqlite"
done
cat >"$start/hooks/names.lua" <<'LUA'
local cluster = require "cluster"
return { name = "names", summary = "name servers", after = { servers = function(move)
	for _, node in ipairs(move.nodes) do
		cluster.set(node, "noderes.nameservers", move:new(node).ip)
	end
end } }
LUA
cat >"$start/hooks/later.lua" <<'LUA'
local cluster = require "cluster"
return { name = "later", summary = "comments, in a commit of its own", after = { nodes = function(move)
	for _, node in ipairs(move.nodes) do
		cluster.set(node, "nodehm.comments", "moved to " .. move:new(node).sn)
	end
end } }
LUA
chmod 644 "$start/hooks"/*

# A world is a copy of the start; its programs work on it alone.
world() { # FROM: makes $here from it
	here=$scratch/here
	rm -rf "$here"
	cp -a "$1" "$here"
	local db=xcat:$here/db
	[ "$product" = sqlite ] || db=$(server_url)
	printf 'return { hosts_file = "%s/hosts", resolve_time = 0, db = "%s", state = "%s/state", hooks = "%s/hooks" }\n' \
		"$site" "$db" "$here" "$here" >"$here/config"
	chmod 600 "$here/config"
	database_push "$here/db"/*.sqlite
}
here_snmove() {
	run "$build/snmove" --config "$here/config" "$@"
	database_pull "$here/db"/*.sqlite
}
move=(rack1 -d sn2 -D sn2-c -i)
rows() {
	local table
	for table in noderes nodehm; do
		sqlite3 "$here/db/$table.sqlite" "SELECT '$table', * FROM $table ORDER BY node"
	done
}

# A leak cannot be looked for under ptrace; the other tests look.
export ASAN_OPTIONS=detect_leaks=0

is_open() {
	here_snmove --status
	case $out in *" is open: "*) return 0 ;; *) return 1 ;; esac
}

resumed() { # (a)
	world "$1"
	if is_open; then
		here_snmove --resume
		status_is 0 || return 1
	elif [ "$(rows)" != "$after" ]; then
		equals "$(rows)" "$before" || return 1
		here_snmove "${move[@]}"
		status_is 0 || return 1
	fi
	equals "$(rows)" "$after"
}

undone() { # (b)
	world "$1"
	if is_open || [ "$(rows)" != "$before" ]; then
		here_snmove --undo
		status_is 0 || return 1
	fi
	equals "$(rows)" "$before"
}

changed_world() { # (c) FROM HOW
	world "$1"
	is_open || return 0
	case $2 in
	0) sqlite3 "$here/db/noderes.sqlite" "UPDATE noderes SET xcatmaster = NULL WHERE node = 'cn005'" ;;
	1) sqlite3 "$here/db/noderes.sqlite" "UPDATE noderes SET xcatmaster = 'sn9-c' WHERE node = 'rack1'" ;;
	*) cp "$start/db"/*.sqlite "$here/db" ;;
	esac
	database_push "$here/db"/*.sqlite
	local now
	now=$(rows)
	here_snmove --resume
	# Every row is as before, as after, as somebody left it and untouched, or told.
	local row node
	while IFS= read -r row; do
		node=$(cut -d '|' -f 2 <<<"$row")
		case "$before"$'\n'"$after"$'\n'"$now" in *"$row"*) continue ;; esac
		contains "$out$err" "$node" || return 1
	done <<<"$(rows)"
	[ "$2" != 0 ] || contains "$(rows)$out$err" cn005
}

# RANDOM is drawn in this shell alone: in $(...) or <(...) bash gives it another seed each time.
choose_points() { # SYSCALL: the numbers that are tried, in $points
	local total point order=''
	total=$(grep -c " $1(" "$scratch/trace")
	mapfile -t points < <(seq "$total")
	if [ "${MATRIX:-}" != all ] && [ "$total" -gt "$sample" ]; then
		for point in "${points[@]}"; do order+="$RANDOM $point"$'\n'; done
		mapfile -t points < <(sort -n <<<"${order%?}" | head -n "$sample" | cut -d ' ' -f 2 | sort -n)
	fi
}

killed_at_its_points() {
	world "$start"
	before=$(rows)
	strace -f -qq -o "$scratch/trace" -e "trace=${syscalls// /,}" \
		"$build/snmove" --config "$here/config" "${move[@]}" >/dev/null 2>&1
	database_pull "$here/db"/*.sqlite
	after=$(rows)
	tap_expect "on $product the move changes rows" [ "$before" != "$after" ]
	tried=0
	for syscall in $syscalls; do
		choose_points "$syscall"
		for point in "${points[@]}"; do
			world "$start"
			strace -f -qq -o /dev/null -e "trace=$syscall" -e "inject=$syscall:signal=SIGKILL:when=$point" \
				"$build/snmove" --config "$here/config" "${move[@]}" >/dev/null 2>&1
			server_settled || {
				tap_expect "on $product killed at $syscall $point, its sessions end" false
				return
			}
			database_pull "$here/db"/*.sqlite
			rm -rf "$scratch/left"
			cp -a "$here" "$scratch/left"
			tap_expect "on $product killed at $syscall $point, resumed: as if nothing had happened" \
				resumed "$scratch/left"
			tap_expect "on $product killed at $syscall $point, undone: as in the beginning" \
				undone "$scratch/left"
			tap_expect "on $product killed at $syscall $point, the world changed, resumed: every row is told for" \
				changed_world "$scratch/left" $((RANDOM % 3))
			tried=$((tried + 1))
		done
	done
	echo "# $tried points of $(wc -l <"$scratch/trace") on $product"
}

# Each database has its own way of writing; the journal's is the same on all.
every_point() {
	syscalls="pwrite64 fsync fdatasync unlink ftruncate"
	sample=${MATRIX_SAMPLE:-8} # points of each system call
	if [ "$product" != sqlite ]; then
		sample=${MATRIX_SAMPLE:-2}
		syscalls="sendto fdatasync"
		[ "${MATRIX:-}" != all ] || syscalls="sendto pwrite64 fsync fdatasync unlink ftruncate"
	fi
	killed_at_its_points
}
for_each_database every_point
tap_end
