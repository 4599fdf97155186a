--- What the nodes boot: the same as before, from the new service node (boot_entries.lua says
-- what that is); and what they are installed by.

local cluster  = require "cluster"
local services = require "services"
local autoinst = require "autoinst"
local entries  = require "boot_entries"
local holders  = require "holders"
local look     = require "boot_look"
local own      = require "own"
local served   = require "served"
local takeover = require "takeover"
local typed    = require "typed"

local boot = {}

local OWN = takeover.own("boot") -- xCAT's nodeset; nil: the files are ours to give

--- Calls for the nodes of the move, so many at a time, what is planned for them.
local function each(move, act)
	local nodes = entries.known(move.nodes)
	local old = holders.before(move, nodes, "boot")
	local new = holders.now(move, nodes, "boot")
	for first = 1, #nodes, entries.AT_ONCE do
		local some = table.move(nodes, first, math.min(first + entries.AT_ONCE - 1, #nodes), 1, {})
		act(entries.plan(move, entries.part_of(old, some), entries.part_of(new, some), some), some)
	end
end

-- --- Before anything is changed --------------------------------------------------------------

function boot.concerns(move)
	return #entries.known(move.nodes) > 0
end

--- Rows as they are now.
function boot.before(move)
	holders.keep(move, entries.known(move.nodes), "boot")
	autoinst.before(move, entries.known(move.nodes))
end

local function add(to, nodes)
	table.move(nodes, 1, #nodes, #to + 1, to)
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

--- What statelite nodes mount from a dead service node they wait for, and do not boot.
local function check_mounts(move)
	local state, is_waiting = entries.states(entries.known(move.nodes)), {}
	for node, is in pairs(state) do
		is_waiting[node] = (is.state or ""):find("^statelite") and true or nil
	end
	local waiting = holders.sorted(is_waiting)
	for _, group in ipairs(#waiting > 0 and move.mode == "dead" and move:groups() or {}) do
		for _, name in ipairs { "statelite", "litetree" } do
			local there, cells = pcall(cluster.mentions, name,
				entries.left_names(group.old, group.new), { "comments", "disable" })
			for _, cell in ipairs(there and cells or {}) do
				local alone = is_waiting[cell.row.node] and { cell.row.node }
				move:problem("images", alone or waiting, ("%s[%s].%s is '%s', on the dead service node")
					:format(name, cell.key, cell.column, cell.row[cell.column]),
					"a server that is alive: they mount it before anything else")
			end
		end
	end
end

--- Nodes that nodeset can be told to do again what it has done.
local function with_state(nodes)
	local state, found = entries.states(nodes), {}
	for _, node in ipairs(nodes) do
		found[#found + 1] = state[node].state and node or nil
	end
	return found
end

--- nodeset writes what chain.currstate says, whatever is there.
local function check_own(move, otherwise)
	own.check(move, "boot", with_state(entries.known(move.nodes)))
	if #otherwise > 0 then
		table.sort(otherwise)
		move:problem("boot", otherwise, "their boot files are not of the state that " ..
			"chain.currstate names, and nodeset would write that state", "the two the same: nodeset " ..
			typed.nodes(otherwise) .. " STATE; forced, they boot what chain.currstate says")
	end
end

--- Rows as they will be.
function boot.check(move)
	check_mounts(move)
	local changed, nowhere, silent, kinds, missing, given = {}, {}, {}, {}, {}, {}
	local otherwise = {}
	each(move, function(planned, some)
		count_kinds(kinds, planned.give)
		add_given(given, planned.give)
		local carried = autoinst.plan(move, some).carried
		for what, nodes in pairs(served.images(move, planned.give, carried)) do
			missing[what] = missing[what] or {}
			add(missing[what], holders.sorted(nodes))
		end
		for what, nodes in pairs(planned.changed) do
			changed[what] = changed[what] or {}
			add(changed[what], nodes)
		end
		add(nowhere, planned.nowhere)
		add(otherwise, planned.otherwise)
		for host, why in pairs(planned.silent) do
			silent[host] = why
		end
	end)
	check_holders(move, given)
	for _, what in ipairs(holders.sorted(changed)) do
		move:problem("boot", changed[what], what, "the same as before: " ..
			look.enact(changed[what]) .. " writes what chain.currstate says; forced, their " ..
			"boot files stay as they are")
	end
	for _, what in ipairs(holders.sorted(missing)) do
		move:problem("images", missing[what], what, "what they boot, on the new service node")
	end
	for _, kind in ipairs(move.planning and holders.sorted(kinds) or {}) do
		local nodes = holders.sorted(kinds[kind])
		move:note(("%s as before: %s"):format(kind, cluster.fold(nodes)))
	end
	if #otherwise > 0 and not OWN then
		-- On a resume they may lie on the new holder alone.
		move.notes["boot otherwise"] = cluster.fold(otherwise)
		move:note("the boot files of " .. cluster.fold(otherwise) .. " are not of the state that " ..
			"chain.currstate names: they are taken over as they are")
	end
	for _, host in ipairs(holders.sorted(silent)) do
		move:note("boot files on " .. host .. " cannot be seen: " .. silent[host])
	end
	if OWN then
		check_own(move, otherwise)
	elseif #nowhere > 0 then
		move:note("nobody has the boot files of " .. cluster.fold(nowhere) .. ": " ..
			look.enact(nowhere) .. " will be owed")
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
			look.enact(planned.changed[what]))
		owed[#owed + 1] = cluster.fold(planned.changed[what])
	end
	if #planned.nowhere > 0 then
		move:owe(planned.nowhere, "nobody has their boot files: " .. look.enact(planned.nowhere))
		owed[#owed + 1] = cluster.fold(planned.nowhere)
	end
	move.notes["boot owed"] = owed[1] and table.concat(owed, ",")
end

local GIVEN = "boot files given to"

local function enact_words(range)
	return { "nodeset", range, "enact" }
end

--- nodeset writes what chain.currstate says: that is another boot where files are of another
-- state.  The step check refuses these; without it they are left out.
local function without_otherwise(move, nodes)
	if move.planning or holders.are_kept(move, "boot") then
		return nodes
	end
	local others = look.otherwise(nodes, holders.now(move, nodes, "boot"))
	if #others > 0 then
		move:owe(others, "their boot files are not of the state that chain.currstate names, and " ..
			"nodeset would write that state: nothing was changed")
	end
	return holders.minus(nodes, others)
end

--- What nodeset writes for the state that they are in already: it never arms anything.  What it
-- leaves on the old ones we take away.
local function give_own(move)
	local nodes = without_otherwise(move, with_state(entries.known(move.nodes)))
	local new = holders.now(move, nodes, "boot")
	local gone = holders.given_up(move, nodes, "boot")
	if #nodes == 0 then
		return
	end
	holders.note(move, GIVEN, new)
	local owed = own.run(move, "nodeset", nodes, { words = enact_words, back = enact_words,
		last = true, look = function(some)
			return (look.wrong_on(move, some, entries.part_of(new, some)))
		end })
	own.note(move, "boot", nodes, owed)
	services.release("boot", holders.without(gone, holders.sorted(owed)))
	autoinst.release(move, holders.minus(nodes, holders.sorted(owed)))
end

--- Nodes that an undo has taken back boot from where they did.
function boot.finished(move)
	local nodes = OWN and move.notes[GIVEN] and with_state(entries.known(move.undone)) or {}
	if #nodes == 0 then
		return
	end
	local shares = cluster.holders(nodes, "boot")
	local gone = holders.no_more(holders.recalled(move, GIVEN, nodes), shares)
	own.finish(move, "boot", { words = enact_words,
		look = function() return look.wrong_after(move, nodes, shares) end,
		left = function() return holders.there((services.look("boot", gone))) end })
end

--- Every holder has the files; then the old ones give up what they hold no more: what is taken
-- over lies there until then.
function boot.give(move)
	if OWN then
		give_own(move)
		return
	end
	local gone = holders.given_up(move, entries.known(move.nodes), "boot")
	each(move, function(planned, nodes)
		local results = services.give("boot", planned.give)
		if not move.planning then
			owe(move, planned)
		end
		local given = all_given(not move.planning and results, planned, nodes,
			holders.now(move, nodes, "boot"))
		services.release("boot", entries.part_of(gone, given))
		autoinst.give(move, given)
	end)
end

-- --- What has become of it -------------------------------------------------------------------

--- What is owed is told already.
local function without_owed(move, nodes)
	return holders.minus(nodes, (cluster.noderange(move.notes["boot owed"] or "",
		{ verify = false })))
end

function boot.verify(move)
	if move.planning then
		return
	end
	local nodes = own.without_owed(move, "boot", without_owed(move, entries.known(move.nodes)))
	local new, gone = holders.now(move, nodes, "boot"), holders.given_up(move, nodes, "boot")
	for first = 1, #nodes, entries.AT_ONCE do
		local some = table.move(nodes, first, math.min(first + entries.AT_ONCE - 1, #nodes), 1, {})
		look.compare(move, some, entries.part_of(new, some), entries.part_of(gone, some))
		autoinst.verify(move, some)
	end
end

-- --- A service node that is back -------------------------------------------------------------

--- What it holds no more goes; what it still holds it has kept.
function boot.give_back(move, sn)
	local nodes = entries.known((cluster.noderange(cluster.fold(move.nodes), { verify = false })))
	if #nodes == 0 or not entries.has_own(nodes) then
		return
	end
	local holds, others = holders.today(sn, nodes, "boot")
	services.release("boot", { [sn] = others })
	autoinst.give_back(sn, nodes)
	local state, missing = entries.states(holds), {}
	local texts = #holds > 0 and services.look("boot", { [sn] = holds })[sn] or {}
	for _, node in ipairs(holds) do
		local text = texts[node]
		if state[node].state and not (text and entries.fits(text, state[node])) then
			missing[#missing + 1] = node
		end
	end
	if #missing > 0 and not move.planning then
		move:owe(missing, "their boot files there are not what they boot: " ..
			look.enact(missing), sn)
	end
end

function boot.verify_back(move, sn)
	local nodes = entries.known((cluster.noderange(cluster.fold(move.nodes), { verify = false })))
	if #nodes > 0 and entries.has_own(nodes) and not move.planning then
		local _, others = holders.today(sn, nodes, "boot")
		look.compare(move, {}, {}, { [sn] = others })
	end
end

boot.explain = look.explain

return boot
