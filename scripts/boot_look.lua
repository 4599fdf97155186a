--- Boot files where they are: what they boot, whom they name, whether they can be fetched.

local cluster  = require "cluster"
local services = require "services"
local entries  = require "boot_entries"
local holders  = require "holders"
local served   = require "served"
local servers  = require "servers"
local typed    = require "typed"

local look = {}

--- xCAT's command that gives them their boot files.
function look.enact(nodes)
	return typed.line { "nodeset", cluster.fold(nodes), "enact" }
end

--- Nodes by what they boot by their files, and by the tables do not.
local function of_other_kind(texts, state)
	local wrong = {}
	for node, text in pairs(texts) do
		local kind, wanted = services.kind(text), state[node].kind
		if wanted and kind ~= wanted and not state[node].otherwise then
			local what = ("boots %s, and chain.currstate says %s"):format(kind, wanted)
			wrong[what] = wrong[what] or {}
			table.insert(wrong[what], node)
		end
	end
	return wrong
end

--- The nodes whose files name one of these.
local function naming(texts, names)
	local found = {}
	local others = #names > 0 and services.take_over(texts, names, { name = "-", ipv4 = "0.0.0.0",
		ipv6 = "::" }) or texts
	for node, text in pairs(texts) do
		found[#found + 1] = others[node] ~= text and node or nil
	end
	return found
end

--- What is wrong with files on a host, by the kind that they have and the names in them; added
-- to `list` as {nodes =, what =, host =}.  `names_of`: of old and new service node, those that
-- may not be named.
local function add_wrong(list, move, host, texts, state, names_of, whose)
	local function add(nodes, what)
		table.sort(nodes)
		list[#list + 1] = { nodes = nodes, host = host,
			what = ("their boot file on %s %s"):format(host, what) }
	end
	local wrong = of_other_kind(texts, state)
	for _, what in ipairs(holders.sorted(wrong)) do
		add(wrong[what], what)
	end
	for _, one in ipairs(entries.by_servers(move, texts)) do
		local nodes = naming(one.texts, names_of(one.old, one.new))
		if #nodes > 0 then
			add(nodes, "names " .. whose)
		end
	end
end

--- host -> node -> text or false, as node -> text of one host.
local function texts_of(found)
	local texts = {}
	for node, text in pairs(found) do
		texts[node] = text or nil
	end
	return texts
end

--- What is wrong with the files of nodes on their holders: {{nodes =, what =, host =}, ...};
-- and what was found, host -> node -> text or false.
function look.wrong_on(move, nodes, new)
	local state = entries.states_here(move, nodes)
	local found, results = services.look("boot", new)
	local list = holders.silent(new, found, results, "boot files")
	for _, host in ipairs(holders.sorted(found)) do
		local missing = {}
		for node, text in pairs(found[host]) do
			if not text and state[node].kind and state[node].kind ~= "offline" then
				missing[#missing + 1] = node
			end
		end
		if #missing > 0 then
			table.sort(missing)
			list[#list + 1] = { nodes = missing, what = "they have no boot file on " .. host,
				host = host }
		end
		add_wrong(list, move, host, texts_of(found[host]), state, entries.left_names,
			"the old service node")
	end
	return list, found
end

--- The same of nodes that an undo has taken back, but for what is missing.
function look.wrong_after(move, nodes, shares)
	local state = entries.states(nodes)
	local found, results = services.look("boot", shares)
	local list = holders.silent(shares, found, results, "boot files")
	for _, host in ipairs(holders.sorted(found)) do
		add_wrong(list, move, host, texts_of(found[host]), state,
			function(old, new) return entries.left_names(new, old) end,
			"the one that they have left")
	end
	return list
end

--- The holders have the files of the nodes, and who gave them up has none.
function look.compare(move, nodes, new, gone)
	local list, found = look.wrong_on(move, nodes, new)
	holders.owe(move, list)
	for _, host in ipairs(holders.sorted(found)) do
		local texts = texts_of(found[host])
		if next(texts) then
			served.verify(move, host, texts)
		end
	end
	local still, said = services.look("boot", gone)
	holders.owe_silent(move, gone, still, said, "boot files")
	holders.owe(move, holders.left(still, "their boot files are still on %s"))
end

--- What is wrong, gathered of nodes in parts: {host =, what =, mend =, nodes =}, one for all
-- that differ by their nodes alone.
local function new_faults()
	local list, known = {}, {}
	return list, function(host, what, mend, nodes)
		local key = table.concat({ host, what, tostring(mend) }, "\0")
		if not known[key] then
			known[key] = { host = host, what = what, mend = mend, nodes = {} }
			list[#list + 1] = known[key]
		end
		table.move(nodes, 1, #nodes, #known[key].nodes + 1, known[key].nodes)
	end
end

local MISSING = "it has no boot file of them, and should by the tables"

--- The files of some nodes on their holders (host -> nodes).  What is made of tables alone can
-- be made again by a move; the rest is xCAT's.  Gives what is there.
local function look_at(shares, state, fault)
	local found, results = services.look("boot", shares)
	for _, host in ipairs(holders.sorted(shares)) do
		if not found[host] then
			fault(host, "its boot files cannot be seen: " ..
				(results[host].message or results[host].error), nil, shares[host])
		end
		for _, node in ipairs(found[host] and shares[host] or {}) do
			local wanted = state[node].kind
			if not found[host][node] and wanted and wanted ~= "offline" then
				fault(host, MISSING, state[node].rendered and "--only boot" or "enact", { node })
			end
		end
		-- One of the two is wrong: only the administrator knows which.
		for what, of in pairs(of_other_kind(texts_of(found[host] or {}), state)) do
			fault(host, "their boot file there " .. what, nil, of)
		end
	end
	return found
end

--- The names of the service nodes that files may not name, by these: all but that of the nodes,
-- and those that the tables give them their files from.
local function names_of_others(new, nodes)
	local values = cluster.get(nodes, { "noderes.tftpserver", "noderes.nfsserver" })
	local may, names = {}, {}
	for _, node in ipairs(nodes) do
		for _, name in pairs(values[node]) do
			may[name] = true
		end
	end
	local others, whose = servers.others(new)
	for _, name in ipairs(others) do
		local is_one = false
		for given in pairs(may) do
			is_one = is_one or cluster.same(given, name)
		end
		if not is_one then
			names[whose[name]] = names[whose[name]] or {}
			table.insert(names[whose[name]], name)
		end
	end
	return names
end

--- What is there (host -> node -> text) can be fetched, and names no other service node; one of
-- an open pool has files that name itself.
local function prove(move, found, fault)
	for _, host in ipairs(holders.sorted(found)) do
		local texts = texts_of(found[host])
		if next(texts) then
			served.verify(move, host, texts)
		end
		for _, one in ipairs(entries.by_servers(move, texts)) do
			for other, names in pairs(names_of_others(one.new, holders.sorted(one.texts))) do
				local wrong = cluster.same(other, host) and {} or naming(one.texts, names)
				if #wrong > 0 then
					fault(host, ("their boot file there names %s, another service node"):format(
						other), ("-s %s --only boot"):format(other), wrong)
				end
			end
		end
	end
end

--- On those that hold them by the tables are the files of what the nodes boot, and on no other.
-- `proven`: they are fetched, too, and whom they name is looked at.  Gives the nodes that have
-- none by the tables.
function look.explain(move, proven)
	local nodes, without = entries.known(move.nodes)
	local state, shares = entries.states(nodes), cluster.holders(nodes, "boot")
	local faults, fault = new_faults()
	for first = 1, #nodes, entries.AT_ONCE do
		local some = table.move(nodes, first, math.min(first + entries.AT_ONCE - 1, #nodes), 1, {})
		local found = look_at(entries.part_of(shares, some), state, fault)
		if proven then
			prove(move, found, fault)
		end
	end
	for _, one in ipairs(faults) do
		table.sort(one.nodes)
		move:owe(one.nodes, one.what, one.host, true,
			one.mend == "enact" and look.enact(one.nodes) or one.mend)
	end
	if #nodes > 0 and entries.has_own(nodes) then
		holders.find_left(move, "boot", holders.others(nodes, "boot"), "boot file",
			"-s %s --only boot")
	end
	return without
end

--- Nodes whose files on their holders boot otherwise than chain.currstate says.
function look.otherwise(nodes, shares)
	local state, set = entries.states(nodes), {}
	for _, texts in pairs((services.look("boot", shares))) do
		for _, of in pairs(of_other_kind(texts_of(texts), state)) do
			for _, node in ipairs(of) do
				set[node] = true
			end
		end
	end
	return holders.sorted(set)
end

return look
