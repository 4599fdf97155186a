--- The hook snmp: snmpd.conf of the nodes is real; what makes snmpd read it, and who listens
-- for traps, are recorded fakes.  With daemons: tests/lab/test_snmp.sh.

local test = require "test"

test.procedure "files/nodes_for_hooks.lua"
test.cluster { nodes = 2 }
test.config { hook = { snmp = { always = true, reload = "reload snmpd" } } }

local FILE = "/etc/snmp/snmpd.conf"
local LINES = "rocommunity secret %s\ntrap2sink %s public # sn1\ncom2sec -Cn c all sn3 secret\n"
local OLD = LINES:format("10.2.0.11/32", "udp:sn1-c:162")
local NEW = LINES:format("10.2.0.12/32", "udp:sn2-c:162")

--- On sn2 somebody listens on UDP port 162, or nobody.
local function listens(t, does)
	t:program("sn2", "cat", { shell = 'exec /bin/cat "$@"' })
	t:program("sn2", "cat", does and "  1: 00000000:00A2 00000000:0000 07 0 0 0 0 0 0 0 0\n" or "",
		"/proc/net/udp /proc/net/udp6")
end

local function uses_snmp(t)
	for _, node in ipairs { "cn01", "cn02" } do
		t:write(node, FILE, OLD, 384)
		t:program(node, "reload", "")
	end
	listens(t, true)
end

test.case("where SNMP is not used it does nothing", function(t)
	uses_snmp(t)
	t:status(t:move "compute -d sn2 --set snmp.always=no", 0)
	t:equal(t:file("cn01", FILE), OLD)
	t:equal(t:calls "cn01", {})
end)

test.case("traps go to the new one, which may ask, and an undo has it back", function(t)
	uses_snmp(t)
	t:status(t:move "compute -d sn2", 0)
	t:equal(t:file("cn01", FILE), NEW)
	t:equal(t:calls "cn02", { "reload snmpd" })
	t:undo()
	t:equal(t:calls "cn02", { "reload snmpd", "reload snmpd" })
end)

test.case("a node that is down is owed, and a resume pays", function(t)
	uses_snmp(t)
	t:fails("cn02", "unreachable")
	listens(t, false)
	local move = t:move "compute -d sn2"
	t:status(move, 3)
	t:says(move, "owed: cn02: 'put " .. FILE .. "'")
	t:says(move, "nothing listens for traps on sn2, port 162")
	t:equal(t:file("cn01", FILE), NEW)
	t:mends "cn02"
	listens(t, true)
	t:status(t:resume(), 0)
	t:equal(t:file("cn02", FILE), NEW)
	t:undo()
end)

test.case("killed at any point it is resumed, and taken back", function(t)
	uses_snmp(t)
	t:kills "cn01 -d sn2"
end)
