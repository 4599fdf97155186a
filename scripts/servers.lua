--- Service nodes and the many ways in which tables name them.

local cluster = require "cluster"

local servers = {}

--- The elements of a list with commas; a list that ends in one has an empty last element.
function servers.elements(list)
	local found = {}
	if list then
		for element in (list .. ","):gmatch("([^,]*),") do
			found[#found + 1] = element
		end
	end
	return found
end

--- The first of them alone, without a table for the rest; an empty text if there is no list.
function servers.first(list)
	return (list or ""):match("^[^,]*")
end

--- All names and addresses of a server that the tables and the caller know: as the management
-- node and the nodes know it, and its further interfaces (hosts.otherinterfaces: NAME:ADDRESS,
-- where a NAME that begins with a dash is put behind the server's own).
local spellings = {}
function servers.spellings(server)
	local key = (server.sn or "") .. "\0" .. (server.snn or "")
	if spellings[key] then
		return spellings[key]
	end
	local names = { server.sn, server.sn and server.snn or nil }
	if not server.sn then
		names = { server.snn }
	end
	local interfaces = server.sn and cluster.get(server.sn, "hosts.otherinterfaces") or ""
	for name, address in interfaces:gmatch("([^,:]+):([^,:]+)") do
		names[#names + 1] = name:sub(1, 1) == "-" and server.sn .. name or name
		names[#names + 1] = address
	end
	spellings[key] = names
	return names
end

--- Whether a name in a table points at a server, in whatever spelling.  Tables hold few
-- different names, so each is looked at once for a server; move:old and move:new give all the
-- nodes of a server the same table, which is cheaper to find than a text of its names.
local known = setmetatable({}, { __mode = "k" })
function servers.points_at(name, server)
	local names = known[server]
	if not names then
		names = {}
		known[server] = names
	end
	if names[name] == nil then
		names[name] = false
		for _, spelling in ipairs(servers.spellings(server)) do
			if cluster.same(name, spelling) then
				names[name] = true
				break
			end
		end
	end
	return names[name]
end

return servers
