-- LoadLeveler: the startd of each node is drained, and the service nodes are in LoadL_admin.
local remote = require "remote"

local function llctl(move, word, options)
	local list = {}
	for i, node in ipairs(move.nodes) do
		list[i] = { host = "mn", node = node, command = { "llctl", "-h", node, word, "startd" } }
	end
	remote.run(list, options)
end

return {
	name = "loadleveler", summary = "LoadLeveler knows the new service node",
	after = {
		freeze = function(move) llctl(move, "drain", { repeatable = true, undo = false }) end,
		applications = function(move)
			remote.edit("mn", "/root/LoadL_admin", function(text)
				for _, group in ipairs(move:groups()) do
					text = text and text:gsub("%f[%w]" .. group.old.sn .. "%f[%W]", group.new.sn)
				end
				return text
			end, { activate = "llctl -g reconfig" })
		end,
		thaw = function(move) llctl(move, "resume", { repeatable = true, undo = false }) end,
	},
}
