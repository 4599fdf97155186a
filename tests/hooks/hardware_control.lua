--- The hook hardware_control: the rows are real; ping, by which the new service node asks the
-- control points, is a recorded fake.

local test = require "test"

--- cn01 and cn02 are in cec1, which has fsp1, and cn03 in cec2; both are in the frame.
local function tables()
	local node = { servicenode = "sn1,sn2", xcatmaster = "sn1-c" }
	local function row(key, fields)
		local copy = { node = key }
		for name, value in pairs(fields) do
			copy[name] = value
		end
		return copy
	end
	local list = { { node = "sn1", groups = "service" }, { node = "sn2", groups = "service" } }
	local noderes, hosts = {}, {
		{ node = "sn1", ip = "10.1.0.11", otherinterfaces = "sn1-c:10.2.0.11" },
		{ node = "sn2", ip = "10.1.0.12", otherinterfaces = "sn2-c:10.2.0.12" },
	}
	for i, name in ipairs { "cn01", "cn02", "cn03", "cec1", "cec2", "fsp1", "frame" } do
		list[#list + 1] = { node = name, groups = name:find "^cn" and "compute" or "hardware" }
		noderes[i] = row(name, node)
		hosts[#hosts + 1] = { node = name, ip = "10.2.1." .. i }
	end
	return {
		nodelist = list, noderes = noderes, hosts = hosts,
		networks = { { netname = "management", net = "10.1.0.0", mask = "255.255.255.0" },
			{ netname = "cluster", net = "10.2.0.0", mask = "255.255.0.0" } },
		servicenode = { { node = "service" } },
		site = { { key = "master", value = "10.1.0.1" }, { key = "domain", value = "cluster.test" } },
		ppc = {
			{ node = "cn01", hcp = "cec1", parent = "cec1", nodetype = "lpar" },
			{ node = "cn02", hcp = "cec1", parent = "cec1", nodetype = "lpar" },
			{ node = "cn03", hcp = "cec2", parent = "cec2", nodetype = "lpar" },
			{ node = "cec1", hcp = "cec1", parent = "frame", nodetype = "cec" },
			{ node = "cec2", hcp = "cec2", parent = "frame", nodetype = "cec" },
			{ node = "fsp1", hcp = "fsp1", parent = "cec1", nodetype = "fsp" },
			{ node = "frame", hcp = "frame", nodetype = "frame" },
		},
	}
end
test.cluster(tables())

local function with(t, sn, ...)
	for _, point in ipairs { ... } do
		t:equal(t:get(point, "noderes.servicenode"):match "^%w+", sn, point)
		t:equal(t:get(point, "noderes.xcatmaster"), sn .. "-c", point)
	end
end

test.case("where nodes have no control points it does nothing", function(t)
	for _, node in ipairs { "cn01", "cn02", "cn03", "cec1", "cec2", "fsp1" } do
		t:set(node, "ppc.hcp", nil)
		t:set(node, "ppc.parent", nil)
	end
	t:program("sn2", "ping", { status = 1 })
	t:status(t:move "compute -d sn2 -i", 0)
	with(t, "sn1", "cec1", "cec2", "fsp1", "frame")
	t:equal(t:calls("sn2", "ping"), {})
end)

test.case("points go with the last of their nodes, and an undo has them back", function(t)
	t:program("sn2", "ping", "")
	local some = t:move "cn01,cn02 -d sn2 -i"
	t:status(some, 0)
	t:says(some, "hardware control point frame stays, for cec2")
	with(t, "sn2", "cec1", "fsp1")
	with(t, "sn1", "cec2", "frame")
	t:status(t:move "cn03 -d sn2 -i", 0)
	with(t, "sn2", "cec1", "fsp1", "cec2", "frame")
	t:status(t:snmove "--undo=2", 0)
	with(t, "sn1", "cec2", "frame")
	t:status(t:snmove "--undo=1", 0)
	with(t, "sn1", "cec1", "fsp1")
end)

test.case("a point that does not answer the new one refuses the move", function(t)
	t:program("sn2", "ping", { shell = 'case "$*" in *10.2.1.4) false ;; esac' })
	local move = t:move "cn01,cn02 -d sn2 -i"
	t:status(move, 1)
	t:says(move, "hardware control points do not answer sn2: cec1 (10.2.1.4)")
	with(t, "sn1", "cn01", "cec1", "fsp1")
	t:program("sn2", "ping", "")
	t:status(t:move "cn01,cn02 -d sn2 -i", 0)
	with(t, "sn2", "cn01", "cec1", "fsp1")
	t:undo()
end)

test.case("killed at any point it is resumed, and taken back", function(t)
	t:program("sn2", "ping", "")
	t:kills "cn01,cn02 -d sn2 -i"
end)
