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
local look     = require "node_look"
local own      = require "own"
local scripts  = require "node_scripts"
local services = require "node_services"
local typed    = require "typed"

local nodes = {}

--- What xCAT has of these itself, and runs by updatenode where the site has chosen that.
local OF_XCAT = { mkresolvconf = true, syslog = true, setupntp = true }
local OWN, RUN = takeover.own("nodes"), "updatenode was run"

--- Rows as they are before the move: an undo tells scripts of them.
function nodes.before(move)
	if OWN then
		own.check(move, "nodes", move.nodes)
	end
	scripts.before(move)
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
	local text = scripts.text_of(names)
	local what = { stdin = text, env = options.env or one.env, repeatable = true,
		undo_always = true, says = table.concat(names, ", "):gsub("post:", ""),
		undo = one.back and { command = scripts.command(names), stdin = text,
			env = options.back or one.back } or nil,
		undo_last = options.undo_last, undo_if = options.undo_if }
	local results = remote.run(list, scripts.command(names), what)
	if not move.planning then
		for host, result in pairs(results) do
			failed[host] = failed[host] or result.error ~= nil
		end
		tell(move, results)
	end
end

-- --- The step --------------------------------------------------------------------------------

--- Nodes whose DHCP the new one answers now, and the addresses of all that may answer it; the
-- others are owed.
local function answered(move, list, group)
	local with = dhcp.known(list)
	if #with == 0 or move.planning then
		return with, group.new.ip
	end
	local wrong, by = answers(move, group.new.sn, with, dhcp.cards(with), group.new)
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

--- Before clients are asked again by an undo: whom does the old one answer then?
local function does_old_answer(network, list, cards, old)
	local macs, owners = {}, {}
	for _, node in ipairs(list) do
		for _, card in ipairs(cards[node]) do
			macs[#macs + 1], owners[#owners + 1] = card.mac, node
		end
	end
	local question = remote.probe_question(macs, owners, { network = network, from = old.ip })
	return { host = old.sn, command = question.command, stdin = question.stdin }
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
	local networks = cluster.networks(list)
	for _, network in ipairs(holders.sorted(networks)) do
		local there = networks[network]
		run(move, there, { "dhcpclient" }, one, { env = with_servers(one.env, by),
			back = one.back and with_servers(one.back, servers_before(move, there, by, old)),
			undo_last = true,
			undo_if = one.back and does_old_answer(network, there, dhcp.cards(there), old) })
	end
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
		look = function(some) return look.wrong(one, some, asked, told, failed) end }))
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
	local now, waiting = services.split(move, one)
	if #now > 0 then
		run_by(move, one.nodes, now, one)
	end
	for _, name in ipairs(waiting) do
		if services.wakes(move, one, name) then
			run_by(move, one.nodes, { name }, one)
		else
			local new, kind, why = one.group.new, services.why_not(one, name)
			move:owe(one.nodes, ("%s was not run: %s would have no %s of %s (%s): %s"):format(name,
				#one.nodes > 1 and "they" or "it", kind, new.snn, new.ip, why), new.sn, true)
		end
	end
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
		local before = move.notes["no way back"]
		local noted = cluster.noderange(before or "", { verify = false })
		local more = holders.minus(one.nodes, noted)
		if #more > 0 then
			move.notes["no way back"] = (before and before .. "," or "") .. cluster.fold(more)
		end
	end
	return true
end

--- For the nodes of a batch.
function nodes.turn(move)
	for _, one in ipairs(scripts.groups(move, move.nodes)) do
		if is_known(move, one) then
			if move:does("dhcp") then
				ask_clients(move, one)
			end
			run_scripts(move, one)
			for _, posts in ipairs(scripts.asked_for(move, one)) do
				if #posts.names > 0 then
					run_by(move, posts.nodes, posts.names, { env = one.env })
				end
			end
		end
	end
end

--- Of many nodes an undo may have taken some back, and then it has not run updatenode.
local function finish_own(move)
	for _, one in ipairs(scripts.groups(move, move.undone)) do
		local names = {}
		for _, name in ipairs(one.scripts) do
			names[#names + 1] = OF_XCAT[name] and scripts.turns(name, one.env) and name or nil
		end
		if one.back and #names > 0 then
			local back = { env = one.back, group = { old = one.group.new, new = one.group.old } }
			own.finish(move, "nodes", { left = function() return {} end,
				words = function(range)
					return { "updatenode", range, "-P", table.concat(names, ",") }
				end,
				look = function() return look.wrong(back, one.nodes, names, told, failed) end })
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
			"is not known what they call the other one: updatenode " .. typed.nodes(left) ..
			" -P syslog,setupntp,mkresolvconf")
	end
end

--- What is in force on nodes is what the scripts have said that they have done.
function nodes.verify(move)
	look.verify(move, told, failed)
end

return nodes
