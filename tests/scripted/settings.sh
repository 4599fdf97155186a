#!/usr/bin/env bash
# Settings of hooks: their own defaults, the configuration's, and those that are typed; hooks that are left out, and listed.

. "$(dirname "$0")/../lib/tap.sh"
use_example_site ''
make_hooks

config() { # LUA: more of the configuration
	use_example_site "$1"
}
fresh() {
	rm -rf "$scratch/cluster.db" "$scratch/state"
	"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null
}
move() {
	run "$build/snmove" rack1 -d sn2 -D sn2-c -i --config "$scratch/config" --hooks "$hooks" "$@"
}
cat >"$hooks/people.lua" <<'LUA'
return {
	name = "people", summary = "tells people", settings = { list = "ops", times = 1, loud = false, share = 0.5 },
	limits = { time = 30 },
	after = { servers = function(move)
		local s = move.settings
		move:note(("%s %s %s %s"):format(s.list, s.times, s.loud, s.share))
	end },
	verify = function() return true end,
}
LUA
printf 'return { name = "plain", summary = "has none", after = { servers = function(move) move:note("plain " .. tostring(next(move.settings))) end } }' \
	>"$hooks/plain.lua"
chmod 644 "$hooks"/*.lua
noted() { # WORDS ARGUMENTS...
	local words=$1
	shift
	fresh && move "$@" && status_is 0 && contains "$out" "note: $words"
}
tap_expect "a hook has its defaults" noted "ops 1 false 0.5"
tap_expect "one that declares none has none" noted "plain nil"
configured() {
	config 'hook = { people = { list = "night", times = 3, loud = true } },'
	noted "night 3 true 0.5"
}
tap_expect "the configuration wins over them" configured
tap_expect "what is typed wins over it, also several times, each as the hook has declared it" \
	noted "night=1.2 7 false 2" --set people.times=7 --set people.loud=no --set people.share=2 --set people.list=night=1.2
refused() { # WORDS ARGUMENTS...
	local words=$1
	shift
	fresh && move "$@"
	status_is "${wanted:-1}" && contains "$err" "$words" || return
	[ ! -e "$scratch/state/journal.db" ] || equals "$(sqlite3 "$scratch/state/journal.db" 'SELECT count(*) FROM runs')" 0
}
tap_expect "a setting that the hook has not is named" refused "--set: hook 'people' has no setting 'time'; did you mean 'times'?" --set people.time=7
tap_expect "so is one of another kind" refused "--set: the setting 'times' of hook 'people' is a number" --set people.times=many
tap_expect "and a hook that is not there" refused "--set: no hook is named 'peopel'; did you mean 'people'?" --set peopel.times=7
wanted=2 tap_expect "and what is no setting at all" refused "--set is HOOK.KEY=VALUE, and not 'people'" --set people
bad_config() { # LUA WORDS
	config "$1"
	fresh
	move
	status_is 1 && contains "$err" "$2"
}
tap_expect "a setting of the configuration is looked at likewise" bad_config 'hook = { people = { times = "3" } },' \
	"configuration: the setting 'times' of hook 'people' is a number"
tap_expect "with one that is no table" bad_config 'hook = { people = 3 },' "'hook.people' must be a table"
elsewhere() {
	config 'hook = { others = { times = 3 } },'
	fresh && move && status_is 0 && contains "$err" "warning: configuration: hook.others.times is set, and no such hook runs"
}
tap_expect "settings of a hook that is not there are told" elsewhere
config ''

without() {
	fresh && move --without people && status_is 0 && [[ $out != *"note: ops"* ]] && contains "$out" "note: plain" || return
	fresh
	move --without peopel
	status_is 1 && contains "$err" "--without: no hook is named 'peopel'; did you mean 'people'?"
}
tap_expect "a hook is left out by its name" without
left_already() { # by a link to /dev/null, or because the procedure has not the step that it stands at
	config 'hook = { ganglia = { wait = 1 } },'
	printf 'require "linux" require("takeover").remove("monitoring")\n' >"$scratch/bent.lua"
	chmod 600 "$scratch/bent.lua"
	ln -s /dev/null "$hooks/ganglia.lua"
	fresh && move --without ganglia
	local failed=$status told=$err
	rm "$hooks/ganglia.lua"
	equals "$failed" 0 && [[ $told != *warning:* ]] || return
	fresh && move --script "$scratch/bent.lua" --without ganglia && status_is 0 && [[ $err != *warning:* ]] || return
	fresh && move --script "$scratch/bent.lua" && status_is 0 && [[ $err != *warning:* ]] || return
	fresh && move --without ganglia && status_is 0 && [[ $err != *warning:* ]] || return
	config ''
}
tap_expect "one that is left out already may be named, and its configuration is idle without a word" left_already
listed() {
	# Those that come with it are masked, and no matter here.
	local hook shipped=
	mkdir "$scratch/kept-hooks" && cp "$hooks"/*.lua "$scratch/kept-hooks"
	for hook in "$source_tree"/site-hooks/*.lua; do
		ln -sf /dev/null "$hooks/${hook##*/}"
		shipped+="/^${hook##*/}: masked/d; "
	done
	ln -sf /dev/null "$hooks/gone.lua"
	run "$build/snmove" --config "$scratch/config" --hooks "$hooks" --hooks-list --without plain --set people.times=9
	rm "$hooks"/*.lua && mv "$scratch/kept-hooks"/*.lua "$hooks"
	status_is 0 && equals "$(printf '%s\n' "$out" | sed "s|$hooks|HOOKS|; $shipped")" "people        HOOKS/people.lua
              tells people
              after servers, verify
              settings: list=ops, loud=false, share=0.5, times=9
              limits: 30 s, 256 MiB
gone.lua: masked by HOOKS/gone.lua
plain: left out by --without (HOOKS/plain.lua)
1 hook would be asked"
}
tap_expect "--hooks-list has them with where they stand, their settings and limits, and who is left out, and why" listed
listed_early() { # left to xCAT's makedhcp, the old service node's entries go first
	config "own = { dhcp = 'makedhcp' },"
	printf 'return { name = "a", summary = "a", after = { release = print, servers = print } }' >"$hooks/a.lua"
	chmod 644 "$hooks/a.lua"
	run "$build/snmove" --config "$scratch/config" --hooks "$hooks" --hooks-list
	rm "$hooks/a.lua"
	config ''
	status_is 0 && contains "$out" "  after release, after servers"
}
tap_expect "its steps are in the order in which a move would take them" listed_early
resumed() { # with what was typed then
	fresh
	cat >"$hooks/stops.lua" <<-LUA
		return { name = "stops", summary = "fails once", before = { monitoring = function()
			if not io.open("$scratch/go") then error("it fails") end
		end } }
	LUA
	sed -i 's/after = { servers/after = { applications/' "$hooks/people.lua"
	chmod 644 "$hooks/stops.lua"
	move --set people.times=5
	status_is 4 || return
	: >"$scratch/go"
	run "$build/snmove" --config "$scratch/config" --resume
	status_is 0 && contains "$out" "note: ops 5 false 0.5"
}
tap_expect "a resume goes on with what was typed" resumed
tap_end
