--- snmove-lua --test tests/NAME.lua: each case on a small cluster of its own, made for it.

local test = require "test"

test.procedure "../scripts/NAME.lua"
test.cluster { nodes = 2 } -- cn01, cn02 behind sn1, with sn2 beside it

test.case("the new step is in the plan", function(t)
	local plan = t:plan "compute -d sn2 -i"
	t:status(plan, 0)
	t:says(plan, "noderes.comments")
end)

test.case("it is done, and taken back", function(t)
	t:status(t:move "compute -d sn2 -i", 0)
	t:equal(t:get("cn01", "noderes.comments"), "was behind sn1")
	t:undo()
end)

test.case("killed at any point, it is resumed to the same end, and taken back", function(t)
	t:kills "cn01 -d sn2 -i"
end)
