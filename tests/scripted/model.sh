#!/usr/bin/env bash
# Random moves, kills, lost ends, resumes, undos of parts, closes and edits by others, on three
# service nodes and twelve nodes, beside a small oracle that knows what each node must have.
#
# The seed is printed; SNMOVE_TEST_SEED= repeats one, MODEL_STEPS= says how many.  RANDOM is drawn
# in this shell alone: in $(...) or <(...) bash gives it another seed each time.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/databases.sh"
seed=${SNMOVE_TEST_SEED:-$(($(date +%s) % 32768))}
RANDOM=$seed
steps=${MODEL_STEPS:-60}
echo "# seed $seed"

db=$scratch/cluster.db
mkdir "$scratch/hooks"
chmod 755 "$scratch/hooks"
cat >"$scratch/hosts" <<'HOSTS'
10.1.0.1 mn
10.1.0.11 sn1
10.1.0.12 sn2
10.1.0.13 sn3
10.2.0.11 sn1-c
10.2.0.12 sn2-c
10.2.0.13 sn3-c
HOSTS
# Waits for a kill where it is told to, and says so: before the rows are written, or after.
cat >"$scratch/hooks/pause.lua" <<LUA
local log = require "log"
local function wait(place)
	return function()
		if io.open("$scratch/pause." .. place) then
			log.warn("waits " .. place)
			while not io.open("$scratch/never") do end
		end
	end
end
return { name = "pause", summary = "waits for a kill",
	before = { servers = wait("before") }, after = { monitoring = wait("after") } }
LUA
chmod 644 "$scratch/hooks/pause.lua"

# The oracle: own[node] is the node's own cells ("servicenode|xcatmaster", empty: no row);
# run R has before[R.node] and after[R.node]; the open run, if any, and what is known of its rows:
# 'kept' with their step, 'begun' (nobody knows whether they are written), or 'settled' since.
declare -A own before after nodes_of undone
declare -a undoable
begin() { # the tables, no run, and what the oracle knows then
	rm -rf "$db" "$scratch"/journal.db* "$scratch/state"
	local url=sqlite:$db i
	[ "$product" = sqlite ] || url=$(server_url)
	printf 'return { hosts_file = "%s/hosts", resolve_time = 0, db = "%s", state = "%s/state", hooks = "%s/hooks" }\n' \
		"$scratch" "$url" "$scratch" "$scratch" >"$scratch/config"
	chmod 600 "$scratch/config"
	{
		echo "CREATE TABLE nodelist (node TEXT PRIMARY KEY, groups TEXT, disable TEXT);
			CREATE TABLE noderes (node TEXT PRIMARY KEY, servicenode TEXT, xcatmaster TEXT, tftpserver TEXT,
				nfsserver TEXT, monserver TEXT, nameservers TEXT, nimserver TEXT, comments TEXT, disable TEXT);
			CREATE TABLE nodehm (node TEXT PRIMARY KEY, conserver TEXT, termserver TEXT, disable TEXT);
			CREATE TABLE nodetype (node TEXT PRIMARY KEY, os TEXT, disable TEXT);
			CREATE TABLE hosts (node TEXT PRIMARY KEY, ip TEXT, hostnames TEXT, otherinterfaces TEXT, disable TEXT);
			CREATE TABLE site (key TEXT PRIMARY KEY, value TEXT, disable TEXT);
			INSERT INTO site VALUES ('master', '10.1.0.1', NULL);
			INSERT INTO hosts (node, ip) VALUES ('all', '|n(\d+)|10.2.1.(\$1)|');
			INSERT INTO noderes (node, servicenode, xcatmaster) VALUES ('all', 'sn1,sn2,sn3', 'sn1-c');"
		for i in $(seq 12); do echo "INSERT INTO nodelist VALUES ('n$i', 'all', NULL);"; done
	} | sqlite3 "$db"
	database_push "$db"
	own=() before=() after=() nodes_of=() undone=() undoable=()
	open='' rows='' last=0
	for i in $(seq 12); do own[n$i]=''; done
}

resolved() { # NODE: its list
	local value=${own[$1]:-'sn1,sn2,sn3|sn1-c'}
	echo "${value%%|*}"
}

new_list() { # LIST SN: SN in front, the rest in their order
	local element result=$2
	for element in ${1//,/ }; do [ "$element" = "$2" ] || result+=,$element; done
	echo "$result"
}

pick() { # 1 to 5 nodes that all have the same first service node, in $picked; it is $first
	local count=$((RANDOM % 5 + 1)) node=n$((RANDOM % 12 + 1)) number order='' nodes
	first=$(resolved "$node")
	first=${first%%,*}
	picked=()
	for number in $(seq 12); do order+="$RANDOM n$number"$'\n'; done
	mapfile -t nodes < <(sort -n <<<"${order%?}" | cut -d ' ' -f 2)
	for node in "${nodes[@]}"; do
		[ "$(resolved "$node" | cut -d , -f 1)" = "$first" ] && [ ${#picked[@]} -lt "$count" ] && picked+=("$node")
	done
}
joined() { local IFS=,; echo "$*"; }

compare() { # the database against the oracle
	local node have
	server_settled || return
	database_pull "$db"
	for node in "${!own[@]}"; do
		have=$(sqlite3 "$db" "SELECT servicenode || '|' || xcatmaster FROM noderes WHERE node = '$node'")
		[ "$have" = "${own[$node]}" ] || {
			echo "$node has '$have', the oracle says '${own[$node]}'"
			echo "stdout: $out"
			echo "stderr: $err"
			return 1
		}
	done
}

note_run() { # the nodes of a new run, and what they get
	local node
	last=$((last + 1))
	nodes_of[$last]="${picked[*]}"
	for node in "${picked[@]}"; do
		before[$last.$node]=${own[$node]}
		after[$last.$node]="$(new_list "$(resolved "$node")" "$target")|$target-c"
	done
}
apply_run() { # RUN
	local node
	for node in ${nodes_of[$1]}; do own[$node]=${after[$1.$node]}; done
	undoable+=("$1")
}

choose_target() {
	local others=(sn1 sn2 sn3)
	target=$first
	while [ "$target" = "$first" ]; do target=${others[RANDOM % 3]}; done
}

act_move() {
	pick
	choose_target
	snmove "$(joined "${picked[@]}")" -d "$target" -D "$target-c" -i
	if [ -n "$open" ]; then
		status_is 5
		return
	fi
	note_run
	apply_run "$last"
	status_is 0
}

comes_to_wait() { # PLACE: the move $mover, in its hook
	local end=$((SECONDS + 30))
	until grep -q "waits $1" "$scratch/err1"; do
		[ "$SECONDS" -lt "$end" ] && kill -0 "$mover" || return
		sleep 0.01
	done
}

start_waiting() { # PLACE: a move of what is picked, that waits there
	touch "$scratch/pause.$1"
	# It opens its files later than we look: what the last one said must be gone by then.
	: >"$scratch/err1"
	"$build/snmove" --config "$scratch/config" "$(joined "${picked[@]}")" -d "$target" -D "$target-c" -i \
		>"$scratch/out1" 2>"$scratch/err1" &
	mover=$!
	comes_to_wait "$1"
}

act_kill() { # before the rows are written, or after
	local place=before mover waits
	[ -z "$open" ] || return 0
	[ $((RANDOM % 2)) = 0 ] || place=after
	pick
	choose_target
	start_waiting "$place"
	waits=$?
	kill -9 "$mover"
	wait "$mover"
	status=$? out=$(cat "$scratch/out1") err=$(cat "$scratch/err1")
	rm "$scratch/pause.$place"
	[ "$waits" = 0 ] || echo "the move does not come to wait $place"
	status_is 137 && [ "$waits" = 0 ] || return
	note_run
	if [ "$place" = after ]; then
		apply_run "$last"
		open=$last rows=kept
	fi
}

act_lose() { # the rows are written, and the journal cannot keep that they are
	local journal=$scratch/state/journal.db
	[ -z "$open" ] && [ -e "$journal" ] || return 0
	pick
	choose_target
	sqlite3 "$journal" "CREATE TRIGGER lost BEFORE UPDATE ON batches BEGIN SELECT raise(FAIL, 'lost'); END"
	snmove "$(joined "${picked[@]}")" -d "$target" -D "$target-c" -i
	sqlite3 "$journal" "DROP TRIGGER lost"
	status_is 4 || return
	note_run
	apply_run "$last"
	open=$last rows=begun
}

is_as_written() { # RUN: all that it has changed
	local node part was ours
	for node in ${nodes_of[$1]}; do
		for part in 1 2; do
			was=$(cut -d '|' -f "$part" <<<"${before[$1.$node]}|")
			ours=$(cut -d '|' -f "$part" <<<"${after[$1.$node]}|")
			[ "$was" = "$ours" ] || [ "$(cut -d '|' -f "$part" <<<"${own[$node]}|")" = "$ours" ] || return 1
		done
	done
}

write_again() { # RUN: its steps ask again for what somebody has set back
	local node part cell was result
	for node in ${nodes_of[$1]}; do
		[ -z "${undone[$1.$node]:-}" ] || continue
		result=()
		for part in 1 2; do
			cell=$(cut -d '|' -f "$part" <<<"${own[$node]}|")
			was=$(cut -d '|' -f "$part" <<<"${before[$1.$node]}|")
			[ "$cell" != "$was" ] || cell=$(cut -d '|' -f "$part" <<<"${after[$1.$node]}|")
			result+=("$cell")
		done
		own[$node]="${result[0]}|${result[1]}"
	done
}

act_resume() {
	snmove --resume
	if [ -z "$open" ]; then
		status_is 1
	elif [ "$rows" = begun ] && ! is_as_written "$open"; then
		status_is 1 && contains "$err" "the run can be undone or closed"
	else
		[ "$rows" = kept ] || write_again "$open"
		open=''
		[ "$status" = 0 ] || [ "$status" = 3 ] || status_is 0
	fi
}

is_ours() { # NODE RUN: each of its cells is as the run left it, or as it was before
	local part cell was ours
	for part in 1 2; do
		cell=$(cut -d '|' -f "$part" <<<"${own[$1]}|")
		was=$(cut -d '|' -f "$part" <<<"${before[$2.$1]}|")
		ours=$(cut -d '|' -f "$part" <<<"${after[$2.$1]}|")
		[ "$was" = "$ours" ] || [ "$cell" = "$was" ] || [ "$cell" = "$ours" ] || return 1
	done
}

taken_back() { # NODE RUN: what the node has then; a cell that the run did not change stays
	local part cell was ours result=()
	for part in 1 2; do
		cell=$(cut -d '|' -f "$part" <<<"${own[$1]}|")
		was=$(cut -d '|' -f "$part" <<<"${before[$2.$1]}|")
		ours=$(cut -d '|' -f "$part" <<<"${after[$2.$1]}|")
		if [ "$was" = "$ours" ]; then result+=("$cell"); else result+=("$was"); fi
	done
	[ "${result[0]}${result[1]}" = "" ] || echo "${result[0]}|${result[1]}"
}

act_undo() { # a run, or some of its nodes
	[ ${#undoable[@]} -gt 0 ] || return 0
	local which=$((RANDOM % ${#undoable[@]})) number node part=() conflict=''
	number=${undoable[which]}
	[ -z "$open" ] || number=$open
	for node in ${nodes_of[$number]}; do
		[ $((RANDOM % 3)) != 0 ] && part+=("$node")
	done
	[ ${#part[@]} -gt 0 ] || return 0
	if [ $((RANDOM % 2)) = 0 ]; then
		read -ra part <<<"${nodes_of[$number]}"
		snmove --undo="$number"
	else
		snmove --undo="$number" "$(joined "${part[@]}")"
	fi
	if [ "$status" = 1 ]; then # it is taken back already, as a whole
		contains "$err" "taken back already"
		return
	fi
	last=$((last + 1))
	nodes_of[$last]=''
	local left said=$out
	left=" $(sed -n 's/^  owed: \(.*\): left as it is.*/\1/p' <<<"$said" | while read -r range; do
		"$build/snmove" --config "$scratch/config" --expand "$range"
	done | tr '\n' ' ')"
	for node in "${part[@]}"; do
		[ -z "${undone[$number.$node]:-}" ] || continue
		if is_ours "$node" "$number"; then
			own[$node]=$(taken_back "$node" "$number")
			undone[$number.$node]=1
		else
			conflict=1
			contains "$left" " $node " || return 1
		fi
	done
	# An undo of all of an open run leaves nothing open; of a part, the run stays open.
	snmove --status
	case $out in *" is open: "*) ;; *) open='' ;; esac
	[ "$rows" != begun ] || rows=settled
	[ -z "$conflict" ] || return 0
}

act_close() {
	[ -n "$open" ] || return 0
	snmove --close="$open"
	open=''
	status_is 0
}

act_edit() { # somebody else changes a node's own master
	local node=n$((RANDOM % 12 + 1)) value
	value=${own[$node]}
	[ -n "$value" ] || return 0
	own[$node]="${value%%|*}|sn$((RANDOM % 3 + 1))-c"
	sqlite3 "$db" "UPDATE noderes SET xcatmaster = '${own[$node]##*|}' WHERE node = '$node'"
	database_push "$db"
}

act() { # NAME: then the database is as the oracle says
	"act_$1" && compare
}

# The acts change the oracle, so they run in this shell and not in one of tap_expect's own.
actions=(move move move kill kill lose resume undo undo undo close edit)
play() {
	begin
	local step action most=$steps
	# What is the same on all is tried on the fastest one.
	[ "$product" = sqlite ] || [ "${MATRIX:-}" = all ] || most=${MODEL_STEPS:-15}
	for step in $(seq "$most"); do
		action=${actions[RANDOM % ${#actions[@]}]}
		out='' err='' status=0
		if act "$action" >"$scratch/told" 2>&1; then
			tap_expect "step $step on $product: $action" true
		else
			tap_expect "step $step on $product: $action, seed $seed" cat "$scratch/told" /nonexistent
			break
		fi
	done
}
for_each_database play
tap_end
