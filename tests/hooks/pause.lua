--- The hook pause: files of cron are real; systemctl is a recorded fake, for which a unit runs
-- while /etc/units has a file of its name.

local test = require "test"

test.cluster { nodes = 2 }
-- /run of a host does not outlive a script in a test.
test.config { hook = { pause = { units = "puppet.timer off.timer", cron = "/etc/cron.d/job",
	state = "/var/lib/paused" } } }

local SYSTEMCTL = [[
for unit; do :; done
case $1 in
is-active) [ -e "/etc/units/$unit" ] ;;
stop) rm -f "/etc/units/$unit" ;;
start) [ ! -e /etc/broken ] && : >"/etc/units/$unit" ;;
esac
]]

local function has_jobs(t)
	for _, node in ipairs { "cn01", "cn02" } do
		t:write(node, "/etc/units/puppet.timer", "")
		t:write(node, "/etc/cron.d/job", "@hourly root true\n")
		t:program(node, "systemctl", { shell = SYSTEMCTL })
	end
end

--- In the middle of the move, as a hook of the site sees it.
test.hook "files/look.lua"
local PAUSED, RUNS = "/etc/cron.d/.job.snmove\n", "/etc/cron.d/job\n/etc/units/puppet.timer\n"

local function runs(t, node)
	return t:file(node, "/etc/units/puppet.timer") and t:file(node, "/etc/cron.d/job") and
		not t:file(node, "/etc/units/off.timer") and not t:file(node, "/var/lib/paused/puppet.timer")
end

test.case("where nothing is to be paused it does nothing", function(t)
	has_jobs(t)
	t:status(t:move "compute -d sn2 -i --set pause.units= --set pause.cron=", 0)
	t:equal(t:calls("cn01", "systemctl"), {})
	t:equal(t:file("cn01", "/var/log/seen"), RUNS)
end)

test.case("jobs rest during the move, also of an undo, and what was off stays off", function(t)
	has_jobs(t)
	t:status(t:move "compute -d sn2 -i", 0)
	t:equal(t:file("cn01", "/var/log/seen"), PAUSED)
	t:ok(runs(t, "cn01"))
	t:undo()
	local stops = 0
	for _, call in ipairs(t:calls("cn02", "systemctl")) do
		stops = stops + (call == "stop puppet.timer" and 1 or 0)
		t:ok(call ~= "start off.timer", "what was off was started")
	end
	t:equal(stops, 2)
end)

test.case("who is down, or does not go on, is owed, and a resume pays", function(t)
	has_jobs(t)
	t:fails("cn01", "unreachable")
	t:write("cn02", "/etc/broken", "")
	local move = t:move "compute -d sn2 -i --without look"
	t:status(move, 3)
	t:says(move, "owed: cn01: 'pause puppet.timer off.timer /etc/cron.d/job': unreachable")
	t:says(move, "puppet.timer does not run again: systemctl start puppet.timer")
	t:mends "cn01"
	t:program("cn02", "systemctl", { shell = SYSTEMCTL:gsub("/etc/broken", "/etc/mended") })
	t:status(t:resume(), 0)
	t:ok(runs(t, "cn01"))
	t:ok(runs(t, "cn02"))
end)

--- The kill before the end of the step thaw is kept, when all runs again already.
test.case("killed behind the thaw, a resume pauses again, and lets go on again", function(t)
	has_jobs(t)
	local words = "cn01 -d sn2 -i --without look"
	local points = t:move(words).points
	t:undo()
	for n = points - 4, points - 3 do
		local run = t:move(words, n)
		t:status(t:resume(), 0)
		t:ok(runs(t, "cn01"), run.killed)
		t:undo()
	end
end)

test.case("killed at any point it is resumed, and all runs again", function(t)
	has_jobs(t)
	t:kills "cn01 -d sn2 -i"
end)
