--- snmove-lua --test tests/NAME.lua: each case on a small cluster of its own, made for it.

local test = require "test"

test.hook "../hooks/NAME.lua"
test.cluster { nodes = 2 } -- cn01, cn02 behind sn1, with sn2 beside it

test.case("the plan shows what it will change", function(t)
	local plan = t:plan "compute -d sn2 -i"
	t:status(plan, 0)
	t:says(plan, "/etc/service-node")
	t:equal(t:file("cn01", "/etc/service-node"), nil)
end)

test.case("the nodes have the file, and an undo takes it away", function(t)
	local move = t:move "compute -d sn2 -i"
	t:status(move, 0)
	t:equal(t:file("cn01", "/etc/service-node"), "sn2-c\n")
	t:undo() -- fails unless all is as it was
end)

test.case("a node that is down is owed, and the others have it", function(t)
	t:fails("cn02", "unreachable")
	local move = t:move "compute -d sn2 -i"
	t:status(move, 3)
	t:equal(t:file("cn01", "/etc/service-node"), "sn2-c\n")
	t:mends "cn02"
	t:status(t:resume(), 0)
	t:equal(t:file("cn02", "/etc/service-node"), "sn2-c\n")
end)

test.case("a path that is none is refused, and nothing is changed", function(t)
	local move = t:move "compute -d sn2 -i --set NAME.path=here"
	t:status(move, 1)
	t:says(move, "NAME.path has to begin with /")
end)

test.case("killed at any point, it is resumed to the same end, and taken back", function(t)
	t:kills "cn01 -d sn2 -i"
end)
