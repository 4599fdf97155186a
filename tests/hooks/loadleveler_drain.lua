--- The hook loadleveler_drain: llstatus and llctl are recorded fakes, for which each file in
-- /root/startd of the manager is a node, with the state of its startd.

local test = require "test"

test.cluster { nodes = 3 }
test.config { hook = { loadleveler_drain = { manager = "mn" } } }

local LLSTATUS = [[
cd /root/startd && for node in *; do
	echo "$node.cluster.test!$(cat "$node")"
done]]
local LLCTL = [[
case $3 in
drain) echo Drained ;;
resume) echo Idle ;;
esac >"/root/startd/$2"]]

local function has_loadleveler(t)
	for node, state in pairs { cn01 = "Idle\n", cn02 = "Idle\n", cn03 = "Drained\n" } do
		t:write("mn", "/root/startd/" .. node, state)
	end
	t:program("mn", "llstatus", { shell = LLSTATUS })
	t:program("mn", "llctl", { shell = LLCTL })
end

local AROUND = { "-h cn01 drain startd", "-h cn02 drain startd", "-h cn01 resume startd",
	"-h cn02 resume startd" }

test.case("where LoadLeveler is not used it does nothing", function(t)
	has_loadleveler(t)
	t:status(t:move "compute -d sn2 -i --set loadleveler_drain.manager=", 0)
	t:equal(t:calls "mn", {})
end)

test.case("nodes are drained and resumed, but who was drained; so it is in an undo", function(t)
	has_loadleveler(t)
	t:status(t:move "compute -d sn2 -i", 0)
	t:equal(t:calls("mn", "llctl"), AROUND)
	t:undo()
	t:equal(t:calls("mn", "llctl"), table.move(AROUND, 1, 4, 5, { table.unpack(AROUND) }))
end)

test.case("a manager that does not answer is owed, and a resume pays", function(t)
	has_loadleveler(t)
	t:fails("mn", "unreachable")
	local move = t:move "compute -d sn2 -i"
	t:status(move, 3)
	t:says(move, "LoadLeveler does not answer on mn: unreachable")
	t:mends "mn"
	t:program("mn", "llctl", { status = 1 })
	t:says(t:resume(), "owed: mn: 'llctl -h cn01 resume startd': status 1")
	t:program("mn", "llctl", { shell = LLCTL })
	t:status(t:resume(), 0)
	t:equal(t:file("mn", "/root/startd/cn01"), "Idle\n")
	t:equal(t:file("mn", "/root/startd/cn03"), "Drained\n")
end)

test.case("killed at any point it is resumed, and no node stays drained", function(t)
	has_loadleveler(t)
	t:kills "compute -d sn2 -i"
end)
