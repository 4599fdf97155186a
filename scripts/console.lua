--- Consoles: conserver's entries on who holds them, and on the management node who that is.
--
-- Where conserver runs on none of the old holders, the new ones and the management node,
-- consoles are somebody else's matter.

local cluster  = require "cluster"
local remote   = require "remote"
local services = require "services"
local holders  = require "holders"

local console = {}

--- The console servers that run on a host (in its own network), and whether conserver is there
-- and has a configuration.
local QUESTION = [[
PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin
for file in /proc/[0-9]*/comm; do
	read -r name <"$file" || continue
	case $name in
	conserver | goconserver | confluent) ;;
	*) continue ;;
	esac
	pid=${file#/proc/}
	net=$(readlink "/proc/${pid%/comm}/ns/net")
	[ "$net" != "$(readlink /proc/self/ns/net)" ] || echo "$name"
done 2>/dev/null
if [ -f /etc/conserver.cf ] || [ -f /etc/conserver/conserver.cf ]; then
	command -v conserver >/dev/null && echo there
fi
:
]]

--- Those of the shares whose host has an address; and the others, whose values are of any kind.
local function with_address(shares)
	local good, bad = {}, {}
	for host, nodes in pairs(shares) do
		(cluster.address(host) and good or bad)[host] = nodes
	end
	return good, bad
end

--- host -> what was said of it there: {conserver = true, there = true}.
local function ask(names)
	local states, hosts = {}, {}
	for _, host in ipairs(names) do
		hosts[#hosts + 1] = cluster.address(host) and host or nil
	end
	local results = #hosts > 0 and remote.query(hosts, QUESTION, { timeout = 10 }) or {}
	for host, result in pairs(results) do
		states[host] = {}
		for word in (result.error and "" or result.stdout):gmatch("%a+") do
			states[host][word] = true
		end
	end
	return states
end

--- The nodes that have a console: the tables say how it is reached.  And the others.
local function known(nodes)
	local has, found, others = {}, {}, {}
	for _, column in ipairs { "nodehm.cons", "nodehm.mgt" } do
		local there, values = pcall(cluster.get, nodes, { column })
		for _, node in ipairs(there and nodes or {}) do
			has[node] = has[node] or (values[node][column] or "") ~= ""
		end
	end
	for _, node in ipairs(nodes) do
		table.insert(has[node] and found or others, node)
	end
	return found, others
end

--- The same without those that get no entry, and with `STAY` those that the old holder keeps.
local LEFT_OUT, STAY = "console left out", "consoles stay"
local function given(move, more)
	local out, found = {}, {}
	for _, note in ipairs { LEFT_OUT, more } do
		for _, node in ipairs((cluster.noderange(move.notes[note] or "", { verify = false }))) do
			out[node] = true
		end
	end
	for _, node in ipairs(known(move.nodes)) do
		found[#found + 1] = not out[node] and node or nil
	end
	return found
end

function console.concerns(move)
	return #known(move.nodes) > 0
end

-- --- Who serves consoles ---------------------------------------------------------------------

local SERVERS = "console servers"

--- What was seen when the move was checked: the move itself changes it.
local function recall(move)
	local states = {}
	for host, words in (move.notes[SERVERS] or ""):gmatch("([^ \n]+)([^\n]*)") do
		states[host] = {}
		for word in words:gmatch("%a+") do
			states[host][word] = true
		end
	end
	return states
end

local function any(states, word)
	for _, state in pairs(states) do
		if state[word] then
			return true
		end
	end
	return false
end

--- The management node, as one of these hosts or as site.master has it; nil: conserver does not
-- run there.
local function pointing(states)
	local master = cluster.site("master")
	for host, state in pairs(master and states or {}) do
		if state.conserver and cluster.same(host, master) then
			return host
		end
	end
end

--- All that hold the nodes or have held them, and the management node.
local function look_around(move, new, old)
	local hosts, master = {}, cluster.site("master")
	for _, shares in ipairs { new, old } do
		for host in pairs(shares) do
			hosts[host] = true
		end
	end
	local named = false
	for host in pairs(hosts) do
		named = named or master and cluster.same(host, master)
	end
	if master and not named then
		hosts[master] = true
	end
	local states, lines = ask(holders.sorted(hosts)), {}
	for _, host in ipairs(holders.sorted(states)) do
		lines[#lines + 1] = host .. " " .. table.concat(holders.sorted(states[host]), " ")
	end
	move.notes[SERVERS] = table.concat(lines, "\n")
	if not any(states, "conserver") and any(states, "goconserver") then
		move.notes["console command"] = "makegocons %s"
	elseif not any(states, "conserver") and any(states, "confluent") then
		move.notes["console command"] = "makeconfluentcfg %s"
	end
	return states
end

--- Does conserver run where it counts?
function console.served(move)
	if not console.concerns(move) then
		return false
	end
	if not move.notes[SERVERS] then -- the step check was left out
		local nodes = known(move.nodes)
		look_around(move, holders.now(move, nodes, "console"),
			holders.before(move, nodes, "console"))
	end
	return any(recall(move), "conserver")
end

--- What the management node is to have: whose the consoles are that it has not itself.
local function pointers(nodes, shares, states)
	local host = pointing(states)
	local own, others = {}, {}
	for _, node in ipairs(host and shares[host] or {}) do
		own[node] = true
	end
	for _, node in ipairs(host and nodes or {}) do
		others[#others + 1] = not own[node] and node or nil
	end
	return #others > 0 and { [host] = others } or {}
end

--- Both in one: host -> nodes.
local function with_pointers(shares, more)
	local all = {}
	for _, part in ipairs { shares, more } do
		for host, nodes in pairs(part) do
			all[host] = table.move(nodes, 1, #nodes, #(all[host] or {}) + 1, all[host] or {})
		end
	end
	return all
end

-- --- Before anything is changed --------------------------------------------------------------

--- Rows as they are now.
function console.before(move)
	holders.keep(move, known(move.nodes), "console")
end

local function check_tables(move, results, bad)
	local told, out = {}, {}
	for _, host in ipairs(holders.sorted(bad)) do
		move:problem("console", bad[host], ("nodehm.conserver is '%s'"):format(host),
			"a host that has an address; forced, their entries stay as they are")
		table.move(bad[host], 1, #bad[host], #out + 1, out)
	end
	for _, host in ipairs(holders.sorted(results)) do
		for _, problem in ipairs(results[host].problems) do
			if not told[problem.text] then
				told[problem.text] = true
				move:problem("console", problem.nodes, problem.text,
					"a console that conserver takes; forced, their entries stay as they are")
			end
			table.move(problem.nodes, 1, #problem.nodes, #out + 1, out)
		end
	end
	move.notes[LEFT_OUT] = #out > 0 and cluster.fold(out) or nil
end

--- Rows as they will be.
function console.check(move)
	local nodes = known(move.nodes)
	local new = holders.now(move, nodes, "console")
	local states = look_around(move, new, holders.before(move, nodes, "console"))
	if not any(states, "conserver") then
		return
	end
	local good, bad = with_address(new)
	local usable = {}
	for _, host in ipairs(holders.sorted(good)) do
		table.move(good[host], 1, #good[host], #usable + 1, usable)
	end
	local shares = with_pointers(good, pointers(usable, good, states))
	local results = services.check("console", shares)
	check_tables(move, results, bad)
	for _, host in ipairs(holders.sorted(results)) do
		local result = results[host]
		local said = (result.stdout:gsub("%s+", " ")):sub(1, 400)
		local what = ("%s: %s%s"):format(host, result.message or result.error or "",
			said ~= "" and ": " .. said or "")
		if result.error == "not written" or result.error == "check failed" then
			move:problem("console", shares[host], what,
				"a conserver there that takes their consoles: nothing was changed on it")
		elseif result.error then
			move:note("consoles on " .. what .. ": what it cannot be given will be owed")
		end
	end
end

-- --- The steps -------------------------------------------------------------------------------

--- What the old ones give up; the management node gets another entry in its place.
local function given_up(move, more)
	local gone, states = holders.given_up(move, given(move, more), "console"), recall(move)
	local pointer = pointing(states)
	for host in pairs(gone) do
		local state = states[host] or {}
		if host == pointer or not (state.conserver or state.there) then
			gone[host] = nil
		end
	end
	return gone
end

--- What an old holder does not give up, no new one may begin.
local function keep_back(move, gone, results)
	local stay = {}
	for host, result in pairs(results) do
		if result.error then
			table.move(gone[host], 1, #gone[host], #stay + 1, stay)
			move:owe(gone[host], ("%s has not given up their consoles, so they stay there: mend " ..
				"that, and then: makeconservercf %s"):format(host, cluster.fold(gone[host])), host)
		end
	end
	move.notes[STAY] = #stay > 0 and cluster.fold(stay) or nil
end

--- Before the new ones start: two servers fight over one serial-over-LAN session.
function console.release(move)
	local gone = given_up(move)
	if not next(gone) then
		return
	end
	local results = services.release("console", gone)
	if move.planning then
		return
	end
	keep_back(move, gone, results)
	local before = recall(move)
	for host, state in pairs(ask(holders.sorted(gone))) do
		if before[host].conserver and not state.conserver then
			move:note(("%s has no console any more: its conserver was stopped, and is started " ..
				"when it gets one"):format(host))
		end
	end
end

--- The management node first: it may be the one that had them.
function console.give(move)
	local nodes = given(move, STAY)
	local shares = with_address(holders.now(move, nodes, "console"))
	local results = {
		services.give("console", pointers(nodes, shares, recall(move))),
		services.give("console", shares),
	}
	if move.planning then
		return
	end
	local refused = {}
	for _, part in ipairs(results) do
		for host, result in pairs(part) do
			refused[#refused + 1] = result.error and host
		end
	end
	move.notes["consoles not given"] = table.concat(refused, " ")
end

--- Entries are as the tables have them.  `mend`: the options that mend it.
local function compare(move, shares, mend)
	local found = services.look("console", shares)
	for _, host in ipairs(holders.sorted(found)) do
		local wanted, other = services.text("console", host, shares[host]), {}
		for node, text in pairs(found[host]) do
			if wanted[node] and text ~= wanted[node] then
				other[#other + 1] = node
			end
		end
		if #other > 0 then
			move:owe(other, "their console on " .. host .. " is not as the tables have it", host,
				mend ~= nil, mend)
		end
	end
end

--- Who has given them up has none.
local function compare_gone(move, gone)
	for host, texts in pairs(services.look("console", gone)) do
		local left = {}
		for node, text in pairs(texts) do
			left[#left + 1] = text and node or nil
		end
		if #left > 0 then
			move:owe(left, "their console is still on " .. host, host)
		end
	end
end

--- Entries alone serve nobody.
local function compare_running(move, shares)
	for host, state in pairs(ask(holders.sorted(shares))) do
		if not state.conserver then
			move:owe(shares[host], "conserver does not run on " .. host, host)
		end
	end
end

function console.verify(move)
	local nodes = given(move, STAY)
	local shares = with_address(holders.now(move, nodes, "console"))
	shares = with_pointers(shares, pointers(nodes, shares, recall(move)))
	for host in (move.notes["consoles not given"] or ""):gmatch("%S+") do
		shares[host] = nil -- that is owed already
	end
	compare(move, shares)
	compare_gone(move, given_up(move, STAY))
	if not move.planning then
		compare_running(move, shares)
	end
end

--- On those that hold them by the tables, and on the management node, where conserver runs on
-- any of these.  Gives the nodes of which nothing was looked at.
function console.explain(move)
	local nodes, without = known(move.nodes)
	local shares, bad = with_address(cluster.holders(nodes, "console"))
	local hosts = {}
	local master = cluster.site("master")
	for _, host in ipairs(holders.sorted(shares)) do
		hosts[#hosts + 1] = host
		master = master and not cluster.same(host, master) and master or nil
	end
	if #nodes > 0 then
		hosts[#hosts + 1] = master
	end
	local states = ask(hosts)
	if not any(states, "conserver") then
		return move.nodes
	end
	for host, names in pairs(bad) do
		move:owe(names, ("nodehm.conserver is '%s', and that is no host"):format(host))
	end
	compare_running(move, shares)
	compare(move, with_pointers(shares, pointers(nodes, shares, states)), "--only console")
	holders.find_left(move, "console", holders.others(nodes, "console"), "console",
		"-s %s --only release,console")
	return without
end

-- --- A service node that is back -------------------------------------------------------------

--- What it holds, and what it does not; nothing, where it serves no consoles.
local function today(move, sn)
	local there = cluster.noderange(cluster.fold(move.nodes))
	local master, mine = cluster.site("master"), {}
	local holds = holders.today(sn, known(there), "console")
	local others = {}
	for _, node in ipairs(holds) do
		mine[node] = true
	end
	for _, node in ipairs(move.nodes) do
		others[#others + 1] = not mine[node] and node or nil
	end
	local states = ask(master and { sn, master } or { sn })
	if not (states[sn].conserver or states[sn].there) then
		return {}, {}, false
	end
	return any(states, "conserver") and holds or {}, others, any(states, "conserver")
end

--- Somebody else's matter: the administrator looks.
local function note_back(move, sn)
	if console.concerns(move) then
		move:note("not done by this version: consoles on " .. sn)
	end
end

function console.check_back(move, sn)
	local holds = today(move, sn)
	local results = services.check("console", #holds > 0 and { [sn] = holds } or {})
	check_tables(move, results, {})
	for host, result in pairs(results) do
		if result.error then
			move:problem("console", holds, ("%s: %s %s"):format(host, result.message or result.error,
				(result.stdout:gsub("%s+", " "))), "a conserver there that takes their consoles")
		end
	end
end

--- What it does not hold any more goes first.
function console.give_back(move, sn)
	local holds, others = today(move, sn)
	if #others > 0 then
		services.release("console", { [sn] = others })
	end
	if #holds > 0 then
		services.give("console", { [sn] = holds })
	end
end

function console.verify_back(move, sn)
	local holds, others, served = today(move, sn)
	if not served then
		note_back(move, sn)
	end
	compare(move, #holds > 0 and { [sn] = holds } or {})
	compare_gone(move, #others > 0 and { [sn] = others } or {})
end

return console
