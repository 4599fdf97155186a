-- remote.lua HOSTS FANOUT WAY [TEXT]: `true` on the first HOSTS nodes, or the scripts of the
-- step nodes, which the file TEXT has.  Prints how many were reached, and why the first that
-- was not was not.  Called by tests/bench/remote.
local remote = require("remote")

local wanted, fanout, way = tonumber(arg[1]), tonumber(arg[2]), arg[3]
local hosts, reached, problem = {}, 0, nil

for i = 1, wanted do
	hosts[i] = string.format("h%04d", i)
end
local command, text = "true", nil
if arg[4] then
	command = "/bin/sh -s -- defaultroute mkresolvconf syslog setupntp xcatinfo"
	text = assert(io.open(arg[4])):read("a")
end
local asked = remote.query(hosts, command, { fanout = fanout, via = way, stdin = text,
	env = text and { MASTER = "gate", MASTER_IP = "127.2.0.1", SNMOVE_NEW = "127.2.0.1",
		SNMOVE_OLD = "old 127.3.0.1", NAMESERVERS = "<xcatmaster>" } or nil })
for host, result in pairs(asked) do
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
