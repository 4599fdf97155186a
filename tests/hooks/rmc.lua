--- The hook rmc: RSCT's commands are recorded fakes.  In /root/rsct of a host is its id, and a
-- file CLASS.ID for each resource, with what it was made of; /tmp/down there names nodes that
-- are not up.

local test = require "test"

test.cluster { nodes = 2 }
test.config { hook = { rmc = { always = true, bin = "/told", wait = 1 } } }

local IDS = { sn1 = "A1", sn2 = "A2", cn01 = "B1", cn02 = "B2" }
local ADDRESSES = { sn1 = "10.2.0.11", sn2 = "10.2.0.12", cn01 = "10.2.1.1", cn02 = "10.2.1.2" }

-- lsrsrc-api -s CLASS::NodeID=0xID::FIELD, or -s IBM.MngNode::::Name::Status; rmrsrc-api -s
-- CLASS::NodeID=0xID; mkrsrc-api CLASS::FIELD::NAME::...::NodeID::0xID
local COMMANDS = {
	["lsnodeid"] = "cat /root/rsct/id",
	["lsrsrc-api"] = [[
none() {
	echo "2612-023 A resource that matches the selection string was not found." >&2
	exit 1
}
cd /root/rsct
case $2 in
*::::Name::Status)
	[ -n "$(ls | grep IBM.MngNode)" ] || none
	for file in IBM.MngNode.*; do
		name=$(sed 's/^Name:://; s/::.*//' "$file")
		echo "$name::$(grep -qx "$name" /tmp/down; echo $?)"
	done ;;
*) id=${2#*::NodeID=0x}; cat "${2%%::*}.${id%%::*}" 2>/dev/null || none ;;
esac]],
	["mkrsrc-api"] = 'echo "${1#*::}" >"/root/rsct/${1%%::*}.${1##*::0x}"',
	["rmrsrc-api"] = 'rm "/root/rsct/${2%%::*}.${2##*::NodeID=0x}"',
}

--- What the hook has made of a server and of a node: a file, and what is in it.
local function of_server(node)
	local made = 'Name::%s::KeyToken::%s::IPAddresses::{"%s"}::NodeID::0x%s\n'
	return "/root/rsct/IBM.MngNode." .. IDS[node],
		made:format(node, node, ADDRESSES[node], IDS[node])
end
local function of_node(node, sn)
	local made = 'MNName::%s::KeyToken::%s-c::IPAddresses::{"%s"}::NodeID::0x%s\n'
	return "/root/rsct/IBM.MCP." .. IDS[sn],
		made:format(node, sn, ADDRESSES[sn], IDS[sn])
end

local function has_rsct(t)
	for host, id in pairs(IDS) do
		t:write(host, "/root/rsct/id", id .. "\n")
		t:write(host, "/tmp/down", "")
		for name, text in pairs(COMMANDS) do
			t:program(host, name, { shell = text })
		end
	end
	for _, node in ipairs { "cn01", "cn02" } do
		local path, text = of_server(node)
		t:write("sn1", path, text)
		path, text = of_node(node, "sn1")
		t:write(node, path, text)
	end
end

--- It is in the domain of this server, and not in the other one's.
local function is_with(t, node, sn, other)
	local path, text = of_server(node)
	t:equal(t:file(sn, path), text)
	t:equal(t:file(other, path), nil)
	path, text = of_node(node, sn)
	t:equal(t:file(node, path), text)
	t:equal(t:file(node, (of_node(node, other))), nil)
end

test.case("where RMC is not used it does nothing", function(t)
	has_rsct(t)
	t:status(t:move "compute -d sn2 -i --set rmc.always=no", 0)
	is_with(t, "cn01", "sn1", "sn2")
	t:equal(t:calls "cn01", {})
	t:equal(t:calls "sn2", {})
end)

test.case("nodes go from domain to domain, and an undo has them back", function(t)
	has_rsct(t)
	t:status(t:move "compute -d sn2 -i", 0)
	is_with(t, "cn01", "sn2", "sn1")
	is_with(t, "cn02", "sn2", "sn1")
	t:undo()
end)

test.case("a node that is down is owed and leaves nobody, and a resume pays", function(t)
	has_rsct(t)
	t:fails("cn02", "unreachable")
	t:write("sn2", "/tmp/down", "cn01\n")
	local move = t:move "compute -d sn2 -i --set rmc.wait=0.1"
	t:status(move, 3)
	t:says(move, "owed: cn02: RMC does not answer: unreachable")
	t:says(move, "RMC: on sn2 these are not up: cn01")
	is_with(t, "cn01", "sn2", "sn1")
	is_with(t, "cn02", "sn1", "sn2")
	t:mends "cn02"
	t:write("sn2", "/tmp/down", "")
	t:status(t:resume(), 0)
	is_with(t, "cn02", "sn2", "sn1")
	t:undo()
end)

test.case("killed at any point it is resumed, and taken back", function(t)
	has_rsct(t)
	t:kills "cn01 -d sn2 -i"
end)
