--- Partitions boot from the network: lpar_netboot on the HMC that has them.
--
-- Nobody moves.  What has booted cannot be taken back; one that was begun, and of which nobody
-- knows how it ended, is owed and not begun again.

local remote     = require "remote"
local takeover   = require "takeover"
local hmc        = require "hmc"
local partitions = require "partitions"

local SECONDS = 1800 -- for a partition, both tries: it is powered off, and tests its memory

local function refuse(move, lines)
	if #lines > 0 then
		move:refuse(table.concat(lines, "\n"))
	end
end

local function check(move)
	local targets, problems = partitions.find(move)
	local rest = not move.options.anyway and partitions.at_rest(move.nodes, targets) or {}
	if #rest > 0 then
		problems["chain.currstate is boot, so it would boot from its disk: nodeset first, or -F"] =
			rest
	end
	refuse(move, partitions.lines(problems))
end

--- What a plan shows beside the changes.
local function tell(move, targets)
	for _, node in ipairs(move.nodes) do
		local target = targets[node]
		move:note(("%s (%s): %s: %s"):format(node, target.state, target.hmc,
			hmc.text(partitions.command(target, move.options.verbose))))
	end
end

--- Each HMC's in as many lanes as it boots at once.
local function entries_of(move, targets)
	local entries, count, most = {}, {}, hmc.most()
	for i, node in ipairs(move.nodes) do
		local target = targets[node]
		count[target.hmc] = (count[target.hmc] or 0) + 1
		entries[i] = { host = "mn", node = node,
			lane = ("%s %d"):format(target.hmc, count[target.hmc] % most),
			says = ("network boot of %s by %s%s"):format(node, target.hmc,
				target.direct and ", from " .. target.direct.server or ""),
			command = hmc.boot(move, target.hmc,
				partitions.command(target, move.options.verbose)) }
	end
	return entries
end

local function boot(move)
	local targets, problems = partitions.find(move)
	local lines = partitions.lines(problems)
	if #lines > 0 then -- of a resume: somebody has changed what the check has seen
		error(table.concat(lines, "\n"), 0)
	end
	if move.planning then
		tell(move, targets)
	end
	local results = remote.run(entries_of(move, targets),
		{ timeout = tonumber(move.options.timeout) or SECONDS })
	for _, result in ipairs(move.planning and {} or results) do
		log.info("%s: %s", result.node, result.stdout)
	end
end

takeover.step("check", "partitions and their HMCs; nothing is changed", check)
takeover.step("netboot", "lpar_netboot, and what it says in the end", boot)
takeover.alone()
