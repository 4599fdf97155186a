--- What runs on nodes: which of the scripts of scripts/node/ (its README.md says how), and what
-- they are told, by the tables.

local cluster  = require "cluster"
local takeover = require "takeover"
local holders  = require "holders"
local servers  = require "servers"
local tables   = require "tables"

local scripts = {}

--- In this order; each runs where xCAT would run it.
local SCRIPTS = { "defaultroute", "mkresolvconf", "syslog", "setupntp", "xcatinfo" }

--- The site's list of servers that a script goes by.
local LISTS = { mkresolvconf = "NAMESERVERS", setupntp = "NTPSERVERS" }

--- A value of a table, if it has one.
local function filled(value)
	return value ~= "" and value or nil
end

-- --- What the tables say ---------------------------------------------------------------------

--- "syslog,setupntp a b" as names with their arguments, in order; added to `to` once.
local function add_scripts(to, list)
	for _, script in ipairs(servers.elements(list or "")) do
		local name = script:match("^[^%s#:]+")
		if name and not to[name] then
			to[name] = script
			to[#to + 1] = name
		end
	end
end

--- The postscripts of a node, those of all nodes first; nil: nothing is known of postscripts.
local function postscripts(value, default)
	if not default and not value["postscripts.postscripts"] and
		not value["postscripts.postbootscripts"] then
		return nil
	end
	local found = {}
	for _, row in ipairs { default or {}, {
		postscripts = value["postscripts.postscripts"],
		postbootscripts = value["postscripts.postbootscripts"] } } do
		add_scripts(found, row.postscripts)
		add_scripts(found, row.postbootscripts)
	end
	return found
end

--- What every node has, if the table says so.
local function default_row()
	return tables.rows("postscripts", { node = "xcatdefaults" })[1]
end

--- Rows as they are before the move: an undo tells scripts of them.
function scripts.before(move)
	local lists, by_list, lines = cluster.get(move.nodes, { "noderes.servicenode" }), {}, {}
	for _, node in ipairs(move.nodes) do
		local list = lists[node]["noderes.servicenode"] or ""
		by_list[list] = by_list[list] or {}
		table.insert(by_list[list], node)
	end
	for _, list in ipairs(holders.sorted(by_list)) do
		lines[#lines + 1] = "=" .. list:gsub(" ", "\t") .. " " .. cluster.fold(by_list[list])
	end
	move.notes["service nodes before"] = table.concat(lines, "\n")
end

--- noderes.servicenode of the node as it was.
local function list_before(move, node)
	local lists = holders.by_node(move.notes["service nodes before"])[node]
	return lists and (lists[1]:gsub("^=", ""):gsub("\t", " ")) or ""
end

-- --- The environment -------------------------------------------------------------------------

--- All of a server, that on the nodes' network first: the first of a family counts.
local function addresses(server)
	local list = { server.ip }
	for _, name in ipairs(servers.names(server)) do
		local is_one = name:find(":", 1, true) or name:find("^[%d.]+$")
		list[#list + 1] = is_one and name ~= server.ip and name or nil
	end
	return table.concat(list, " ")
end

--- All names of the service nodes of this cluster that are not this one, as nodes take them;
-- without those that the site's own lists give to nodes beside it.
function scripts.others(server, env)
	local words, seen = {}, {}
	for word in (env.NAMESERVERS .. "," .. env.NTPSERVERS):gmatch("[^%s,]+") do
		seen[word], seen[cluster.address(word) or word] = true, true
	end
	for _, name in ipairs(servers.others(server)) do
		if not seen[name] and name:find("^[%w_:][%w_.:-]*$") then
			seen[name] = true
			words[#words + 1] = name
		end
	end
	return table.concat(words, " ")
end

--- What a node may have of others: of the server that it leaves; where it stays, of all.
local function names_of_old(from, to, env)
	if from.sn and servers.points_at(from.sn, to) then
		return scripts.others(to, env)
	end
	return table.concat(servers.names_of_left(from, to), " ")
end

--- What scripts are told of a node that goes from one server to another.
function scripts.environment(from, to, value, row, list)
	local env = {
		MASTER = to.snn, MASTER_IP = to.ip, SNMOVE_NEW = addresses(to),
		SNMOVE_GATEWAY = tables.gateway(row) == "<xcatmaster>" and to.ip or "",
		NAMESERVERS = filled(value["noderes.nameservers"]) or filled(row.nameservers) or
			cluster.site("nameservers") or "",
		NTPSERVERS = filled(row.ntpservers) or cluster.site("ntpservers") or "",
		DOMAIN = cluster.site("domain") or "", SYSLOG = value["noderes.syslog"] or "",
		NTYPE = value["servicenode.node"] and "service" or "compute",
		SVLOGLOCAL = cluster.site("svloglocal") or "",
		SERVICEGROUP = list or "",
	}
	env.SNMOVE_OLD = names_of_old(from, to, env)
	return env
end

--- The same text for the same table.
local function key_of(env)
	local lines = {}
	for _, name in ipairs(holders.sorted(env)) do
		lines[#lines + 1] = name .. "=" .. env[name]
	end
	return table.concat(lines, "\0")
end

--- A list of servers that has the service node in it, or none at all.
local function is_asked(list, env)
	local words = list:gsub("&lt;", "<"):gsub("&gt;", ">")
	for word in words:gmatch("[^%s,]+") do
		if word == "<xcatmaster>" or word == env.MASTER or word == env.MASTER_IP then
			return true
		end
	end
	return not words:find("[^%s,]")
end

--- Does the script turn anything, by the site's tables?
function scripts.turns(name, env)
	if name == "syslog" then
		return env.SYSLOG ~= "ignore" and not (env.NTYPE == "service" and env.SVLOGLOCAL == "1")
	end
	return not LISTS[name] or is_asked(env[LISTS[name]], env)
end

-- --- What is run -----------------------------------------------------------------------------

local sent = {} -- names -> text

--- The text that runs these scripts, for /bin/sh -s.
function scripts.text_of(names)
	local key = table.concat(names, " ")
	if not sent[key] then
		local parts = { takeover.file("node/common.sh") }
		for _, name in ipairs(names) do
			if not name:find("^post:") then
				parts[#parts + 1] = takeover.file("node/" .. name .. ".sh")
			end
		end
		parts[#parts + 1] = takeover.file("node/run.sh")
		sent[key] = table.concat(parts, "\n")
	end
	return sent[key]
end

function scripts.command(names, ask)
	local words = { "/bin/sh", "-s", "--" }
	words[#words + 1] = ask and "ask" or nil
	return table.move(names, 1, #names, #words + 1, words)
end

--- Postscripts run where xCAT runs them, the others on each node that they say something to.
local function scripts_of(listed, env)
	local names = {}
	for _, name in ipairs(SCRIPTS) do
		local runs = not listed or listed[name]
		if name == "defaultroute" then
			runs = env.SNMOVE_GATEWAY ~= ""
		elseif name == "xcatinfo" then
			runs = true
		end
		names[#names + 1] = runs and name or nil
	end
	return names
end

--- The scripts of each node, by their environments: {{nodes =, scripts =, env =, back =}, ...}.
function scripts.groups(move, list)
	local value = tables.values(list, { "postscripts.postscripts", "postscripts.postbootscripts",
		"noderes.nameservers", "noderes.syslog", "noderes.servicenode", "servicenode.node" })
	local rows, default, found, order = tables.network_rows(list), default_row(), {}, {}
	for _, group in ipairs(move:groups()) do
		for _, node in ipairs(group.nodes) do
			local listed = postscripts(value[node], default)
			local row = rows[node] or {}
			local env = scripts.environment(group.old, group.new, value[node], row,
				value[node]["noderes.servicenode"])
			local names = scripts_of(listed, env)
			local key = table.concat({ key_of(env), list_before(move, node),
				table.concat(names, " ") }, "\0\0")
			if not found[key] then
				found[key] = { nodes = {}, scripts = names, env = env, group = group,
					back = group.old.ip and not servers.points_at(group.old.sn or "", group.new) and
						scripts.environment(group.new, group.old, value[node], row,
							list_before(move, node)) }
				order[#order + 1] = found[key]
			end
			table.insert(found[key].nodes, node)
		end
	end
	return order
end

--- Postscripts that were asked for with -P, by the nodes that run them; `all` stands for those
-- of the tables: {{nodes =, names =}, ...}.
function scripts.asked_for(move, one)
	local wanted, found, order = move.options.postscripts, {}, {}
	if not wanted then
		return order
	elseif wanted ~= "all" then
		local names = {}
		for _, script in ipairs(servers.elements(wanted)) do
			names[#names + 1] = script ~= "" and "post:" .. script or nil
		end
		return { { nodes = one.nodes, names = names } }
	end
	local values, default, ours = tables.values(one.nodes,
		{ "postscripts.postscripts", "postscripts.postbootscripts" }), default_row(), {}
	for _, name in ipairs(SCRIPTS) do
		ours[name] = true
	end
	for _, node in ipairs(one.nodes) do
		local listed, names = postscripts(values[node], default) or {}, {}
		for _, name in ipairs(listed) do
			names[#names + 1] = not ours[name] and "post:" .. listed[name] or nil
		end
		local key = table.concat(names, "\0")
		if not found[key] then
			found[key] = { nodes = {}, names = names }
			order[#order + 1] = found[key]
		end
		table.insert(found[key].nodes, node)
	end
	return order
end

return scripts
