#!/usr/bin/env bash
# What is waited for, on a terminal: its name and how long at most, after a second; and that
# nothing of it stays.

. "$(dirname "$0")/../lib/tap.sh"
use_example_site ''
make_hooks

command -v script >/dev/null || {
	tap_expect "script(1) is there (util-linux)" false
	tap_end
}

# A move of rack1 on a terminal.  $shown: each line that was to be seen there, also
# for a moment; $stays: what is to be seen at its end.
on_terminal() {
	local erase=$'\r\e\\[K'
	fresh
	timeout 60 script -qec "stty cols ${columns:-80}; exec $(printf '%q ' "$build/snmove" rack1 -d sn2 -D sn2-c -i \
		--config "$scratch/config" --hooks "$hooks")" /dev/null </dev/null >"$scratch/typed"
	status=$?
	shown=$(sed "s/\r\$//; s/$erase/\n/g" "$scratch/typed") stays=$(sed "s/\r\$//; s/.*$erase//" "$scratch/typed")
	out=$stays err=$shown
}
fresh() { # the database as imported
	rm -rf "$scratch/cluster.db" "$scratch/state"
	"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null
}
hook() { # PLACE:LUA [STEP]: what the hook slow does before or after the step
	cat >"$hooks/slow.lua" <<-LUA
		local remote, log = require "remote", require "log"
		local _ = log
		return { name = "slow", summary = "takes its time", ${1%%:*} = { ${2:-nodes} = function(move)
			local _ = move
			${1#*:}
		end } }
	LUA
	chmod 644 "$hooks/slow.lua"
}
no_line_stays() {
	! grep -E 'of [0-9]+ s|at most|^[a-z]+: [0-9]+ of' <<<"$stays" || return 1
	contains "$stays" "run 1 done"
}

named() {
	hook 'before:remote.run("sn1", "sleep 3.5", { timeout = 30 })' freeze
	on_terminal
	status_is 0 && contains "$shown" "freeze: hook slow on sn1, 1 of 30 s
freeze: hook slow on sn1, 2 of 30 s" && no_line_stays
}
tap_expect "who waits for a hook's command sees step, hook, host and how long at most, and then no trace of it" named

quick() {
	hook 'after:for _ = 1, 8 do remote.run("sn1", "sleep 0.2") end'
	on_terminal
	status_is 0 && contains "$shown" "run 1 done" && ! grep "of 300 s" <<<"$shown"
}
tap_expect "what takes less than a second is not told of" quick

far() {
	hook 'after:remote.run({ "sn1", "sn2", "sn3" }, "sleep 2.2", { fanout = 2, timeout = 20 })'
	on_terminal
	status_is 0 && contains "$shown" "nodes: hook slow on sn[1-2], 1 of 20 s" && contains "$shown" "nodes: 2 of 3" &&
		contains "$shown" "nodes: 2 of 3, hook slow on sn3, 1 of 20 s" && contains "$shown" "nodes: 3 of 3" && no_line_stays
}
tap_expect "how far a call is has the name of its step, and the hosts that are waited for are folded" far

questions() {
	hook 'after:remote.query("sn1", "sleep 2.2") remote.put("sn1", { ["'"$scratch/put"'"] = "x" }, { activate = "sleep 2.2", timeout = 9 })'
	on_terminal
	status_is 0 && contains "$shown" "nodes: hook slow on sn1, 1 of 300 s" && contains "$shown" "nodes: hook slow on sn1, 1 of 9 s" && no_line_stays
}
tap_expect "so it is with questions and files" questions

printed() { # on both streams, with a line in the way
	hook 'after:log.progress(3, 9) print("on stdout") log.progress(4, 9) log.warn("on stderr") log.progress(5, 9)'
	on_terminal
	status_is 0 && contains "$shown" "nodes: 3 of 9" && contains "$shown" "nodes: 5 of 9" &&
		grep -x "on stdout" <<<"$stays" && grep -x "snmove: warning: on stderr" <<<"$stays" && no_line_stays
}
tap_expect "a line is gone before anything is printed, on stdout and on stderr" printed

last() { # the verdict comes right behind it
	hook 'after:log.progress(5, 9)' finished
	on_terminal
	status_is 0 && contains "$shown" "finished: 5 of 9" && no_line_stays && grep "^run 1 done" <<<"$stays"
}
tap_expect "so it is before the verdict" last

narrow() {
	hook 'after:remote.run("sn1", "sleep 2.2", { timeout = 30 })'
	columns=30 on_terminal
	status_is 0 && contains "$shown" "nodes: hook slow on sn1, 1..." && no_line_stays
}
tap_expect "a line is not longer than the terminal is wide: it could not be erased" narrow

interrupted() {
	hook 'after:remote.run("sn1", "kill -INT $PPID; sleep 2.5", { timeout = 14 })'
	on_terminal
	status_is 130 && contains "$shown" "snmove: finishing what has begun; a second signal aborts at once" &&
		contains "$shown" "waiting for sn1 (slow), 13 s at most
waiting for sn1 (slow), 12 s at most" && contains "$stays" "interrupted, state saved" &&
		! grep "at most" <<<"$stays"
}
tap_expect "after an interrupt it is told who is still waited for, and how long at most" interrupted

interrupted_line() {
	hook 'after:remote.run("sn1", "sleep 2.3; kill -INT $PPID; sleep 0.2")'
	on_terminal
	status_is 130 && contains "$shown" "nodes: hook slow on sn1, 1 of 300 s" &&
		grep -x "snmove: finishing what has begun; a second signal aborts at once" <<<"$stays"
}
tap_expect "the line is gone before that is said" interrupted_line

busy() {
	# Somebody else writes; then the rows are.
	hook 'before:remote.run("sn1", "(sqlite3 '"$scratch/cluster.db"' \"BEGIN IMMEDIATE\" \".shell touch '"$scratch/held"'; sleep 2.5\" ROLLBACK) >/dev/null 2>&1 & until [ -e '"$scratch/held"' ]; do sleep 0.1; done")' servers
	on_terminal
	status_is 0 && contains "$shown" "waiting for the database, 1 of 10 s" && no_line_stays
}
tap_expect "a database that somebody else holds is waited for by name" busy

piped() {
	fresh
	hook 'after:log.progress(3, 9) remote.run({ "sn1", "sn2" }, "sleep 1.3")'
	run "$build/snmove" rack1 -d sn2 -D sn2-c -i --config "$scratch/config" --hooks "$hooks"
	status_is 0 && equals "$(grep -c $'\r\|\e' "$scratch/stdout" "$scratch/stderr" | cut -d : -f 2 | paste -sd ' ')" "0 0" &&
		! grep "of 300 s\|of 9\|of 2" "$scratch/stdout" "$scratch/stderr"
}
tap_expect "a pipe gets nothing of all that" piped
tap_end
