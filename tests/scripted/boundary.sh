#!/usr/bin/env bash
# The boundary of Lua and C: what a script gives is taken once, raw and whole; nothing of it
# runs outside of its limits; and what C keeps for it counts as its own.

. "$(dirname "$0")/../lib/tap.sh"

use_example_site ''
make_hooks
fresh() {
	rm -rf "$scratch/cluster.db" "$scratch/state" "${hooks:?}"/*
	use_example_site ''
	"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null
}
move() {
	run timeout 60 "$build/snmove" rack1 -d sn2 -D sn2-c -i --config "$scratch/config" --hooks "$hooks" "$@"
}
lacks() {
	! contains "$1" "$2" >/dev/null || {
		echo "this says \"$2\":"
		echo "$1"
		return 1
	}
}
modules='local cluster, remote, takeover, services = require "cluster", require "remote", require "takeover", require "services"'
hook() { # the text of the file comes on standard input
	{ echo "$modules" && cat; } >"$hooks/test.lua"
	chmod 644 "$hooks/test.lua"
}
step() { # LIMITS: the body of before.servicenode comes on standard input
	{
		echo "return { name = 'test', summary = 'test', limits = { $1 }, before = { servicenode = function(move)"
		cat
		echo 'end } }'
	} | hook
}
lua() {
	run timeout 60 "$build/snmove-lua" --config "$scratch/config" -e "local remote, takeover, services = require 'remote', require 'takeover', require 'services'; $1"
}

# What a script gives.
raises() { # TEXT CALL: it is an error that says TEXT
	lua "local good, message = pcall(function() $2 end) print(good, message)"
	status_is 0 && contains "$out" false && contains "$out" "$1"
}
fresh
tap_expect "options whose metatable would answer for them are refused" \
	raises "option_table" 'local asked = false
	local _, message = pcall(remote.query, "sn1", "true", setmetatable({}, { __index = function() asked = true end }))
	assert(not asked and message:find("metatable with __index"), message) error("option_table")'
tap_expect "so is a list whose metatable says how long it is" \
	raises "metatable with __len" 'cluster.fold(setmetatable({ "cn001" }, { __len = function() return 2^53 end }))'
other_metatables() {
	lua 'local list = setmetatable({ "cn001" }, { __mode = "k", __name = "x", __tostring = error, __eq = error, __call = error })
		print(cluster.fold(list), remote.query(list, "true", setmetatable({ via = "direct" }, { __newindex = error })).cn001.error)'
	status_is 0 && contains "$out" cn001
}
tap_expect "a metatable that answers for nothing that is read does no harm" other_metatables
tap_expect "an option that is no text is an error with its name" \
	raises "option 'stdin' is a text, and not a table" 'remote.query("sn1", "true", { stdin = {} })'
tap_expect "an option whose name is no text is an error" \
	raises "an option has a name" 'remote.query("sn1", "true", { [setmetatable({}, { __tostring = error })] = 1 })'
tap_expect "a text as long as no text is is an error" \
	raises "a text has at most 67108864 bytes" 'cluster.site(("x"):rep(67108865))'
tap_expect "a table that says it is longer than memory is an error" \
	raises "at most 1000000 entries" 'local t = { [math.maxinteger] = "x" }
	for i = 62, 0, -1 do t[1 << i] = "x" end
	for _ = 1, 20 do if #t > 1e6 then break end t[#t + 1] = "x" end
	cluster.fold(t)'
tap_expect "so are more nodes times columns than there can be" \
	raises "are more than 10000000 values" 'local t = {} for i = 1, 4000 do t[i] = "a.b" end cluster.get(t, t)'
tap_expect "a name that is put together of too much does not stay in memory" \
	raises "table.column" 'for i = 1, 2000 do pcall(cluster.get, "cn001", ("x"):rep(100000) .. i .. ".y") end cluster.get("cn001", "x")'

zero_bytes() { # all that C reads as far as the first one
	lua 'local calls = {
		function() cluster.noderange("cn001\0") end, function() cluster.fold { "cn001", "cn002\0" } end,
		function() cluster.get("cn001\0", "noderes.comments") end, function() cluster.get("cn001", "noderes.comments\0") end,
		function() cluster.get({ "cn001\0" }, { "noderes.comments" }) end, function() cluster.stored({ "cn001" }, { "noderes.comments\0" }) end,
		function() cluster.rows("site\0") end, function() cluster.rows("site", { ["key\0"] = "x" }) end,
		function() cluster.rows("site", { key = "x\0" }) end, function() cluster.site("domain\0") end,
		function() cluster.master("cn001\0") end, function() cluster.address("sn1\0") end,
		function() cluster.addresses { "sn1\0" } end, function() cluster.same("sn1", "sn1\0") end,
		function() cluster.holders("cn001", "dhcp\0") end, function() remote.is_local("sn1\0") end,
		function() remote.query("sn1\0", "true") end, function() remote.query({ "sn1\0" }, "true") end,
		function() remote.query("sn1", "true\0false") end, function() remote.query("sn1", { "echo", "a\0b" }) end,
		function() remote.query("sn1", "true", { env = { ["A\0"] = "x" } }) end, function() remote.query("sn1", "true", { env = { A = "x\0" } }) end,
		function() remote.query("sn1", "true", { via = "direct\0" }) end, function() remote.query("sn1", "true", { nodes = { "cn001\0" } }) end,
		function() remote.query("sn1", "true", { undo = "true\0" }) end, function() remote.query("sn1", "true", { done = "true\0" }) end,
		function() remote.query("sn1", "true", { ["stdin\0"] = "x" }) end,
		function() remote.get("sn1", "/etc/hosts\0") end, function() remote.probe("sn1", "tcp\0", "mn:22") end,
		function() remote.probe("sn1", "tcp", "mn:22\0") end, function() remote.probe("sn1", "dhcp", { "020000000001\0" }, { interface = "lo" }) end,
		function() remote.probe("sn1", "dhcp", {}, { interface = "lo\0" }) end, function() remote.probe("sn1", "dhcp", {}, { network = "10.2.0.0/16\0" }) end,
		function() services.look("dhcp\0", {}) end, function() services.look("dhcp", { ["sn1\0"] = { "cn001" } }) end,
		function() services.check("dhcp", { sn1 = { "cn001\0" } }) end, function() services.text("dhcp", "sn1\0", { "cn001" }) end,
		function() services.mentions("dhcp", { sn1 = { "x\0" } }) end, function() cluster.networks { "cn001\0" } end,
		function() takeover.secret("passwd\0", "x") end,
		function() takeover.secret("passwd", "x", "password\0") end, function() takeover.step("a", "s\0") end,
		function() takeover.always("a\0") end, function() require("cluster\0") end, function() io.open("/etc/hosts\0") end,
		function() io.lines("/etc/hosts\0") end }
	for i, call in ipairs(calls) do
		local good, message = pcall(call)
		if good or not message:find("zero byte") then print(i, good, message) end
	end
	print("end")'
	status_is 0 && equals "$out" end
}
tap_expect "a zero byte in a text that it would cut is an error" zero_bytes
zero_bytes_of_changes() {
	fresh
	step '' <<-'LUA'
		local options = function(name, value) return function() remote.run("sn1", "true", { [name] = value }) end end
		local put = function(file, more) return function() remote.put("sn1", file, more) end end
		for i, call in ipairs {
			function() cluster.set("cn001\0", "noderes.comments", "x") end, function() cluster.set("cn001", "noderes.comments\0", "x") end,
			function() cluster.set("cn001", "noderes.comments", "x\0y") end,
			function() cluster.setrow("site", "a\0", { value = "x" }) end, function() cluster.setrow("site", "a", { value = "x\0" }) end,
			function() cluster.setrow("site", "a", { ["value\0"] = "x" }) end, function() cluster.delrow("networks", { netname = "a", net = "x\0", mask = "x" }) end,
			options("undo", "a\0"), options("done", "a\0"), put({ ["/srv/x\0"] = "x" }), put { ["/srv/x"] = { link = "a\0" } },
			put { ["/srv/x"] = { content = "x", owner = "a\0" } }, put { ["/srv/x"] = { content = "x", mode = "0644\0" } },
			put({ ["/srv/x"] = "x" }, { check = "a\0" }), put({ ["/srv/x"] = "x" }, { activate = { "a\0" } }),
			function() move:old("cn001\0") end, function() move.notes["a\0"] = 1 end, function() move.notes.a = "x\0" end,
			function() return move["nodes\0"] end, function() move:owe({ "cn001\0" }, "x") end, function() move:owe(nil, "x\0") end,
			function() move:note("x\0") end, function() move:problem("reach\0", nil, "x", "y") end,
			function() move:problem("reach", nil, "x\0", "y") end, function() move:refuse("x\0") end,
		} do
			local good, message = pcall(call)
			if good or not tostring(message):find("zero byte") then print("call", i, good, message) end
		end
	LUA
	move
	status_is 0 && lacks "$out" call
}
tap_expect "so is one in what is set, put, noted and owed" zero_bytes_of_changes
zero_bytes_travel() {
	lua 'print(remote.query("sn1", "wc -c", { stdin = "a\0b\0" }).sn1.stdout) log.warn("a\0b")'
	status_is 0 && equals "$out" 4 && contains "$err" 'a\0b'
}
tap_expect "the input of a command may have them, and a message shows them" zero_bytes_travel
reason_zero() {
	fresh
	hook <<<'return { name = "test", summary = "test", check = function() return false, "no\0yes" end }'
	move
	status_is 1 && contains "$err" "the reason" && contains "$err" "zero byte"
}
tap_expect "so is one in the reason of a check" reason_zero

# Finalizers, and what else Lua would call by itself.
tap_expect "__gc is refused, and says what to use instead" \
	raises "__gc is not there: use a variable that is <close>" 'setmetatable({}, { __gc = function() end })'
later_finalizer() {
	lua 'local metatable = {}
		KEEP = setmetatable({}, metatable)
		setmetatable({}, metatable)
		metatable.__gc = function() print("finalized") end
		print(pcall(setmetatable, {}, metatable))
		for i = 1, 1e6 do local garbage = { i } end'
	status_is 0 && contains "$out" "false" && lacks "$out" finalized
}
tap_expect "one that is put into a metatable afterwards is never called" later_finalizer
tap_expect "the metatable of a file cannot be had" \
	raises "false" 'error(getmetatable(io.open("/etc/hosts")))'
refusal_metatable() {
	fresh
	step '' <<-'LUA'
		local _, refusal = pcall(move.refuse, move, "x")
		print("metatable", type(refusal), getmetatable(refusal))
	LUA
	move --plan
	status_is 0 && contains "$out" "metatable	table	false"
}
tap_expect "nor that of a refusal" refusal_metatable
tap_expect "there are no coroutines" raises "coroutine" 'return coroutine.wrap'
closing() {
	lua 'do local kept <close> = setmetatable({}, { __close = function() print("closed") end }) end'
	status_is 0 && equals "$out" closed
}
tap_expect "a variable that is <close> is closed" closing

# After a limit.
stopped() { # LIMIT, the body on standard input: it is stopped by this limit, and not by the watchdog
	fresh
	step "${limits:-time = 1}"
	move "${@:2}"
	status_is 1 && contains "$err" "the limit of $1 is used up" && lacks "$err" stuck && lacks "$out" "too late"
}
tap_expect "a handler of xpcall that loops is stopped as its function is" stopped time <<-'LUA'
	xpcall(function() while true do end end, function() while true do end end)
LUA
tap_expect "a handler that loops at an error is stopped" stopped time <<-'LUA'
	xpcall(error, function() while true do end end)
LUA
tap_expect "a handler of xpcall is called for other errors" raises "handled: .*no" \
	'local _, message = xpcall(error, function(m) return "handled: .*" .. m end, "no") error(message)'
tap_expect "nothing that is closed by the limit prints" stopped time <<-'LUA'
	local printer <close> = setmetatable({}, { __close = print, __tostring = function() return "too late" end })
	local caller <close> = setmetatable({}, { __close = function() print("too late") end })
	while true do end
LUA
acts_too_late() {
	fresh
	step 'time = 1' <<-LUA
		local runner <close> = setmetatable({ "sn1" }, { __close = remote.run })
		local setter <close> = setmetatable({}, { __close = move.note })
		while true do end
	LUA
	move
	status_is 1 && contains "$err" "the limit of time is used up" && contains "$out" "nothing changed"
}
tap_expect "nothing is changed by what is closed by the limit" acts_too_late
tap_expect "functions of ours that C calls look at the time" stopped time <<-'LUA'
	local text = ("x"):rep(2e7)
	text:gsub(".", cluster.site)
LUA
tap_expect "an error that makes its text by a loop is stopped" stopped time <<-'LUA'
	error(setmetatable({}, { __tostring = function() while true do end end }))
LUA
tap_expect "a message that makes its text by a loop is stopped" stopped time <<-'LUA'
	log.warn("%s", setmetatable({}, { __tostring = function() while true do end end }))
LUA

loop_in_table() {
	fresh
	hook <<<'return setmetatable({ name = "test", summary = "test" }, { __index = function() while true do end end })'
	move
	status_is 1 && contains "$err" "test.lua: the table that it returns: a plain table is wanted"
}
tap_expect "a hook file whose table would answer by a metamethod is refused" loop_in_table
changed_table() {
	fresh
	hook <<-'LUA'
		local hook = { name = "test", summary = "test" }
		hook.before = { servicenode = function() print("as it was") end }
		function hook.when()
			hook.before.servicenode = function() print("changed") end
			hook.after = { servicenode = function() print("changed") end }
			return true
		end
		return hook
	LUA
	move --plan
	status_is 0 && contains "$out" "as it was" && lacks "$out" changed
}
tap_expect "what a hook file has returned is what it was when it was loaded" changed_table
hook_text() { # TEXT-OF-THE-TABLE MESSAGE
	fresh
	hook <<<"return { $1 }"
	move
	status_is 1 && contains "$err" "$2"
}
named='name = "test", summary = "test",'
tap_expect "a name of a hook with a zero byte is refused" hook_text 'name = "a\0b", summary = "s"' "'name': the text has a zero byte"
tap_expect "so is the name of a field" hook_text "$named [\"when\\0\"] = 1" "zero byte"
tap_expect "so is a setting" hook_text "$named settings = { list = 'a\\0b' }" "the setting 'list': the text has a zero byte"
tap_expect "a limit of time that no clock has is refused" hook_text "$named limits = { time = 1e14 }" \
	"'time' must be a number above 0, and 604800 at most"
tap_expect "so is a limit that is no number" hook_text "$named limits = { memory = 0/0 }" "'memory' must be a number above 0"
longest() {
	fresh
	hook <<<"return { $named limits = { time = 604800, instructions = 0.5e15, memory = 2 ^ 40, output = 2 ^ 40 }, check = function() end }"
	move --plan
	status_is 0
}
tap_expect "a week is time enough" longest

# Memory.
fills() { # the body on standard input
	limits='time = 50, memory = 3e7' stopped memory
}
tap_expect "notes count as memory" fills <<<'for i = 1, 1e9 do move.notes["k" .. i] = ("x"):rep(10000) end'
tap_expect "what is owed counts" fills <<<'for i = 1, 1e9 do move:owe({ "cn001" }, ("x"):rep(10000) .. i) end'
tap_expect "what is noted counts" fills <<<'for i = 1, 1e9 do move:note(("x"):rep(10000) .. i) end'
tap_expect "problems count" fills <<<'for i = 1, 1e9 do move:problem("reach", move.nodes, ("x"):rep(10000), "y") end'
tap_expect "values that are set count" fills <<<'for i = 1, 1e9 do cluster.set("cn001", "noderes.comments", ("x"):rep(10000) .. i) end'
tap_expect "rows that are made count" fills <<<'for i = 1, 1e9 do cluster.setrow("site", "k" .. i, { value = "x" }) end'
tap_expect "tables that are not there count" fills <<<'for i = 1, 1e9 do cluster.rows("t" .. i) end'
tap_expect "addresses that are asked for count" fills <<<'for i = 1, 1e9 do cluster.address(("10.%d.%d.%d"):format(i >> 16 & 255, i >> 8 & 255, i & 255)) end'
planned_commands() {
	limits='time = 50, memory = 3e7' stopped memory --plan
}
tap_expect "commands that are planned count" planned_commands <<<'for i = 1, 1e9 do remote.run("sn1", ("x"):rep(10000) .. i) end'
tap_expect "a list with one text many times counts as often" fills <<<'local t, s = {}, ("x"):rep(1e6) for i = 1, 1000 do t[i] = s end cluster.fold(t)'
again() {
	fresh
	step 'memory = 3e7' <<-'LUA'
		for i = 1, 7000 do
			move.notes.a = ("x"):rep(5000) .. i % 2
			move:owe(nil, ("x"):rep(5000))
			move:note(("x"):rep(5000))
		end
		for i = 1, 200 do
			local garbage = ("x"):rep(1e6) .. i
			pcall(cluster.site, garbage)
		end
	LUA
	move --plan
	status_is 3 && lacks "$err" memory
}
tap_expect "what is said again, or given back, does not count" again
tap_expect "messages count as output" stopped output <<<'for i = 1, 1e6 do log.info(("x"):rep(1000)) end'
tap_expect "so do line ends" stopped output <<<'log.warn(("\n"):rep(2e6))'
format_gone() {
	lua 'string.format = nil string = nil log.warn("%d nodes", 3) log.warn("%d", setmetatable({}, { __tostring = error }))'
	status_is 0 && contains "$err" "3 nodes" && contains "$err" "%d table"
}
tap_expect "a message is formatted whatever a script does to string, and never raises" format_gone

# Files of Lua.
loaded() { # MESSAGE: of a move whose hook is there already
	move --plan
	status_is 1 && contains "$err" "hooks/test.lua" && contains "$err" "$1"
}
waited_for() {
	fresh
	mkfifo -m 644 "$hooks/test.lua"
	loaded "no regular file"
}
tap_expect "a FIFO as hook is refused, and not waited for" waited_for
too_large() {
	fresh
	{ echo "return { name = 'a', summary = 's' } --" && head -c 17M /dev/zero | tr '\0' x; } >"$hooks/test.lua"
	loaded "larger than a script may be"
}
tap_expect "a file that is larger than a script can be is refused" too_large
cut_short() {
	fresh
	printf 'return { name = "a", summary = "s" } --\0' >"$hooks/test.lua"
	loaded "zero byte"
}
tap_expect "a hook file with a zero byte is refused" cut_short
for_the_shell() {
	printf '#!/usr/bin/snmove-lua\nprint(cluster.site("domain"))\nerror("here")\n' >"$scratch/script.lua"
	run timeout 60 "$build/snmove-lua" --config "$scratch/config" "$scratch/script.lua"
	status_is 1 && equals "$out" cluster.test && contains "$err" "script.lua:3: here"
}
tap_expect "a first line for the shell is no Lua, and counts as a line" for_the_shell
from_a_pipe() {
	run timeout 60 bash -c 'echo "print(7)" | "$1" --config "$2" /dev/stdin' - "$build/snmove-lua" "$scratch/config"
	status_is 0 && equals "$out" 7
}
tap_expect "snmove-lua runs a script that comes through a pipe" from_a_pipe

# The configuration.
configured() { # TEXT MESSAGE
	printf '%s\n' "$1" >"$scratch/config"
	lua 'print(1)'
	use_example_site ''
	status_is 1 && contains "$err" "$2"
}
tap_expect "a configuration that would answer by a metamethod is refused" configured \
	'return setmetatable({}, { __index = function() while true do end end })' "a plain table is wanted"
tap_expect "a list in it that says it is longer than memory is refused" configured \
	'local t = { [math.maxinteger] = "x" } for i = 62, 0, -1 do t[1 << i] = "x" end
	for _ = 1, 20 do if #t > 1e6 then break end t[#t + 1] = "x" end return { allow = t }' "config: allow: a table has at most 1000000 entries"
tap_expect "a zero byte in it is refused" configured 'return { state = "/tmp\0x" }' "state: the text has a zero byte"
tap_expect "so is one in a key" configured 'return { ["state\0"] = "/tmp" }' "zero byte"
tap_expect "and one in a setting of a hook" configured 'return { hook = { people = { list = "a\0b" } } }' \
	"'hook.people.list': the text has a zero byte"
tap_expect "and one in the name of a setting" configured 'return { hook = { people = { ["list\0"] = "a" } } }' "zero byte"
tap_expect "a setting without a name is refused" configured 'return { hook = { people = { "a" } } }' "'hook.people': a setting is a text"
tap_expect "so is one that is a table" configured 'return { hook = { people = { list = {} } } }' "'hook.people': a setting is a text"

tap_end
