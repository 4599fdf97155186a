# moves.sh - moves in the lab, and what is to be seen of them: sourced after site_lay.

# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of lab.sh, site.sh and tap.sh

four='cn001 cn002 cn003 cn004'
move=(cn001-cn004 -d sn2 -D sn2-c -i)

snmove() {
	run lab_in mn timeout 60 snmove --config /lab/site/config "$@"
}
moved() { # ARGUMENTS...: cn001-cn004 go from sn1 to sn2
	snmove "${move[@]}" "$@"
}
work() { # LUA: what the hook `work` does in the step applications; $hook_fields
	cat >"$site/hooks/work.lua" <<-LUA
		local remote, cluster = require "remote", require "cluster"
		return { name = "work", summary = "does its work on the nodes", ${hook_fields:-} after = { applications = function(move)
			local _ = cluster
			$1
		end } }
	LUA
	chmod 644 "$site/hooks/work.lua"
}
anew() { # COMMAND: nothing has happened yet, and this lays what the four nodes have
	local node
	rm -rf "$site/state" "$site/cluster.db"
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null || return
	for node in $four; do
		lab_in "$node" sh -c "$1" || return
	done
	# shellcheck disable=SC2046 # names without spaces
	lab_snapshot $(lab_nodes)
}
changed() { # what was changed on any host: NODE PATH
	# shellcheck disable=SC2046 # names without spaces
	lab_changes $(lab_nodes)
}
# What the journal says is other than it was in the beginning, on any host: HOST PATH.  What was
# replaced lies in a folder of its own until it is put back.
recorded() {
	sqlite3 -separator '	' "$site/state/journal.db" "SELECT host, target, before, after,
		ifnull(changes.state, batches.state), kept FROM batches
		JOIN changes ON number BETWEEN first AND last JOIN files ON files.change = number
		ORDER BY number" | awk -F '\t' '
			{ file = $1 " " $2 }
			!(file in first) { first[file] = now[file] = $3 }
			$5 == 2 || $5 == 5 { now[file] = $4 }
			$6 != "" { kept[$1 " " $6] = $5 == 2 && $3 != "absent" }
			END {
				for (file in now) if (now[file] != first[file]) print file
				for (file in kept) if (kept[file]) print file
			}' | LC_ALL=C sort
}
as_recorded() { # [HOST PATH]: nothing but that, which commands have changed, is other than it was
	equals "$(changed | LC_ALL=C sort)" "$({
		recorded
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} | LC_ALL=C sort)"
}
counted() { # as many as have no end are counted as begun without an end
	equals "$(sqlite3 "$site/state/journal.db" "SELECT number, started FROM runs WHERE started !=
		(SELECT count(*) FROM batches JOIN changes ON changes.number BETWEEN first AND last
			WHERE run = runs.number AND ifnull(changes.state, batches.state) = 1)")" ''
}
on_all() { # PATH: as `changed` has it
	local node
	for node in $four; do echo "$node $1"; done
}
start() { # ARGUMENTS...: $mover is the process of a move that has begun its command on all four
	local node
	lab_in mn snmove --config /lab/site/config "$@" >"$scratch/out1" 2>"$scratch/err1" &
	mover=$!
	for node in ${begin_on:-$four}; do
		lab_await lab_in "$node" test -e /tmp/begun || return
	done
}
signal() { # SIGNAL: to the snmove in mn; then its end is waited for
	lab_in mn pkill "-$1" -x snmove
	wait "$mover"
	status=$? out=$(cat "$scratch/out1") err=$(cat "$scratch/err1")
}
