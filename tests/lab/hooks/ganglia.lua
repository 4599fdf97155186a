-- Ganglia: gmond on the nodes sends to the new service node; each node's file has its own name.
local remote = require "remote"

return {
	name = "ganglia", summary = "gmond on the nodes sends to the new service node",
	after = { nodes = function(move)
		remote.edit(move.nodes, "/etc/gmond.conf", function(text, node)
			return text and (text:gsub("host = %S+", "host = " .. move:new(node).snn))
		end, { activate = "gmond-restart" })
	end },
}
