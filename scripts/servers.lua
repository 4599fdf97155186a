--- Service nodes and the many ways in which tables name them.

local cluster = require "cluster"

local servers = {}

--- The elements of a list with commas, without blanks around them; some may be empty.
servers.elements = cluster.elements

--- The first of them alone; an empty text if there is none.  Lists are few: each is cut once.
local firsts = {}
function servers.first(list)
	list = list or ""
	firsts[list] = firsts[list] or cluster.elements(list)[1] or ""
	return firsts[list]
end

--- All names and addresses of a server, {sn=, snn=} as of move:old and move:new.
function servers.names(server)
	if server.sn then
		return cluster.names(server.sn, server.snn)
	end
	return server.snn and cluster.names(server.snn) or {}
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
		for _, spelling in ipairs(servers.names(server)) do
			if cluster.same(name, spelling) then
				names[name] = true
				break
			end
		end
	end
	return names[name]
end

--- The row of the networks table for a network as cluster.networks names it; nil: it has none.
function servers.network_row(network, rows)
	for _, row in ipairs(rows) do
		if network:match("^[^/]+") == row.net then
			return row
		end
	end
end

return servers
