--- A service node that was dead is back: what it holds is brought up to date.
--
-- The nodes are those that were moved while it was dead.  What it held of them, and does not
-- hold by the tables of today, goes; what it holds is as the tables have it.  Nothing else is
-- looked at: what others than snmove have put there stays.

local takeover = require "takeover"
local boot     = require "boot"
local console  = require "console"
local dhcp     = require "dhcp"

local function server(move)
	return move:new(move.nodes[1]).sn
end

local function check(move)
	if move.mode == "dead" then
		move:refuse(server(move) .. " does not answer: it is brought up to date when it is back")
	end
	dhcp.check_back(move, server(move))
	console.check_back(move, server(move))
end

local function give(move)
	dhcp.give_back(move, server(move))
end

local function give_boot(move)
	boot.give_back(move, server(move))
end

local function give_console(move)
	console.give_back(move, server(move))
end

local function verify(move)
	dhcp.verify_back(move, server(move))
	boot.verify_back(move, server(move))
	console.verify_back(move, server(move))
end

takeover.step("check", "it answers, and takes what it is to have; nothing is changed", check)
takeover.step("dhcp", "its DHCP entries, and who answers the nodes", give)
takeover.step("boot", "boot files that it holds no more", give_boot)
takeover.step("console", "consoles that it holds no more, and those that it has", give_console)
takeover.step("verify", "its entries are read back", verify)
takeover.alone()
