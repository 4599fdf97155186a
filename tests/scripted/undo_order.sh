#!/usr/bin/env bash
# The order of an undo, from a hook: rows and commands in between each other, what goes back last, and
# what is asked first.  The service nodes are this machine, in a network of the test's own.

. "$(dirname "$0")/../lib/tap.sh"
make_hooks
use_example_site "hooks = \"$hooks\""

move=(cn001 -d sn2 -D sn2-c -i)
# A log is told after the rows are written, and a client asks for its lease in STEP.  An undo of either
# says what the tables have when it runs.
fresh() { # STEP, OPTIONS of the client's command
	rm -rf "$scratch/cluster.db" "$scratch/state" "$scratch/log" "$scratch/answers"
	"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null || return
	cat >"$hooks/client.lua" <<-LUA
		local remote = require "remote"
		local function say(word)
			return "echo " .. word .. " \$(sqlite3 $scratch/cluster.db \"SELECT xcatmaster FROM noderes WHERE node = 'cn001'\") >>$scratch/log"
		end
		local function client(move)
			remote.run("sn2", "true", { undo = say "client", nodes = move.nodes, $2 })
		end
		local function tell(move)
			remote.run("sn2", "echo log", { undo = say "log", nodes = move.nodes })
		end
		return { name = "client", summary = "asks for a lease",
			after = { freeze = function() end, nodes = tell, $1 = client } }
	LUA
	chmod 644 "$hooks/client.lua"
	snmove "${move[@]}"
	status_is 0
}
logged() {
	equals "$(cat "$scratch/log" 2>/dev/null)" "$(printf '%s\n' "$@")"
}

before_the_rows() {
	fresh freeze '' || return
	snmove --undo
	status_is 0 && logged "log sn2-c" "client"
}
tap_expect "what came before the rows goes back behind them" before_the_rows

behind_the_rows() {
	fresh applications '' || return
	snmove --undo
	status_is 0 && logged "client sn2-c" "log sn2-c"
}
tap_expect "and what came behind them before" behind_the_rows

last() {
	fresh applications 'undo_last = true' || return
	snmove --undo
	status_is 0 && logged "log sn2-c" "client"
}
tap_expect "a command with undo_last goes back behind all else of its node" last

question="undo_last = true, undo_if = { host = \"sn1\", command = \"read file; [ -e \$file ]\", stdin = \"$scratch/answers\\n\" }"
asked() {
	fresh applications "$question" || return
	snmove --undo
	status_is 3 && logged "log sn2-c" && contains "$out" "said no, with status 1" || return
	touch "$scratch/answers"
	snmove --undo=1
	status_is 0 && logged "log sn2-c" "client" || return
	snmove --status
	contains "$out" "nothing is owed"
}
tap_expect "with undo_if it is asked first, and what is owed is paid by another undo" asked

wrong() { # OPTIONS, MESSAGE
	rm -rf "$scratch/cluster.db" "$scratch/state"
	"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null || return
	printf 'local remote = require "remote"\nreturn { name = "client", summary = "x", after = { nodes = function() remote.run("sn2", "true", { %s }) end } }\n' \
		"$1" >"$hooks/client.lua"
	snmove "${move[@]}" --plan
	contains "$err" "$2"
}
tap_expect "a question without a command is a mistake" wrong 'undo_if = { host = "sn1" }' "option 'undo_if' has no command"
tap_expect "so is a field of another name" wrong 'undo_if = { command = "true", hots = "sn1" }' "option 'undo_if' has no field 'hots'"
tap_expect "and a question that is no table" wrong 'undo_if = "true"' "option 'undo_if' is a table, and not a string"

tap_end
