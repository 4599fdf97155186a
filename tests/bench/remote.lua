-- remote.lua HOSTS FANOUT WAY: `true` on the first HOSTS nodes.  Prints how many were reached,
-- and why the first that was not was not.  Called by tests/bench/remote.
local remote = require("remote")

local wanted, fanout, way = tonumber(arg[1]), tonumber(arg[2]), arg[3]
local hosts, reached, problem = {}, 0, nil

for i = 1, wanted do
	hosts[i] = string.format("h%04d", i)
end
for host, result in pairs(remote.query(hosts, "true", { fanout = fanout, via = way })) do
	if result.status == 0 and not result.error and result.transport ~= "local" then
		reached = reached + 1
	else
		problem = problem or string.format("%s: %s, %s", host, result.error or result.status,
			result.message or result.stderr)
	end
end
print(reached)
if problem then
	print(problem)
end
