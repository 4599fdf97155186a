--- Who answers nodes, asked of the servers and on the wire: what differs from the tables is
-- owed.
--
-- Run as a plan by --explain --probe: it only looks.

local takeover     = require "takeover"
local boot         = require "boot"
local console      = require "console"
local look_at_dhcp = require "dhcp_look"

--- Each service whose servers can be asked has its line here.
local function look(move)
	look_at_dhcp(move)
	boot.explain(move)
	console.explain(move)
end

takeover.step("look", "servers and the wire beside the tables", look)
takeover.alone()
