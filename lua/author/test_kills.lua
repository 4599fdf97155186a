--- A move that is killed at every point there is: what must be so afterwards.

local world = require "world"

local kills = {}

--- What on a host is no change of anybody: what passes, what the test tells, what snmove keeps
-- of replaced files, and this machine's folders, or the links to them.
local PASSING = { "run", "tmp", "proc", "dev", "told", "var/lib/snmove/kept", "usr",
	"etc/alternatives", "bin", "sbin", "lib", "lib32", "lib64" }

local function passing(case)
	local list = {}
	for host in pairs(case.hosts) do
		for _, folder in ipairs(PASSING) do
			list[#list + 1] = host .. "/" .. folder
		end
	end
	return list
end

local function sorted_lines(text)
	local lines = {}
	for line in text:gmatch "[^\n]+" do
		lines[#lines + 1] = line
	end
	table.sort(lines)
	return lines
end

--- All that a move may change: the rows of the tables, the files of the hosts.
function kills.state(case)
	local state = {}
	world.export(case.folder, "now")
	for file in pairs(world.files(case.folder, "now", {})) do
		for _, line in ipairs(sorted_lines(world.get(case.folder, "now/" .. file))) do
			state["table " .. file:gsub("%.csv$", "") .. ": " .. line] = "a row"
		end
	end
	for path, words in pairs(world.files(case.folder, "hosts", passing(case))) do
		state["file " .. path:gsub("/", ":/", 1)] = words
	end
	return state
end

--- What differs between two states, a line each; nil: nothing does.
function kills.difference(wanted, is)
	local lines = {}
	for what, words in pairs(wanted) do
		if is[what] ~= words then
			lines[#lines + 1] = ("- %s%s"):format(what, words == "a row" and "" or " (" .. words .. ")")
		end
	end
	for what, words in pairs(is) do
		if wanted[what] ~= words then
			lines[#lines + 1] = ("+ %s%s"):format(what, words == "a row" and "" or " (" .. words .. ")")
		end
	end
	table.sort(lines, function(a, b) return a:sub(3) .. a < b:sub(3) .. b end)
	return #lines > 0 and table.concat(lines, "\n") or nil
end

--- Before the run is in the journal there is nothing to resume, and a move is no second one.
local function go_on(case, words)
	local run = case:resume()
	return run.status == 1 and case:move(words) or run
end

local function check(case, n, point, what, wanted)
	local differs = kills.difference(wanted, kills.state(case))
	if differs then
		error(("killed at point %d (%s), %s:\n%s"):format(n, point, what, differs), 0)
	end
end

local function check_status(run, wanted, n, point)
	if run.status ~= wanted then
		error(("killed at point %d (%s), '%s' ends with %d, and not %d:\n%s%s"):format(n,
			point, run.words, run.status, wanted, run.out, run.err), 0)
	end
end

--- Numbers of points: all, or `most` of them, from the first to the last.
local function chosen(points, most)
	local list = {}
	if not most or most >= points then
		most = points
	end
	for i = 1, most do
		list[i] = most == 1 and 1 or 1 + (i - 1) * (points - 1) // (most - 1)
	end
	return list
end

local function kill(case, words, n, before, after)
	local run = case:move(words, n)
	if not run.killed then -- it came by fewer points this time
		check_status(run, 0, n, "the end")
		return
	end
	check_status(go_on(case, words), 0, n, run.killed)
	check(case, n, run.killed, "it does not end as a move that is not killed", after)
	check_status(case:snmove "--undo", 0, n, run.killed)
	check(case, n, run.killed, "an undo does not bring back what was", before)
end

--- Gives at how many points it was killed.
function kills.everywhere(case, words, most)
	local folder, kept = case.folder, world.new()
	world.copy(folder, kept)
	case.before = nil -- whatever was done before is there to begin with
	local whole = case:move(words)
	if whole.status ~= 0 then
		error(("unkilled, '%s' ends with %d, and not 0:\n%s%s"):format(whole.words,
			whole.status, whole.out, whole.err), 0)
	end
	if whole.points == 0 then
		error("the move reaches no point where it could be killed: " .. whole.out .. whole.err, 0)
	end
	local before, after = case.before, kills.state(case)
	local list = chosen(whole.points, most)
	for _, n in ipairs(list) do
		world.copy(kept, folder)
		kill(case, words, n, before, after)
	end
	world.remove(kept)
	return #list
end

return kills
