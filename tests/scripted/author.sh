#!/usr/bin/env bash
# What authors of hooks and procedures have: skeletons with tests that pass; and tests that find
# what is wrong with a hook.  All kills of the skeletons: MATRIX=all.

. "$(dirname "$0")/../lib/tap.sh"

umask 022
lua=$build/snmove-lua
work=$scratch/work
fresh() {
	rm -rf "$work"
	mkdir "$work" "$work/hooks" "$work/tests"
}
in_work() { (cd "$work" && "$@"); }
# NAME: the text comes on standard input.
hook() { cat >"$work/hooks/$1.lua"; }
test_of() { cat >"$work/tests/$1.lua"; }
try() { run in_work timeout 300 "$lua" --test "$@"; }
# How many of its tests passed and failed.
passed_failed() { # PASSED FAILED
	equals "$(grep -c '^ok ' <<<"$out") $(grep -c '^not ok ' <<<"$out")" "$1 $2" || {
		echo "$out$err"
		return 1
	}
}

# --- Skeletons -----------------------------------------------------------------------------

skeleton() { # KIND TESTS
	fresh
	run in_work "$lua" --new "$1" mine
	status_is 0 && contains "$out" "snmove-lua --test tests/mine.lua" || return
	if [ -n "${MATRIX:-}" ]; then try tests/mine.lua; else try --quick tests/mine.lua; fi
	status_is 0 && passed_failed "$2" 0
}
tap_expect "a new hook has a test, and passes" skeleton hook 5
tap_expect "so has a new procedure" skeleton procedure 3

refused_new() { # STATUS TEXT ARGUMENTS...
	local status_wanted=$1 text=$2
	shift 2
	run in_work "$lua" --new "$@"
	status_is "$status_wanted" && contains "$err" "$text"
}
tap_expect "what is there already stays" refused_new 1 "is there already: nothing was written" procedure mine
tap_expect "a name that is a path is none" refused_new 2 "is no name" hook ../mine
tap_expect "there is no third kind" refused_new 2 "--new hook NAME, or --new procedure NAME" thing mine
tap_expect "a name is needed" refused_new 2 "give it one name" hook

editor() { # for an editor and luacheck there are files, with the places of our names
	fresh
	run in_work "$lua" --new hook first
	status_is 0 && contains "$out" .luarc.json && contains "$out" .luacheckrc || return
	equals "$(sqlite3 :memory: "select value from json_each(readfile('$work/.luarc.json'), '\$.\"workspace.library\"')")" \
		"$source_tree/lua/api"$'\n'"$source_tree/scripts" || return
	echo "return {} -- ours" >"$work/.luacheckrc"
	run in_work "$lua" --new procedure second
	status_is 0 && equals "$(cat "$work/.luacheckrc")" "return {} -- ours"
}
tap_expect "a new hook comes with settings for an editor, and those of the site stay" editor
linted() {
	fresh
	in_work "$lua" --new hook first >/dev/null && in_work "$lua" --new procedure second >/dev/null
	run in_work luacheck --no-color --no-cache hooks scripts tests
	status_is 0 && contains "$out" "0 warnings / 0 errors in 4 files" || return
	echo 'os.execute("reboot")' >>"$work/hooks/third.lua"
	run in_work luacheck --no-color --no-cache hooks
	status_is 1 && contains "$out" "accessing undefined field 'execute' of global 'os'"
}
if command -v luacheck >/dev/null; then
	tap_expect "luacheck finds nothing in what is begun, and os.execute in a hook" linted
else
	tap_skip "luacheck finds nothing in what is begun, and os.execute in a hook" "there is no luacheck"
fi
without_library() { grep -v '"workspace.library"' "$1"; }
tap_expect "the settings of this tree are those of authors, but for the places" equals \
	"$(without_library "$source_tree/.luarc.json")" "$(without_library "$source_tree/lua/luarc.json")"
installed() { # and taken away again
	local share=$scratch/installed/opt/share/snmove
	run make -C "$source_tree" BUILD="$build" DESTDIR="$scratch/installed" PREFIX=/opt install
	status_is 0 && contains "$(cat "$share/lua/luarc.json")" '"/opt/share/snmove/lua/api", "/opt/share/snmove/scripts"' &&
		cmp "$share/lua/luacheckrc" "$source_tree/lua/luacheckrc" || return
	fresh
	run in_work "$scratch/installed/opt/sbin/snmove-lua" --new hook mine
	status_is 0 && contains "$(cat "$work/.luarc.json")" '"/opt/share/snmove/lua/api"' || return
	run make -C "$source_tree" BUILD="$build" DESTDIR="$scratch/installed" PREFIX=/opt uninstall
	status_is 0 && [ ! -e "$share" ]
}
tap_expect "make install puts them in their place, and uninstall takes them away" installed

# --- What tests find -----------------------------------------------------------------------

flag() { # OPTIONS: a hook that runs a program on the nodes, which has no undo but what OPTIONS says
	hook flag <<-LUA
		local remote = require "remote"
		return { name = "flag", summary = "a flag", after = { nodes = function(move)
			remote.run(move.nodes, "flag up", { $1 })
		end } }
	LUA
}
flag_test() {
	test_of flag <<-'LUA'
		local test = require "test"
		test.hook "../hooks/flag.lua"
		test.cluster { nodes = 2 }
		local up = { shell = 'case $1 in up) : >/etc/flag ;; *) rm -f /etc/flag ;; esac' }
		test.case("an undo", function(t)
			for _, node in ipairs { "cn01", "cn02" } do t:program(node, "flag", up) end
			t:status(t:move "compute -d sn2 -i", 0)
			t:equal(t:file("cn01", "/etc/flag"), "", "the flag")
			t:equal(t:calls("cn02", "flag"), { "up" }, "what was called")
			t:undo()
		end)
		test.case("kills", function(t)
			t:program("cn01", "flag", up)
			t:equal(t:kills("cn01 -d sn2 -i --skip verify", 3), 3)
		end)
	LUA
}
whole_hook() {
	fresh
	flag 'undo = "flag down", undo_always = true, repeatable = true'
	flag_test
	try tests/flag.lua
	status_is 0 && passed_failed 2 0
}
tap_expect "a hook with an undo, which can be repeated, passes" whole_hook
no_undo() {
	fresh
	flag 'undo = false, repeatable = true'
	flag_test
	sed -i '/^test.case("kills/,$d' "$work/tests/flag.lua"
	try tests/flag.lua
	status_is 1 && passed_failed 0 1 && contains "$out" "otherwise than it was" &&
		contains "$out" "file cn01:/etc/flag"
}
tap_expect "without an undo the file that stays is shown" no_undo
not_repeatable() {
	fresh
	flag 'undo = "flag down", undo_always = true'
	flag_test
	sed -i '/^test.case("an undo/,/^end)/d; s/, 3), 3)/), 3)/' "$work/tests/flag.lua"
	try tests/flag.lua
	status_is 1 && passed_failed 0 1 && contains "$out" "before a script on cn01" &&
		contains "$out" "nobody knows how it ended"
}
tap_expect "a command that cannot be repeated is found by the kill before it" not_repeatable

claims() { # each claim fails, and says what was seen
	fresh
	test_of claims <<-'LUA'
		local test = require "test"
		test.cluster { nodes = 1 }
		test.case("equal", function(t) t:equal({ a = "x" }, { a = "y" }, "a table") end)
		test.case("ok", function(t) t:ok(nil, "it was nil") end)
		test.case("status", function(t) t:status(t:snmove "--expand cn01", 4) end)
		test.case("says", function(t) t:says(t:snmove "--expand cn01", "cn02") end)
		test.case("host", function(t) t:file("cn99", "/etc/motd") end)
		test.case("fault", function(t) t:fails("cn01", "asleep") end)
		test.case("set", function(t) t:set("cn01", "noderes", "x") end)
		test.case("column", function(t) t:set("cn01", "noderes.nosuch", "x") end)
		test.case("outside", function(t) t:write("cn01", "/../../../etc/x", "y") end)
	LUA
	try tests/claims.lua
	status_is 1 && passed_failed 0 9 && contains "$out" 'a table is { ["a"] = "x" }, and not { ["a"] = "y" }' &&
		contains "$out" "it was nil" && contains "$out" "the status is 0, and not 4: snmove --expand cn01" &&
		contains "$out" '"cn02" is not in what it says' && contains "$out" "has no host 'cn99'" &&
		contains "$out" "'asleep' is no fault" && contains "$out" "'noderes' is no table.column" &&
		contains "$out" "there is no column noderes.nosuch" && contains "$out" "is not in the test's cluster"
}
tap_expect "a claim that does not hold says what was seen" claims

# --- Its cluster ---------------------------------------------------------------------------

worlds() {
	fresh
	cp -r "$source_tree/docs/example-site/tables" "$work/tables"
	test_of worlds <<-'LUA'
		local test = require "test"
		test.cluster "../tables"
		test.case("a dump", function(t)
			t:set("cn001", "noderes.nfsserver", "nas1")
			t:status(t:move "rack1 -d sn2 -i --only rows -D sn2-c", 0)
			t:equal(t:get("cn001", "noderes.nfsserver"), "nas1")
			t:equal(t:get("cn002", "noderes.xcatmaster"), "sn2-c")
		end)
		test.cluster { nodelist = { { node = "a", groups = "all" }, { node = "b", groups = 'x"y' } } }
		test.case("rows", function(t)
			t:equal(t:snmove("--expand all").out, "a\n")
			t:equal(t:get("b", "nodelist.groups"), 'x"y')
		end)
		test.cluster { nodes = 2, passwd = { { key = "omapi", password = "none" } } }
		test.case("nodes and rows", function(t)
			t:equal(t:get("cn02", "noderes.xcatmaster"), "sn1-c")
			t:equal(t:lua 'print(cluster.rows("passwd")[1].key, cluster.rows("passwd")[1].node)', "omapi\tnil\n")
		end)
	LUA
	try tests/worlds.lua
	status_is 0 && passed_failed 3 0
}
tap_expect "its cluster is a dump, or rows, or nodes with rows beside them" worlds
hosts() {
	fresh
	test_of hosts <<-'LUA'
		local test = require "test"
		test.cluster { nodes = 2 }
		test.case("dead", function(t)
			t:fails("sn1", "unreachable")
			local run = t:move "compute -d sn2 -i"
			t:says(run, "sn1, which is dead")
			t:undo "--force=dead"
			t:status(t:move("compute -d sn2 --alive -i"), 1)
			t:mends "sn1"
			t:status(t:move "compute -d sn2 -i", 0)
		end)
		test.case("somebody else", function(t)
			t:status(t:move "compute -d sn2 -i", 0)
			t:set("cn01", "noderes.xcatmaster", "sn3-c")
			local undo = t:snmove "--undo"
			t:status(undo, 3)
			t:says(undo, "sn3-c")
		end)
		test.case("a program answers otherwise from now on", function(t)
			for _, word in ipairs { "one", "two" } do
				t:program("sn2", "ip", { shell = "echo " .. word .. " >>/tmp/said; exit 1" }, "-o address show")
				t:plan "compute -d sn2 -i"
			end
			t:ok(t:file("sn2", "/tmp/said"):find "one\n.*two\n$", "it is the answer of before")
		end)
		test.hook "../hooks/thrice.lua"
		test.case("faults come one after the other, in each command", function(t)
			t:fails("cn01", "denied", 1)
			t:fails("cn01", "unreachable", 1)
			for _ = 1, 2 do
				t:says(t:plan "cn01 -d sn2 -i", "thrice: login denied, unreachable, hi")
			end
			t:mends "cn01"
			t:says(t:plan "cn01 -d sn2 -i", "thrice: hi, hi, hi")
		end)
		test.case("what is lost was done, and nobody knows", function(t)
			t:fails("cn02", "lost")
			local move = t:move "cn02 -d sn2 -i --set thrice.run=true"
			t:status(move, 3)
			t:says(move, "lost")
			t:equal(t:file("cn02", "/etc/run"), "x\n")
		end)
		test.case("what is silent is waited for until its time is over", function(t)
			t:fails("cn02", "silent")
			local move = t:move "cn02 -d sn2 -i --set thrice.run=true --timeout 1"
			t:status(move, 3)
			t:says(move, "time")
			t:equal(t:file("cn02", "/etc/run"), "x\n")
		end)
		test.case("its cluster is its own", function(t)
			t:snmove "cn01 -d sn2 --db=sqlite:/tmp/x"
		end)
		test.config { state = "/tmp/x" }
	LUA
	hook thrice <<-'LUA'
		local remote = require "remote"
		return { name = "thrice", summary = "asks three times", settings = { run = false }, after = { nodes = function(move)
			if move.settings.run then
				return remote.run(move.nodes, "echo x >/etc/run", { undo = false })
			end
			local said = {}
			for i = 1, 3 do
				local answer = remote.query(move.nodes, "echo hi", { via = "direct" })[move.nodes[1]]
				said[i] = answer.error or answer.stdout:match "%S+"
			end
			move:note("thrice: " .. table.concat(said, ", "))
		end } }
	LUA
	try tests/hosts.lua
	status_is 1 && passed_failed 6 1 && contains "$out" "--db=sqlite:/tmp/x is the test's own" &&
		contains "$err" "'state' is the test's own"
}
tap_expect "its hosts answer as they are told to" hosts
told_twice() { # a program gets another answer to the same words
	fresh
	hook asks <<-'LUA'
		local remote = require "remote"
		return { name = "asks", summary = "asks", after = { nodes = function(move)
			move:note("said " .. remote.query("cn01", { "state", "of", "it" }).cn01.stdout)
		end } }
	LUA
	test_of asks <<-'LUA'
		local test = require "test"
		test.hook "../hooks/asks.lua"
		test.cluster { nodes = 1 }
		test.case("the last answer holds", function(t)
			t:program("cn01", "state", "first", "of it")
			t:program("cn01", "state", "second", "of it")
			t:says(t:move "compute -d sn2 -i", "said second")
		end)
	LUA
	try tests/asks.lua
	status_is 0 && passed_failed 1 0
}
tap_expect "a program that is told another answer gives it" told_twice
apart() { # what a hook does on a host reaches nothing of this machine
	fresh
	hook wild <<-LUA
		local remote = require "remote"
		return { name = "wild", summary = "does harm", after = { nodes = function(move)
			remote.run(move.nodes, [[
				echo 7 >/proc/sys/vm/swappiness
				mkdir -p $scratch && echo x >$scratch/harm
				echo x >/usr/bin/snmove-harm
				echo x >/root/harm
				ip link set lo down
				hostname harmed
				echo to the end >/root/end
				kill -9 -1
			]], { undo = false, accept = { 0, 1, 137 } })
		end } }
	LUA
	test_of wild <<-'LUA'
		local test = require "test"
		test.hook "../hooks/wild.lua"
		test.cluster { nodes = 1 }
		test.case("it ends", function(t)
			t:status(t:move "compute -d sn2 -i --skip verify", 0)
			t:equal(t:file("cn01", "/root/harm"), "x\n")
			t:equal(t:file("cn01", "/root/end"), "to the end\n")
		end)
	LUA
	local before
	before="$(cat /proc/sys/vm/swappiness) $(uname -n) $(ip -brief link show lo)"
	try tests/wild.lua
	[ ! -e "$scratch/harm" ] && [ ! -e /usr/bin/snmove-harm ] && [ ! -e "$HOME/harm" ] &&
		equals "$(cat /proc/sys/vm/swappiness) $(uname -n) $(ip -brief link show lo)" "$before" &&
		passed_failed 1 0
}
tap_expect_root "a command that does harm does it to its own host alone" apart

traced() {
	fresh
	flag 'undo = "flag down", repeatable = true'
	test_of traced <<-'LUA'
		local test = require "test"
		test.hook "../hooks/flag.lua"
		test.cluster { nodes = 1 }
		test.case("trace", function(t)
			t:program("cn01", "flag", { status = 4, err = "no pole\nhere" })
			local plan = t:plan "compute -d sn2 -i --trace"
			for _, line in ipairs { "  step nodes: begins", "  hook ganglia, when: ends in ", "  asks sn2: ",
				"  would do cn01: 'flag up': status 0 in ", "  hook flag, after.nodes: begins",
				"    noderes.xcatmaster  sn1-c -> sn2-c  cn01" } do
				t:says(plan, line)
			end
			t:says(t:move "compute -d sn2 -i --trace", "  does cn01: 'flag up': status 4 in ")
			t:ok(not t:resume().err:find "begins", "a resume traces without being told to")
			t:status(t:snmove "--status --trace", 2)
			t:status(t:snmove "--hooks-list --trace", 2)
		end)
		test.case("of an undo", function(t)
			t:program("cn01", "flag", {})
			t:move "compute -d sn2 -i"
			t:says(t:snmove "--undo --trace", "  does cn01: 'flag down': status 0 in ")
		end)
	LUA
	try tests/traced.lua
	status_is 0
}
tap_expect "a trace has each hook, question, command and change, and only where it is asked for" traced

# --- Looking at values ---------------------------------------------------------------------

use_example_site ''
"$lua" --config "$scratch/config" --import "$site/tables" >/dev/null
dump() { # LUA WANTED
	run "$lua" --config "$scratch/config" -e "$1"
	status_is 0 && equals "$err" "$2"
}
tap_expect "log.dump shows a table as Lua would write it, in the order of its keys" dump \
	'log.dump({ 3, b = "x\ny", a = { 1.5, true }, ["a b"] = print, [7] = "\"" }, "t")' \
	't = { 3, [7] = "\"", ["a b"] = <function>, a = { 1.5, true }, b = "x\ny" }'
tap_expect "what is long has a line for each field" dump \
	'log.dump { a = ("x"):rep(50), b = { c = ("y"):rep(50) } }' \
	"$(printf '{\n  a = "%s",\n  b = { c = "%s" }\n}' "$(printf 'x%.0s' {1..50})" "$(printf 'y%.0s' {1..50})")"
tap_expect "what is in itself ends" dump 'local t = {} t.t = t t.u = { t } log.dump(t)' \
	'{ t = { as above }, u = { { as above } } }'
tap_expect "no code of a script is run for it" dump \
	'log.dump(setmetatable({ 1 }, { __tostring = error, __index = error, __pairs = error, __len = error }))' '{ 1 }'
deep() {
	run "$lua" --config "$scratch/config" -e 'local t = {} for _ = 1, 1000 do t = { t } end log.dump(t)
		local many = {} for i = 1, 1e5 do many[i] = i end log.dump(many)'
	status_is 0 && contains "$err" "{ ... }" && contains "$err" "100, ... 99900 more"
}
tap_expect "what is deep or has many fields is shortened" deep
completed() {
	printf 'cluster.nod\t"cn001")\n' >"$scratch/typed"
	out=$(env TERM=dumb HOME="$scratch" script -qec "$lua --config $scratch/config" /dev/null <"$scratch/typed")
	contains "$out" 'cluster.noderange("cn001")' && contains "$out" '{ "cn001" }'
}
tap_expect "the prompt completes names, and shows tables" completed

as_somebody() { # who is not root, with files of its own in a folder of its own
	local tree=$scratch/tree
	fresh
	run in_work "$lua" --new hook mine
	mkdir -p "$tree/bin" # this tree may be nobody else's to read
	cp "$lua" "$tree/bin"
	cp -r "$source_tree"/{lua,scripts,site-hooks} "$tree"
	chmod 711 "$scratch"
	chown -R nobody "$work"
	run in_work setpriv --reuid=nobody --regid=nogroup --clear-groups \
		"$tree/bin/snmove-lua" --test --quick tests/mine.lua
	chmod 700 "$scratch"
	status_is 0 && passed_failed 5 0
}
tap_expect_root "who is not root can test as well" as_somebody

links() { # of a host: they lead where they lead there
	fresh
	test_of links <<-LUA
		local test = require "test"
		test.cluster { nodes = 1 }
		test.case("links", function(t)
			t:program("cn01", "flag", "x")
			hook = nil
			t:status(t:move "cn01 -d sn2 -i --skip verify", 0)
			t:equal(t:file("cn01", "/out/etc/hostname"), "cn01\\n")
			t:write("cn01", "/out$scratch/harm", "x")
			t:equal(t:file("cn01", "$scratch/harm"), "x")
		end)
	LUA
	hook out <<-'LUA'
		local remote = require "remote"
		return { name = "out", summary = "a link to all", after = { nodes = function(move)
			remote.run(move.nodes, "ln -s / /out", { undo = false })
		end } }
	LUA
	sed -i 's|^\t*hook = nil||; s|^test.cluster|test.hook "../hooks/out.lua"\n&|' "$work/tests/links.lua"
	try tests/links.lua
	[ ! -e "$scratch/harm" ] && status_is 0
}
tap_expect "links on its hosts lead nowhere else" links

# --- The command ---------------------------------------------------------------------------

tap_usage() { # STATUS TEXT ARGUMENTS...
	local status_wanted=$1 text=$2
	shift 2
	fresh
	echo 'print "nothing"' >"$work/tests/none.lua"
	echo 'error "broken"' >"$work/tests/broken.lua"
	try "$@"
	status_is "$status_wanted" && contains "$err" "$text"
}
tap_expect "without a file it is wrong usage" tap_usage 2 "name the files"
without_test() { # TEXT ARGUMENTS...
	local text=$1
	shift
	run "$lua" "$@"
	status_is 2 && contains "$err" "$text"
}
tap_expect "--quick alone is" without_test "--quick is for --test" --quick
tap_expect "so are two commands" without_test "one at a time" --new hook --import x
tap_expect "and a database for a test" without_test "--test has a cluster of its own" --test --db sqlite:x tests/none.lua
tap_expect "a file that is not there fails" tap_usage 1 "No such file" tests/nosuch.lua
tap_expect "so does one without a test" tap_usage 1 "there is no test.case in the file" tests/none.lua
tap_expect "and one that raises an error" tap_usage 1 "broken" tests/broken.lua
left() { # on a /dev/shm of its own, where nobody else is: after tests that pass, that fail, and a signal
	fresh
	test_of good <<<'require("test").case("good", function(t) t:get("cn01", "noderes.netboot") end)'
	test_of bad <<<'require("test").case("bad", function(t) t:get("cn01", "noderes.netboot") error("bad") end)'
	test_of slow <<-'LUA'
		local test = require "test"
		test.case("slow", function(t)
			t:program("cn01", "wait", { shell = "sleep 30" })
			t:lua "print(1)"
			while true do t:get("cn01", "noderes.netboot") end
		end)
	LUA
	# shellcheck disable=SC2016
	run in_work unshare -m -- bash -c '
		mount -t tmpfs shm /dev/shm || exit 9
		"$1" --test tests/good.lua tests/bad.lua
		"$1" --test tests/slow.lua &
		tries=0
		until [ -n "$(ls /dev/shm)" ] || [ $((tries += 1)) -gt 3000 ]; do sleep 0.02; done
		kill -INT $!
		wait $!
		echo "status $?, left: $(ls /dev/shm)"' - "$lua"
	contains $'\n'"$out" $'\n''ok 1 - good' && contains "$out" "not ok 1 - bad" &&
		contains "$out" "status 130, left: " && equals "${out##*left: }" ""
}
tap_expect_root "nothing is left of what tests have made" left

tap_end
