--- The hook slurm: sinfo, squeue and scontrol are recorded fakes, for which each file in
-- /root/slurm of the controller is a node, with its state and reason.

local test = require "test"

test.cluster { nodes = 3 }
test.config { hook = { slurm = { controller = "mn" } } }

local SINFO = 'cd /root/slurm && for node in *; do echo "$node|$(cat "$node")"; done'
local SCONTROL = [[
[ ! -e /etc/broken ] || exit 1
for node in $(echo "${2#NodeName=}" | tr , ' '); do
	case $3 in
	State=DRAIN) echo "drained|${4#Reason=}" ;;
	State=RESUME) echo "idle|none" ;;
	esac >"/root/slurm/$node"
done]]

local function has_slurm(t)
	t:write("mn", "/root/slurm/cn01", "idle|none\n")
	t:write("mn", "/root/slurm/cn02", "mixed|none\n")
	t:write("mn", "/root/slurm/cn03", "drained|disk is broken\n")
	t:program("mn", "sinfo", { shell = SINFO })
	t:program("mn", "squeue", "")
	t:program("mn", "scontrol", { shell = SCONTROL })
end

local function state(t, node) return t:file("mn", "/root/slurm/" .. node) end

local DRAIN = "update NodeName=cn01,cn02 State=DRAIN Reason=snmove run %d"
local RESUME = "update NodeName=cn01,cn02 State=RESUME"

test.case("where Slurm is not used it does nothing", function(t)
	has_slurm(t)
	t:status(t:move "compute -d sn2 -i --set slurm.controller=", 0)
	t:equal(t:calls "mn", {})
end)

test.case("nodes are drained and resumed, but who was drained; so it is in an undo", function(t)
	has_slurm(t)
	t:write("mn", "/root/slurm/cn02", "idle|none\n")
	t:status(t:move "compute -d sn2 -i", 0)
	t:equal(t:calls("mn", "scontrol"), { DRAIN:format(1), RESUME })
	t:equal(state(t, "cn03"), "drained|disk is broken\n")
	t:undo()
	t:equal(t:calls("mn", "scontrol"), { DRAIN:format(1), RESUME, DRAIN:format(1), RESUME })
end)

test.case("a controller that is down is owed, and a resume pays", function(t)
	has_slurm(t)
	t:fails("mn", "unreachable")
	local down = t:move "compute -d sn2 -i"
	t:status(down, 3)
	t:says(down, "Slurm does not answer on mn: unreachable")
	t:mends "mn"
	t:program("mn", "scontrol", { status = 1 })
	local refused = t:resume()
	t:status(refused, 3)
	t:says(refused, "owed: mn: cn[01-03]: Slurm has not drained all nodes")
	t:equal(state(t, "cn01"), "idle|none\n")
	t:program("mn", "scontrol", { shell = SCONTROL })
	t:status(t:resume(), 0)
	t:equal(t:calls("mn", "scontrol"), { DRAIN:format(1), DRAIN:format(1), RESUME })
end)

test.case("jobs that do not end in time end the move; a resume drains nodes anew", function(t)
	has_slurm(t)
	t:program("mn", "squeue", "12 batch job")
	local move = t:move "compute -d sn2 -i --set slurm.wait=0.1"
	t:status(move, 4)
	t:says(move, "jobs run on after 0.1 seconds")
	t:equal(state(t, "cn02"), "idle|none\n")
	t:equal(t:get("cn01", "noderes.xcatmaster"), "sn1-c")
	t:program("mn", "squeue", "")
	t:status(t:resume(), 0)
	t:equal(t:calls("mn", "scontrol"), { DRAIN:format(1), RESUME, DRAIN:format(1), RESUME })
end)

test.case("killed at any point it is resumed, and no node stays drained", function(t)
	has_slurm(t)
	t:write("mn", "/root/slurm/cn02", "idle|none\n")
	t:kills "compute -d sn2 -i"
end)
