--- The hook nagios: the command file is a real fifo on the host sn2, and what reads it there is
-- a recorded fake.  In /root/downtimes is a file for each host that it knows, with a line for
-- each downtime; /tmp/lines has all that was read.

local test = require "test"

test.cluster { nodes = 2 }
test.config { hook = { nagios = {
	host = "sn2", command_file = "/root/nagios.cmd", minutes = 30,
} } }

--- It runs as long as the hook's `timeout` does, as no process outlives a script in a test.
local NAGIOS = [[
file=/root/nagios.cmd
reads() {
	while IFS= read -r line; do
		echo "$line" >>/tmp/lines
		command=${line#*] }
		IFS=\; read -r name host rest <<-END
			$command
		END
		host=/root/downtimes/$host
		comment=${command##*;}
		[ -e "$host" ] || continue
		case $name in
		SCHEDULE_*) echo "$name $comment" >>"$host" ;;
		DEL_*) grep -v " $comment\$" "$host" >/tmp/rest; cat /tmp/rest >"$host" ;;
		esac
	done <$file
}
mkfifo $file
if [ -e /etc/deaf ]; then
	shift
	set -- 0.2 "$@"
else
	reads &
fi
/usr/bin/timeout "$@"
status=$?
wait
rm $file
exit $status]]

local OTHERS = "SCHEDULE_HOST_DOWNTIME the floor is cleaned\n"

local function has_nagios(t)
	t:write("sn2", "/root/downtimes/cn01", OTHERS)
	t:write("sn2", "/root/downtimes/cn02", "")
	t:program("sn2", "timeout", { shell = NAGIOS })
end

--- What was read since the last time, with the time as it begins and ends.
local function read(t)
	local lines = {}
	for time, words in (t:file("sn2", "/tmp/lines") or ""):gmatch "%[(%d+)%] ([^\n]*)\n" do
		lines[#lines + 1] = words:gsub("%d%d%d%d%d%d%d%d+", function(number)
			return ("+%d"):format(tonumber(number) - tonumber(time))
		end)
	end
	t:write("sn2", "/tmp/lines", "")
	return lines
end

local function begin(node, run)
	local words = ";" .. node .. ";+0;+1800;1;0;1800;snmove;snmove run " .. run
	return "SCHEDULE_HOST_DOWNTIME" .. words, "SCHEDULE_HOST_SVC_DOWNTIME" .. words
end
local function ends(node, run)
	return "DEL_DOWNTIME_BY_HOST_NAME;" .. node .. ";;;snmove run " .. run
end
--- What the fake knows by then.
local function begun(run)
	local line = "_DOWNTIME snmove run " .. run .. "\n"
	return "SCHEDULE_HOST" .. line .. "SCHEDULE_HOST_SVC" .. line
end

test.case("where Nagios is not used it does nothing", function(t)
	has_nagios(t)
	t:status(t:move "compute -d sn2 -i --set nagios.host=", 0)
	t:equal(t:calls "sn2", {})
end)

test.case("nodes have a downtime during the move, and during its undo", function(t)
	has_nagios(t)
	t:says(t:plan "cn01 -d sn2 -i", "downtime: begin for cn01")
	t:equal(read(t), {})
	t:status(t:move "cn01 -d sn2 -i", 0)
	local host, services = begin("cn01", 1)
	t:equal(read(t), { host, services, ends("cn01", 1) })
	t:undo()
	host, services = begin("cn01", 2)
	t:equal(read(t), { host, services, ends("cn01", 2) })
end)

test.case("a run that is killed leaves one, and its resume has but one as well", function(t)
	has_nagios(t)
	local points = t:move("cn01 -d sn2 -i").points
	t:undo()
	local run = t:move("cn01 -d sn2 -i", points * 2 // 3) -- between freeze and thaw
	t:ok(run.killed)
	t:equal(t:file("sn2", "/root/downtimes/cn01"), OTHERS .. begun(3))
	read(t)
	t:status(t:resume(), 0)
	local host, services = begin("cn01", 3)
	t:equal(read(t), { ends("cn01", 3), host, services, ends("cn01", 3) })
	t:equal(t:file("sn2", "/root/downtimes/cn01"), OTHERS)
	t:undo()
end)

test.case("what cannot be written is owed, and the move goes on; a resume pays", function(t)
	has_nagios(t)
	t:program("sn2", "timeout", { shell = 'exec /usr/bin/timeout "$@"' })
	local move = t:move "compute -d sn2 -i"
	t:status(move, 3)
	t:says(move, "owed: sn2: 'downtime: begin for cn[01-02]': status 1")
	t:says(move, "/root/nagios.cmd is no fifo: is it running?")
	t:program("sn2", "timeout", { shell = NAGIOS:gsub("/etc/deaf", "/etc/passwd") })
	t:says(t:resume(), "status 124 (nobody reads /root/nagios.cmd)")
	t:program("sn2", "timeout", { shell = NAGIOS })
	t:status(t:resume(), 0)
	t:equal(t:get("cn02", "noderes.xcatmaster"), "sn2-c")
	t:equal(t:file("sn2", "/root/downtimes/cn01"), OTHERS)
	t:equal(t:file("sn2", "/root/downtimes/cn02"), "")
end)

test.case("a name or comment that would be a command more is none", function(t)
	has_nagios(t)
	t:set("cn;3", "nodelist.groups", "compute,all")
	t:set("cn;3", "hosts.ip", "10.2.1.3")
	local move = t:move "compute -d sn2 -D sn2-c -i"
	t:status(move, 3)
	t:says(move, "owed: sn2: cn;3: no downtime: the name cannot stand in a command")
	t:equal(#read(t), 6)
	local refused = t:move "cn01 -d sn1 -i --set nagios.comment=a;b"
	t:status(refused, 1)
	t:says(refused, "the setting nagios.comment is not one line without ';'")
end)

test.case("killed at any point it is resumed, and no downtime stays", function(t)
	has_nagios(t)
	t:kills "cn01 -d sn2 -i"
end)
