--- What the new service nodes say of themselves: do they answer, and are they where the nodes
-- are?  Asked once each, also under --plan: it only looks.

local cluster    = require "cluster"
local remote     = require "remote"
local interfaces = require "interfaces"

--- The addresses that a host has, and the networks they are in.
local function addresses_of(text)
	local addresses, networks = {}, {}
	for _, one in ipairs(interfaces.read(text)) do
		addresses[one.address] = true
		if one.mask and not one.address:find("^127%.") then
			networks[#networks + 1] = one
		end
	end
	return addresses, networks
end

local function is_inside(address, networks)
	local value = address and interfaces.number(address)
	if not value then
		return true -- IPv6, or no address at all: the check of names says so
	end
	for _, network in ipairs(networks) do
		if value & network.mask == network.net then
			return true
		end
	end
	return false
end

--- The nodes by the service node that they get, and these in their order.
local function by_destination(move)
	local as_known = {}
	local nodes, order = move:divide({}, function(_, _, new)
		as_known[new.sn] = as_known[new.sn] or new.snn
		return new.sn
	end)
	return nodes, order, as_known
end

local function check_one(move, sn, snn, nodes, text, where)
	local addresses, networks = addresses_of(text)
	local known = cluster.address(snn)
	if known and not addresses[known] then
		move:problem("names", nil, snn .. " is " .. known .. ", and that is no address of " .. sn,
			"-D: the name of " .. sn .. " on the nodes' network")
	end
	local outside = {}
	for _, node in ipairs(nodes) do
		if not is_inside(where[node], networks) then
			outside[#outside + 1] = node
		end
	end
	if #outside > 0 then
		move:problem("reach", outside, sn .. " has no interface in their network (" ..
			where[outside[1]] .. ")", "a service node that the nodes reach without a router")
	end
end

--- Problems "reach" and "names".  `addresses`: of the nodes, as of cluster.addresses.
return function(move, addresses)
	local nodes, order, as_known = by_destination(move)
	local results = remote.query(order, remote.addresses_command(), { timeout = 10 })
	for _, sn in ipairs(order) do
		local result = results[sn]
		if result.error == "unresolved" then
			goto next -- the check of names says so
		elseif result.error then
			move:problem("reach", nodes[sn], sn .. " does not answer: " .. result.error ..
				(result.message and ", " .. result.message or ""),
				"a new service node that root can log in to by ssh")
		elseif result.status ~= 0 then
			move:problem("reach", nodes[sn], sn .. " does not tell its addresses: " ..
				result.stderr, "the command 'ip' there ('ifconfig' on AIX)")
		else
			check_one(move, sn, as_known[sn], nodes[sn], result.stdout, addresses)
		end
		::next::
	end
end
