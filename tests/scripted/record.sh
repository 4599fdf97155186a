#!/usr/bin/env bash
# Plans that are recorded (snmove --record) with all that they were told, and tests that go by that.

. "$(dirname "$0")/../lib/tap.sh"
use_example_site ''
make_hooks
plan=$scratch/plan.json
move=(rack1 -d sn2 -D sn2-c -i)

fresh() {
	rm -rf "$scratch/cluster.db" "$plan" "${hooks:?}"/*
	"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null
}
hook() { # LUA: what it does behind the step servicenode
	printf 'local cluster, remote = require "cluster", require "remote"\nreturn { name = "asks", summary = "asks", after = { servicenode = function(move)\n%s\nend } }\n' \
		"$1" >"$hooks/asks.lua"
	chmod 644 "$hooks/asks.lua"
}
record() { # ARGUMENTS...
	run "$build/snmove" "${move[@]}" --config "$scratch/config" --hooks "$hooks" --plan "$@"
}
replay() { # LUA: of a case, with `words`, what was typed
	cat >"$scratch/replay.lua" <<-LUA
		local test = require "test"
		local words = test.recorded "plan.json"
		test.case("as it was", function(t)
			$1
		end)
	LUA
	run "$build/snmove-lua" --test "$scratch/replay.lua"
}

recorded() {
	fresh
	record
	local before=$out
	record --record "$plan"
	status_is 0 && equals "$out" "$before" && equals "$(stat -c %a "$plan")" 600 || return
	echo "$out" >"$scratch/plan.out"
	replay 'local run = t:snmove(words) t:status(run, 0) t:equal(run.out, test.text "plan.out")'
	status_is 0 && contains "$out" "ok 1 - as it was"
}
tap_expect "a plan is the same where it is recorded, and where it is played again" recorded

with_hook() {
	fresh
	hook 'move:note("it says " .. remote.query("sn2", "date +%N").sn2.stdout)'
	record --record="$plan"
	local said
	said=$(grep -o 'it says [0-9]*' <<<"$out")
	replay "t:says(t:snmove(words), 'such are no words of it')"
	status_is 1 && contains "$out" "120 changes planned" || return
	sed -i "1a test.hook 'hooks/asks.lua'" "$scratch/replay.lua"
	run "$build/snmove-lua" --test "$scratch/replay.lua"
	contains "$out" "$said"
}
tap_expect "what a hook asked has the answer that it had" with_hook

asked_else() {
	hook 'local said = remote.query("sn2", "date") move:note(said.sn2.status .. " " .. said.sn2.stderr)'
	run "$build/snmove-lua" --test "$scratch/replay.lua"
	contains "$out" "note: 127 this was not recorded of sn2"
}
tap_expect "another question ends with 127" asked_else

several() {
	fresh
	hook 'local one, two = remote.query("sn2", "date +%N").sn2.stdout, nil two = remote.query("sn2", "date +%N").sn2.stdout
		move:note("once " .. one .. "twice " .. two)'
	record --record "$plan"
	local said
	said=$(sed -n 's/^ *note: //p' <<<"$out" | grep once)
	replay 'print((t:snmove(words).out))'
	sed -i "1a test.hook 'hooks/asks.lua'" "$scratch/replay.lua"
	run "$build/snmove-lua" --test "$scratch/replay.lua"
	contains "$out" "$said"
}
tap_expect "equal questions have their answers one after the other" several

secrets() {
	fresh
	sqlite3 "$scratch/cluster.db" "CREATE TABLE passwd (key TEXT, username TEXT, password TEXT, comments TEXT, disable TEXT, PRIMARY KEY (key, username)); CREATE TABLE odd (password TEXT); INSERT INTO odd VALUES ('nokeyatall');
		INSERT INTO passwd VALUES ('omapi', 'xcat_key', 'bm90dG9iZXNlZW4=', NULL, NULL), ('system', 'root', 'notseeneither', NULL, NULL)"
	{
		seq 40
		echo 'secret notseeneither;'
		seq 40
	} >"$scratch/conf"
	hook "move:note(#remote.query('sn2', 'cat $scratch/conf; echo; base64 <$scratch/conf').sn2.stdout)"
	record --record "$plan"
	status_is 0 && ! grep -q 'nokeyatall\|notseeneither\|bm90dG9iZXNlZW4=' "$plan" || return
	local said
	grep -o '"out":"[^"]*"' "$plan" | cut -d '"' -f 4 | while read -r said; do
		base64 -d <<<"$said"
		base64 -d <<<"$said" | grep -xE '[A-Za-z0-9+/=]{20,}' | base64 -d 2>/dev/null
	done >"$scratch/heard"
	contains "$(grep -a secret "$scratch/heard")" $'secret {secret passwd.system};\nsecret {secret passwd.system};' && ! grep -aq notseeneither "$scratch/heard"
}
tap_expect "passwords are masked, in tables and in what hosts say, plain or in base64" secrets

down() {
	fresh
	record --record "$plan"
	sed -i 's/^{"kind":"answer","host":"sn2".*/{"kind":"answer","host":"sn2","error":"unreachable"}/' "$plan"
	replay 'local run = t:snmove(words) t:status(run, 1) t:says(run, "sn2")'
	status_is 0
}
tap_expect "a host that could not be asked cannot be asked" down

wrong() { # STATUS WORDS ARGUMENTS...
	fresh
	run "$build/snmove" "${move[@]}" --config "$scratch/config" "${@:3}"
	status_is "$1" && contains "$err" "$2"
}
tap_expect "a move is not recorded" wrong 2 "--record is for a plan or a check: give --plan, too" --record "$plan"
there() {
	fresh
	echo mine >"$plan"
	record --record "$plan"
	status_is 1 && contains "$err" "there is such a file already" && equals "$(cat "$plan")" mine
}
tap_expect "a file that is there stays" there
tap_expect "nor is one written where none can be" wrong 1 "No such file or directory" --plan --record /nonexistent/plan
cut_off() {
	fresh
	record --record "$plan"
	sed -i '$d' "$plan"
	replay 'error "not here"'
	[ "$status" != 0 ] && contains "$out$err" "is no whole recording of snmove --record"
}
tap_expect "one that was cut off is none" cut_off
tap_end
