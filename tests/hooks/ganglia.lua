--- The hook ganglia: files of the hosts are real, and what restarts the daemons, and tells what
-- gmond has heard, are recorded fakes.  With daemons: tests/lab/test_ganglia.sh.

local test = require "test"

test.procedure "files/nodes_for_hooks.lua"
test.cluster { nodes = 2 }
test.config { hook = { ganglia = { always = true, wait = 0, restart_gmond = "restart gmond",
	restart_gmetad = "restart gmetad" } } }

local GMOND, GMETAD = "/etc/ganglia/gmond.conf", "/etc/ganglia/gmetad.conf"
local CHANNEL = 'cluster { name = "sn1-c" }\nudp_send_channel {\n  host = %s # was sn1-c\n}\n'

--- What gmond on sn2 tells who connects to it, as bash does for the hook.
local function hears(t, ...)
	local hosts = ""
	for _, node in ipairs { ... } do
		hosts = hosts .. ('<HOST NAME="%s.cluster.test" IP="" TN="0" TMAX="20">\n'):format(node)
	end
	t:program("sn2", "bash", hosts)
end

local function uses_ganglia(t)
	for _, node in ipairs { "cn01", "cn02" } do
		t:write(node, GMOND, CHANNEL:format "sn1-c")
		t:program(node, "restart", "")
	end
	t:write("mn", GMETAD, 'data_source "sn1" 15 sn1:8649\n')
	t:program("mn", "restart", "")
	hears(t, "cn01", "cn02")
end

test.case("where Ganglia is not used it does nothing", function(t)
	uses_ganglia(t)
	local move = t:move "compute -d sn2 --set ganglia.always=no"
	t:status(move, 0)
	t:equal(t:file("cn01", GMOND), CHANNEL:format "sn1-c")
	t:equal(t:file("mn", GMETAD), 'data_source "sn1" 15 sn1:8649\n')
	t:equal(t:calls "cn01", {})
	t:equal(t:calls("sn2", "bash"), {})
end)

test.case("nodes send to the new one, gmetad asks it, and an undo has both back", function(t)
	uses_ganglia(t)
	t:status(t:move "compute -d sn2", 0)
	t:equal(t:file("cn01", GMOND), CHANNEL:format "sn2-c")
	t:equal(t:file("mn", GMETAD), 'data_source "sn2" 15 sn2:8649\n')
	t:equal(t:calls "cn02", { "restart gmond" })
	t:equal(t:calls("mn", "restart"), { "gmetad" })
	t:undo()
	t:equal(t:calls "cn02", { "restart gmond", "restart gmond" })
end)

test.case("a node that is down is owed, and a resume pays", function(t)
	uses_ganglia(t)
	t:fails("cn02", "unreachable")
	hears(t)
	local move = t:move "compute -d sn2"
	t:status(move, 3)
	t:says(move, "owed: cn02: 'put " .. GMOND .. "'")
	t:says(move, "gmond on sn2 has not heard of cn01")
	t:equal(t:file("cn01", GMOND), CHANNEL:format "sn2-c")
	t:mends "cn02"
	hears(t, "cn01", "cn02")
	t:status(t:resume(), 0)
	t:equal(t:file("cn02", GMOND), CHANNEL:format "sn2-c")
	t:undo()
end)

test.case("killed at any point it is resumed, and taken back", function(t)
	uses_ganglia(t)
	t:kills "cn01 -d sn2"
end)
