--- The takeover of Linux nodes: who serves them, step by step.
--
-- This is the default procedure; a site that lives otherwise bends it (takeover.replace,
-- insert, remove) and names its own with --script.  What its steps do is in modules: checks,
-- rows, duties, nodes.  What they change is shown by --plan; the rows of joined steps are
-- written together or not at all.

local cluster   = require "cluster"
local takeover  = require "takeover"
local checks    = require "checks"
local duties    = require "duties"
local leftovers = require "leftovers"
local nodes     = require "nodes"
local rows      = require "rows"
local tables    = require "tables"

--- {aix = nodes, linux = all others}
local function by_system(move)
	return (cluster.divide(move.nodes, { "nodetype.os" }, function(values)
		return tables.is_aix(values["nodetype.os"]) and "aix" or "linux"
	end))
end

local function refuse_aix(move, kinds)
	if kinds.aix then
		move:refuse("AIX nodes cannot be moved by this procedure: " .. cluster.fold(kinds.aix) ..
			(kinds.linux and "; move the others alone: " .. cluster.fold(kinds.linux) or ""))
	end
end

local function does_nodes(move)
	return move:does("nodes") and not move.options.ignorenodes
end

local function check(move)
	-- Read before hosts are asked: a table that is read behind that keeps a view of the database
	-- open as long as the hooks behind the check take.
	local kinds = by_system(move)
	checks.all(move)
	duties.check(move)
	if does_nodes(move) then
		nodes.before(move)
	end
	rows.check(move)
	refuse_aix(move, kinds)
end

local function turn_nodes(move)
	if not move.options.ignorenodes then
		nodes.turn(move)
	end
end

local function verify(move)
	rows.verify(move)
	duties.verify(move)
	if does_nodes(move) and not move.planning then
		nodes.verify(move)
	end
	leftovers(move)
end

local function finished(move)
	if not move.planning and move.undone and #move.undone > 0 then
		duties.finished(move)
		nodes.finished(move)
	end
end

takeover.step("check", "the rules of a takeover; nothing is changed", check)
takeover.step("freeze", "for hooks: what would disturb the move is paused")
takeover.step("fence", "for hooks: a dead service node is kept from coming back")
takeover.step("servicenode", "the new service node first in noderes.servicenode",
	rows.servicenode)
takeover.step("xcatmaster", "noderes.xcatmaster", rows.xcatmaster)
takeover.step("servers", "TFTP, NFS, monitoring and console server", rows.servers)
takeover.insert("release", duties.EARLY and { before = "servicenode" } or { after = "servers" },
	"consoles and DHCP entries that are held no more", duties.release)
takeover.step("dhcp", "entries of the nodes, and who answers them", duties.give_dhcp)
takeover.step("boot", "boot files of the nodes, for the same boot", duties.give_boot)
takeover.step("console", "consoles of the nodes, and who has them", duties.give_console)
takeover.step("nodes", "log, time, names, route and DHCP client of the nodes", turn_nodes)
takeover.step("monitoring", "for hooks")
takeover.step("hardware", "for hooks")
takeover.step("applications", "for hooks")
takeover.step("verify", "what was done is read back", verify)
takeover.step("thaw", "for hooks: what freeze paused goes on")
takeover.step("finished", "for hooks", finished)
takeover.join("servicenode", "xcatmaster", "servers")
takeover.batched("nodes")
takeover.always("thaw", "finished")
