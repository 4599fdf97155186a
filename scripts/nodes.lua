--- The nodes themselves: their log, time, names, route and DHCP client go to the new one.
--
-- What runs on a node are the scripts of scripts/node/ (its README.md says how), sent as one
-- text.  Nodes with the same environment are one call; an undo sends the same with the old
-- server.

local cluster  = require "cluster"
local remote   = require "remote"
local takeover = require "takeover"
local answers  = require "answers"
local dhcp     = require "dhcp"
local holders  = require "holders"
local servers  = require "servers"

local nodes = {}

--- In this order; each runs where xCAT would run it.
local SCRIPTS = { "defaultroute", "mkresolvconf", "syslog", "setupntp", "xcatinfo" }


--- What the new one has to answer before a script may send nodes there.
local NEEDS = { mkresolvconf = "DNS", setupntp = "NTP", syslog = "syslog" }

-- --- What the tables say ---------------------------------------------------------------------

--- Values of columns that an old database may lack: node -> column -> value.
local function values_of(list, columns)
	local found = {}
	for _, node in ipairs(list) do
		found[node] = {}
	end
	for _, column in ipairs(columns) do
		local there, values = pcall(cluster.get, list, { column })
		for _, node in ipairs(there and list or {}) do
			found[node][column] = values[node][column]
		end
	end
	return found
end

--- The row of the networks table that a node is in: node -> row.
local function network_rows(list)
	local there, rows = pcall(cluster.rows, "networks")
	local found = {}
	for network, members in pairs(there and cluster.networks(list) or {}) do
		for _, row in ipairs(rows) do
			if row.net == network:match("^[^/]+") then
				for _, node in ipairs(members) do
					found[node] = row
				end
			end
		end
	end
	return found
end

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
	local there, rows = pcall(cluster.rows, "postscripts", { node = "xcatdefaults" })
	return there and rows[1] or nil
end

--- Rows as they are before the move: an undo tells scripts of them.
function nodes.before(move)
	local lists, by_list, lines = cluster.get(move.nodes, { "noderes.servicenode" }), {}, {}
	for _, node in ipairs(move.nodes) do
		local list = lists[node]["noderes.servicenode"] or ""
		by_list[list] = by_list[list] or {}
		table.insert(by_list[list], node)
	end
	for _, list in ipairs(holders.sorted(by_list)) do
		lines[#lines + 1] = cluster.fold(by_list[list]) .. " " .. list
	end
	move.notes["service nodes before"] = table.concat(lines, "\n")
end

--- node -> noderes.servicenode as it was.
local function lists_before(move)
	local found = {}
	for names, list in (move.notes["service nodes before"] or ""):gmatch("([^ \n]+) ([^\n]*)") do
		for _, node in ipairs((cluster.noderange(names, { verify = false }))) do
			found[node] = list
		end
	end
	return found
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

--- What scripts are told of a node that goes from one server to another.
local function environment(from, to, value, row, list)
	local gateway = (row.gateway or ""):gsub("&lt;", "<"):gsub("&gt;", ">")
	return {
		MASTER = to.snn, MASTER_IP = to.ip,
		SNMOVE_OLD = table.concat(servers.names(from), " "), SNMOVE_NEW = addresses(to),
		SNMOVE_GATEWAY = gateway == "<xcatmaster>" and to.ip or "",
		NAMESERVERS = value["noderes.nameservers"] or row.nameservers or
			cluster.site("nameservers") or "",
		NTPSERVERS = row.ntpservers or cluster.site("ntpservers") or "",
		DOMAIN = cluster.site("domain") or "", SYSLOG = value["noderes.syslog"] or "",
		NTYPE = value["servicenode.node"] and "service" or "compute",
		SVLOGLOCAL = cluster.site("svloglocal") or "",
		SERVICEGROUP = list or "",
	}
end

--- The same text for the same table.
local function key_of(env)
	local lines = {}
	for _, name in ipairs(holders.sorted(env)) do
		lines[#lines + 1] = name .. "=" .. env[name]
	end
	return table.concat(lines, "\0")
end

-- --- What is run -----------------------------------------------------------------------------

local sent = {} -- names -> text

--- The text that runs these scripts, for /bin/sh -s.
local function text_of(names)
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

local function command(names, ask)
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
local function groups(move, list)
	local value = values_of(list, { "postscripts.postscripts", "postscripts.postbootscripts",
		"noderes.nameservers", "noderes.syslog", "noderes.servicenode", "servicenode.node" })
	local rows, default, found, order = network_rows(list), default_row(), {}, {}
	local before = lists_before(move)
	for _, group in ipairs(move:groups()) do
		for _, node in ipairs(group.nodes) do
			local listed = postscripts(value[node], default)
			local row = rows[node] or {}
			local env = environment(group.old, group.new, value[node], row,
				value[node]["noderes.servicenode"])
			local names = scripts_of(listed, env)
			local key = table.concat({ key_of(env), before[node] or "",
				table.concat(names, " ") }, "\0\0")
			if not found[key] then
				found[key] = { nodes = {}, scripts = names, env = env, group = group,
					back = group.old.snn and group.old.ip and
						environment(group.new, group.old, value[node], row, before[node]) }
				order[#order + 1] = found[key]
			end
			table.insert(found[key].nodes, node)
		end
	end
	return order
end

--- The words of scripts that failed, in one line for equal ones.
local function tell(results)
	local said, order = {}, {}
	for host, result in pairs(results) do
		for name, status, words in (result.stdout or ""):gmatch("(%S+) (%d+) ([^\n]*)\n") do
			if status ~= "0" then
				local what = name .. ": " .. words
				if not said[what] then
					said[what] = {}
					order[#order + 1] = what
				end
				table.insert(said[what], host)
			end
		end
	end
	table.sort(order)
	for _, what in ipairs(order) do
		log.warn("%s: %s", cluster.fold(said[what]), what)
	end
end

local function run(move, list, names, one, options)
	local text = text_of(names)
	local what = { stdin = text, env = options.env or one.env, repeatable = true,
		undo_always = true, says = table.concat(names, ", "):gsub("post:", ""),
		undo = one.back and { command = command(names), stdin = text,
			env = options.back or one.back } or nil,
		undo_last = options.undo_last, undo_if = options.undo_if }
	local results = remote.run(list, command(names), what)
	if not move.planning then
		tell(results)
	end
end

-- --- Before they are sent there --------------------------------------------------------------

--- Does the new one answer?  In words, what does not: kind -> why.  Asked once for each.
local function silent_services(move, new, node)
	local note = "services of " .. new.sn
	if not move.notes[note] then
		local domain = cluster.site("domain")
		local name = domain and not node:find(".", 1, true) and node .. "." .. domain or node
		local result = remote.query(new.sn, { "perl", "-", new.ip, name },
			{ stdin = takeover.file("node/services.pl"), timeout = 30 })[new.sn]
		move.notes[note] = result.stdout ~= "" and result.stdout or
			("all %s\n"):format(result.message or result.error or result.stderr:gsub("%s+$", ""))
	end
	local silent = {}
	for kind, words in move.notes[note]:gmatch("(%S+) ([^\n]*)\n") do
		silent[kind] = words ~= "answers" and words or nil
	end
	return silent
end

--- A list of servers that has the service node in it, or none at all.
local function is_asked(list)
	return list == "" or list:find("xcatmaster", 1, true) ~= nil
end

local LISTS = { mkresolvconf = "NAMESERVERS", setupntp = "NTPSERVERS" }

--- The scripts that may run: the others are owed.
local function allowed(move, one)
	local silent = move.planning and {} or silent_services(move, one.group.new, one.nodes[1])
	local names = {}
	for _, name in ipairs(one.scripts) do
		local why = NEEDS[name] and (silent[NEEDS[name]] or silent.all)
		local needed = not LISTS[name] or is_asked(one.env[LISTS[name]])
		if why and needed and one.env.SYSLOG ~= "ignore" then
			move:owe(one.nodes, ("%s is not run: %s (%s) gives them no %s: %s"):format(
				name, one.group.new.snn, one.group.new.ip, NEEDS[name], why),
				one.group.new.sn)
		else
			names[#names + 1] = name
		end
	end
	return names
end

-- --- The step --------------------------------------------------------------------------------

--- Nodes whose DHCP the new one answers now, and the addresses of all that may answer it; the
-- others are owed.
local function answered(move, list, group)
	local with, _, cards = dhcp.known(list)
	if #with == 0 or move.planning then
		return with, group.new.ip
	end
	local wrong, by = answers(move, group.new.sn, with, cards, group.new)
	local good = {}
	for _, node in ipairs(with) do
		good[#good + 1] = not wrong[node] and node or nil
	end
	return good, table.concat(holders.sorted(by), " ")
end

local function with_servers(env, list)
	local copy = { SNMOVE_DHCP_SERVERS = list }
	for name, value in pairs(env) do
		copy[name] = value
	end
	return copy
end

--- Those that answer when the nodes are back: the old one, and with it all that answer always.
local function servers_before(move, list, by, old)
	local alone = 0
	for _ in pairs(holders.before(move, { list[1] }, "dhcp")) do
		alone = alone + 1
	end
	return alone > 1 and by .. " " .. old.ip or old.ip
end

--- A client that asks while nobody answers loses its address: first it is seen that one does.
local function ask_clients(move, one)
	local list, by = answered(move, one.nodes, one.group)
	if #list == 0 then
		return
	end
	local old = one.group.old
	run(move, list, { "dhcpclient" }, one, { env = with_servers(one.env, by),
		back = one.back and with_servers(one.back, servers_before(move, list, by, old)),
		undo_last = true, undo_if = one.back and { host = old.sn,
			command = "pgrep -x dhcpd >/dev/null || pgrep -x kea-dhcp4 >/dev/null" } })
end

--- Postscripts that were asked for with -P; `all` stands for those of the tables.
local function extra(move, one)
	local wanted, names = move.options.postscripts, {}
	if not wanted then
		return names
	end
	if wanted ~= "all" then
		for _, script in ipairs(servers.elements(wanted)) do
			names[#names + 1] = "post:" .. script
		end
		return names
	end
	local value = values_of({ one.nodes[1] },
		{ "postscripts.postscripts", "postscripts.postbootscripts" })
	local listed, ours = postscripts(value[one.nodes[1]], default_row()) or {}, {}
	for _, name in ipairs(SCRIPTS) do
		ours[name] = true
	end
	for _, name in ipairs(listed) do
		names[#names + 1] = not ours[name] and "post:" .. listed[name] or nil
	end
	return names
end

--- For the nodes of a batch.
function nodes.turn(move)
	for _, one in ipairs(groups(move, move.nodes)) do
		if one.env.MASTER_IP then
			if move:does("dhcp") then
				ask_clients(move, one)
			end
			local names = allowed(move, one)
			if #names > 0 then
				run(move, one.nodes, names, one, {})
			end
			local posts = extra(move, one)
			if #posts > 0 then
				run(move, one.nodes, posts, { env = one.env }, {})
			end
		end
	end
end

-- --- What has become of it -------------------------------------------------------------------

--- What is in force on nodes is what the scripts have said that they have done.
function nodes.verify(move)
	local wrong = {}
	for _, one in ipairs(groups(move, move.nodes)) do
		local results = remote.query(one.nodes, command(one.scripts, true),
			{ stdin = text_of(one.scripts), env = one.env })
		for host, result in pairs(results) do
			for name, address in result.stdout:gmatch("(%S+) server (%S+)") do
				for old in (one.env.SNMOVE_OLD):gmatch("%S+") do
					if address == old then
						local what = ("%s still has %s, the old service node"):format(name, old)
						wrong[what] = wrong[what] or {}
						table.insert(wrong[what], host)
					end
				end
			end
		end
	end
	for _, what in ipairs(holders.sorted(wrong)) do
		move:owe(wrong[what], what)
	end
end

return nodes
