--- The boot files of nodes: where they are, and what they shall be.
--
-- A node with a row in bootparams gets the files that the tables say.  Of all others the files
-- are taken over: as the old service node has them, or else the new one or the management node,
-- if they are of the state that chain.currstate names; every host in them that is the old
-- service node gives place to the new one.  With neither, the boot of the node is owed.

local cluster  = require "cluster"
local services = require "services"
local holders  = require "holders"
local servers  = require "servers"
local tables   = require "tables"

local entries = {}

entries.AT_ONCE = 2000 -- nodes whose files are in our hands

local COLUMNS = { "chain.currstate", "bootparams.kernel", "bootparams.kcmdline" }

local function is_rendered(values)
	return (values["bootparams.kernel"] or values["bootparams.kcmdline"]) ~= nil
end

--- What the tables say that they boot, and whether their files can be made of that: node ->
-- {state =, kind =, rendered =}, one table for all that are alike.
function entries.states(nodes)
	local found, parts, order = {}, cluster.divide(nodes, servers.there(COLUMNS), function(values)
		local state = values["chain.currstate"]
		return { state = state, kind = state and services.state_kind(state),
			rendered = is_rendered(values) }
	end)
	for _, state in ipairs(order) do
		for _, node in ipairs(parts[state]) do
			found[node] = state
		end
	end
	return found
end

--- The same, with what this move knows: `otherwise` of those whose files were of another state.
function entries.states_here(move, nodes)
	local state, names = entries.states(nodes), move.notes["boot otherwise"] or ""
	for _, node in ipairs((cluster.noderange(names, { verify = false }))) do
		local is = state[node]
		state[node] = is and { state = is.state, kind = is.kind, rendered = is.rendered,
			otherwise = true }
	end
	return state
end

--- Nodes that boot by files of their own: the tables name a loader, and what they boot.  And
-- the others; neither has nodes of AIX.
function entries.known(nodes)
	local columns = servers.there { "noderes.netboot", "nodetype.os", table.unpack(COLUMNS) }
	local parts = cluster.divide(nodes, columns, function(values)
		if tables.is_aix(values["nodetype.os"]) then
			return nil
		end
		local loader = values["noderes.netboot"]
		return loader ~= nil and loader ~= "nimol" and
			(values["chain.currstate"] ~= nil or is_rendered(values))
	end)
	return parts[true] or {}, parts[false] or {}
end

--- Has a host files of its own?  Where all share one folder, that is the management node's.
function entries.has_own(nodes)
	return holders.are_own(cluster.holders(nodes, "boot"))
end

--- The nodes of a part of a list, as host -> nodes.
function entries.part_of(shares, nodes)
	local wanted, part = {}, {}
	for _, node in ipairs(nodes) do
		wanted[node] = true
	end
	for host, share in pairs(shares) do
		for _, node in ipairs(share) do
			if wanted[node] then
				part[host] = part[host] or {}
				table.insert(part[host], node)
			end
		end
	end
	return part
end

-- --- Where the files are ---------------------------------------------------------------------

--- Of what others than the old service node have, only what is of the node's state: it may be
-- years old.  `otherwise`: the old one has had another, and an earlier attempt has taken that.
function entries.fits(text, state)
	if not state.state or state.otherwise then
		return true
	end
	local headed = text:match("\n  #(%a[^\n]*)")
	if headed then
		return headed:gsub("%s+$", "") == state.state
	end
	return services.kind(text) == state.kind
end

--- Adds what a host has of nodes.  Of several in a pool the node's old service node counts.
function entries.add(move, texts, host, found)
	for node, text in pairs(found) do
		if text and (not texts[node] or servers.points_at(host, move:old(node))) then
			texts[node] = text
		end
	end
end

--- Asks these hosts about the nodes that nobody has files of yet; they are `trusted` about what
-- they give the nodes themselves.
local function ask(move, found, shares, state, trusted)
	local asked = {}
	for host, share in pairs(shares) do
		for _, node in ipairs(share) do
			if not found.texts[node] and (trusted or not state[node].rendered) then
				asked[host] = asked[host] or {}
				table.insert(asked[host], node)
			end
		end
	end
	if not next(asked) then
		return
	end
	local texts, results = services.look("boot", asked)
	for _, host in ipairs(holders.sorted(asked)) do
		if results[host].error then
			found.silent[host] = results[host].message or results[host].error
		end
		if trusted then
			found.own[host] = texts[host]
		end
		local fitting = {}
		for node, text in pairs(texts[host] or {}) do
			local fits = text and entries.fits(text, state[node])
			fitting[node] = text and (trusted or fits) and text or nil
			if trusted and text and not fits then
				table.insert(found.otherwise, node)
			end
		end
		entries.add(move, found.texts, host, fitting)
	end
end

--- The files of nodes: {texts = node -> text, own = host -> node -> text or false: of the old
-- holders, silent = host -> why, otherwise = {nodes}: whose old holders have files of another
-- state}.
local function look(move, old, new, nodes, state)
	local found = { texts = {}, own = {}, silent = {}, otherwise = {} }
	local master = cluster.site("master")
	ask(move, found, old, state, true)
	ask(move, found, new, state, false)
	if master then
		ask(move, found, { [master] = nodes }, state, false)
	end
	return found
end

-- --- What they shall be ----------------------------------------------------------------------

--- The names and addresses of the old one that the new one has not.
function entries.left_names(old, new)
	local kept, names = {}, {}
	for _, name in ipairs(servers.names(new)) do
		kept[name] = true
	end
	for _, name in ipairs(servers.names_of_left(old, new)) do
		names[#names + 1] = not kept[name] and name or nil
	end
	return names
end

--- How the nodes call the new one.
local function place(new)
	local is = { name = new.snn, ipv4 = new.ip }
	for _, name in ipairs(servers.names(new)) do
		if name:find(":", 1, true) then
			is.ipv6 = is.ipv6 or name
		end
	end
	return is
end

--- Texts by the servers of their nodes: {{old =, new =, texts = node -> text}, ...}.  Nodes of
-- the same servers have the same tables of them.
function entries.by_servers(move, texts)
	local found, list = {}, {}
	for node, text in pairs(texts) do
		local old, new = move:old(node), move:new(node)
		found[old] = found[old] or {}
		if not found[old][new] then
			found[old][new] = { old = old, new = new, texts = {} }
			list[#list + 1] = found[old][new]
		end
		found[old][new].texts[node] = text or nil
	end
	return list
end

--- The same files, from the new servers.
function entries.take_over(move, texts)
	local taken = {}
	for _, one in ipairs(entries.by_servers(move, texts)) do
		local names = entries.left_names(one.old, one.new)
		local now = #names > 0 and next(one.texts) and
			services.take_over(one.texts, names, place(one.new)) or one.texts
		for node, text in pairs(now) do
			taken[node] = text
		end
	end
	return taken
end

--- What a node boots next, in other words than before: it is not done.
local function differs(before, after)
	return before and before ~= after and ("it boots %s now, and would boot %s"):format(before,
		after) or nil
end

--- For some nodes: {give = host -> node -> text or false, nowhere = {nodes}, changed = what ->
-- {nodes}, silent = host -> why, otherwise = {nodes}}.
function entries.plan(move, old, new, nodes)
	local state = entries.states_here(move, nodes)
	local found = look(move, old, new, nodes, state)
	local all_taken = entries.take_over(move, found.texts)
	local planned = { give = {}, nowhere = {}, changed = {}, silent = found.silent,
		otherwise = found.otherwise }
	local told = {}
	local function give(host, node, text, before)
		local what = text and differs(before, services.kind(text))
		if what then
			planned.changed[what] = planned.changed[what] or {}
			table.insert(planned.changed[what], node)
		else
			planned.give[host] = planned.give[host] or {}
			planned.give[host][node] = text
		end
	end
	for host, share in pairs(new) do
		local rendered = {}
		for _, node in ipairs(share) do
			rendered[#rendered + 1] = state[node].rendered and node or nil
		end
		local by_tables = #rendered > 0 and services.text("boot", host, rendered) or {}
		-- One of a pool that stays a holder has files that name itself.
		local own = found.own[host] or {}
		local own_taken = next(own) and entries.take_over(move, own) or {}
		for _, node in ipairs(share) do
			local is = state[node]
			local before = own[node] or found.texts[node]
			local taken = own_taken[node] or all_taken[node]
			if is.rendered and by_tables[node] then
				give(host, node, by_tables[node], before and services.kind(before) or is.kind)
			elseif taken then
				give(host, node, taken, services.kind(before))
			elseif is.kind == "offline" then
				give(host, node, false)
			elseif is.state and not told[node] then
				told[node] = true
				table.insert(planned.nowhere, node)
			end
		end
	end
	return planned
end

return entries
