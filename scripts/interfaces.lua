--- What a host says of its interfaces.

local interfaces = {}

--- The question to a host.  AIX has no `ip`.
interfaces.QUESTION = "PATH=$PATH:/sbin:/usr/sbin:/etc; if command -v ip >/dev/null; then " ..
	"ip -o address show; else ifconfig -a; fi"

--- "10.2.0.12" as a number; nil for anything else.
function interfaces.number(address)
	local a, b, c, d = address:match("^(%d+)%.(%d+)%.(%d+)%.(%d+)$")
	return a and tonumber(a) << 24 | tonumber(b) << 16 | tonumber(c) << 8 |
		tonumber(d) or nil
end

--- Behind an address of IPv4: "/24" of ip; "netmask 0xffffff00" of AIX's ifconfig, "netmask
-- 255.255.255.0" of others.  Nil for anything else.
local function mask(text)
	local length = tonumber(text:match("^/(%d+)"))
	local hex, dotted = text:match("^%s+netmask 0x(%x+)"), text:match("^%s+netmask ([%d.]+)")
	if length then
		return (0xffffffff << (32 - length)) & 0xffffffff
	end
	return hex and tonumber(hex, 16) or dotted and interfaces.number(dotted)
end

--- The answer: a list of { address = }, those of IPv4 with net and mask, too, as numbers.
function interfaces.read(text)
	local found = {}
	for address, rest in text:gmatch("inet6? ([%x.:]+)([^\n]*)") do
		local value = interfaces.number(address)
		local of_net = value and mask(rest)
		found[#found + 1] = {
			address = address,
			net = of_net and value & of_net or nil,
			mask = of_net or nil,
		}
	end
	return found
end

return interfaces
