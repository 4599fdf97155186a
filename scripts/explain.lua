--- Who answers nodes, asked of the servers and on the wire: what differs from the tables is
-- owed.
--
-- Run as a plan by --explain --probe: it only looks.

local takeover = require "takeover"
local dhcp     = require "dhcp"

-- Each service whose servers can be asked has a line here.
takeover.step("look", "servers and the wire beside the tables", function(move)
	dhcp.explain(move)
end)
takeover.alone()
