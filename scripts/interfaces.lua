--- What a host says of its interfaces.

local interfaces = {}

--- "10.2.0.12" as a number; nil for anything else.
function interfaces.number(address)
	local a, b, c, d = address:match("^(%d+)%.(%d+)%.(%d+)%.(%d+)$")
	return a and tonumber(a) << 24 | tonumber(b) << 16 | tonumber(c) << 8 |
		tonumber(d) or nil
end

--- The answer to remote.addresses_command: a list of { address = }, those of IPv4 with net and
-- mask, too, as numbers.
function interfaces.read(text)
	local found = {}
	for address, length in text:gmatch("inet6? ([%x.:]+)/(%d+)") do
		local value = interfaces.number(address)
		local mask = value and (0xffffffff << (32 - tonumber(length))) & 0xffffffff
		found[#found + 1] = {
			address = address,
			net = mask and value & mask,
			mask = mask,
		}
	end
	return found
end

return interfaces
