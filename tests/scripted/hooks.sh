#!/usr/bin/env bash
# Hooks: what they may do, what is refused when they are loaded, and that a hostile one is
# contained and named.

. "$(dirname "$0")/../lib/tap.sh"
use_example_site ''
make_hooks

fresh() { # the database as imported, no hooks
	rm -rf "$scratch/cluster.db" "$scratch/state" "${hooks:?}"/*
	"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null
}

hook() { # NAME: the text comes on standard input
	cat >"$hooks/$1.lua"
	chmod 644 "$hooks/$1.lua"
}

move() {
	run "$build/snmove" rack1 -d sn2 -D sn2-c -i --config "$scratch/config" --hooks "$hooks" "$@"
}

row() { # COLUMN NODE: its own cell in noderes
	sqlite3 "$scratch/cluster.db" "SELECT $1 FROM noderes WHERE node = '$2'"
}

unmoved() { # nothing is written
	equals "$(row servicenode cn001)" ""
}

moved() {
	equals "$(row servicenode cn001)" "sn2,sn1"
}

ten_lines() {
	fresh
	hook nameserver <<-'LUA'
		local cluster = require "cluster"
		return {
			name = "nameserver", summary = "the nodes ask the new service node for names",
			after = { servers = function(move)
				for _, node in ipairs(move.nodes) do
					cluster.set(node, "noderes.nameservers", move:new(node).ip)
				end
			end },
		}
	LUA
	move --plan
	status_is 0 && contains "$out" "servers (hook nameserver)" &&
		contains "$out" "noderes.nameservers        (none) -> 10.2.0.12     cn[001-020]" &&
		unmoved || return 1
	move
	status_is 0 && moved && equals "$(row nameservers cn020)" 10.2.0.12
}
tap_expect "a hook of ten lines shows its changes in the plan, and they are written" ten_lines

when_false() {
	fresh
	hook never <<-'LUA'
		return {
			name = "never", summary = "never",
			when = function() return false end,
			before = { servicenode = function() error("called all the same") end },
		}
	LUA
	move
	status_is 0 && moved
}
tap_expect "a hook whose when says no is not called" when_false

check_no() {
	fresh
	hook asks <<-'LUA'
		return {
			name = "asks", summary = "says no",
			check = function(move) return false, "the ticket is not open" end,
		}
	LUA
	move --force=all
	status_is 1 && contains "$out" "asks: the ticket is not open" && contains "$out" "dev/null" && unmoved
}
tap_expect "a hook whose check says no refuses the move, also with --force=all" check_no

before_fails() {
	fresh
	hook stops <<-'LUA'
		return {
			name = "stops", summary = "fails",
			before = { xcatmaster = function(move)
				error("the switch does not answer")
			end },
		}
	LUA
	move
	status_is 1 && contains "$err" "hook 'stops', before.xcatmaster" &&
		contains "$err" "stops.lua:4: the switch does not answer" &&
		contains "$out" "nothing changed" && unmoved
}
tap_expect "a before that fails stops its step, and nothing of the joined steps is written" before_fails

after_joined_fails() {
	fresh
	hook stops <<-'LUA'
		return {
			name = "stops", summary = "fails",
			after = { servers = function(move) error("no") end },
		}
	LUA
	move
	status_is 1 && unmoved
}
tap_expect "an after that fails in joined steps leaves nothing of them written" after_joined_fails

after_fails() {
	fresh
	hook later <<-'LUA'
		return {
			name = "later", summary = "fails",
			after = { monitoring = function(move) error("no") end },
		}
	LUA
	move
	status_is 3 && contains "$err" "monitoring   FAILED hook 'later', after.monitoring: " &&
		contains "$out" "owed: cn[001-020]: hook 'later', after.monitoring: " && moved
}
tap_expect "an after that fails elsewhere is told, and owed" after_fails
after_mended() {
	snmove --resume
	status_is 3 || return
	sed -i 's/error("no")//' "$hooks/later.lua"
	snmove --resume --force=changed
	status_is 0 && contains "$out" "run 1 done: 20 nodes" && snmove --status && contains "$out" "nothing is owed"
}
tap_expect "a resume tries it again, and mended it has paid" after_mended
after_planned() {
	fresh
	hook later <<-'LUA'
		return { name = "later", summary = "fails", after = { monitoring = function(move) error("no") end } }
	LUA
	move --plan
	status_is 1 && contains "$out" "120 changes planned, nothing written; a hook has failed, so this is not all of it"
}
tap_expect "a plan in which a hook fails ends with 1" after_planned

after_critical() {
	fresh
	hook later <<-'LUA'
		return {
			name = "later", summary = "fails", critical = true,
			after = { monitoring = function(move) error("no") end },
		}
	LUA
	move
	status_is 4 && contains "$out" "stopped part-way: 120 changes written" && moved
}
tap_expect "an after that fails in a critical hook stops the move part-way" after_critical

thaw_always() {
	fresh
	hook pauses <<-'LUA'
		return {
			name = "pauses", summary = "counts", check = function() return false, "no" end,
			after = { thaw = function(move) print("thawed") end },
		}
	LUA
	move
	status_is 1 && contains "$out" thawed
}
tap_expect "thaw runs after a refusal too" thaw_always

verify_no() {
	fresh
	hook looks <<-'LUA'
		return {
			name = "looks", summary = "looks",
			verify = function(move) return false, "cn003 does not answer" end,
		}
	LUA
	move
	status_is 3 && contains "$out" "owed: cn[001-020]: hook 'looks', verify: cn003 does not answer"
}
tap_expect "a hook whose verify says no leaves work owed" verify_no

only_looks() {
	fresh
	hook writes <<-LUA
		local cluster = require "cluster"
		return {
			name = "writes", summary = "writes where it must not",
			$1 = function(move) cluster.set("cn001", "noderes.comments", "x") end,
		}
	LUA
	move
	contains "$err$out" "'$1' of a hook only looks"
}
for field in when check verify; do
	tap_expect "a change inside $field is an error" only_looks "$field"
done

notes() {
	fresh
	hook first <<-'LUA'
		return { name = "first", summary = "notes", before = {
			freeze = function(move) move.notes.jobs = 12; move.notes.queue = "batch" end } }
	LUA
	hook second <<-'LUA'
		return { name = "second", summary = "reads", after = {
			thaw = function(move) print(move.notes.jobs + 1, move.notes.queue) end } }
	LUA
	move
	status_is 0 && contains "$out" "13	batch"
}
tap_expect "move.notes carries a note to a later step of another hook" notes

own_states() {
	fresh
	hook a <<-'LUA'
		local cluster = require "cluster"
		cluster.get = nil
		string.format = nil
		shared = 1
		return { name = "a", summary = "changes modules" }
	LUA
	hook b <<-'LUA'
		local cluster = require "cluster"
		return { name = "b", summary = "is not touched", after = { check = function(move)
			assert(cluster.get("cn001", "noderes.xcatmaster") == "sn1-c")
			assert(not rawget(_G, "shared") and ("%d"):format(1) == "1")
			print("untouched")
		end } }
	LUA
	move
	status_is 0 && contains "$out" untouched && moved
}
tap_expect "a hook that changes modules changes only its own" own_states

# Found like drop-ins.
masked() {
	fresh
	ln -s /dev/null "$hooks/masked.lua"
	move
	status_is 0
}
tap_expect "a link to /dev/null masks a hook" masked

missing_folder() {
	fresh
	run "$build/snmove" rack1 -d sn2 -D sn2-c -i --config "$scratch/config" --hooks "$scratch/nowhere"
	status_is 1 && contains "$err" nowhere && unmoved
}
tap_expect "a folder of hooks that was asked for and is not there is refused" missing_folder

unsafe_file() {
	fresh
	hook open <<<'return { name = "open", summary = "s" }'
	chmod 666 "$hooks/open.lua"
	move
	status_is 1 && contains "$err" "can be written by others" && contains "$err" "chmod go-w" && unmoved
}
tap_expect "a hook that others can write is refused" unsafe_file

unsafe_folder() {
	fresh
	hook open <<<'return { name = "open", summary = "s" }'
	chmod 777 "$hooks"
	move
	chmod 755 "$hooks"
	status_is 1 && contains "$err" "can be written by others" && unmoved
}
tap_expect "a hook in a folder that others can write is refused" unsafe_folder

# Slips that are found at load: NAME of the test, text of the hook, what the message says.
slip() {
	fresh
	printf '%s\n' "$1" >"$hooks/slip.lua"
	move
	status_is 1 && contains "$err" "$2" && unmoved
}
header='name = "slip", summary = "s",'
tap_expect "an unknown field is refused with the line and the probable name" \
	slip "return { $header
	befor = {} }" "slip.lua:2: 'befor' is no field of a hook; did you mean 'before'?"
tap_expect "an unknown step is refused with the line and the probable name" \
	slip "return { $header
	after = { xcatmastr = function() end } }" "slip.lua:2: 'xcatmastr' is no step; did you mean 'xcatmaster'?"
tap_expect "a name that would be several lines is refused" \
	slip 'return { name = "a\nrun 9 done", summary = "s" }' "without control characters"
tap_expect "and a summary with an escape" slip 'return { name = "a", summary = "\27[2J" }' "without control characters"
tap_expect "a hook without a name is refused" slip 'return { summary = "s" }' "it needs a field 'name'"
tap_expect "a field of a wrong type is refused" \
	slip "return { $header when = 1 }" "'when' must be a function, and is a number"
tap_expect "a step that is no function is refused" \
	slip "return { $header before = { dhcp = true } }" "before.dhcp must be a function"
tap_expect "an unknown limit is refused" \
	slip "return { $header limits = { tim = 3 } }" "did you mean 'time'?"
tap_expect "a file that returns nothing is refused" slip 'local x = 1' "returns one table"
tap_expect "a file that returns two things is refused" \
	slip "return { $header }, 2" "and nothing else"
tap_expect "a syntax error is refused with its line" slip 'return {' "slip.lua:"
tap_expect "an error while it is loaded is refused with its line" \
	slip 'error("at load")' "slip.lua:1: at load"
tap_expect "bytecode is refused" slip "$(printf '\033LuaT')" "attempt to load a binary chunk"
tap_expect "os.exit is not there, and says what to use" \
	slip 'os.exit(0)' "os.exit is not there: use error(), or return"
tap_expect "os.execute is not there, and says what to use" \
	slip 'os.execute("reboot")' "use remote.run (a change) or remote.query"
tap_expect "io.popen is not there, and says what to use" slip 'io.popen("id")' "use remote.query"
tap_expect "a file cannot be written" slip 'io.open("/tmp/x", "w")' "use remote.put"
tap_expect "load is not there" slip 'load("return 1")' "load is not there: use require"
tap_expect "the metatable of strings cannot be had" \
	slip 'getmetatable("").__index = nil' "attempt to index a boolean"
tap_expect "a device cannot be read" slip 'io.open("/dev/zero")' "not a regular file"

# Hostile in a step: the body of the function, what the message says; $limit seconds for it.
hostile() {
	fresh
	hook hostile <<-LUA
		return { name = "hostile", summary = "is not nice", limits = { time = ${limit:-1}, memory = 2e8 },
			before = { servicenode = function(move)
			$1
			end } }
	LUA
	move
	status_is 1 && contains "$err" "$2" && contains "$err" hostile && unmoved
}
tap_expect "a loop without end is stopped" hostile 'while true do end' "the limit of time is used up"
tap_expect "a loop that catches its error is stopped" \
	hostile 'while true do pcall(function() while true do end end) end' "the limit of time is used up"
# Memory takes its time under a sanitizer.
limit=10 tap_expect "one that eats memory is stopped" \
	hostile 'local t = {} for i = 1, 1e9 do t[i] = ("x"):rep(100000) .. i end' "memory"
limit=10 tap_expect "one that catches the memory error is stopped" \
	hostile 'local t = {} while true do pcall(function() t[#t + 1] = ("x"):rep(1e6) .. #t end) end' "the limit of memory is used up"
tap_expect "one that prints a gigabyte is stopped" \
	hostile 'for i = 1, 1e6 do print(("x"):rep(1000)) end' "the limit of output is used up"
tap_expect "a pattern that Lua cannot stop ends the program by name" \
	hostile 'string.find(("a"):rep(40), ("a?"):rep(40) .. ("a"):rep(40) .. "b")' "stuck in Lua beyond its limit of time"
tap_expect "one that raises nil is an error" hostile 'error(nil)' "hook 'hostile', before.servicenode"
tap_expect "one that raises a table is an error" hostile 'error({})' "hook 'hostile', before.servicenode"
tap_expect "one that raises a text is an error with its line" hostile 'error("no")' "hostile.lua:3: no"
limit=10 tap_expect "one that recurses without end is stopped" \
	hostile 'local function f() return 1 + f() end f()' "stack overflow"
tap_expect "one that assigns to move is an error" hostile 'move.nodes = {}' "move.nodes is read-only"
tap_expect "one that asks for a node that does not move is an error" \
	hostile 'move:new("cn060")' "'cn060' is not one of the nodes that move"
tap_expect "one that sets a column that is not there is an error" \
	hostile 'require("cluster").set("cn001", "noderes.xcatmastr", "x")' "did you mean 'xcatmaster'?"
tap_expect "one that sets a node that is not there is an error" \
	hostile 'require("cluster").set("cn01", "noderes.xcatmaster", "x")' "'cn01' is neither a node nor a group"
tap_expect "one that sets a key is an error" \
	hostile 'require("cluster").set("cn001", "noderes.node", "x")' "part of the key"

returns_nonsense() {
	fresh
	hook odd <<-'LUA'
		return { name = "odd", summary = "returns nonsense", check = function() return 42 end,
			when = function() return {} end, verify = function() return nil, "x" end,
			after = { check = function() return false end } }
	LUA
	move
	status_is 0 && moved
}
tap_expect "return values that mean nothing are ignored" returns_nonsense

ordinary_owner() {
	fresh
	hook theirs <<<'return { name = "theirs", summary = "s" }'
	chown 65534 "$hooks/theirs.lua"
	move
	status_is 1 && contains "$err" "belongs to somebody else" && unmoved
}
tap_expect_root "a hook of an ordinary user is refused to root" ordinary_owner

through_others() { # a link that leads through a folder of another user, to a file that is good
	fresh
	mkdir -m 755 "$scratch/theirs" "$scratch/good"
	echo 'return { name = "good", summary = "s" }' >"$scratch/good/good.lua"
	ln -s "$scratch/good/good.lua" "$scratch/theirs/link.lua"
	chown -h 65534 "$scratch/theirs" "$scratch/theirs/link.lua"
	ln -s "$scratch/theirs/link.lua" "$hooks/chain.lua"
	move
	status_is 1 && contains "$err" "$scratch/theirs" && contains "$err" "belongs to somebody else" && unmoved || return
	ln -sf ../good/good.lua "$hooks/chain.lua" # one of our own is followed
	move
	status_is 0
}
tap_expect_root "a link through another user's folder is refused, be what it leads to good" through_others
sticky() { # where all can lay something
	fresh
	mkdir -m 1777 "$scratch/sticky"
	echo 'return { name = "good", summary = "s" }' >"$scratch/other.lua"
	ln -s "$1" "$scratch/sticky/x.lua"
	chown -h 65534 "$scratch/sticky/x.lua"
	run "$build/snmove" rack1 -d sn2 -D sn2-c -i --config "$scratch/config" --hooks "$scratch/sticky"
	rm -rf "$scratch/sticky"
	status_is 1 && contains "$err" "belongs to somebody else" && unmoved
}
tap_expect_root "a link that another user has laid in a sticky folder is refused" sticky "$scratch/other.lua"
tap_expect_root "so is one of theirs that masks" sticky /dev/null

tap_end
