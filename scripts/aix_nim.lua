--- NIM as AIX nodes use it: the images of nodes (table nimimage), and what NIM says of its
-- resources.

local cluster = require "cluster"
local remote  = require "remote"
local tables  = require "tables"

local nim = {}

--- The image of each node: node -> its row of the table nimimage, or {} if it has none.
function nim.images(nodes)
	local by_name, found = {}, {}
	for _, row in ipairs(tables.rows("nimimage")) do
		by_name[row.imagename] = row
	end
	local values = tables.values(nodes, { "nodetype.provmethod" })
	for _, node in ipairs(nodes) do
		found[node] = by_name[values[node]["nodetype.provmethod"]] or {}
	end
	return found
end

--- Who has NIM's own tables: the NIM primary, by default the management node.
function nim.primary()
	return cluster.site("nimprime") or cluster.site("master") or "mn"
end

--- Is the installation shared? "no", "sns" (by all service nodes), "all".
function nim.shared()
	local shared = cluster.site("sharedinstall")
	return shared and shared ~= "" and shared or "no"
end

--- A command for a host of AIX: its programs are where not every shell looks.
function nim.command(words)
	local quoted = {}
	for i, word in ipairs(words) do
		quoted[i] = remote.quote(word)
	end
	return "PATH=$PATH:/usr/bin:/usr/sbin:/opt/freeware/bin " .. table.concat(quoted, " ")
end

--- Attributes of a resource, as a host's lsnim tells them: name -> value; or nil, why not.
function nim.attributes(host, resource, names)
	local words, found = { "lsnim" }, {}
	for _, name in ipairs(names) do
		table.move({ "-a", name }, 1, 2, #words + 1, words)
	end
	words[#words + 1] = resource
	local result = remote.query(host, nim.command(words))[host]
	for name, value in (result.stdout or ""):gmatch("([%w_]+)%s*=%s*(%S+)") do
		found[name] = value
	end
	for _, name in ipairs(names) do
		if not found[name] then
			return nil, ("lsnim on %s does not tell the %s of %s: %s"):format(host, name, resource,
				result.error and (result.message or result.error) or
				"status " .. result.status .. " " .. result.stderr:gsub("%s+$", ""))
		end
	end
	return found
end

return nim
