--- What nodes are installed by, below site.installdir: kickstart, AutoYaST and preseed files.
--
-- xCAT's nodeset makes them on the node's service node, with its addresses in them, so they are
-- carried over as boot files are, of nodes that are to be installed.

local cluster  = require "cluster"
local services = require "services"
local entries  = require "boot_entries"
local holders  = require "holders"

local autoinst = {}

local function known(nodes)
	local state, found = entries.states(nodes), {}
	for _, node in ipairs(nodes) do
		found[#found + 1] = state[node].kind == "installation" and node or nil
	end
	return found
end

--- Do the old one and the new one have the same folder?
local function is_shared()
	local shared = cluster.site("sharedinstall")
	return shared == "sns" or shared == "all"
end

--- Rows as they are now.
function autoinst.before(move, nodes)
	holders.keep(move, known(nodes), "autoinst")
end

--- For these nodes: {give = host -> node -> text, carried = node -> true}.
function autoinst.plan(move, nodes)
	local planned = { give = {}, carried = {} }
	local some = known(nodes)
	local old = holders.before(move, some, "autoinst")
	local texts, found = {}, next(old) and services.look("autoinst", old) or {}
	for _, host in ipairs(holders.sorted(found)) do
		entries.add(move, texts, host, found[host])
	end
	-- An earlier attempt may have taken them away there, and then they are here.
	if move.attempt == "resume" and #some > 0 then
		for host, given in pairs(services.look("autoinst", holders.now(move, some, "autoinst"))) do
			entries.add(move, texts, host, given)
		end
	end
	texts = entries.take_over(move, texts)
	for host, share in pairs(holders.now(move, some, "autoinst")) do
		-- One of a pool that stays a holder has files that name itself.
		local own = found[host] and entries.take_over(move, found[host]) or {}
		for _, node in ipairs(share) do
			local text = own[node] or texts[node]
			if text then
				planned.give[host] = planned.give[host] or {}
				planned.give[host][node] = text
				planned.carried[node] = true
			end
		end
	end
	return planned
end

--- Those that hold them get them; then the old ones give them up.
function autoinst.give(move, nodes)
	local planned = autoinst.plan(move, nodes)
	local results = services.give("autoinst", planned.give)
	local given = {}
	for host, texts in pairs(planned.give) do
		for _, node in ipairs(holders.sorted(texts)) do
			local kept = not move.planning and results[host].error
			given[#given + 1] = not kept and node or nil
		end
	end
	if not is_shared() then
		services.release("autoinst",
			entries.part_of(holders.given_up(move, given, "autoinst"), given))
	end
end

--- The old ones give them up; the new ones have them of somebody else.
function autoinst.release(move, nodes)
	if not is_shared() then
		services.release("autoinst", holders.given_up(move, known(nodes), "autoinst"))
	end
end

--- A service node that is back gives up those of the nodes that it holds no more.
function autoinst.give_back(sn, nodes)
	local _, others = holders.today(sn, known(nodes), "autoinst")
	if not is_shared() then
		services.release("autoinst", { [sn] = others })
	end
end

--- They are there, and name the new one.
function autoinst.verify(move, nodes)
	local shares = holders.now(move, known(nodes), "autoinst")
	local found, results = services.look("autoinst", shares)
	holders.owe_silent(move, shares, found, results, "the files that they are installed by")
	for _, host in ipairs(holders.sorted(found)) do
		local stale = {}
		for node, text in pairs(entries.take_over(move, found[host])) do
			stale[#stale + 1] = text ~= found[host][node] and node or nil
		end
		if #stale > 0 then
			move:owe(stale, "what they are installed by names the old service node", host)
		end
	end
end

return autoinst
