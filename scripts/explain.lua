--- Who answers nodes, asked of the servers and on the wire: what differs from the tables is
-- owed.
--
-- Run as a plan by --explain --probe: it only looks.

local takeover = require "takeover"
local dhcp     = require "dhcp"

--- Each service whose servers can be asked has its line here; boot files and consoles have none
-- yet.
local function look(move)
	dhcp.explain(move)
end

takeover.step("look", "servers and the wire beside the tables", look)
takeover.alone()
