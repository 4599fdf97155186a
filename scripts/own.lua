--- xCAT's own commands on the management node, where the site has chosen them (takeover.own).
--
-- What a command did is seen by looking, and not by how it ended: one that ends well and has
-- done nothing is found and owed, one that fails and has done all is a note.  A resume runs it
-- again for the nodes of which the look still finds something.

local cluster  = require "cluster"
local remote   = require "remote"
local services = require "services"
local takeover = require "takeover"
local holders  = require "holders"
local typed    = require "typed"

local own = {}

local MOST = 60000 -- bytes of names for one command line; a word of one may have 131,072

--- Every status: the look decides.
local ANY = {}
for status = 0, 255 do
	ANY[status + 1] = status
end

--- xCAT's come first: ClusterShell has a nodeset, too.
local FIND = "PATH=${XCATROOT:-/opt/xcat}/bin:${XCATROOT:-/opt/xcat}/sbin:$PATH; "

--- Where they run.
local function here()
	return cluster.site("master") or "mn"
end

--- A name that no noderange reads as something else.
local function is_plain(node)
	return node:find("^%w[%w._-]*$") ~= nil
end

--- Nodes whose names the commands take.
function own.takes(nodes)
	local good, odd = {}, {}
	for _, node in ipairs(nodes) do
		table.insert(is_plain(node) and good or odd, node)
	end
	return good, odd
end

--- Is the command there, and can it be given these nodes?  In the step check.
function own.check(move, service, nodes)
	local command, _, odd = takeover.own(service), own.takes(nodes)
	if #odd > 0 then
		move:problem("names", odd, ("xCAT's %s takes no such name"):format(command),
			"names of letters, digits, '.', '_' and '-'; forced, they are left out and owed")
	end
	local result = remote.query(here(), FIND .. "command -v " .. command, { timeout = 10 })[here()]
	if result.error or result.status ~= 0 then
		move:problem("mn", nil, ("the configuration leaves %s to xCAT's %s (own.%s), and it is " ..
			"not on the management node%s"):format(service, command, service,
			result.error and ": " .. (result.message or result.error) or ""),
			"xCAT there, with its commands in PATH or below $XCATROOT; or no own." .. service)
	end
end

-- --- In pieces -------------------------------------------------------------------------------

--- Nodes as noderanges that a command line can hold.
local function pieces(nodes)
	local found, piece, bytes = {}, {}, 0
	for _, node in ipairs(nodes) do
		if bytes + #node + 1 > MOST then
			found[#found + 1] = cluster.fold(piece)
			piece, bytes = {}, 0
		end
		piece[#piece + 1] = node
		bytes = bytes + #node + 1
	end
	if #piece > 0 then
		found[#found + 1] = cluster.fold(piece)
	end
	return found
end

local function nodes_of(range)
	return (cluster.noderange(range, { verify = false }))
end

--- The noderanges of earlier attempts, which are asked for again in the same words (the journal
-- gives their results); and the nodes that are in none.
local function recall(move, key, nodes)
	local ranges, had, fresh = {}, {}, {}
	for range in (move.notes[key] or ""):gmatch("[^\n]+") do
		ranges[#ranges + 1] = range
		for _, node in ipairs(nodes_of(range)) do
			had[node] = true
		end
	end
	for _, node in ipairs(nodes) do
		fresh[#fresh + 1] = not had[node] and node or nil
	end
	return ranges, fresh
end

local function keep(move, key, ranges)
	if not move.planning then
		move.notes[key] = table.concat(ranges, "\n")
	end
end

-- --- Running ---------------------------------------------------------------------------------

--- To be read, and not to be typed (typed.line).
local function plain(words)
	return table.concat(words, " ")
end

local function run_text(words)
	return FIND .. typed.line(words)
end

--- The last line that it said.
local function last_line(result)
	local text = result.stderr:find("%S") and result.stderr or result.stdout
	local line
	for found in text:gmatch("[^\n]+") do
		line = found:find("%S") and found or line
	end
	return line and line:sub(1, 200)
end

--- One piece.  Gives how it ended, in words; nil: well.
local function run(range, how)
	local words = how.words(range)
	local back = how.back and how.back(range)
	local host = here()
	-- Where a second time would find other rows, one whose end nobody knows counts as ended.
	local result = remote.run(host, run_text(words), {
		says = plain(words), accept = ANY, repeatable = not how.again,
		done = how.again and "true" or nil, undo_always = true,
		nodes = nodes_of(range), undo = back and run_text(back) or back, undo_last = how.last,
		undo_if = how.back_if })[host]
	if result.planned or not result.error and result.status == 0 then
		return nil
	end
	local line = last_line(result)
	return ("%s ended with %s%s"):format(plain(words), result.error or "status " .. result.status,
		line and ": " .. line or "")
end

--- What an undo is to run in its turn, where nothing is to be done now.
function own.only_back(nodes, how)
	for _, range in ipairs(pieces(own.takes(nodes))) do
		local back = how.back(range)
		remote.run(here(), ":", { says = "nothing; an undo runs " .. plain(back),
			repeatable = true, undo_always = true, nodes = nodes_of(range), undo = run_text(back),
			undo_if = how.back_if })
	end
end

local function add_wrong(set, wrong)
	for _, one in ipairs(wrong) do
		for _, node in ipairs(one.nodes) do
			set[node] = true
		end
	end
	return set
end

--- Tells and owes what the look has found; gives the set of its nodes.
local function owe(move, wrong, how, ends)
	for _, one in ipairs(wrong) do
		local ended = #ends > 0 and table.concat(ends, "; ") or
			("%s ended well, and"):format(how.words("")[1])
		local next_step = how.again and "it asks the rows, which are others now: a resume takes " ..
			"them out there itself" or "look at what it says, and then: " ..
			typed.line(how.words(cluster.fold(one.nodes)))
		move:owe(one.nodes, ("%s%s %s: %s"):format(ended, #ends > 0 and ":" or "", one.what,
			next_step), one.host, true)
	end
	if #wrong == 0 then
		for _, ended in ipairs(ends) do
			move:note(ended .. "; all that it was to do is done")
		end
	end
	return add_wrong({}, wrong)
end

--- Runs a command for nodes, and looks at what has become of it.
--
-- `how`: words(noderange) -> the command; back(noderange) -> the one that takes it back, or
-- nil; last: that is run after all else has gone back; back_if: see remote.run, undo_if;
-- look(nodes) -> {{nodes =, what =, host =}, ...}: what is not as it shall be, or nil: nobody
-- can look, and it goes by how the command ended; again(nodes) or nil: what a resume does in
-- place of the command, where that would find other rows.
-- `key`: what it is known by among the notes of the run.
-- Gives the set of the nodes that something is owed for.
function own.run(move, key, nodes, how)
	local good, odd = own.takes(nodes)
	local ranges, fresh = recall(move, key, good)
	local before, ends = #ranges, {}
	local function go(list)
		local first = #ranges + 1
		table.move(list, 1, #list, first, ranges)
		keep(move, key, ranges)
		for i = first, #ranges do
			ends[#ends + 1] = run(ranges[i], how)
		end
	end
	for _, range in ipairs(ranges) do
		ends[#ends + 1] = run(range, how)
	end
	go(pieces(fresh))
	if move.planning then
		return {}
	end
	local function look()
		return how.look and how.look(good) or
			#ends > 0 and { { nodes = good, what = "nobody can see what it has done" } } or {}
	end
	local wrong = look()
	if before > 0 and #wrong > 0 then
		-- An earlier attempt has told of them: now it is paid.
		local left = holders.sorted(add_wrong({}, wrong))
		ends = {}
		if how.again then
			how.again(left)
		else
			go(pieces(left))
		end
		wrong = look()
	end
	if #odd > 0 then
		move:owe(odd, ("xCAT's %s takes no such name: do it by hand"):format(how.words("")[1]))
	end
	return add_wrong(owe(move, wrong, how, ends), #odd > 0 and { { nodes = odd } } or {})
end

--- After an undo, whose commands are looked at as well; and of many nodes it may have taken
-- some back, and then it has run none.  What is still where the rows do not say is taken out
-- there, and the command is run for what is not as they say.
--
-- `how`: words, look() as above; left() -> host -> nodes.
function own.finish(move, service, how)
	local gone = how.left()
	if next(gone) then
		services.release(service, gone)
	end
	local wrong = how.look()
	for _, range in ipairs(pieces(own.takes(holders.sorted(add_wrong({}, wrong))))) do
		run(range, { words = how.words, back = function() return false end })
	end
	if #wrong > 0 then
		wrong = how.look()
	end
	for _, one in ipairs(wrong) do
		move:owe(one.nodes, ("%s, after the undo: %s"):format(one.what,
			typed.line(how.words(cluster.fold(one.nodes)))), one.host)
	end
end

--- Of a step: which of these nodes it has told of already.
function own.note(move, service, nodes, set)
	local name = "own owed in " .. service
	local all = holders.minus(nodes_of(move.notes[name] or ""), nodes)
	local mine = holders.sorted(set)
	table.move(mine, 1, #mine, #all + 1, all)
	move.notes[name] = #all > 0 and cluster.fold(all) or nil
end

--- Nodes without those.
function own.without_owed(move, service, nodes)
	return holders.minus(nodes, nodes_of(move.notes["own owed in " .. service] or ""))
end

return own
