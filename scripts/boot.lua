--- What the nodes boot: the same as before, from the new service node.
--
-- A node with a row in bootparams gets the files that the tables say.  Of all others the files
-- are taken over: as the old service node has them, or else the new one or the management node,
-- if they are of the state that chain.currstate names; every host in them that is the old
-- service node gives place to the new one.  With neither, the boot of the node is owed.

local cluster  = require "cluster"
local services = require "services"
local holders  = require "holders"
local served   = require "served"
local servers  = require "servers"

local boot = {}

local AT_ONCE = 2000 -- nodes whose files are in our hands

--- Nodes that boot by files of their own: the tables name a loader.
local function known(nodes)
	local there, values = pcall(cluster.get, nodes, { "noderes.netboot" })
	local found = {}
	for _, node in ipairs(there and nodes or {}) do
		local loader = values[node]["noderes.netboot"]
		found[#found + 1] = loader and loader ~= "nimol" and node or nil
	end
	return found
end

--- What the tables say that they boot, and whether their files can be made of that: node ->
-- {state =, kind =, rendered =}.  An old database lacks a table.
local function states(nodes)
	local chained, chain = pcall(cluster.get, nodes, { "chain.currstate" })
	local kept, bootparams = pcall(cluster.get, nodes,
		{ "bootparams.kernel", "bootparams.kcmdline" })
	local found = {}
	for _, node in ipairs(nodes) do
		local state = chained and chain[node]["chain.currstate"] or nil
		found[node] = {
			state = state,
			kind = state and services.state_kind(state),
			rendered = kept and (bootparams[node]["bootparams.kernel"] or
				bootparams[node]["bootparams.kcmdline"]) and true or false,
		}
	end
	return found
end

--- The nodes of a part of a list, as host -> nodes.
local function part_of(shares, nodes)
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
-- years old.
local function fits(text, state)
	if not state.state then
		return true
	end
	local headed = text:match("\n  #(%a[^\n]*)")
	if headed then
		return headed:gsub("%s+$", "") == state.state
	end
	return services.kind(text) == state.kind
end

--- Asks these hosts about the nodes that nobody has files of yet.  Of several in a pool the node's
-- old service node counts; each of them is `trusted` about what it gives the nodes itself.
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
		for node, text in pairs(texts[host] or {}) do
			if text and (trusted or fits(text, state[node])) and
				(not found.texts[node] or servers.points_at(host, move:old(node))) then
				found.texts[node] = text
			end
		end
	end
end

--- The files of nodes: {texts = node -> text, own = host -> node -> text or false: of the old
-- holders, silent = host -> why}.
local function look(move, old, new, nodes, state)
	local found = { texts = {}, own = {}, silent = {} }
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
local function left_names(old, new)
	local kept, names = {}, {}
	for _, name in ipairs(servers.names(new)) do
		kept[name] = true
	end
	for _, name in ipairs(servers.names(old)) do
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

--- The same files, from the new servers.  The groups are those of the whole move.
local function take_over(move, texts)
	local taken = {}
	for _, group in ipairs(move:groups()) do
		local some = {}
		for _, node in ipairs(group.nodes) do
			some[node] = texts[node] or nil
		end
		local names = left_names(group.old, group.new)
		local now = #names > 0 and next(some) and
			services.take_over(some, names, place(group.new)) or some
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
-- {nodes}, silent = host -> why}.
local function plan(move, old, new, nodes)
	local state = states(nodes)
	local found = look(move, old, new, nodes, state)
	local all_taken = take_over(move, found.texts)
	local planned = { give = {}, nowhere = {}, changed = {}, silent = found.silent }
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
		local own_taken = next(own) and take_over(move, own) or {}
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

--- Calls for the nodes of the move, so many at a time, what is planned for them.
local function each(move, act)
	local nodes = known(move.nodes)
	local old = holders.before(move, nodes, "boot")
	local new = holders.now(move, nodes, "boot")
	for first = 1, #nodes, AT_ONCE do
		local some = table.move(nodes, first, math.min(first + AT_ONCE - 1, #nodes), 1, {})
		act(plan(move, part_of(old, some), part_of(new, some), some), some)
	end
end

-- --- Before anything is changed --------------------------------------------------------------

function boot.concerns(move)
	return #known(move.nodes) > 0
end

--- Rows as they are now.
function boot.before(move)
	holders.keep(move, known(move.nodes), "boot")
end

local function add(to, nodes)
	table.move(nodes, 1, #nodes, #to + 1, to)
end

local function enact(nodes)
	return "nodeset " .. cluster.fold(nodes) .. " enact"
end

--- kind -> the set of nodes that boot so, before and after.
local function count_kinds(kinds, given)
	for _, texts in pairs(given) do
		for node, text in pairs(texts) do
			local kind = services.kind(text)
			kinds[kind] = kinds[kind] or {}
			kinds[kind][node] = true
		end
	end
end

--- Adds the nodes that get files, by their holders.
local function add_given(to, given)
	for host, texts in pairs(given) do
		for _, node in ipairs(holders.sorted(texts)) do
			if texts[node] then
				to[host] = to[host] or {}
				table.insert(to[host], node)
			end
		end
	end
end

--- Holders that could not be given anything: the folder is not there.
local function check_holders(move, given)
	local one = {}
	for host, nodes in pairs(given) do
		one[host] = { nodes[1] }
	end
	local _, results = services.look("boot", one)
	for _, host in ipairs(holders.sorted(one)) do
		local result = results[host]
		if result.error then
			move:problem("boot", given[host], host .. ": " .. (result.message or result.error),
				"a holder that takes their boot files")
		end
	end
end

--- Rows as they will be.
function boot.check(move)
	local changed, nowhere, silent, kinds, missing, given = {}, {}, {}, {}, {}, {}
	each(move, function(planned)
		count_kinds(kinds, planned.give)
		add_given(given, planned.give)
		for what, nodes in pairs(served.images(move, planned.give)) do
			missing[what] = missing[what] or {}
			add(missing[what], holders.sorted(nodes))
		end
		for what, nodes in pairs(planned.changed) do
			changed[what] = changed[what] or {}
			add(changed[what], nodes)
		end
		add(nowhere, planned.nowhere)
		for host, why in pairs(planned.silent) do
			silent[host] = why
		end
	end)
	check_holders(move, given)
	for _, what in ipairs(holders.sorted(changed)) do
		move:problem("boot", changed[what], what, "the same as before: " .. enact(changed[what]) ..
			" writes what chain.currstate says; forced, their boot files stay as they are")
	end
	for _, what in ipairs(holders.sorted(missing)) do
		move:problem("images", missing[what], what, "what they boot, on the new service node")
	end
	for _, kind in ipairs(move.planning and holders.sorted(kinds) or {}) do
		local nodes = holders.sorted(kinds[kind])
		move:note(("%s as before: %s"):format(kind, cluster.fold(nodes)))
	end
	for _, host in ipairs(holders.sorted(silent)) do
		move:note("boot files on " .. host .. " cannot be seen: " .. silent[host])
	end
	if #nowhere > 0 then
		move:note("nobody has the boot files of " .. cluster.fold(nowhere) .. ": " ..
			enact(nowhere) .. " will be owed")
	end
end

-- --- The step --------------------------------------------------------------------------------

--- The nodes whose new holders all have their files: of the others they stay where they were.
local function all_given(results, planned, nodes, new)
	local refused, given = {}, {}
	for host, share in pairs(new) do
		local texts = planned.give[host] or {}
		for _, node in ipairs(share) do
			refused[node] = refused[node] or texts[node] == nil or
				results and results[host].error ~= nil
		end
	end
	for _, node in ipairs(nodes) do
		given[#given + 1] = not refused[node] and node or nil
	end
	return given
end

local function owe(move, planned)
	local owed = { move.notes["boot owed"] }
	for _, what in ipairs(holders.sorted(planned.changed)) do
		move:owe(planned.changed[what], what .. ", so nothing was changed: " ..
			enact(planned.changed[what]))
		owed[#owed + 1] = cluster.fold(planned.changed[what])
	end
	if #planned.nowhere > 0 then
		move:owe(planned.nowhere, "nobody has their boot files: " .. enact(planned.nowhere))
		owed[#owed + 1] = cluster.fold(planned.nowhere)
	end
	move.notes["boot owed"] = owed[1] and table.concat(owed, ",")
end

--- Every holder has the files; then the old ones give up what they hold no more: what is taken
-- over lies there until then.
function boot.give(move)
	local gone = holders.given_up(move, known(move.nodes), "boot")
	each(move, function(planned, nodes)
		local results = services.give("boot", planned.give)
		if not move.planning then
			owe(move, planned)
		end
		local given = all_given(not move.planning and results, planned, nodes,
			holders.now(move, nodes, "boot"))
		services.release("boot", part_of(gone, given))
	end)
end

-- --- What has become of it -------------------------------------------------------------------

--- Nodes by what is wrong with their files on a host.
local function judge(texts, state, names)
	local wrong = {}
	local function tell(what, node)
		wrong[what] = wrong[what] or {}
		table.insert(wrong[what], node)
	end
	local others = #names > 0 and services.take_over(texts, names, { name = "-", ipv4 = "0.0.0.0",
		ipv6 = "::" }) or texts
	for node, text in pairs(texts) do
		local kind = services.kind(text)
		if state[node].kind and kind ~= state[node].kind then
			tell(("boots %s, and chain.currstate says %s"):format(kind, state[node].kind), node)
		end
		if others[node] ~= text then
			tell("names the old service node", node)
		end
	end
	return wrong
end

--- The holders have the files of the nodes, and who gave them up has none.
local function compare(move, nodes, new, gone)
	local state = states(nodes)
	local found = services.look("boot", new)
	for _, host in ipairs(holders.sorted(found)) do
		local texts, missing = {}, {}
		for node, text in pairs(found[host]) do
			texts[node] = text or nil
			if not text and state[node].kind and state[node].kind ~= "offline" then
				missing[#missing + 1] = node
			end
		end
		if #missing > 0 then
			move:owe(missing, "they have no boot file on " .. host, host)
		end
		for _, group in ipairs(move:groups()) do
			local some = {}
			for _, node in ipairs(group.nodes) do
				some[node] = texts[node]
			end
			if next(some) then
				served.verify(move, host, some)
			end
			for what, of in pairs(judge(some, state, left_names(group.old, group.new))) do
				move:owe(of, ("their boot file on %s %s"):format(host, what), host)
			end
		end
	end
	for host, texts in pairs(services.look("boot", gone)) do
		local left = {}
		for node, text in pairs(texts) do
			left[#left + 1] = text and node or nil
		end
		if #left > 0 then
			move:owe(left, "their boot files are still on " .. host, host)
		end
	end
end

--- What is owed is told already.
local function without_owed(move, nodes)
	local owed, kept = {}, {}
	local names = move.notes["boot owed"] or ""
	for _, node in ipairs((cluster.noderange(names, { verify = false }))) do
		owed[node] = true
	end
	for _, node in ipairs(nodes) do
		kept[#kept + 1] = not owed[node] and node or nil
	end
	return kept
end

function boot.verify(move)
	if move.planning then
		return
	end
	local nodes = without_owed(move, known(move.nodes))
	local new, gone = holders.now(move, nodes, "boot"), holders.given_up(move, nodes, "boot")
	for first = 1, #nodes, AT_ONCE do
		local some = table.move(nodes, first, math.min(first + AT_ONCE - 1, #nodes), 1, {})
		compare(move, some, part_of(new, some), part_of(gone, some))
	end
end

-- --- A service node that is back -------------------------------------------------------------

--- Has it files of its own?  Where all share one folder, that is the management node's.
local function has_own(nodes)
	local master = cluster.site("master")
	for host in pairs(cluster.holders(nodes, "boot")) do
		if not (master and cluster.same(host, master)) then
			return true
		end
	end
	return false
end

--- What it holds no more goes; what it still holds it has kept.
function boot.give_back(move, sn)
	local nodes = known((cluster.noderange(cluster.fold(move.nodes), { verify = false })))
	if #nodes == 0 or not has_own(nodes) then
		return
	end
	local holds, others = holders.today(sn, nodes, "boot")
	services.release("boot", { [sn] = others })
	local state, missing = states(holds), {}
	local texts = #holds > 0 and services.look("boot", { [sn] = holds })[sn] or {}
	for _, node in ipairs(holds) do
		local text = texts[node]
		if state[node].state and not (text and fits(text, state[node])) then
			missing[#missing + 1] = node
		end
	end
	if #missing > 0 and not move.planning then
		move:owe(missing, "their boot files there are not what they boot: " .. enact(missing), sn)
	end
end

function boot.verify_back(move, sn)
	local nodes = known((cluster.noderange(cluster.fold(move.nodes), { verify = false })))
	if #nodes > 0 and has_own(nodes) and not move.planning then
		local _, others = holders.today(sn, nodes, "boot")
		compare(move, {}, {}, { [sn] = others })
	end
end

return boot
