--- The partitions behind HMCs: what the tables and the HMCs say of nodes, for rnetboot.

local cluster = require "cluster"
local holders = require "holders"
local tables  = require "tables"
local hmc     = require "hmc"

local partitions = {}

local COLUMNS = { "ppc.hcp", "ppc.id", "ppc.pprofile", "ppc.parent", "nodehm.mgt",
	"nodetype.os", "mac.mac", "chain.currstate" }

-- ---- The tables ----

--- A managed system as HMCs know it: its type, model and serial number, else its name.
local function systems()
	local known = {}
	for _, row in ipairs(tables.rows("vpd")) do
		if row.node and (row.mtm or "") ~= "" and (row.serial or "") ~= "" then
			known[row.node] = row.mtm .. "*" .. row.serial
		end
	end
	return known
end

--- The MAC that boots, as HMCs write it: the first one that is the node's own.  mac.mac is
-- "MAC", or "MAC!NAME|MAC!NAME".
local function mac_of(node, value)
	local first
	for element in (value or ""):gmatch("[^|]+") do
		local mac, name = element:match("^%s*([^!%s]+)!?(%S*)")
		mac = mac and mac:lower():gsub("[:.-]", "")
		if mac and mac:find("^%x+$") and #mac == 12 and not name:find("^%*NOIP%*") then
			if name == "" or name == node then
				return mac
			end
			first = first or mac
		end
	end
	return first
end

--- What is missing for a node, in words; nil: nothing.
local function missing(node, value)
	local mgt = value["nodehm.mgt"]
	if mgt and mgt ~= "hmc" then
		return ("nodehm.mgt is %s, and not hmc: only an HMC has lpar_netboot"):format(mgt)
	end
	for _, column in ipairs { "ppc.hcp", "ppc.id", "ppc.parent" } do
		if not value[column] then
			return column .. " is blank: which HMC has it, and as which partition?"
		end
	end
	if not hmc.is_name(value["ppc.hcp"]) then
		return ("ppc.hcp is '%s', which is no name of a host"):format(value["ppc.hcp"])
	elseif not mac_of(node, value["mac.mac"]) then
		return "mac.mac has no MAC to boot by: getmacs"
	end
end

-- ---- Direct bootp ----

local function mask_of(network)
	local length = math.tointeger(tonumber(network:match("/(%d+)$")))
	local mask = length == 0 and 0 or 0xffffffff << (32 - length) & 0xffffffff
	return ("%d.%d.%d.%d"):format(mask >> 24, mask >> 16 & 255, mask >> 8 & 255, mask & 255)
end

--- The gateway: as the network's row has it; 0.0.0.0 is none.
local function gateway_of(row, server)
	local gateway = tables.gateway(row) or "0.0.0.0"
	return gateway == "<xcatmaster>" and server or cluster.address(gateway)
end

--- Node -> the addresses of direct bootp, or words for what is missing.
local function addresses_of(nodes)
	local rows, networks = tables.network_rows(nodes)
	local found = {}
	for node, network in pairs(networks) do
		local master = cluster.master(node) or cluster.site("master")
		local server = master and cluster.address(master)
		local gateway = server and gateway_of(rows[node], server)
		found[node] = not server and ("its server %s has no address (noderes.xcatmaster, " ..
			"site.master)"):format(master or "is named nowhere, and") or
			not gateway and "the gateway of its network has no address" or
			{ server = server, gateway = gateway, mask = mask_of(network),
				client = cluster.address(node) }
	end
	for _, node in ipairs(nodes) do
		found[node] = found[node] or "it has no address in a network of the table networks"
	end
	return found
end

-- ---- What HMCs say ----

--- The values of a line of an HMC: those with a comma in them stand in quotes.
local function fields(line)
	local plain = line:gsub('"([^"]*)"', function(text)
		return (text:gsub(",", "\0"))
	end)
	local words = {}
	for word in (plain .. ","):gmatch("([^,]*),") do
		words[#words + 1] = (word:gsub("%z", ","))
	end
	return words
end

--- The partitions of a managed system: id -> {name =, profile =, state =}; or nil and why not.
local function ask_system(move, name, system)
	local text, why, silent = hmc.ask(move, name, { "lssyscfg", "-r", "lpar", "-m", system,
		"-F", "lpar_id,name,default_profile,state" })
	local list = {}
	for line in (text or ""):gmatch("[^\r\n]+") do
		local words = fields(line)
		if #words >= 4 then
			list[words[1]] = { name = words[2], profile = words[3], state = words[4] }
		end
	end
	return text and list, why, silent
end

--- Its version, as 7 of "*RM V7R3.1.0.1"; or nil and why not.
local function ask_version(move, name)
	local text, why, silent = hmc.ask(move, name, { "lshmc", "-v" })
	local version = text and text:match("%*RM%s+V(%d+)")
	if text and not version then
		return nil, "lshmc -v does not say its version (*RM)"
	end
	return text and math.tointeger(tonumber(version)), why, silent
end

local said = {} -- HMC -> what was asked there, once: its version, or a managed system

--- The same for the same question; an HMC that does not answer is not asked more.
local function once(name, key, ask)
	said[name] = said[name] or {}
	local known = said[name]
	if not known[key] and known.silent then
		return nil, known.silent
	elseif not known[key] then
		local value, why, silent = ask()
		known[key] = { value = value, why = why and ("%s: %s"):format(name, why) }
		known.silent = silent and known[key].why or nil
	end
	return known[key].value, known[key].why
end

--- From V7 on an HMC does not take 0.0.0.0; what answers is the server itself.
local function settle_gateway(move, target)
	if not target.direct or target.direct.gateway ~= "0.0.0.0" then
		return nil
	end
	local version, why = once(target.hmc, "version", function()
		return ask_version(move, target.hmc)
	end)
	if version and version >= 7 then
		target.direct.gateway = target.direct.server
	end
	return why
end

--- Partition and profile of a target; gives what is wrong, in words.
local function find_partition(move, target, value)
	local list, why = once(target.hmc, target.system, function()
		return ask_system(move, target.hmc, target.system)
	end)
	if not list then
		return why
	end
	local found = list[value["ppc.id"]]
	if not found then
		return ("%s has no partition with lpar id %s in %s"):format(target.hmc, value["ppc.id"],
			target.system)
	end
	target.name, target.state = found.name, found.state
	target.profile = value["ppc.pprofile"] or found.profile
	if (target.profile or "") == "" then
		return "ppc.pprofile is blank, and its HMC knows no default profile"
	end
	return settle_gateway(move, target)
end

-- ---- All of it ----

--- What is booted, node -> {hmc =, system =, name =, profile =, state =, mac =, off =,
-- direct =}; and what is in the way, words -> nodes.
function partitions.find(move)
	local values, known = tables.values(move.nodes, COLUMNS), systems()
	local addresses = move.options.direct and addresses_of(move.nodes) or {}
	local targets, problems = {}, {}
	for _, node in ipairs(move.nodes) do
		local value, direct = values[node], addresses[node]
		local wrong = missing(node, value) or (type(direct) == "string" and direct or nil)
		local target = not wrong and { hmc = value["ppc.hcp"], direct = direct,
			system = known[value["ppc.parent"]] or value["ppc.parent"],
			mac = mac_of(node, value["mac.mac"]), boots = value["chain.currstate"] == "boot",
			off = move.options.immediate ~= nil or
				not (value["nodetype.os"] or ""):lower():find("^aix") }
		wrong = wrong or find_partition(move, target, value)
		if wrong then
			problems[wrong] = problems[wrong] or {}
			table.insert(problems[wrong], node)
		else
			targets[node] = target
		end
	end
	return targets, problems
end

--- Nodes that would boot from their disks again, as nothing else is set for them.
function partitions.at_rest(nodes, targets)
	local list = {}
	for _, node in ipairs(nodes) do
		if targets[node] and targets[node].boots then
			list[#list + 1] = node
		end
	end
	return list
end

--- The problems as lines, the nodes of each folded.
function partitions.lines(problems)
	local lines = {}
	for _, words in ipairs(holders.sorted(problems)) do
		lines[#lines + 1] = ("%s: %s"):format(cluster.fold(problems[words]), words)
	end
	return lines
end

--- The HMC's command.
function partitions.command(target, verbose)
	local words = { "lpar_netboot", "-t", "ent", "-f" }
	local function add(...)
		for _, word in ipairs { ... } do
			words[#words + 1] = word
		end
	end
	if verbose then
		add("-x", "-v")
	end
	if target.off then
		add("-i")
	end
	add("-m", target.mac, "-s", "auto", "-d", "auto")
	if target.direct then
		add("-S", target.direct.server, "-G", target.direct.gateway, "-C", target.direct.client,
			"-K", target.direct.mask)
	end
	add(target.name, target.profile, target.system)
	return words
end

return partitions
