#!/usr/bin/env bash
# What an undo means: a move is taken back once, an undo only by its number, and what is left is told
# with the command for it.  The service nodes are this machine, in a network of the test's own.

. "$(dirname "$0")/../lib/tap.sh"
make_hooks
use_example_site "hooks = \"$hooks\""
db=$scratch/cluster.db
move=(rack1 -d sn2 -D sn2-c -i)

fresh() {
	rm -rf "$db" "$scratch/state" "${hooks:?}"/* "$scratch/log"
	"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null
}
rows() {
	sqlite3 "$db" "SELECT * FROM noderes ORDER BY node; SELECT * FROM nodehm ORDER BY node"
}
moved() { # fresh, and run 1 has moved rack1; $before, $after: the rows
	fresh || return
	before=$(rows)
	snmove "${move[@]}" "$@"
	after=$(rows)
	status_is 0
}
undone() { # and run 2 has taken it back
	moved && snmove --undo && status_is 0 && equals "$(rows)" "$before"
}
done_again() { # and run 3 has moved them again
	undone && snmove --undo=2 && status_is 0 && equals "$(rows)" "$after"
}
refused() { # TEXT: with nothing changed
	status_is 1 && contains "$err" "$1" && equals "$(rows)" "$now"
}
paste() { # what follows these words is a command: as it stands
	local command=${err}${out}
	command=${command##*"$1"}
	(PATH=$build:$PATH && eval "${command%%$'\n'*}") >"$scratch/stdout" 2>"$scratch/stderr"
	status=$?
	out=$(cat "$scratch/stdout") err=$(cat "$scratch/stderr")
}
history_of() { # RUN: its line without the dates
	snmove --history
	sed -nE "s/^ +$1  [-0-9]+ [:0-9]+  //p" <<<"$out" | tr -s ' '
}
json_of() { # RUN KEY, of --history
	snmove --history --json
	sed -n "s/^{\"run\":$1,.*\"$2\":\([^,]*\),.*/\1/p" <<<"$out"
}

# ---- Without a number ----

bare() {
	undone || return
	now=$(rows)
	snmove --undo
	refused "the last run, 2, was an undo of run 1, and without a number only a move is taken back" || return
	contains "$err" "to move them again: $typed --undo=2" && ! contains "$err" "--undo=1" >/dev/null || return
	paste "to move them again: "
	status_is 0 && equals "$(rows)" "$after"
}
tap_expect "after an undo --undo takes nothing back, and says how nodes are moved again" bare

bare_plan() {
	undone || return
	now=$(rows)
	snmove --undo --plan
	refused "to move them again: $typed --undo=2"
}
tap_expect "nor does it plan it" bare_plan

bare_again() {
	done_again || return
	now=$(rows)
	snmove --undo
	refused "the last run, 3, was an undo of run 2" && contains "$err" "to take them back again: $typed --undo=3" || return
	paste "to take them back again: "
	status_is 0 && contains "$out" "take back the undo of the move of 20 nodes" && equals "$(rows)" "$before"
}
tap_expect "nor after the undo of an undo" bare_again

bare_part() {
	moved && snmove --undo=1 'cn[001-005]' && status_is 0 || return
	now=$(rows)
	snmove --undo
	refused "to take back what is left: $typed --undo=1" && contains "$err" "to move them again: $typed --undo=2"
}
tap_expect "after an undo of some nodes it names the run that has the others" bare_part

bare_owed() {
	moved || return
	sqlite3 "$db" "UPDATE noderes SET xcatmaster = 'sn9-c' WHERE node = 'cn003'"
	snmove --undo
	status_is 3 && contains "$out" "to try again what is owed: $typed --undo=1" || return
	now=$(rows)
	snmove --undo
	refused "to try again what it owes: $typed --undo=1" && contains "$err" "to move them again: $typed --undo=2"
}
tap_expect "after an undo that owes something it says how that is tried again" bare_owed

bare_move() {
	undone && snmove rack2 -d sn2 -D sn2-c -i && snmove --undo
	status_is 0 && contains "$out" "all 20 nodes of run 3 taken back" && equals "$(rows)" "$before"
}
tap_expect "the last move is taken back, whatever came before it" bare_move

other_database() {
	moved || return
	cp "$db" "$scratch/other.db"
	snmove rack2 -d sn2 -D sn2-c -i --db "sqlite:$scratch/other.db" && status_is 0 || return
	snmove --undo
	status_is 0 && contains "$out" "of run 1 taken back" && equals "$(rows)" "$before"
}
tap_expect "the last move is that of the database" other_database

# ---- Once more ----

twice() {
	undone || return
	now=$(rows)
	snmove --undo=1
	refused "run 1 is taken back already, by 2; to move them again: $typed --undo=2"
}
tap_expect "a run is taken back once" twice

again() {
	done_again || return
	now=$(rows)
	snmove --undo=1
	refused "run 1 was taken back by 2 and done again by 3: $typed --undo=3" || return
	snmove --undo=1 'cn[001-003]'
	refused "cn[001-003] of run 1 were taken back by 2 and done again by 3: $typed --undo=3 'cn[001-003]'" || return
	snmove --undo=1
	paste "done again by 3: "
	status_is 0 && equals "$(rows)" "$before"
}
tap_expect "one that is done again is taken back by the number of who did that" again

again_and_again() {
	done_again && snmove --undo=3 && status_is 0 && contains "$out" "all 20 nodes of run 3 taken back" || return
	now=$(rows)
	snmove --undo=1
	refused "run 1 is taken back already, by 4; to move them again: $typed --undo=4" || return
	snmove --undo=2
	refused "run 2 was taken back by 3 and done again by 4: $typed --undo=4" || return
	snmove --undo=3
	refused "run 3 is taken back already, by 4; to move them again: $typed --undo=4"
}
tap_expect "however often it is turned round" again_and_again

parts() {
	moved && snmove --undo=1 'cn[001-005]' && status_is 0 &&
		contains "$out" "5 of the nodes of run 1 taken back (now 5 of 20, not cn[006-020])" &&
		contains "$out" "to take back the others: $typed --undo=1" || return
	snmove --undo=1 'cn[004-007]'
	status_is 0 && contains "$out" "take back the move of 2 nodes from sn1 to sn2: cn[006-007]" &&
		contains "$out" "2 of the nodes of run 1 taken back (now 7 of 20, not cn[008-020])" || return
	now=$(rows)
	snmove --undo=1 'cn[004-007]'
	refused "cn[004-007] of run 1 are taken back already, by 2 and 3; to move them again: $typed --undo=2 'cn[004-005]'; $typed --undo=3 'cn[006-007]'" || return
	snmove --undo=1
	status_is 0 && contains "$out" "take back the move of 13 nodes" &&
		contains "$out" "13 of the nodes of run 1 taken back (now all 20)" && equals "$(rows)" "$before"
}
tap_expect "parts are taken back once each, and the rest is what it says" parts

part_again() {
	moved && snmove --undo=1 'cn[001-005]' && snmove --undo=2 && status_is 0 &&
		contains "$out" "all 5 nodes of run 2 moved again" && equals "$(rows)" "$after" || return
	now=$(rows)
	snmove --undo=1
	refused "cn[001-005] of run 1 were taken back by 2 and done again by 3: $typed --undo=3" || return
	paste "the others: "
	status_is 0 && contains "$out" "15 of the nodes of run 1 taken back (now 15 of 20, not cn[001-005])" || return
	snmove --undo=3
	status_is 0 && equals "$(rows)" "$before"
}
tap_expect "of a run that is done again in part the others are taken back when they are named" part_again

part_of_undo() {
	undone && snmove --undo=2 cn007 && status_is 0 &&
		contains "$out" "1 of the nodes of run 2 moved again (now 1 of 20, not cn[001-006,008-020])" || return
	equals "$(sqlite3 "$db" "SELECT node FROM noderes WHERE node LIKE 'cn%'")" cn007 &&
		equals "$(history_of 1)" "undone, 1 of 20 done again 20 120 sn1 -> sn2 snmove --config $scratch/config ${move[*]}"
}
tap_expect "some nodes of an undo are moved again" part_of_undo

# ---- What others did meanwhile ----

moved_on() {
	moved && snmove cn005 -d sn3 -D sn3-c -i --force=pool && status_is 0 || return
	now=$(sqlite3 "$db" "SELECT * FROM noderes WHERE node = 'cn005'")
	snmove --undo=1
	status_is 3 && contains "$out" "19 of the nodes of run 1 taken back (now 19 of 20, not cn005)" &&
		contains "$out" "owed: cn005: left as it is: somebody changed" &&
		contains "$out" "to try again what is owed: $typed --undo=1" &&
		contains "$out" "once it is done by hand: $typed --close=3" &&
		contains "$out" "to move them again: $typed --undo=3" || return
	equals "$(sqlite3 "$db" "SELECT * FROM noderes WHERE node = 'cn005'")" "$now" || return
	snmove --undo=2 && status_is 0 && snmove --undo=1
	status_is 0 && contains "$out" "take back the move of 1 node " &&
		contains "$out" "1 of the nodes of run 1 taken back (now all 20)" && equals "$(rows)" "$before" || return
	snmove --status
	contains "$out" "nothing is owed"
}
tap_expect "a node that a later run has moved on is left, until that is taken back" moved_on

redo_conflict() {
	undone && snmove cn005 -d sn3 -D sn3-c -i --force=pool && snmove --undo=2
	status_is 3 && contains "$out" "19 of the nodes of run 2 moved again (now 19 of 20, not cn005)" || return
	now=$(rows)
	snmove --undo=1
	refused "cn[001-004,006-020] of run 1 were taken back by 2 and done again by 4: $typed --undo=4" &&
		! contains "$err" "the others" >/dev/null
}
tap_expect "nor is it moved again over what another move made of it" redo_conflict

# ---- Open, closed ----

stop_in() { # STEP: a hook that fails there
	cat >"$hooks/stop.lua" <<-LUA
		return { name = "stop", summary = "stops", critical = true, after = { $1 = function() error("stop") end } }
	LUA
	chmod 644 "$hooks/stop.lua"
}
stopped() {
	fresh || return
	before=$(rows)
	stop_in monitoring
	snmove "${move[@]}"
	status_is 4 && rm "$hooks/stop.lua"
}
stopped_undone() {
	stopped && snmove --undo
	status_is 0 && contains "$out" "all 20 nodes of run 1 taken back" && equals "$(rows)" "$before"
}
tap_expect "a move that stopped part-way is the last move" stopped_undone

stopped_part() {
	stopped && snmove --undo=1 'cn[001-005]' && status_is 0 || return
	snmove --status
	contains "$out" "run 1 is open" || return
	snmove --resume --force=changed
	status_is 0 && contains "$err" "cn[001-005] are taken back by run 2, left out" &&
		contains "$out" "run 1 done: 15 nodes" || return
	equals "$(sqlite3 "$db" "SELECT count(*) FROM noderes WHERE node <= 'cn005'")" 0 || return
	snmove --undo=1
	status_is 0 && contains "$out" "15 of the nodes of run 1 taken back (now all 20)" && equals "$(rows)" "$before"
}
tap_expect "one that is taken back in part is resumed for the others, which are left to take back" stopped_part

closed() {
	stopped && snmove --close=1 && status_is 0 && contains "$out" "to take it back: $typed --undo=1" || return
	paste "to take it back: "
	status_is 0 && equals "$(rows)" "$before" && equals "$(history_of 1 | cut -d ' ' -f 1)" undone
}
tap_expect "a closed one is taken back by the command that its end names" closed

# ---- An undo that is killed ----

killed() { # run 2 is killed behind its commit, or in STEP
	moved || return
	[ -z "${1:-}" ] || sqlite3 "$db" "$1"
	cat >"$hooks/kill.lua" <<-LUA
		local remote = require "remote"
		return { name = "kill", summary = "kills", before = { thaw = function(move)
			if move.attempt == "undo" and move.outcome then remote.run("localhost", "kill -KILL \$PPID; sleep 5") end
		end } }
	LUA
	chmod 644 "$hooks/kill.lua"
	snmove --undo
	status_is 137 && rm "$hooks/kill.lua"
}
killed_bare() {
	killed || return
	snmove --undo
	status_is 5 && contains "$err" "run 2 is open" && contains "$err" "$typed --resume=2"
}
tap_expect "an undo that was killed is open, and no --undo without a number takes it back" killed_bare

killed_on() {
	killed || return
	snmove --resume
	status_is 0 && contains "$out" "run 2 done: all 20 nodes of run 1 taken back, 120 changes written" &&
		contains "$out" "note: not done by this version, and with xCAT: makedhcp 'cn[001-020]'" || return
	equals "$(history_of 2)" "done 20 120 sn2 -> sn1 takes back 1 snmove --config $scratch/config --undo" &&
		equals "$(json_of 1 taken_back)" 20 || return
	snmove --undo=2
	status_is 0 && equals "$(rows)" "$after"
}
tap_expect "it goes on as the same run, which can be undone" killed_on

killed_owing() {
	killed "UPDATE noderes SET xcatmaster = 'sn9-c' WHERE node = 'cn003'" || return
	snmove --resume
	status_is 3 && contains "$out" "run 2 done, with work owed: 19 of the nodes of run 1 taken back (now 19 of 20, not cn003)" || return
	equals "$(history_of 2)" "done, with work owed 20 114 sn2 -> sn1 takes back 1 snmove --config $scratch/config --undo" &&
		equals "$(history_of 1 | cut -d ' ' -f 1-6)" "done, 19 of 20 taken back" || return
	snmove --status
	contains "$out" "run 2 is done, with work owed" && contains "$out" "try it again: $typed --undo=1   it was done by hand: $typed --close=2"
}
tap_expect "one that ends owing something is listed so" killed_owing

killed_closed() {
	killed && snmove --close=2 && status_is 0 && now=$(rows) && snmove --undo=1
	status_is 1 && contains "$err" "run 1 is taken back already, by 2" || return
	equals "$(history_of 2 | cut -d ' ' -f 1)" closed && snmove --undo=2
	status_is 0 && equals "$(rows)" "$after"
}
tap_expect "one that is closed has taken back what it had" killed_closed

killed_undone() {
	killed && snmove --undo=2
	status_is 0 && contains "$out" "all 20 nodes of run 2 moved again" && equals "$(rows)" "$after" || return
	now=$(rows)
	snmove --undo=1
	refused "done again by 3: $typed --undo=3"
}
tap_expect "one that is undone by its number has moved them again" killed_undone

# ---- Commands ----

commands() { # a move that runs a command on sn2 for its nodes, with an undo
	fresh || return
	cat >"$hooks/nim.lua" <<-LUA
		local remote = require "remote"
		return { name = "nim", summary = "defines", after = { applications = function(move)
			remote.run("sn2", "echo define >>$scratch/log", { undo = "echo remove >>$scratch/log", nodes = move.nodes })
		end } }
	LUA
	chmod 644 "$hooks/nim.lua"
	snmove cn001 -d sn2 -D sn2-c -i && status_is 0 && snmove --undo && status_is 0 &&
		equals "$(cat "$scratch/log")" $'define\nremove'
}
not_again() {
	commands && snmove --undo=2
	status_is 3 && contains "$out" "run 3 done, with work owed: the node of run 2 moved again" &&
		contains "$out" "owed: sn2: cn001: 'echo define >>$scratch/log' of step applications is not done again: do it by hand" &&
		contains "$out" "once it is done by hand: $typed --close=3" &&
		! contains "$out" "to try again" >/dev/null && equals "$(cat "$scratch/log")" $'define\nremove' || return
	snmove --status
	contains "$out" "run 3 is done, with work owed" && contains "$out" "is not done again" &&
		contains "$out" "it was done by hand: $typed --close=3" && ! contains "$out" "try it again" >/dev/null || return
	snmove --status --json
	contains "$out" "of step applications is not done again" || return
	snmove --resume=3
	status_is 1 && contains "$err" "is to be done by hand" && contains "$err" "$typed --close=3" || return
	snmove --close=3 && status_is 0 && snmove --status
	contains "$out" "nothing is owed"
}
tap_expect "a command is not done again by the undo of an undo: it is owed, told and listed" not_again

not_again_plan() {
	commands && snmove --undo=2 --plan
	status_is 3 && contains "$out" "is not done again: do it by hand" && contains "$out" "nothing written"
}
tap_expect "and its plan says so" not_again_plan

# ---- Nodes that are gone ----

rmdef() {
	sqlite3 "$db" "DELETE FROM nodelist WHERE node = '$1'; DELETE FROM noderes WHERE node = '$1'; DELETE FROM nodehm WHERE node = '$1'"
}
gone() {
	moved && rmdef cn002 && snmove --undo
	status_is 0 && contains "$out" "take back the move of 19 nodes" &&
		contains "$out" "19 of the nodes of run 1 taken back (now 19 of 20, not cn002), 114 changes written" &&
		contains "$out" "note: cn002 is gone, no node of nodelist any more: nothing is put back for it" &&
		contains "$out" "makedhcp 'cn[001,003-020]'" && ! contains "$out" "the others" >/dev/null || return
	equals "$(sqlite3 "$db" "SELECT count(*) FROM noderes WHERE node = 'cn002'")" 0 &&
		equals "$(history_of 1 | cut -d ' ' -f 1-6)" "done, 19 of 20 taken back" || return
	now=$(rows)
	snmove --undo=1
	refused "nothing of run 1 is left to take back: cn002 is gone" || return
	snmove --undo=1 cn002
	refused "nothing of run 1 is left to take back: cn002 is gone"
}
tap_expect "a node that is gone is not taken back, and said by name" gone

# ---- What is of no node ----

of_no_node() {
	fresh || return
	echo old >"$scratch/list"
	cat >"$hooks/list.lua" <<-LUA
		local remote = require "remote"
		return { name = "list", summary = "lists", after = { applications = function()
			remote.put("sn2", { ["$scratch/list"] = "new\n" })
		end } }
	LUA
	chmod 644 "$hooks/list.lua"
	snmove "${move[@]}" && status_is 0 && echo mine >"$scratch/list" && snmove --undo
	status_is 3 && contains "$out" "all 20 nodes of run 1 taken back" && contains "$out" "owed: sn2: left as it is" || return
	echo new >"$scratch/list"
	snmove --undo=1
	status_is 0 && contains "$out" "0 of the nodes of run 1 taken back (now all 20), 1 change written" &&
		! contains "$out" makedhcp >/dev/null && equals "$(cat "$scratch/list")" old || return
	snmove --status
	contains "$out" "nothing is owed" && equals "$(history_of 1 | cut -d ' ' -f 1)" undone
}
tap_expect "what is of no node is taken back later, and no node twice" of_no_node

# ---- Notes ----

notes_after() {
	moved && snmove --undo=1 'cn[001-005]'
	contains "$out" "note: not done by this version, and with xCAT: makedhcp 'cn[001-005]'" &&
		contains "$out" "nodeset 'cn[001-005]' enact" && contains "$out" "makeconservercf 'cn[001-005]'" || return
	snmove --undo=2
	contains "$out" "makedhcp 'cn[001-005]'"
}
tap_expect "what a move leaves to the administrator an undo leaves, too, for the nodes that went back" notes_after

no_notes() {
	moved --only rows && snmove --undo
	status_is 0 && ! contains "$out" "note: not done" >/dev/null || return
	moved && snmove --undo --plan
	status_is 0 && ! contains "$out" "note: not done" >/dev/null
}
tap_expect "what the move has not left to him, or a plan, does not" no_notes

told_hooks() {
	fresh || return
	cat >"$hooks/tell.lua" <<-'LUA'
		local function tell(move) log.warn("%s: %s", move.attempt, move.undone and table.concat(move.undone, " ") or "none") end
		return { name = "tell", summary = "tells", after = { freeze = tell, thaw = tell } }
	LUA
	chmod 644 "$hooks/tell.lua"
	snmove cn001,cn002,cn003 -d sn2 -D sn2-c -i
	contains "$err" "first: none" || return
	sqlite3 "$db" "UPDATE noderes SET xcatmaster = 'sn9-c' WHERE node = 'cn002'"
	snmove --undo
	contains "$err" "undo: none" && contains "$err" "undo: cn001 cn003"
}
tap_expect "hooks are told which nodes have gone back" told_hooks

# ---- Looking ----

told() {
	moved && snmove --undo=1 'cn[001-005]' && equals "$(history_of 1 | cut -d ' ' -f 1-9)" "done, 5 of 20 taken back 20 120 sn1" || return
	contains "$(history_of 2)" "sn2 -> sn1 takes back 1 " || return
	snmove --undo=2
	equals "$(history_of 1 | cut -d ' ' -f 1-8)" "done, 5 of 20 done again 20 120" &&
		equals "$(history_of 2 | cut -d ' ' -f 1)" undone && contains "$(history_of 3)" "sn1 -> sn2 takes back 2 " || return
	snmove --history -s sn2
	contains "$out" " 2  " && ! contains "$out" " 3  " >/dev/null || return
	snmove --show=1
	contains "$out" "run 1: done, 5 of 20 done again" && contains "$out" "again    5 of 20 by run 3: cn[001-005]" || return
	snmove --show=2
	contains "$out" "run 2: undone" && contains "$out" "from sn2 to sn1" && contains "$out" "back     5 of 5 by run 3: cn[001-005]"
}
tap_expect "--history and --show tell the way that nodes went, and how much is taken back" told

told_rows() {
	moved && snmove --undo=1 'cn[001-005]' && snmove --show=1
	contains "$out" "sn1-c -> sn2-c, taken back" && contains "$out" "run 1: done, 5 of 20 taken back" &&
		contains "$out" "back     5 of 20 by run 2: cn[001-005]"
}
tap_expect "--show marks the rows that are taken back" told_rows

told_json() {
	moved && snmove --undo=1 cn001,cn002 && equals "$(json_of 1 taken_back)" 2 && equals "$(json_of 2 from)" '"sn2"' || return
	snmove --show=1 --json
	contains "$out" '"taken_back_by":[{"run":2,"nodes":["cn001","cn002"]}]' && contains "$out" '"done_again_by":[]' || return
	snmove --undo=2 cn002
	equals "$(json_of 1 taken_back)" 1 && equals "$(json_of 1 done_again)" 1 && snmove --show=1 --json &&
		contains "$out" '"done_again_by":[{"run":3,"nodes":["cn002"]}]'
}
tap_expect "--json has the same" told_json

none() { # TEXT ARGUMENTS...
	local wanted=$1
	shift
	snmove --history "$@"
	status_is 0 && equals "$out" "$wanted"
}
no_such() {
	fresh && none "no run yet" && snmove "${move[@]}" && none "no run has cn999" cn999 && none "no run has yesterday" yesterday &&
		none "no run goes from sn7" -s sn7 && none "no run was begun on 2001-01" 2001-01 &&
		none "no run has cn055 and goes to sn9" cn055 -d sn9 && none '' cn999 --json
}
tap_expect "--history says what no run has" no_such

elsewhere() { # commands that are suggested, with a state and a database of their own
	fresh && cp "$db" "$scratch/a b.db" || return
	local all=(--config "$scratch/config" --state "$scratch/a state" --db "sqlite:$scratch/a b.db")
	run "$build/snmove" "${all[@]}" "${move[@]}"
	contains "$out" "to take it back: snmove --config $scratch/config --state '$scratch/a state' --db 'sqlite:$scratch/a b.db' --undo=1" || return
	paste "to take it back: "
	status_is 0 && contains "$out" "all 20 nodes of run 1 taken back" || return
	run "$build/snmove" "${all[@]}" --undo
	paste "to move them again: "
	status_is 0 && contains "$out" "all 20 nodes of run 2 moved again"
}
tap_expect "what is suggested can be typed as it stands" elsewhere

tap_end
