--- The takeover of AIX nodes: that of Linux nodes, bent.
--
-- A prototype, made of what xCAT's own snmove does for AIX: neither AIX nor NIM could be had to
-- try it on.  NIM serves the nodes, so there is neither DHCP nor boot file to be moved; what
-- their service node has of them is statelite data, and with a shared installation a root.

local takeover    = require "takeover"
local checks      = require "checks"
local duties      = require "duties"
local leftovers   = require "leftovers"
local nodes       = require "aix_nodes"
local rows        = require "rows"
local shared_root = require "aix_shared_root"
local statelite   = require "aix_statelite"
require "linux"

duties.leave("dhcp", "boot")

local function does_nodes(move)
	return move:does("nodes") and not move.options.ignorenodes
end

takeover.replace("check", function(move)
	checks.all(move)
	duties.check(move)
	rows.check(move)
	shared_root.check(move)
	if does_nodes(move) then
		nodes.check(move)
	end
end)

takeover.insert("statelite", { before = "servicenode" },
	"statelite data of the nodes, to the new service node", statelite.copy)
takeover.insert("statemnt", { before = "xcatmaster" }, "statelite.statemnt",
	statelite.rows)
takeover.insert("shared_root", { before = "dhcp" },
	"tables and client data in the root that service nodes share", shared_root.turn)

takeover.replace("dhcp", nil, "for hooks: NIM answers them")
takeover.replace("boot", nil, "for hooks: NIM has their boot files")

takeover.replace("nodes", function(move)
	if not move.options.ignorenodes then
		nodes.turn(move)
	end
end, "dump device, NIM, xcatinfo, route and boot list of the nodes")

takeover.replace("verify", function(move)
	rows.verify(move)
	duties.verify(move)
	if does_nodes(move) and not move.planning then
		nodes.verify(move)
	end
	leftovers(move)
end)

takeover.replace("finished", function(move)
	if not move.planning and move.undone and #move.undone > 0 then
		duties.finished(move)
	end
end)
