--- Commands as they can be typed in any shell: brackets of a noderange are a pattern there.

local cluster = require "cluster"
local remote  = require "remote"

local typed = {}

local function word(text)
	return text:find("^[%w@%%_+=:,./-]+$") and text or remote.quote(text)
end

--- A command.
function typed.line(words)
	local quoted = {}
	for i, text in ipairs(words) do
		quoted[i] = word(text)
	end
	return table.concat(quoted, " ")
end

--- Nodes, as a noderange.
function typed.nodes(names)
	return word(cluster.fold(names))
end

return typed
