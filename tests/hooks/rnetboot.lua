--- rnetboot, on an HMC that is recorded (the answers of its commands as they are known).

local test = require "test"

local FINISHED = "# Connecting to lpar1\n# Connected\n# bootp sent over network.\n" ..
	"# Network boot proceeding, lpar_netboot is exiting.\n# Finished.\n"

test.cluster {
	nodelist = { { node = "sn1", groups = "service" }, { node = "cec1", groups = "cec" },
		{ node = "cn01", groups = "compute" }, { node = "cn02", groups = "compute" } },
	hosts = { { node = "sn1", ip = "10.1.0.11", otherinterfaces = "sn1-c:10.2.0.11" },
		{ node = "cn01", ip = "10.2.1.1" }, { node = "cn02", ip = "10.2.1.2" } },
	networks = { { netname = "cluster", net = "10.2.0.0", mask = "255.255.0.0",
		gateway = "0.0.0.0" } },
	noderes = { { node = "compute", servicenode = "sn1", xcatmaster = "sn1-c" } },
	nodehm = { { node = "compute", mgt = "hmc", power = "hmc" } },
	nodetype = { { node = "compute", os = "rhels6.2", arch = "ppc64" } },
	mac = { { node = "cn01", mac = "42:DA:B0:00:10:02" },
		{ node = "cn02", mac = "42dab0002002" } },
	ppc = { { node = "compute", hcp = "hmc1", parent = "cec1" },
		{ node = "cn01", id = "1" }, { node = "cn02", id = "2", pprofile = "big one" } },
	vpd = { { node = "cec1", mtm = "8204-E8A", serial = "10A" } },
	chain = { { node = "compute", currstate = "netboot" } },
	site = { { key = "master", value = "10.1.0.1" }, { key = "domain", value = "cluster.test" } },
}

--- ssh on the management node answers as the HMC: by the command that is the last argument.
local function hmc(t, boots)
	t:program("mn", "ssh", { shell = [[
		for command; do :; done
		echo "$command" >>/root/asked
		case $command in
		lssyscfg*) printf '1,lpar1,default,Running\n2,"lpar,2",default,Not Activated\n' ;;
		"lshmc -v") printf '"vpd=*FC ????????\n*DS Platform Firmware\n*RM V7R3.1.0.1\n"\n' ;;
		lpar_netboot*) ]] .. (boots or "cat /root/boot") .. [[ ;;
		*) echo "rbash: $command: command not found" >&2; exit 127 ;;
		esac]] })
	t:write("mn", "/root/boot", FINISHED)
end

--- The boots that the HMC was asked for.
local function asked(t)
	local list = {}
	for line in (t:file("mn", "/root/asked") or ""):gmatch "lpar_netboot[^\n]*" do
		list[#list + 1] = line
	end
	return list
end

test.case("broadcast: no addresses; name, profile and system by the lpar id", function(t)
	hmc(t)
	local run = t:rnetboot "cn01"
	t:status(run, 0)
	t:says(run, "network boot of 1 node: cn01")
	t:says(run, "run 1 done: 1 node, 1 booted")
	t:equal(asked(t), { "lpar_netboot -t ent -f -i -m 42dab0001002 -s auto -d auto " ..
		"lpar1 default '8204-E8A*10A'" })
	t:ok(t:calls("mn", "ssh")[1]:find "hscroot@hmc1")
end)

test.case("direct: from the server; a gateway 0.0.0.0 is the server from V7 on", function(t)
	hmc(t)
	t:status(t:rnetboot "cn02 -d -V", 0)
	t:equal(asked(t), { "lpar_netboot -t ent -f -x -v -i -m 42dab0002002 -s auto -d auto " ..
		"-S 10.2.0.11 -G 10.2.0.11 -C 10.2.1.2 -K 255.255.0.0 " ..
		"'lpar,2' 'big one' '8204-E8A*10A'" })
end)

test.case("a plan shows the HMC's commands, and boots nothing", function(t)
	hmc(t)
	local plan = t:rnetboot "compute -d --plan"
	t:status(plan, 0)
	t:says(plan, "plan: network boot of 2 nodes: cn[01-02]")
	t:says(plan, "network boot of cn01 by hmc1, from 10.2.0.11  cannot be taken back")
	t:says(plan, "note: cn01 (Running): hmc1: lpar_netboot -t ent -f -i -m 42dab0001002")
	t:equal(asked(t), {})
	t:says(t:snmove "--history", "no run yet")
end)

test.case("bootp that fails has status 0: it is tried twice, and owed", function(t)
	hmc(t, "case $command in *lpar1*) cat /root/boot;; *) echo '# Connected'; " ..
		"echo 'lpar_netboot: bootp operation failed.';; esac")
	local run = t:rnetboot "compute"
	t:status(run, 3)
	t:says(run, "FAILED mn: 'network boot of cn02 by hmc1': status 1 " ..
		"(lpar_netboot: bootp operation failed.)")
	t:says(run, "run 1 done, with work owed: 2 nodes, 1 booted")
	t:equal(#asked(t), 3)
	t:says(t:snmove "--status", "try it again: ")
	hmc(t)
	local again = t:resume()
	t:status(again, 0)
	t:says(again, "resume: network boot of 2 nodes")
	t:equal(#asked(t), 4)
	t:says(t:snmove "--status", "nothing is owed")
end)

test.case("a MAC that is not found is not tried again", function(t)
	hmc(t, "echo 'lpar_netboot: can not find mac address 42DAB0001002.'; exit 1")
	t:status(t:rnetboot "cn01", 3)
	t:equal(#asked(t), 1)
end)

test.case("an HMC that is busy is tried a second time", function(t)
	hmc(t, "[ -e /root/busy ] || { touch /root/busy; echo 'The HMC is busy.'; exit 1; }; " ..
		"cat /root/boot")
	t:status(t:rnetboot "cn01", 0)
	t:equal(#asked(t), 2)
end)

test.case("nothing is booted if one cannot be: in state boot, or not there", function(t)
	hmc(t)
	t:set("cn01", "chain.currstate", "boot")
	local run = t:rnetboot "compute"
	t:status(run, 1)
	t:says(run, "cn01: chain.currstate is boot, so it would boot from its disk")
	t:status(t:rnetboot "compute -F", 0)
	t:equal(#asked(t), 2)
	t:set("cn02", "ppc.id", "7")
	t:says(t:rnetboot "cn02", "cn02: hmc1 has no partition with lpar id 7 in 8204-E8A*10A")
	t:set("cn02", "ppc.hcp", "-oProxyCommand=x")
	t:says(t:rnetboot "cn02", "which is no name of a host")
	t:equal(#asked(t), 2)
end)

test.case("who is not let in is told", function(t)
	t:program("mn", "ssh", { status = 255,
		err = "hscroot@hmc1: Permission denied (publickey).\n" })
	local run = t:rnetboot "compute"
	t:status(run, 1)
	t:says(run, "cn[01-02]: hmc1: hscroot@hmc1: Permission denied (publickey).")
	t:says(run, "refused, nothing changed")
end)

test.case("a boot is not taken back, and is no move", function(t)
	hmc(t)
	t:status(t:rnetboot "cn01", 0)
	local undo = t:snmove "--undo=1"
	t:status(undo, 1)
	t:says(undo, "run 1 was a network boot, and what has booted cannot be taken back")
	t:says(t:snmove "--undo", "no run has moved any node yet")
	t:says(t:snmove "--history", "network boot")
	t:says(t:snmove "--show", "nodes    1: cn01, network boot")
end)

test.case("one that was killed at work is not begun again", function(t)
	hmc(t)
	local point = 0
	repeat
		local open = t:snmove("--status").out:match "run (%d+) is open"
		if open then
			t:status(t:snmove("--close=" .. open), 0)
		end
		point = point + 1
		t:ok(t:rnetboot("compute", point).killed, "it comes to its end, and was never at work")
	until #asked(t) > 0
	t:says(t:snmove "--status", "network boot, by ")
	t:ok(not t:snmove("--status").out:find "--undo")
	local before = #asked(t)
	local again = t:resume()
	t:status(again, 3)
	t:says(again, "unknown, begun before, and nobody knows how it ended: look there")
	t:status(t:resume(), 3)
	t:equal(#asked(t), before)
	local number = again.out:match "run (%d+) done"
	t:says(t:snmove("--close=" .. number), "owes nothing any more\n")
end)

test.case("a command line that is wrong opens nothing", function(t)
	for words, says in pairs {
		[""] = "name the nodes to boot", ["cn01 cn02"] = "one noderange at a time",
		["cn01 -s hd"] = "writes no boot list", ["cn01 --nonsense"] = "no option is '--nonsense'",
		["cn01 --dir"] = "no option is '--dir'", ["cn01 --timeout"] = "needs a value",
		["cn01 --timeout 0"] = "--timeout is a number",
	} do
		local run = t:rnetboot(words)
		t:status(run, 2)
		t:says(run, says)
	end
	t:says(t:rnetboot "--help", "usage: rnetboot NODERANGE")
end)
