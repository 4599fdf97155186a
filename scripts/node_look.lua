--- What nodes use now, asked of themselves.

local cluster  = require "cluster"
local remote   = require "remote"
local dhcp     = require "dhcp"
local holders  = require "holders"
local own      = require "own"
local scripts  = require "node_scripts"
local servers  = require "servers"
local services = require "node_services"

local look = {}

local MOST_LEFT = 20 -- different lines that are told of what still names another server

-- --- What nodes say --------------------------------------------------------------------------

--- What was found: text -> nodes.
local function new_found()
	return { owed = {}, unseen = {}, noted = {}, left = {} }
end

local function add(to, text, node)
	to[text] = to[text] or {}
	table.insert(to[text], node)
end

local function words_of(list)
	local set = {}
	for word in list:gmatch("%S+") do
		set[word] = true
	end
	return set
end

--- script -> {{what =, rest =}, ...}, and the lines of what was never touched.
local function answers_of(stdout)
	local said, left = {}, {}
	for line in stdout:gmatch("[^\n]+") do
		local name, what, rest = line:match("^(%S+) (%S+) ?(.*)$")
		if name == "left" then
			left[#left + 1] = line:match("^left (.*)$")
		elseif name then
			said[name] = said[name] or {}
			table.insert(said[name], { what = what, rest = rest })
		end
	end
	return said, left
end

--- Asks nodes (`list`) of one environment.  `judge` gets what each says.  `silent`: nodes that
-- do not, as is known.
local function ask(one, list, names, found, judge, silent)
	local results = remote.query(list, scripts.command(names, true),
		{ stdin = scripts.text_of(names), env = one.env })
	for _, node in ipairs(list) do
		local result = results[node]
		if result.error and not silent[node] then
			add(found.unseen, "what they use now could not be looked at: " .. result.error, node)
		end
		local said, left = answers_of(result.stdout or "")
		judge(node, said)
		for _, line in ipairs(left) do
			add(found.left, line, node)
		end
	end
end

local function tell_left(move, left, whose)
	local lines, more = 0, {}
	for _, what in ipairs(holders.sorted(left)) do
		lines = lines + 1
		if lines <= MOST_LEFT then
			move:note(("%s: still names %s, and is left: %s"):format(cluster.fold(left[what]), whose,
				what))
		else
			for _, node in ipairs(left[what]) do
				more[node] = true
			end
		end
	end
	if lines > MOST_LEFT then
		move:note(("%s: %d more lines that still name it: grep for it there"):format(
			cluster.fold(holders.sorted(more)), lines - MOST_LEFT))
	end
end

--- `whose`: the servers that nodes are not to have.
local function tell(move, found, whose)
	for _, what in ipairs(holders.sorted(found.unseen)) do
		move:owe(found.unseen[what], what, nil, true)
	end
	for _, what in ipairs(holders.sorted(found.owed)) do
		-- A client is asked with DHCP alone.
		move:owe(found.owed[what], what, nil, true,
			what:find("^dhcpclient ") and "--only dhcp,nodes" or "--only nodes")
	end
	for _, what in ipairs(holders.sorted(found.noted)) do
		move:note(cluster.fold(found.noted[what]) .. ": " .. what)
	end
	tell_left(move, found.left, whose)
end

-- --- After a move ----------------------------------------------------------------------------

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
	local names, waiting = services.split(move, one)
	for _, name in ipairs(waiting) do
		names[#names + 1] = services.woke(move, one, name) and name or nil
	end
	names[#names + 1] = has_left_dhcp(move, one) and "dhcpclient" or nil
	local old, master = one.group.old, cluster.site("master")
	if not (master and old.sn and cluster.same(old.sn, master)) then
		names[#names + 1] = "left"
	end
	return names
end

--- What a node says of one script; udhcpc never says whose its lease is.
local function judge_script(one, name, said, node, found)
	local old = words_of(one.env.SNMOVE_OLD)
	for _, line in ipairs(said) do
		if line.what == "server" and old[line.rest] then
			add(scripts.turns(name, one.env) and found.owed or found.noted,
				("%s still has %s, the old service node"):format(name, line.rest), node)
		elseif line.what == "unknown" and name ~= "dhcpclient" then
			add(found.owed, name .. ": " .. line.rest, node)
		end
	end
end

--- For `ask`: each script but those that have said why not.
local function judge_all(one, told, found)
	return function(node, said)
		for name, lines in pairs(said) do
			if not (told[name] and told[name][node]) then
				judge_script(one, name, lines, node, found)
			end
		end
	end
end

--- What nodes of one environment have of the old one: {{nodes =, what =}, ...}.  `told`: script
-- -> the set of nodes of which it has said why not; `silent`: the set of nodes that could not
-- be reached.
function look.wrong(one, list, names, told, silent)
	local found, wrong = new_found(), {}
	if #names > 0 and #list > 0 then
		ask(one, list, names, found, judge_all(one, told, found), silent)
	end
	for _, of in ipairs { found.unseen, found.owed } do
		for _, what in ipairs(holders.sorted(of)) do
			wrong[#wrong + 1] = { nodes = of[what], what = what }
		end
	end
	return wrong
end

--- What is in force on nodes is what the scripts have said that they have done.
function look.verify(move, told, silent)
	local found = new_found()
	for _, one in ipairs(scripts.groups(move, move.nodes)) do
		local list = own.without_owed(move, "nodes", one.nodes)
		if one.env.MASTER_IP and #list > 0 then
			ask(one, list, questions(move, one), found, judge_all(one, told, found), silent)
		end
	end
	tell(move, found, "the old service node")
end

-- --- On any day ------------------------------------------------------------------------------

--- Those by which the nodes' DHCP is answered by the tables, as words of their names.
local function lease_servers(nodes)
	local with, names = dhcp.known(nodes), {}
	for host in pairs(#with > 0 and cluster.holders(with, "dhcp") or {}) do
		names[#names + 1] = table.concat(servers.names { sn = host }, " ")
	end
	return words_of(table.concat(names, " ")), #with > 0
end

--- What a script's subject uses: the node's own server is among it, and no other service node
-- is.  `may`: what it may have all the same.
local function judge_use(one, name, said, node, found, may)
	local new, others = words_of(one.env.SNMOVE_NEW), words_of(one.env.SNMOVE_OLD)
	local has, wrong, list = false, false, {}
	for _, line in ipairs(said) do
		if line.what == "server" then
			has = has or new[line.rest] or may[line.rest]
			list[#list + 1] = line.rest
			if others[line.rest] and not may[line.rest] then
				wrong = true
				add(scripts.turns(name, one.env) and found.owed or found.noted,
					("%s has %s, another service node"):format(name, line.rest), node)
			end
		elseif line.what == "unknown" and name ~= "dhcpclient" then
			add(found.owed, name .. ": " .. line.rest, node)
		end
	end
	if #list > 0 and not has and not wrong and scripts.turns(name, one.env) then
		add(found.owed, ("%s has %s, and not %s (%s)"):format(name, table.concat(list, ", "),
			one.env.MASTER, one.env.MASTER_IP), node)
	end
end

--- Nodes use their own service node, and no other one.  Gives the nodes that were not asked: of
-- an open pool whichever server has answered.
function look.explain(move)
	local found, unasked = new_found(), {}
	for _, one in ipairs(scripts.groups(move, move.nodes)) do
		if not one.env.MASTER_IP then
			table.move(one.nodes, 1, #one.nodes, #unasked + 1, unasked)
			goto next
		end
		local may, with_macs = lease_servers(one.nodes)
		local names = table.move(one.scripts, 1, #one.scripts, 1, {})
		names[#names + 1] = with_macs and "dhcpclient" or nil
		names[#names + 1] = "left"
		one.env.SNMOVE_OLD = scripts.others(one.group.new, one.env)
		ask(one, one.nodes, names, found, function(node, said)
			for name, lines in pairs(said) do
				judge_use(one, name, lines, node, found, name == "dhcpclient" and may or {})
			end
		end, {})
		::next::
	end
	tell(move, found, "another service node")
	return unasked
end

return look
