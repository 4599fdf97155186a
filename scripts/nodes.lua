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
local own      = require "own"
local servers  = require "servers"

local nodes = {}

--- In this order; each runs where xCAT would run it.
local SCRIPTS = { "defaultroute", "mkresolvconf", "syslog", "setupntp", "xcatinfo" }

--- What the new one has to answer before a script may send nodes there.
local NEEDS = { mkresolvconf = "DNS", setupntp = "NTP", syslog = "syslog" }

--- The site's list of servers that a script goes by.
local LISTS = { mkresolvconf = "NAMESERVERS", setupntp = "NTPSERVERS" }

--- What xCAT has of these itself, and runs by updatenode where the site has chosen that.
local OF_XCAT = { mkresolvconf = true, syslog = true, setupntp = true }
local OWN, RUN = takeover.own("nodes"), "updatenode was run"

local MOST_LEFT = 20 -- different lines that are told of what still names the old one

--- A value of a table, if it has one.
local function filled(value)
	return value ~= "" and value or nil
end

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
		local row = servers.network_row(network, rows)
		for _, node in ipairs(members) do
			found[node] = row
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
	if OWN then
		own.check(move, "nodes", move.nodes)
	end
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

--- What scripts are told of a node that goes from one server to another.
local function environment(from, to, value, row, list)
	local gateway = (row.gateway or ""):gsub("&lt;", "<"):gsub("&gt;", ">")
	return {
		MASTER = to.snn, MASTER_IP = to.ip,
		SNMOVE_OLD = table.concat(servers.names(from), " "), SNMOVE_NEW = addresses(to),
		SNMOVE_GATEWAY = gateway == "<xcatmaster>" and to.ip or "",
		NAMESERVERS = filled(value["noderes.nameservers"]) or filled(row.nameservers) or
			cluster.site("nameservers") or "",
		NTPSERVERS = filled(row.ntpservers) or cluster.site("ntpservers") or "",
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
	for _, group in ipairs(move:groups()) do
		for _, node in ipairs(group.nodes) do
			local listed = postscripts(value[node], default)
			local row = rows[node] or {}
			local env = environment(group.old, group.new, value[node], row,
				value[node]["noderes.servicenode"])
			local names = scripts_of(listed, env)
			local key = table.concat({ key_of(env), list_before(move, node),
				table.concat(names, " ") }, "\0\0")
			if not found[key] then
				found[key] = { nodes = {}, scripts = names, env = env, group = group,
					back = group.old.snn and group.old.ip and
						environment(group.new, group.old, value[node], row,
							list_before(move, node)) }
				order[#order + 1] = found[key]
			end
			table.insert(found[key].nodes, node)
		end
	end
	return order
end

--- What scripts say of a node that did not come to its end: {words = {names}}.
local function failures_of(stdout)
	local said = {}
	for name, status, words in stdout:gmatch("(%S+) (%d+) ([^\n]*)\n") do
		if status ~= "0" then
			local post = name:match("^post:(.*)")
			words = post and ("it ended with %s%s"):format(status, words ~= "" and ": " .. words or "")
				or words
			said[words] = said[words] or {}
			table.insert(said[words], post and "postscript " .. post or name)
		end
	end
	return said
end

local failed = {} -- in this attempt: node -> it could not be reached, and that is owed already
local told = {} -- in this attempt: script -> {node = true}, what is owed already

--- The words of scripts that failed are owed beside the call, which a resume runs again.
local function tell(move, results)
	local hosts = {}
	for host, result in pairs(results) do
		for words, names in pairs(failures_of(result.stdout or "")) do
			local what = table.concat(names, ", ") .. ": " .. words
			hosts[what] = hosts[what] or {}
			table.insert(hosts[what], host)
			for _, name in ipairs(names) do
				told[name] = told[name] or {}
				told[name][host] = true
			end
		end
	end
	for _, what in ipairs(holders.sorted(hosts)) do
		table.sort(hosts[what])
		move:owe(hosts[what], what, nil, true)
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
		for host, result in pairs(results) do
			failed[host] = failed[host] or result.error ~= nil
		end
		tell(move, results)
	end
end

-- --- Before they are sent there --------------------------------------------------------------

local heard = {} -- in this attempt: service node -> kind -> why it does not answer

--- Does the new one answer?  In words, what does not; asked once.
local function ask_services(new, node)
	if not heard[new.sn] then
		local domain, found = filled(cluster.site("domain")), {}
		local name = domain and not node:find(".", 1, true) and node .. "." .. domain or node
		local result = remote.query(new.sn, { "perl", "-", new.ip, name },
			{ stdin = takeover.file("node/services.pl"), timeout = 30 })[new.sn]
		for kind, words in (result.stdout or ""):gmatch("(%S+) ([^\n]*)\n") do
			found[kind] = words
		end
		for _, kind in pairs(NEEDS) do
			found[kind] = found[kind] or "it could not be asked: " .. (result.message or
				result.error or (result.stderr:gsub("%s+$", "")))
			found[kind] = found[kind] ~= "answers" and found[kind] or nil
		end
		heard[new.sn] = found
	end
	return heard[new.sn]
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
local function turns(name, env)
	if name == "syslog" then
		return env.SYSLOG ~= "ignore" and not (env.NTYPE == "service" and env.SVLOGLOCAL == "1")
	end
	return not LISTS[name] or is_asked(env[LISTS[name]], env)
end

local function set_of(note)
	local set = {}
	for kind in (note or ""):gmatch("%S+") do
		set[kind] = true
	end
	return set
end

--- What did not answer when it was asked first: a resume asks nodes for the same again, and for
-- what has come to life since with calls of their own.
local function silent_at_first(move, new, node)
	local note = "silent on " .. new.sn
	if not move.notes[note] then
		local found = ask_services(new, node)
		move.notes[note] = "asked " .. table.concat(holders.sorted(found), " ")
	end
	return set_of(move.notes[note])
end

local function answers_later(move, new, node, kind)
	local note = "answered later on " .. new.sn
	if not set_of(move.notes[note])[kind] then
		if ask_services(new, node)[kind] then
			return false
		end
		move.notes[note] = (move.notes[note] or "") .. " " .. kind
	end
	return true
end

--- The scripts that may run, and those that have to wait for what the new one did not answer.
local function split(move, one)
	local silent = move.planning and {} or
		silent_at_first(move, one.group.new, one.nodes[1])
	local now, waiting = {}, {}
	for _, name in ipairs(one.scripts) do
		local waits = NEEDS[name] and silent[NEEDS[name]] and turns(name, one.env)
		table.insert(waits and waiting or now, name)
	end
	return now, waiting
end

-- --- What they use now -----------------------------------------------------------------------

--- text -> hosts
local function add(to, text, host)
	to[text] = to[text] or {}
	table.insert(to[text], host)
end

--- One line that a node says.
local function hear(one, host, line, found)
	local name, what, rest = line:match("^(%S+) (%S+) ?(.*)$")
	if name == "left" then
		add(found.left, line:match("^left (.*)$"), host)
	elseif told[name] and told[name][host] then
		return -- it has said why
	elseif what == "server" then
		for old in (one.env.SNMOVE_OLD):gmatch("%S+") do
			if rest == old then
				add(turns(name, one.env) and found.owed or found.noted,
					("%s still has %s, the old service node"):format(name, old), host)
			end
		end
	elseif what == "unknown" and name ~= "dhcpclient" then -- udhcpc never says whose its lease is
		add(found.owed, name .. ": " .. rest, host)
	end
end

local function look(one, list, names, found)
	local results = remote.query(list, command(names, true),
		{ stdin = text_of(names), env = one.env })
	for host, result in pairs(results) do
		if result.error and not failed[host] then
			add(found.owed, "what they use now could not be looked at: " .. result.error, host)
		end
		for line in (result.stdout or ""):gmatch("[^\n]+") do
			hear(one, host, line, found)
		end
	end
end

local function each(of, tell_it)
	for _, what in ipairs(holders.sorted(of)) do
		table.sort(of[what])
		tell_it(what, of[what])
	end
end

--- The same as a list: {{nodes =, what =}, ...}.
local function look_wrong(one, list, names)
	local found, wrong = { owed = {}, noted = {}, left = {} }, {}
	if #names > 0 and #list > 0 then
		look(one, list, names, found)
	end
	each(found.owed, function(what, hosts)
		wrong[#wrong + 1] = { nodes = hosts, what = what }
	end)
	return wrong
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

--- The servers of whose lease clients may have it: the same in every attempt.
local function servers_now(move, list, by)
	local note = "DHCP servers of " .. list[1]
	if not move.planning then
		move.notes[note] = move.notes[note] or by
	end
	return move.notes[note] or by
end

--- Whose client is asked: whom the new one answers, and who was asked in an earlier attempt
-- (there it is the script that looks first).  The others keep the lease that they have.
local function clients_to_ask(move, with, good)
	local note, chosen, list, left = "clients asked of " .. with[1], {}, {}, {}
	for _, node in ipairs(good) do
		chosen[node] = true
	end
	local before = move.notes[note] or ""
	for _, node in ipairs((cluster.noderange(before, { verify = false }))) do
		chosen[node] = true
	end
	for _, node in ipairs(with) do
		table.insert(chosen[node] and list or left, node)
	end
	if #left > 0 then
		move:owe(left, "their DHCP clients were not asked, and keep the lease that they have",
			nil, true)
	end
	if not move.planning then
		move.notes[note] = cluster.fold(list)
	end
	return list
end

--- A client that asks while nobody answers loses its address: first it is seen that one does.
local function ask_clients(move, one)
	local with = dhcp.known(one.nodes)
	if #with == 0 then
		return
	end
	local good, by = answered(move, one.nodes, one.group)
	local list, old = clients_to_ask(move, with, good), one.group.old
	if #list == 0 then
		return
	end
	by = servers_now(move, with, by)
	run(move, list, { "dhcpclient" }, one, { env = with_servers(one.env, by),
		back = one.back and with_servers(one.back, servers_before(move, list, by, old)),
		undo_last = true, undo_if = one.back and { host = old.sn,
			command = "pgrep -x dhcpd >/dev/null || pgrep -x kea-dhcp4 >/dev/null" } })
end

--- xCAT runs these postscripts on the nodes, with what the rows say then: in an undo after
-- these have gone back.  What the nodes use then is looked at.
local function run_own(move, list, names, one)
	local asked, posts = {}, {}
	for i, name in ipairs(names) do
		asked[#asked + 1] = OF_XCAT[name] and name or nil
		posts[i] = name:gsub("^post:", "")
	end
	local function words(range)
		return { "updatenode", range, "-P", table.concat(posts, ",") }
	end
	if not move.planning then
		move.notes[RUN] = true
	end
	local key = ("updatenode %s of %s"):format(table.concat(names, ","), list[1])
	own.note(move, "nodes", list, own.run(move, key, list, { words = words,
		back = one.back and words or nil, last = true,
		look = function(some) return look_wrong(one, some, asked) end }))
end

--- Scripts for the nodes, by whoever runs them.
local function run_by(move, list, names, one)
	local ours, others = {}, {}
	for _, name in ipairs(names) do
		local is_own = OWN and (OF_XCAT[name] or name:find("^post:"))
		table.insert(is_own and others or ours, name)
	end
	if #ours > 0 then
		run(move, list, ours, one, {})
	end
	if #others > 0 then
		run_own(move, list, others, one)
	end
end

--- Those of our scripts that may run; the others are owed, and run when that is paid.
local function run_scripts(move, one)
	local now, waiting = split(move, one)
	if #now > 0 then
		run_by(move, one.nodes, now, one)
	end
	for _, name in ipairs(waiting) do
		local new, kind = one.group.new, NEEDS[name]
		if answers_later(move, new, one.nodes[1], kind) then
			run_by(move, one.nodes, { name }, one)
		else
			move:owe(one.nodes, ("%s was not run: %s would have no %s of %s (%s): %s"):format(name,
				#one.nodes > 1 and "they" or "it", kind, new.snn, new.ip,
				ask_services(new, one.nodes[1])[kind]), new.sn, true)
		end
	end
end

--- Postscripts that were asked for with -P, by the nodes that run them; `all` stands for those
-- of the tables: {{nodes =, names =}, ...}.
local function extra(move, one)
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
	local values, default, ours = values_of(one.nodes,
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

--- A server whose address nobody knows: nothing can be told to nodes.
local function is_known(move, one)
	local new = one.group.new
	if not one.env.MASTER_IP then
		move:owe(one.nodes, ("nothing was done on them: %s has no address that is known"):format(
			new.snn or new.sn), nil, true)
		return false
	end
	if not one.back and not move.planning then -- a plan says it with the command
		local before, names = move.notes["no way back"], cluster.fold(one.nodes)
		if not (before or ""):find(names, 1, true) then
			move.notes["no way back"] = (before and before .. "," or "") .. names
		end
	end
	return true
end

--- For the nodes of a batch.
function nodes.turn(move)
	for _, one in ipairs(groups(move, move.nodes)) do
		if is_known(move, one) then
			if move:does("dhcp") then
				ask_clients(move, one)
			end
			run_scripts(move, one)
			for _, posts in ipairs(extra(move, one)) do
				if #posts.names > 0 then
					run_by(move, posts.nodes, posts.names, { env = one.env })
				end
			end
		end
	end
end

--- Of many nodes an undo may have taken some back, and then it has not run updatenode.
local function finish_own(move)
	for _, one in ipairs(groups(move, move.undone)) do
		local names = {}
		for _, name in ipairs(one.scripts) do
			names[#names + 1] = OF_XCAT[name] and turns(name, one.env) and name or nil
		end
		if one.back and #names > 0 then
			local back = { env = one.back, group = { old = one.group.new, new = one.group.old } }
			own.finish(move, "nodes", { left = function() return {} end,
				words = function(range)
					return { "updatenode", range, "-P", table.concat(names, ",") }
				end,
				look = function() return look_wrong(back, one.nodes, names) end })
		end
	end
end

--- Nodes that an undo has turned back in the tables, and could not on themselves.
function nodes.finished(move)
	if OWN and move.notes[RUN] then
		finish_own(move)
	end
	local noted, left = {}, {}
	local names = move.notes["no way back"] or ""
	for _, node in ipairs((cluster.noderange(names, { verify = false }))) do
		noted[node] = true
	end
	for _, node in ipairs(move.undone) do
		left[#left + 1] = noted[node] and node or nil
	end
	if #left > 0 then
		move:owe(left, "the nodes themselves still use the service node that they have left: it " ..
			"is not known what they call the other one: updatenode " .. cluster.fold(left) ..
			" -P syslog,setupntp,mkresolvconf")
	end
end

-- --- What has become of it -------------------------------------------------------------------

--- May a client still have its lease of the old one?  Not if that holds their entries no more.
local function has_left_dhcp(move, one)
	local with = move:does("dhcp") and dhcp.known(one.nodes) or {}
	for host in pairs(#with > 0 and cluster.holders(with, "dhcp") or {}) do
		if servers.points_at(host, one.group.old) then
			return false
		end
	end
	return #with > 0
end

--- What is asked of nodes: all that was turned, and what was never touched.
local function questions(move, one)
	local names, waiting = split(move, one)
	for _, name in ipairs(waiting) do
		names[#names + 1] = set_of(move.notes["answered later on " .. one.group.new.sn])[NEEDS[name]]
			and name or nil
	end
	names[#names + 1] = has_left_dhcp(move, one) and "dhcpclient" or nil
	local old, master = one.group.old, cluster.site("master")
	if not (master and old.sn and cluster.same(old.sn, master)) then
		names[#names + 1] = "left"
	end
	return names
end

--- What is in force on nodes is what the scripts have said that they have done.
function nodes.verify(move)
	local found, lines, more = { owed = {}, noted = {}, left = {} }, 0, {}
	for _, one in ipairs(groups(move, move.nodes)) do
		if one.env.MASTER_IP then
			local list = own.without_owed(move, "nodes", one.nodes)
			look(one, list, questions(move, one), found)
		end
	end
	each(found.owed, function(what, hosts) move:owe(hosts, what, nil, true) end)
	each(found.noted, function(what, hosts) move:note(cluster.fold(hosts) .. ": " .. what) end)
	each(found.left, function(what, hosts)
		lines = lines + 1
		if lines <= MOST_LEFT then
			move:note(("%s: still names the old service node, and is left: %s"):format(
				cluster.fold(hosts), what))
		else
			for _, host in ipairs(hosts) do
				more[host] = true
			end
		end
	end)
	if lines > MOST_LEFT then
		move:note(("%s: %d more lines that still name it: grep for it there"):format(
			cluster.fold(holders.sorted(more)), lines - MOST_LEFT))
	end
end

return nodes
