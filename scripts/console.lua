--- Consoles: conserver's entries on who holds them, and on the management node who that is.
--
-- Where conserver or goconserver runs on none of the old holders, the new ones and the
-- management node, consoles are somebody else's matter.

local cluster  = require "cluster"
local remote   = require "remote"
local services = require "services"
local holders  = require "holders"
local own      = require "own"
local servers  = require "servers"
local takeover = require "takeover"
local who      = require "console_servers"

local console = {}

--- makeconservercf or makegocons; nil: entries are ours to give.
local OWN = takeover.own("console")

--- The nodes that have a console: the tables say how it is reached.  And the others.
local function known(nodes)
	local parts = cluster.divide(nodes, servers.there { "nodehm.cons", "nodehm.mgt" },
		function(values)
			return (values["nodehm.cons"] or "") ~= "" or (values["nodehm.mgt"] or "") ~= ""
		end)
	return parts[true] or {}, parts[false] or {}
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

--- Does one run where consoles are now or may go?  By the rows as they are now.
function console.is_anywhere(move)
	local new = {}
	for _, group in ipairs(move:groups()) do
		new[group.new.sn] = group.nodes
	end
	who.look_around(move, new, holders.before(move, known(move.nodes), "console"))
	return who.takes(move)
end

--- Does one run where it counts?
function console.served(move)
	if not console.concerns(move) then
		return false
	end
	if not who.has_looked(move) then -- the step check was left out
		local nodes = known(move.nodes)
		who.look_around(move, holders.now(move, nodes, "console"),
			holders.given_up(move, nodes, "console"))
	end
	return who.takes(move)
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
	local states = who.look_around(move, new, holders.before(move, nodes, "console"))
	if not who.takes(move) then
		return
	end
	local good, bad = who.with_address(new)
	local usable = {}
	for _, host in ipairs(holders.sorted(good)) do
		table.move(good[host], 1, #good[host], #usable + 1, usable)
	end
	local shares = who.with_pointers(usable, good, states)
	if OWN then
		own.check(move, "console", usable)
	end
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

-- --- What is there ---------------------------------------------------------------------------

--- Entries are as the tables have them: {{nodes =, what =, host =}, ... of what is not}.
local function differing(shares)
	return holders.differing("console", shares, "consoles",
		"their console on %s is not as the tables have it")
end

--- Who has given them up has none.
local function left(gone)
	local found, results = services.look("console", gone)
	local list = holders.silent(gone, found, results, "consoles")
	local there = holders.left(found, "their console is still on %s")
	return table.move(there, 1, #there, #list + 1, list)
end

-- --- The steps -------------------------------------------------------------------------------

--- What the old ones give up; the management node gets another entry in its place.
local function given_up(move, more)
	local gone, states = holders.given_up(move, given(move, more), "console"), who.seen(move)
	local pointer = who.pointing(states)
	for host in pairs(gone) do
		local state = states[host] or {}
		if pointer and cluster.same(host, pointer) or not (who.runs(state) or state.there) then
			gone[host] = nil
		end
	end
	return gone
end

function console.given_up(move)
	return given_up(move)
end

--- The new holders of nodes that get other ones: host -> nodes; that counts for xCAT's own
-- command alone.
function console.moved(move)
	local nodes = OWN and holders.moved(move, given(move), "console") or {}
	return (who.with_address(holders.now(move, nodes, "console")))
end

local function give_words(range)
	return { OWN, range }
end

local function take_words(range)
	return { OWN, "-d", range }
end

--- Do these nodes have no console on a host any more, and no program of one?
local function question(host, nodes)
	return { host = host, command = takeover.file("node/console_gone.sh"),
		stdin = table.concat(nodes, "\n") .. "\n" }
end

--- The command may come back before the programs have ended.
local function left_running(gone)
	local list = left(gone)
	for _, host in ipairs(#list == 0 and holders.sorted(gone) or {}) do
		local asked = question(host, gone[host])
		local result = remote.query(host, asked.command, { stdin = asked.stdin, timeout = 30 })[host]
		if result.error or result.status ~= 0 then
			list[#list + 1] = { nodes = gone[host], host = host,
				what = "programs of their consoles still run on " .. host }
		end
	end
	return list
end

--- Entries that are ours.  Gives the nodes that were not given up.
local function release_ours(move, gone)
	local kept = {}
	if not next(gone) then
		return kept
	end
	local results = services.release("console", gone)
	for host, result in pairs(move.planning and {} or results) do
		if result.error then
			table.move(gone[host], 1, #gone[host], #kept + 1, kept)
			move:owe(gone[host], ("%s has not given up their consoles, so they stay there until " ..
				"it has: mend that, and then resume"):format(host), host, true)
		end
	end
	return kept
end

--- The command asks the rows who has them, so it is run before these are written; and in an
-- undo after they have gone back.  Gives the nodes that were not given up.
local function release_own(move, all_gone, moved)
	-- Where the rows do not change, it would take the entries that are right.
	local moving = holders.nodes_of(moved)
	local kept = release_ours(move, holders.without(all_gone, moving))
	local gone = holders.without(all_gone, holders.minus(holders.nodes_of(all_gone), moving))
	local going = holders.nodes_of(gone)
	for _, host in ipairs(holders.sorted(moved)) do
		local others = holders.minus(moved[host], going)
		local nodes = holders.minus(moved[host], others)
		local function of(some)
			return holders.without(gone, holders.minus(going, some))
		end
		local how = { words = take_words, back = give_words,
			-- In an undo nobody begins a console that the new one has not given up.
			back_if = question(host, moved[host]),
			look = function(some) return left_running(of(some)) end,
			again = function(some) services.release("console", of(some)) end }
		if #nodes > 0 then
			for node in pairs(own.run(move, OWN .. " -d for " .. host, nodes, how)) do
				kept[#kept + 1] = node
			end
		end
		own.only_back(others, how)
	end
	table.sort(kept)
	return kept
end

--- Before the new ones start: two servers fight over one serial-over-LAN session.  What an old
-- holder does not give up, no new one may begin.
function console.release(move, gone, moved)
	local kept
	if OWN then
		kept = release_own(move, gone, moved)
	else
		kept = release_ours(move, move.mode ~= "dead" and gone or {})
	end
	if move.planning then
		return
	end
	move.notes[STAY] = #kept > 0 and cluster.fold(kept) or nil
	local before = who.seen(move)
	for host, state in pairs(who.ask(holders.sorted(gone))) do
		if before[host].conserver and not state.conserver then
			move:note(("%s has no console any more: its conserver was stopped, and is started " ..
				"when it gets one"):format(host))
		end
	end
end

local GIVEN = "consoles given to"

--- Only nodes that get another holder, as the step check has kept it: for all others nothing
-- changes.
local function give_own(move, nodes, shares)
	local moved = holders.moved(move, nodes, "console")
	if #moved == 0 then
		return
	end
	local of = holders.without(shares, holders.minus(nodes, moved))
	holders.note(move, GIVEN, of)
	of = who.with_pointers(moved, of, who.seen(move))
	own.note(move, "console", moved, own.run(move, OWN, moved, {
		words = give_words, back = take_words,
		look = function(some)
			return differing(holders.without(of, holders.minus(moved, some)))
		end }))
end

--- The management node first: it may be the one that had them.
local function give_ours(move, nodes, shares)
	local refused = {}
	local results = {
		services.give("console", who.pointers(nodes, shares, who.seen(move))),
		services.give("console", shares),
	}
	for _, part in ipairs(move.planning and {} or results) do
		for host, result in pairs(part) do
			refused[#refused + 1] = result.error and host
		end
	end
	if not move.planning then
		move.notes["consoles not given"] = table.concat(refused, " ")
	end
end

function console.give(move)
	local nodes = given(move, STAY)
	local give = OWN and give_own or give_ours
	give(move, nodes, (who.with_address(holders.now(move, nodes, "console"))))
	local kept = holders.minus(given(move), nodes)
	if #kept > 0 then -- a resume goes on once they are given up
		move:owe(kept, "their consoles are not begun before the old one has given them up", nil,
			true)
	end
end

-- --- What has become of it -------------------------------------------------------------------

--- Entries alone serve nobody.
local function compare_running(move, shares)
	for host, state in pairs(who.ask(holders.sorted(shares))) do
		if not who.runs(state) then
			move:owe(shares[host], "conserver does not run on " .. host, host)
		end
	end
end

function console.verify(move)
	if OWN and move.planning then
		return -- nobody knows what it will write
	end
	local nodes = own.without_owed(move, "console", given(move, STAY))
	local shares = who.with_address(holders.now(move, nodes, "console"))
	shares = who.with_pointers(nodes, shares, who.seen(move))
	for host in (move.notes["consoles not given"] or ""):gmatch("%S+") do
		shares[host] = nil -- that is owed already
	end
	holders.owe(move, differing(shares))
	holders.owe(move, left(given_up(move, STAY)))
	if not move.planning then
		compare_running(move, shares)
	end
end

--- Nodes that an undo has taken back, see own.finish: what it has not taken from the new ones
-- stays there alone.
function console.finished(move)
	local nodes = OWN and move.notes[GIVEN] and known(move.undone) or {}
	if #nodes == 0 then
		return
	end
	local shares = who.with_address(cluster.holders(nodes, "console"))
	shares = who.with_pointers(nodes, shares, who.seen(move))
	local gone = holders.no_more(holders.recalled(move, GIVEN, nodes), shares)
	own.finish(move, "console", { words = give_words,
		look = function()
			local there = holders.there((services.look("console", gone)))
			return differing(holders.without(shares, holders.nodes_of(there)))
		end,
		left = function() return holders.there((services.look("console", gone))) end })
end

--- On those that hold them by the tables, and on the management node, where conserver runs on
-- any of these.  Gives the nodes of which nothing was looked at.
function console.explain(move)
	local nodes, without = known(move.nodes)
	local shares, bad = who.with_address(cluster.holders(nodes, "console"))
	local hosts = {}
	local master = cluster.site("master")
	for _, host in ipairs(holders.sorted(shares)) do
		hosts[#hosts + 1] = host
		master = master and not cluster.same(host, master) and master or nil
	end
	if #nodes > 0 then
		hosts[#hosts + 1] = master
	end
	local states = who.ask(hosts)
	if not who.any_runs(states) then
		return move.nodes
	end
	for host, names in pairs(bad) do
		move:owe(names, ("nodehm.conserver is '%s', and that is no host"):format(host))
	end
	compare_running(move, shares)
	holders.owe(move, differing(who.with_pointers(nodes, shares, states)),
		"--only console")
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
	local states = who.ask(master and { sn, master } or { sn })
	if not (who.runs(states[sn]) or states[sn].there) then
		return {}, {}, false
	end
	return who.any_runs(states) and holds or {}, others, who.any_runs(states)
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
	holders.owe(move, differing(#holds > 0 and { [sn] = holds } or {}))
	holders.owe(move, left(#others > 0 and { [sn] = others } or {}))
end

return console
