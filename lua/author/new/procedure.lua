--- NAME: a procedure of our own, bent from the one for Linux.
-- snmove NODERANGE -d SN2 --script scripts/NAME.lua

local cluster  = require "cluster"
local takeover = require "takeover"

require "linux" -- all its steps, in their order

takeover.insert("note", { after = "servers" }, "who moved the nodes is in their comments",
	function(move)
		for _, node in ipairs(move.nodes) do
			cluster.set(node, "noderes.comments", "was behind " .. move:old(node).sn)
		end
	end)
