--- NAME: what it does for the nodes that move, and why.  Contract: snmove-hooks(5).
-- Try it: snmove-lua --test tests/NAME.lua; then see a plan of a real move with it:
-- snmove NODERANGE -d SN2 --plan --hooks hooks

local cluster = require "cluster"
local remote  = require "remote"

return {
	name = "NAME", summary = "a file on the nodes names their service node",

	-- What a site may set: hook = { NAME = { path = "..." } } in snmove.conf, or --set.
	settings = { path = "/etc/service-node" },

	-- Asked first; without it the hook always takes part.
	when = function(move)
		return #move.nodes > 0
	end,

	-- Nothing is changed here: it looks, and may refuse the move before anything is.
	check = function(move)
		if not move.settings.path:find "^/" then
			return false, "NAME.path has to begin with /"
		end
	end,

	-- Every change goes through remote, cluster.set or services: so it is planned, taken back by
	-- an undo, and not made twice by a resume.
	after = { nodes = function(move)
		for _, group in ipairs(move:groups()) do
			remote.put(group.nodes, { [move.settings.path] = group.new.snn .. "\n" })
		end
	end },

	-- At the end of a move, and of snmove NODERANGE --only hook:NAME: is it so?
	verify = function(move)
		local seen = remote.query(move.nodes, { "cat", move.settings.path })
		local wrong = {}
		for node, result in pairs(seen) do
			if not result.ok or result.stdout ~= move:new(node).snn .. "\n" then
				wrong[#wrong + 1] = node
			end
		end
		if #wrong > 0 then
			return false, cluster.fold(wrong) .. ": " .. move.settings.path .. " is not right"
		end
	end,
}
