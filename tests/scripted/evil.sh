#!/usr/bin/env bash
# Every function that scripts have, with values that nobody should give (evil.lua): as a script,
# in a hook around steps and where it only looks, and in what a hook file and the configuration
# return.  Calls may fail as they like; the program does not crash, hang, or read what it must
# not.  What is chosen follows from a seed, which is printed; SNMOVE_TEST_SEED repeats one.

. "$(dirname "$0")/../lib/tap.sh"
seed=${SNMOVE_TEST_SEED:-$RANDOM}
echo "# seed $seed (SNMOVE_TEST_SEED=$seed repeats it)"
api=$source_tree/lua/api
make_hooks
mkdir -m 755 "$scratch/lua"
cp "$source_tree/tests/scripted/evil.lua" "$scratch/lua"
use_example_site ''
# All nodes are this machine, as servers are in tests: what is asked of one is asked here, and
# nobody is waited for.
{
	sed '/ cn[0-9]/d' "$site/hosts"
	for node in cn0{01..60}; do echo "10.0.0.1 $node"; done
} >"$scratch/hosts"
use_example_site "hosts_file = '$scratch/hosts', connect_time = 1, command_time = 5, allow = { 'reach', 'names' }"
fresh() {
	rm -rf "$scratch/cluster.db" "$scratch/state"
	"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null
}
fresh

lives() { # COMMAND...: it comes to an end of its own, and nothing complained
	timeout -k 5 120 "$@" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
	status=$?
	if [ "$status" -ge 124 ] || grep -qaE 'Sanitizer|runtime error|CRITICAL|GLib|PANIC' "$scratch/stderr"; then
		echo "seed $seed, status $status: $*"
		tail -c 3000 "$scratch/stderr"
		return 1
	fi
}

# What was called must have been each function that there is; how often is told.
called() { # LEAST FUNCTIONS...
	local least=$1
	shift
	grep -qa '^called	' "$scratch/stdout" || {
		echo "seed $seed, status $status: it did not come to its end"
		tail -n 12 "$scratch/stderr"
		return 1
	}
	grep -a '^called	' "$scratch/stdout" | awk -v least="$least" -v wanted="$*" '
		{ calls[$2] += $3; done[$2] += $4; all += $3; good += $4 }
		END {
			n = split(wanted, names, " ")
			for (i = 1; i <= n; i++)
				if (calls[names[i]] < least) { print names[i] " was not called"; bad = 1 }
			for (name in calls)
				line = line sprintf(" %s %d/%d", name, calls[name], done[name])
			printf "# %d calls, %d done:%s\n", all, good, line >"/dev/stderr"
			exit bad
		}' 2>>"$scratch/counts"
}
functions() { # MODULES...: their functions, by the stubs
	local module
	for module; do
		sed -n "s/^function \(${module}[.:][a-z_]*\).*/\1/p" "$api/$module.lua"
	done
}

as_script() {
	printf 'require("evil").run(arg[1], tonumber(arg[2]), 15000)\n' >"$scratch/lua/run.lua"
	lives "$build/snmove-lua" --config "$scratch/config" "$scratch/lua/run.lua" "$api" "$seed" || return 1
	# shellcheck disable=SC2046 # names are words
	called 5 $(functions cluster log remote takeover)
}
tap_expect "a script that gives nonsense to every function harms nobody" as_script

as_hook() {
	fresh # the script may have moved the nodes
	cat >"$hooks/evil.lua" <<-LUA
		local evil = require "evil"
		local n = 0
		local function run(move)
			n = n + 1
			evil.run("$api", $seed + n, 4000, move)
		end
		return { name = "evil", summary = "does what it should not",
			limits = { time = 60, output = 1e9, memory = 4e9 },
			when = function(move) run(move) return true end, check = run, verify = run,
			before = { servicenode = run }, after = { finished = run } }
	LUA
	chmod 644 "$hooks/evil.lua"
	lives "$build/snmove" rack1 -d sn2 -D sn2-c -i --force=all --plan --config "$scratch/config" --hooks "$hooks" || return 1
	# shellcheck disable=SC2046 # names are words
	called 5 $(functions cluster log move remote takeover)
}
tap_expect "a hook that does so harms nobody" as_hook

returned() { # 60 files, and what becomes of each
	local i
	for i in {1..60}; do
		printf 'return require("evil").table("%s", %d, {})\n' "$api" $((seed + i)) >"$hooks/evil.lua"
		lives "$build/snmove" rack1 -d sn2 -D sn2-c -i --plan --only check --config "$scratch/config" --hooks "$hooks" || return 1
	done
}
tap_expect "so does a hook file that returns nonsense" returned

configured() {
	local i keys
	keys=$(sed -n 's/^\t{ "\([a-z_]*\)", KEY_.*/"\1",/p' "$source_tree/lua/program/config.c")
	for i in {1..40}; do
		{
			echo 'local evil = (function()'
			cat "$scratch/lua/evil.lua"
			echo "end)() return evil.table(nil, $((seed + i)), { ${keys//$'\n'/ } })"
		} >"$scratch/evil.conf"
		chmod 600 "$scratch/evil.conf"
		lives "$build/snmove-lua" --config "$scratch/evil.conf" -e 'print(1)' || return 1
	done
}
tap_expect "so does a configuration" configured

cat "$scratch/counts"
tap_end
