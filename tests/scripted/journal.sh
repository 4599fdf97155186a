#!/usr/bin/env bash
# Runs that are killed, resumed, undone, closed and looked at; and who may run at all.

. "$(dirname "$0")/../lib/tap.sh"
site=$source_tree/docs/example-site
db=$scratch/cluster.db
hooks=$scratch/hooks
mkdir "$hooks"
chmod 755 "$hooks"
printf 'return { hosts_file = "%s/hosts", resolve_time = 0, db = "sqlite:%s", state = "%s/state", hooks = "%s" }\n' \
	"$site" "$db" "$scratch" "$hooks" >"$scratch/config"
chmod 600 "$scratch/config"

fresh() {
	rm -rf "$db" "$scratch/state" "${hooks:?}"/* "$scratch/go"
	"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null
}
rows() {
	sqlite3 "$db" "SELECT * FROM noderes ORDER BY node; SELECT * FROM nodehm ORDER BY node"
}
waiting_hook() { # PLACE STEP: waits until $scratch/go is there
	cat >"$hooks/wait.lua" <<-LUA
		return { name = "wait", summary = "waits", $1 = { $2 = function()
			local i = 0
			while not io.open("$scratch/go") do i = i + 1 end
		end } }
	LUA
	chmod 644 "$hooks/wait.lua"
}
wait_for_step() { # until a move has begun the step, by its journal
	local i
	for i in $(seq 500); do
		[ "$(sqlite3 "$scratch/state/journal.db" \
			"SELECT name FROM steps ORDER BY number DESC LIMIT 1" 2>/dev/null)" = "$1" ] && return
		sleep 0.02
	done
	echo "the step $1 is not begun in time" >&2
}
start_waiting() { # PLACE STEP ARGUMENTS...: a move that waits in its hook; $mover is its process
	local step=$2
	waiting_hook "$1" "$2"
	shift 2
	"$build/snmove" --config "$scratch/config" "$@" >"$scratch/out1" 2>"$scratch/err1" &
	mover=$!
	wait_for_step "$step"
	sleep 0.2
}
killed() { # PLACE STEP: a move of rack1 is killed there
	start_waiting "$1" "$2" rack1 -d sn2 -D sn2-c -i
	kill -9 "$mover"
	wait "$mover" 2>/dev/null
	rm "$hooks/wait.lua"
}
hooked() { # the hook is the same file, but does not wait any more
	waiting_hook "$1" "$2"
	touch "$scratch/go"
}

after_move() {
	fresh
	SUDO_USER=alice snmove rack1 -d sn2 -D sn2-c -i --reason "power work"
	status_is 0 || return 1
	contains "$out" "run 1 done: 20 nodes, 120 changes written" &&
		contains "$out" "to take it back: $typed --undo=1" || return 1
	snmove --status
	contains "$out" "no run is open, and nothing is owed" || return 1
	snmove --history
	contains "$out" "power work" && contains "$out" "sn1 -> sn2" || return 1
	snmove --history cn005
	contains "$out" "rack1" || return 1
	snmove --history cn055
	equals "$out" "no run has cn055" || return 1
	snmove --show
	contains "$out" "reason   power work" && contains "$out" " for alice" && contains "$out" "noderes.xcatmaster   sn1-c -> sn2-c" &&
		contains "$out" "20: cn[001-020], from sn1 to sn2"
}
tap_expect "a move is kept, and told by --history and --show" after_move

private_files() {
	equals "$(stat -c %a "$scratch/state")" 700 && equals "$(stat -c %a "$scratch/state/journal.db")" 600
}
tap_expect "the journal is for its owner alone" private_files

json() {
	snmove --show=1 --json
	contains "$out" '"reason":"power work"' && contains "$out" '"column":"xcatmaster"' || return 1
	snmove --history --json
	contains "$out" '{"run":1,"state":"done"'
}
tap_expect "--json prints an object a line" json

undo_whole() {
	fresh
	local before
	before=$(rows)
	snmove rack1 -d sn2 -D sn2-c -i
	snmove --undo=1 --plan
	contains "$out" "sn2-c -> (of its groups)" && contains "$out" "nothing written" || return 1
	snmove --undo
	status_is 0 && equals "$(rows)" "$before" || return 1
	snmove --undo=1
	status_is 1 && contains "$err" "taken back already" || return 1
	snmove --undo=2 # the undo itself
	status_is 0 && contains "$out" "take back the undo of the move of 20 nodes" && contains "$(rows)" "cn001|sn2,sn1"
}
tap_expect "an undo brings every row back, and can be undone" undo_whole

undo_part() {
	fresh
	snmove rack1 -d sn2 -D sn2-c -i
	snmove --undo=1 'cn[001-005]'
	status_is 0 && contains "$out" "5 of the nodes of run 1 taken back (now 5 of 20, not cn[006-020]), 30 changes written" || return 1
	snmove --undo=1 'cn[001-006],cn030'
	status_is 1 && contains "$err" "has not moved cn030" || return 1
	snmove --undo=1
	status_is 0 && equals "$(sqlite3 "$db" "SELECT count(*) FROM noderes WHERE node LIKE 'cn%'")" 0
}
tap_expect "an undo of some nodes leaves the others, which can be undone later" undo_part

undo_conflict() {
	fresh
	snmove rack1 -d sn2 -D sn2-c -i
	sqlite3 "$db" "UPDATE noderes SET xcatmaster = 'sn9-c' WHERE node = 'cn003';
		UPDATE noderes SET comments = 'mine' WHERE node = 'cn004'"
	snmove --undo
	status_is 3 && contains "$out" "cn003: left as it is: somebody changed noderes.xcatmaster" &&
		contains "$out" "now 'sn9-c'" && contains "$out" "19 of the nodes" || return 1
	equals "$(sqlite3 "$db" "SELECT node, servicenode, xcatmaster, comments FROM noderes WHERE node LIKE 'cn%'")" \
		$'cn003|sn2,sn1|sn9-c|\ncn004|||mine'
}
tap_expect "an undo leaves a node that somebody changed, and a row that somebody wrote into" undo_conflict

killed_before() {
	fresh
	local before
	before=$(rows)
	killed before servers
	equals "$(rows)" "$before" || return 1
	snmove --status
	contains "$out" "no run is open" || return 1
	snmove rack1 -d sn2 -D sn2-c -i
	status_is 0
}
tap_expect "a move that is killed before it has written leaves nothing open" killed_before

killed_after() {
	fresh
	killed after monitoring
	snmove --status
	contains "$out" "run 1 is open: 20 nodes from sn1 to sn2" && contains "$out" "120 changes" &&
		contains "$out" "$typed --resume=1" || return 1
	snmove rack2 -d sn2 -D sn2-c -i
	status_is 5 && contains "$err" "run 1 is open" && contains "$err" "$typed --undo=1" &&
		contains "$err" "$typed --close=1" || return 1
	snmove --resume
	status_is 1 && contains "$err" "changed since run 1 was begun" || return 1
	hooked after monitoring
	snmove --resume
	status_is 0 && contains "$out" "run 1 done: 20 nodes, 120 changes written"
}
tap_expect "a killed move is open: others are refused, a changed hook too, and it is resumed" killed_after

killed_undo() {
	fresh
	local before
	before=$(rows)
	killed after monitoring
	snmove --undo
	status_is 0 && equals "$(rows)" "$before" || return 1
	snmove --status
	contains "$out" "no run is open"
}
tap_expect "a killed move is undone" killed_undo

killed_close() {
	fresh
	killed after monitoring
	snmove --close=1
	status_is 0 && contains "$out" "run 1 closed" || return 1
	snmove rack2 -d sn2 -D sn2-c -i
	status_is 0 || return 1
	snmove --undo=1
	status_is 0 && equals "$(sqlite3 "$db" "SELECT count(*) FROM noderes WHERE node <= 'cn020'")" 0
}
tap_expect "a closed run stays as it is, and can still be undone" killed_close

written_unknown() { # rack1 has moved, and the journal was lost when that was to be kept
	fresh
	snmove cn060 -d sn2 -D sn2-c -i # makes the journal
	sqlite3 "$scratch/state/journal.db" "CREATE TRIGGER full BEFORE UPDATE ON batches BEGIN
		SELECT raise(FAIL, 'no room'); END"
	snmove rack1 -d sn2 -D sn2-c -i
	sqlite3 "$scratch/state/journal.db" "DROP TRIGGER full"
	status_is 4 && contains "$(rows)" "cn001|sn2,sn1"
}
edited_between() { # and then somebody changes one of its rows
	written_unknown && sqlite3 "$db" "UPDATE noderes SET xcatmaster = 'sn9-c' WHERE node = 'cn003'"
}
told_of_edit() {
	status_is 3 && contains "$out" "cn003: left as it is: somebody changed noderes.xcatmaster" &&
		contains "$out" "19 of the nodes of run 2 taken back" &&
		equals "$(sqlite3 "$db" "SELECT node, servicenode, xcatmaster FROM noderes WHERE node <= 'cn020'")" "cn003|sn2,sn1|sn9-c"
}

unknown_resumed() {
	edited_between || return 1
	local now
	now=$(rows)
	snmove --resume
	status_is 1 && contains "$err" "this run wrote 'sn2-c', and it is 'sn9-c' now; the run can be undone or closed" &&
		equals "$(rows)" "$now"
}
tap_expect "a resume does not write over what somebody changed in a commit of which nobody knows" unknown_resumed

unknown_undone() {
	edited_between || return 1
	snmove --undo --plan
	contains "$out" "114 changes planned, nothing written" && contains "$out" "cn003: left as it is" || return 1
	snmove --undo
	told_of_edit || return 1
	snmove rack2 -d sn2 -D sn2-c -i # nothing is open
	status_is 0
}
tap_expect "an undo leaves that, tells it, and takes back the rest, as its plan says" unknown_undone

unknown_closed() {
	edited_between || return 1
	snmove --close=2
	status_is 0 && contains "$out" "run 2 closed" || return 1
	snmove rack2 -d sn2 -D sn2-c -i
	status_is 0 || return 1
	snmove --undo=2
	told_of_edit
}
tap_expect "such a run can be closed, and undone later" unknown_closed

same_rows() { # a hook that is not idempotent: the row is not set twice
	fresh
	cat >"$hooks/append.lua" <<-'LUA'
		local cluster = require "cluster"
		return { name = "append", summary = "appends", after = { nodes = function(move)
			for _, node in ipairs(move.nodes) do
				local old = cluster.get(node, "noderes.comments")
				cluster.set(node, "noderes.comments", (old or "") .. "moved;")
			end
		end } }
	LUA
	chmod 644 "$hooks/append.lua"
	killed after applications
	equals "$(sqlite3 "$db" "SELECT comments FROM noderes WHERE node = 'cn001'")" "moved;" || return 1
	snmove --resume --force=changed
	status_is 0 && equals "$(sqlite3 "$db" "SELECT comments FROM noderes WHERE node = 'cn001'")" "moved;"
}
tap_expect "a step that is done is not done again by a resume" same_rows

resumed_changed() {
	fresh
	killed after monitoring
	sqlite3 "$db" "UPDATE noderes SET xcatmaster = NULL WHERE node = 'cn007'"
	snmove --resume --force=changed
	status_is 3 && contains "$out" "somebody changed what was done: noderes.xcatmaster of 'cn007'"
}
tap_expect "a done row that somebody changed meanwhile is told by a resume" resumed_changed

other_database() {
	fresh
	killed after monitoring
	cp "$db" "$scratch/other.db"
	snmove --resume --db "sqlite:$scratch/other.db" --force=changed
	status_is 1 && contains "$err" "was on the database"
}
tap_expect "a run is not resumed on another database" other_database

signalled() { # SIGNAL STATUS
	fresh
	start_waiting after monitoring rack1 -d sn2 -D sn2-c -i
	kill "-$1" "$mover"
	wait "$mover"
	status=$? out=$(cat "$scratch/out1") err=$(cat "$scratch/err1")
	status_is "$2" && contains "$out" "run 1 interrupted, state saved: 120 changes written" &&
		contains "$out" "$typed --resume=1" || return 1
	hooked after monitoring
	snmove --resume
	status_is 0
}
tap_expect "SIGINT saves, says how to go on, and ends with 130" signalled INT 130
tap_expect "SIGTERM saves, says how to go on, and ends with 143" signalled TERM 143

early_signal() {
	fresh
	local before
	before=$(rows)
	start_waiting before servers rack1 -d sn2 -D sn2-c -i
	kill -INT "$mover"
	wait "$mover"
	status=$? out=$(cat "$scratch/out1")
	status_is 130 && contains "$out" "nothing changed" && equals "$(rows)" "$before"
}
tap_expect "a signal before anything is written leaves nothing" early_signal

hangup() {
	fresh
	start_waiting after monitoring rack1 -d sn2 -D sn2-c -i
	kill -HUP "$mover"
	kill -PIPE "$mover"
	touch "$scratch/go"
	wait "$mover"
	status=$? out=$(cat "$scratch/out1")
	status_is 0
}
tap_expect "a closed terminal or pipe does not stop a move" hangup

fifty() {
	fresh
	local i pids=() statuses=() state
	waiting_hook after monitoring
	for i in $(seq 50); do
		state=$scratch/state # two directories of state on one database: still one
		[ $((i % 2)) = 0 ] && state=$scratch/state2
		"$build/snmove" --config "$scratch/config" --state "$state" rack1 -d sn2 -D sn2-c -i \
			>/dev/null 2>"$scratch/err.$i" &
		pids+=($!)
	done
	sleep 1
	touch "$scratch/go"
	for i in "${pids[@]}"; do
		wait "$i"
		statuses+=($?)
	done
	equals "$(printf '%s\n' "${statuses[@]}" | sort | uniq -c | tr -s ' ')" $' 1 0\n 49 5' &&
		contains "$(cat "$scratch"/err.*)" "another run is at work"
}
tap_expect "of fifty that are started at once exactly one goes on" fifty

at_work() {
	fresh
	start_waiting after monitoring rack1 -d sn2 -D sn2-c -i
	snmove --status
	touch "$scratch/go"
	wait "$mover"
	contains "$out" "run 1 is at work: 20 nodes from sn1 to sn2, by"
}
tap_expect "--status sees a run at work from another terminal" at_work

newer_journal() {
	fresh
	snmove cn001 -d sn2 -D sn2-c -i
	sqlite3 "$scratch/state/journal.db" "UPDATE about SET value = '99'"
	snmove cn002 -d sn2 -D sn2-c -i
	status_is 1 && contains "$err" "is of version 99" &&
		equals "$(sqlite3 "$db" "SELECT count(*) FROM noderes WHERE node = 'cn002'")" 0
}
tap_expect "a journal of a newer version is refused, and nothing is written" newer_journal

# A journal of version 1 with a run that was killed in its boot step, and one that owes.
older_journal() {
	fresh
	snmove cn005 -d sn2 -D sn2-c -i # the rows that the killed run had written
	rm -r "$scratch/state"
	mkdir -m 700 "$scratch/state"
	sed "s,@DIR@,$scratch,g; s,@SOURCE@,$source_tree,g" \
		"$source_tree/tests/cases/journal/version-1.sql" | sqlite3 "$scratch/state/journal.db"
	snmove --status
	contains "$out" "run 4 is open" && contains "$out" "cn[041-042]: call the owner" || return 1
	snmove --resume --force=changed
	status_is 0 && contains "$out" "run 4 done: 1 node, 6 changes written" || return 1
	snmove --history
	contains "$out" "snmove --config $scratch/config --undo=1 cn002" || return 1
	snmove --undo=4
	status_is 0 && contains "$out" "the node of run 4 taken back"
}
tap_expect "a journal of an older version is upgraded, and its open run goes on" older_journal

voided_debts() {
	fresh
	cat >"$hooks/owe.lua" <<-'LUA'
		return { name = "owe", summary = "owes", after = { servers = function(move)
			move:owe(move.nodes, "call the owner") end } }
	LUA
	chmod 644 "$hooks/owe.lua"
	snmove cn001,cn002 -d sn2 -D sn2-c -i
	status_is 3 || return 1
	rm "$hooks/owe.lua"
	snmove cn001 -s sn2 -d sn1 -D sn1-c -i
	snmove --status
	contains "$out" "owed: cn002: call the owner" || return 1
	snmove cn002 -s sn2 -d sn1 -D sn1-c -i --only rows
	snmove --status
	contains "$out" "owed: cn002: call the owner" || return 1
	snmove cn002 -s sn1 -d sn2 -D sn2-c -i
	snmove --status
	contains "$out" "nothing is owed" || return 1
	snmove --show=1 --json
	contains "$out" '"mode":"planned"' && contains "$out" '"owed":[]'
}
tap_expect "what is owed for a node is void once the node is moved again" voided_debts

down_and_up() { # a node without an address to reach, which then is this machine
	fresh
	cp "$site/hosts" "$scratch/hosts"
	echo "10.2.9.9 cn001" >>"$scratch/hosts"
	printf 'return { hosts_file = "%s/hosts", resolve_time = 0, connect_time = 1, db = "sqlite:%s", state = "%s/state", hooks = "%s" }\n' \
		"$scratch" "$db" "$scratch" "$hooks" >"$scratch/config2"
	chmod 600 "$scratch/config2"
	cat >"$hooks/count.lua" <<-LUA
		local remote = require "remote"
		return { name = "count", summary = "counts", after = { applications = function()
			remote.run({ "cn001", "sn2" }, "echo x >>$scratch/count", { via = "direct" }) end } }
	LUA
	chmod 644 "$hooks/count.lua"
	rm -f "$scratch/count"
	run "$build/snmove" --config "$scratch/config2" cn001,cn002 -d sn2 -D sn2-c -i
	status_is 3 && contains "$out" "owed: cn001: 'echo x" && contains "$out" "to try again what is owed: ${typed}2 --resume=1" &&
		equals "$(cat "$scratch/count")" x || return 1
	sed -i 's/^10.2.9.9 cn001$/10.1.0.11 cn001/' "$scratch/hosts"
	run "$build/snmove" --config "$scratch/config2" --resume=1
	status_is 0 && equals "$(cat "$scratch/count")" "x
x" || return 1
	snmove --status
	contains "$out" "nothing is owed" || return 1
	run "$build/snmove" --config "$scratch/config2" --resume=1
	status_is 1 && contains "$err" "run 1 is not open: it is done" || return 1
	snmove --undo=1 --plan
	contains "$out" "12 changes planned"
}
tap_expect "what a host did not get is tried again by a resume of the run, and nowhere else" down_and_up

by_hand() {
	fresh
	cat >"$hooks/owe.lua" <<-'LUA'
		return { name = "owe", summary = "owes", after = { servers = function(move)
			move:owe(move.nodes, "call the owner") end } }
	LUA
	chmod 644 "$hooks/owe.lua"
	snmove cn001 -d sn2 -D sn2-c -i
	snmove --resume
	status_is 1 && contains "$err" "is to be done by hand" && contains "$err" "$typed --close=1"
}
tap_expect "what only people can do is not tried by a resume" by_hand

damaged_journal() {
	fresh
	snmove cn001 -d sn2 -D sn2-c -i
	dd if=/dev/urandom of="$scratch/state/journal.db" bs=1024 count=8 conv=notrunc 2>/dev/null
	snmove cn002 -d sn2 -D sn2-c -i
	status_is 1 && contains "$err" "journal" && contains "$err" "move it away" &&
		equals "$(sqlite3 "$db" "SELECT count(*) FROM noderes WHERE node = 'cn002'")" 0
}
tap_expect "a damaged journal is refused, and nothing is written" damaged_journal

small_disk() { # WHAT: journal or database on a disk of 160 KB that is nearly full
	fresh
	local before
	before=$(rows)
	mkdir -p "$scratch/small"
	# shellcheck disable=SC2016
	unshare -m -- bash -c '
		mount -t tmpfs -o size=200k,mode=700 small "$1/small" || exit 9
		[ "$3" = database ] && { cp "$1/cluster.db" "$1/small/" && database=$1/small/cluster.db; }
		[ "$3" = journal ] && { database=$1/cluster.db; state=$1/small; }
		dd if=/dev/zero of="$1/small/fill" bs=1k 2>/dev/null
		[ "$3" = journal ] && truncate -s -16k "$1/small/fill"
		"$2/snmove" --config "$1/config" --db "sqlite:$database" --state "${state:-$1/state}" rack1 -d sn2 -D sn2-c -i
		status=$?
		sqlite3 "$database" "SELECT * FROM noderes ORDER BY node; SELECT * FROM nodehm ORDER BY node" >"$1/rows"
		exit $status
	' - "$scratch" "$build" "$1" >"$scratch/stdout" 2>"$scratch/stderr"
	status=$? out=$(cat "$scratch/stdout") err=$(cat "$scratch/stderr")
	status_is 1 && contains "$err" "full" && equals "$(cat "$scratch/rows")" "$before"
}
tap_expect_root "a full disk under the journal leaves nothing written" small_disk journal
tap_expect_root "a full disk under the database leaves nothing written" small_disk database

killed_in_undo() { # an undo that is killed goes on, with --resume or as an undo of the undo
	fresh
	local before
	before=$(rows)
	snmove rack1 -d sn2 -D sn2-c -i
	waiting_hook "$1" "$2"
	"$build/snmove" --config "$scratch/config" --undo >/dev/null 2>&1 &
	mover=$!
	sleep 0.5
	kill -9 "$mover"
	wait "$mover" 2>/dev/null
	hooked "$1" "$2"
	snmove --resume
	echo "$out$err"
	[ "$status" = 0 ] || snmove --undo=1 # killed before it began: nothing is open
	status_is 0 && equals "$(rows)" "$before" || return 1
	snmove --status
	contains "$out" "no run is open"
}
tap_expect "an undo that is killed before its commit is done again" killed_in_undo after freeze
tap_expect "an undo that is killed after its commit goes on" killed_in_undo after finished

kept_lines() {
	fresh
	cat >"$hooks/owing.lua" <<-'LUA'
		return { name = "owing", summary = "owes, and sees", after = { nodes = function(move)
			move:owe({ "cn005" }, "fsck its disk")
			move:note("seen " .. #move.nodes)
		end } }
	LUA
	chmod 644 "$hooks/owing.lua"
	killed after applications
	snmove --resume --force=changed
	status_is 3 && contains "$out" "note: seen" && contains "$out" "fsck its disk"
}
tap_expect "a resume still tells the notes and what is owed of steps that were done" kept_lines

settled() {
	fresh
	cat >"$hooks/owing.lua" <<-'LUA'
		return { name = "owing", summary = "owes", after = { nodes = function(move)
			move:owe({ "cn005" }, "fsck its disk")
		end } }
	LUA
	chmod 644 "$hooks/owing.lua"
	snmove rack1 -d sn2 -D sn2-c -i
	status_is 3 || return 1
	snmove --status
	contains "$out" "fsck its disk" || return 1
	snmove --close=1
	status_is 0 && contains "$out" "owes nothing any more" || return 1
	snmove --status
	contains "$out" "nothing is owed" || return 1
	snmove --undo=1
	status_is 0
}
tap_expect "work owed that was done by hand is settled by --close" settled

two_hooks() { # a hook that writes over what a step of the same commit has written
	fresh
	cat >"$hooks/over.lua" <<-'LUA'
		local cluster = require "cluster"
		return { name = "over", summary = "another value", after = { servers = function(move)
			for _, node in ipairs(move.nodes) do
				cluster.set(node, "noderes.nfsserver", "filer")
			end
		end } }
	LUA
	chmod 644 "$hooks/over.lua"
	killed after monitoring
	equals "$(sqlite3 "$db" "SELECT nfsserver FROM noderes WHERE node = 'cn001'")" filer || return 1
	snmove --resume --force=changed
	status_is 0 && equals "$(sqlite3 "$db" "SELECT nfsserver FROM noderes WHERE node = 'cn001'")" filer
}
tap_expect "a value that a hook wrote over is left so by a resume" two_hooks

no_plan() {
	fresh
	killed after monitoring
	snmove --resume --plan
	status_is 2 && contains "$err" "--plan" || return 1
	snmove --close=1 --plan
	status_is 2 || return 1
	snmove --status
	contains "$out" "run 1 is open"
}
tap_expect "--resume and --close act: they are not taken with --plan" no_plan

second_signal() { # in a pattern, which Lua cannot leave for the first one
	fresh
	cat >"$hooks/stuck.lua" <<-'LUA'
		return { name = "stuck", summary = "is stuck", after = { monitoring = function()
			string.find(("a"):rep(40), ("a?"):rep(40) .. ("a"):rep(40) .. "b")
		end } }
	LUA
	chmod 644 "$hooks/stuck.lua"
	"$build/snmove" --config "$scratch/config" rack1 -d sn2 -D sn2-c -i >/dev/null 2>"$scratch/err1" &
	mover=$!
	wait_for_step monitoring
	sleep 0.3
	kill -INT "$mover"
	sleep 0.3
	kill -0 "$mover" || return 1
	kill -INT "$mover"
	wait "$mover"
	status=$?
	rm "$hooks/stuck.lua"
	status_is 130 || return 1
	snmove --status
	contains "$out" "run 1 is open" || return 1
	snmove --resume --force=changed
	status_is 0 && contains "$out" "run 1 done: 20 nodes, 120 changes written"
}
tap_expect "a second signal ends at once, and the run is resumed" second_signal

read_only() {
	fresh
	local before
	before=$(rows)
	snmove cn060 -d sn2 -D sn2-c -i
	snmove --undo
	# shellcheck disable=SC2016
	unshare -m -- bash -c '
		mount --bind "$1/state" "$1/state" && mount -o remount,bind,ro "$1/state" || exit 9
		exec "$2/snmove" --config "$1/config" rack1 -d sn2 -D sn2-c -i
	' - "$scratch" "$build" >"$scratch/stdout" 2>"$scratch/stderr"
	status=$? out=$(cat "$scratch/stdout") err=$(cat "$scratch/stderr")
	status_is 1 && contains "$err" "$scratch/state" && equals "$(rows)" "$before"
}
tap_expect_root "a journal on a read-only disk is refused, and nothing is written" read_only

# The state is its owner's alone.
state_of() { # COMMAND: what is done to the state
	fresh
	local before
	before=$(rows)
	mkdir -p "$scratch/state"
	(cd "$scratch" && eval "$1")
	snmove rack1 -d sn2 -D sn2-c -i
	rm -rf "$scratch/state"
	status_is 1 && contains "$err" "the state: " && equals "$(rows)" "$before"
}
tap_expect "a state that others can write is refused" state_of 'chmod 777 state'
tap_expect_root "so is one that belongs to somebody else" state_of 'chown 65534 state'
tap_expect_root "and a journal that does" state_of ': >state/journal.db; chown 65534 state/journal.db'
tap_expect "and one that others can write" state_of ': >state/journal.db; chmod 666 state/journal.db'

full_disk() { # what was done is said by the exit status, be it heard or not
	fresh
	"$build/snmove" --config "$scratch/config" cn001 -d sn2 -D sn2-c -i >/dev/full 2>"$scratch/err"
	status=$? out='' err=$(cat "$scratch/err")
	status_is 3 && contains "$err" "standard output: No space left" || return
	"$build/snmove" --config "$scratch/config" --undo --plan >/dev/full 2>/dev/null
	equals $? 1 || return
	"$build/snmove" --config "$scratch/config" --expand rack1 >/dev/full 2>/dev/null
	equals $? 1
}
tap_expect "a verdict that cannot be written is not 'nothing was changed'" full_disk

as_it_is() { # JSON has its own escapes
	fresh
	snmove cn001 -d sn2 -D sn2-c -i --reason $'two\nlines \\n'
	snmove --show --json
	status_is 0 && contains "$out" '"reason":"two\nlines \\n"'
}
tap_expect "--json has texts as they are" as_it_is

no_run() {
	fresh
	snmove --resume
	status_is 1 && contains "$err" "there is no run to resume" || return 1
	snmove --undo=7
	status_is 1 || return 1
	snmove cn001 -d sn2 -D sn2-c -i
	snmove --undo=7
	status_is 1 && contains "$err" "there is no run 7" || return 1
	snmove --undo=x
	status_is 2 && contains "$err" "'x' is not the number of a run" || return 1
	snmove --resume=1
	status_is 1 && contains "$err" "is not open: it is done"
}
tap_expect "a run that is not there, or not open, is refused by its number" no_run

tap_end
