--- The shared root of diskless AIX nodes, where all service nodes share one file system
-- (site.sharedinstall is sns): tables of all nodes lie in it, and what NIM has for each.

local cluster = require "cluster"
local remote  = require "remote"
local nim     = require "aix_nim"
local servers = require "servers"

local shared_root = {}

local TABLES = { "statelite.table", "litetree.table" } -- NODE|ADDRESS OF THE SERVER|FOLDER|...

--- Nodes of a group by their image, where that has a shared root: {{image =, nodes =}, ...}.
local function by_image(group, images)
	local found, order = {}, {}
	for _, node in ipairs(group.nodes) do
		local image = images[node]
		if image.shared_root and not found[image] then
			found[image] = { image = image, nodes = {} }
			order[#order + 1] = found[image]
		end
		if found[image] then
			table.insert(found[image].nodes, node)
		end
	end
	return order
end

--- A text with the new server's address in the lines of these nodes that have an old one.
local function told(text, nodes, old, new)
	local is_node = {}
	for _, node in ipairs(nodes) do
		is_node[node] = true
	end
	return (text:gsub("([^|\n]+)|([^|\n]+)", function(node, server)
		return is_node[node] and servers.points_at(server, old) and node .. "|" .. new.ip or nil
	end))
end

--- The statelite tables in the root are one file for all service nodes, and written by one.
local function tell_tables(root, one, group)
	for _, name in ipairs(TABLES) do
		remote.edit(group.new.sn, root .. "/" .. name, function(text)
			return text and told(text, one.nodes, group.old, group.new)
		end, { nodes = one.nodes })
	end
end

--- What NIM has written for the new server's nodes when they were defined is kept beside; these
-- are files whose names have a node's name in them.
local COPY = [[
cd "$FROM" || exit 0 # nothing was kept
while read -r node; do
	for file in * ; do
		case $file in
		"$node" | "$node"[!A-Za-z0-9_-]* | *[!A-Za-z0-9_-]"$node" | \
		*[!A-Za-z0-9_-]"$node"[!A-Za-z0-9_-]*)
			cp -p "$file" "$TO/$file" || exit ;;
		esac
	done
done]]

local function restore_client_data(root, one, group)
	local sn = group.new.sn
	remote.run(sn, COPY, { stdin = table.concat(one.nodes, "\n") .. "\n", nodes = one.nodes,
		env = { FROM = ("%s/%s_%s/.client_data"):format(root, sn, one.image.imagename),
			TO = root .. "/etc/.client_data" },
		says = "client data of NIM, for " .. sn .. ", into " .. root,
		repeatable = true, undo = false })
end

function shared_root.turn(move)
	if nim.shared() ~= "sns" then
		return
	end
	local images, roots = nim.images(move.nodes), {}
	for _, group in ipairs(move:groups()) do
		for _, one in ipairs(by_image(group, images)) do
			local name = one.image.shared_root
			roots[name] = roots[name] or
				table.pack(nim.attributes(nim.primary(), name, { "location" }))
			local root, why = table.unpack(roots[name])
			if root then
				tell_tables(root.location, one, group)
				restore_client_data(root.location, one, group)
			else
				move:owe(one.nodes, ("the shared root of %s was not touched: %s"):format(
					one.image.imagename, why), group.new.sn, true)
			end
		end
	end
end

--- In the step check.
function shared_root.check(move)
	if nim.shared() == "all" then
		move:note("site.sharedinstall is all: statelite data, rows and the shared root of " ..
			cluster.fold(move.nodes) .. " are left as they are")
	end
end

return shared_root
