--- The procedure of AIX nodes.  AIX and NIM are recorded fakes: in /root/aix of a host lies
-- what their commands keep, a file each.

local test = require "test"

local AIX = test.text "../lab/aix"

--- Two diskless nodes behind sn1, and one with a disk of its own.
local function cluster(shared, gateway)
	return {
		nodes = 3,
		site = {
			{ key = "master", value = "10.1.0.1" }, { key = "domain", value = "cluster.test" },
			{ key = "sharedinstall", value = shared },
		},
		nodetype = {
			{ node = "compute", os = "AIX", arch = "ppc64", provmethod = "71dskls" },
			{ node = "cn03", provmethod = "71disk" },
		},
		mac = { { node = "cn01", mac = "02:00:00:00:00:01" } },
		nimimage = {
			{ imagename = "71dskls", nimtype = "diskless", shared_root = "71_root",
				dump = "71_dump" },
			{ imagename = "71disk", nimtype = "standalone" },
		},
		statelite = {
			{ node = "cn01", statemnt = "sn1-c:/nodedata" },
			{ node = "cn02", statemnt = "$noderes.xcatmaster:/nodedata/$nodetype.arch" },
		},
		networks = {
			{ netname = "management", net = "10.1.0.0", mask = "255.255.255.0" },
			{ netname = "compute", net = "10.2.0.0", mask = "255.255.0.0",
				gateway = gateway or "<xcatmaster>" },
		},
		postscripts = { { node = "xcatdefaults", postscripts = "syslog,setupntp,mkresolvconf" } },
	}
end

--- The stand-in is one for all commands: it goes by its name.
local NODE = { "netstat", "route", "bootlist", "niminit", "c_disc_target", "mkdev",
	"c_config_dump", "sysdumpdev" }
local function stand_in(t, host, names)
	for _, name in ipairs(names) do
		t:program(host, name, { shell = AIX })
	end
end

local ADDRESS = { cn01 = "10.2.1.1", cn02 = "10.2.1.2", cn03 = "10.2.1.3" }
local DUMP = "selective iqn.dump %s\n"
local TARGET = "iqn.dump 32600 %s 0x1\n"
local ENT = "ent0 gateway=%s bserver=%s client=%s\n"

--- What a node says of itself when it is with a server: /root/aix and /etc/xcatinfo.
local function has(t, node, what, text)
	t:equal(t:file(node, "/root/aix/" .. what), text, node .. ": " .. what)
end
local function is_with(t, node, address)
	has(t, node, "route", address .. "\n")
	has(t, node, "bootlist", (node == "cn03" and "hdisk0 blv=hd5\n" or "") ..
		ENT:format(address, address, ADDRESS[node]))
	t:equal(t:file(node, "/etc/xcatinfo"), "XCATSERVER=" .. address .. "\nNODE=" .. node .. "\n")
end

local function is_aix(t, gateway)
	for node, address in pairs(ADDRESS) do
		stand_in(t, node, NODE)
		t:write(node, "/root/aix/address", address .. "\n")
		t:write(node, "/root/aix/route", (gateway or "10.2.0.11") .. "\n")
		t:write(node, "/root/aix/bootlist", (node == "cn03" and "hdisk0 blv=hd5\n" or "") ..
			ENT:format("10.2.0.11", "10.2.0.11", address))
		t:write(node, "/root/aix/niminfo", node .. " sn1\n")
		t:write(node, "/root/aix/target", TARGET:format "10.2.0.11")
		t:write(node, "/root/aix/configdump", DUMP:format "10.2.0.11")
		t:write(node, "/root/aix/dump", "/dev/hdisk7\n")
		t:write(node, "/etc/xcatinfo", "XCATSERVER=10.2.0.11\nNODE=" .. node .. "\n")
	end
	t:program("sn1", "rsync", "")
	for _, folder in ipairs { "/nodedata/cn01", "/nodedata/ppc64/cn02" } do
		t:write("sn1", folder .. "/kept", "kept\n")
	end
	for _, sn in ipairs { "sn1", "sn2" } do
		stand_in(t, sn, { "lsnim" })
		t:write(sn, "/root/aix/nim-71_dump", "dump_target=iqn.dump\ndump_lunid=0x1\n")
	end
	stand_in(t, "mn", { "lsnim" })
	t:write("mn", "/root/aix/nim-71_root", "location=/install/71_root\n")
end

local MOVE = "compute -d sn2"

test.cluster(cluster "no")

test.case("diskless nodes and one with a disk go, and come back", function(t)
	is_aix(t)
	local run = t:move(MOVE)
	t:status(run, 0)
	for node in pairs(ADDRESS) do
		is_with(t, node, "10.2.0.12")
		t:equal(t:get(node, "noderes.servicenode"), "sn2,sn1")
	end
	has(t, "cn01", "niminfo", "cn01 sn1\n")
	has(t, "cn03", "niminfo", "cn03 sn2\n")
	has(t, "cn01", "dump", "/dev/hdisk7\n")
	t:says(run, "with xCAT: updatenode 'cn[01-03]' -P syslog,setupntp,mkresolvconf -s")
	t:undo()
end)

test.case("statelite data go with them, and the table where it names the server", function(t)
	is_aix(t)
	t:status(t:move(MOVE), 0)
	t:equal(t:calls("sn1", "rsync"), { "-arlHpEAogDz /nodedata/cn01 sn2:/nodedata",
		"-arlHpEAogDz /nodedata/ppc64/cn02 sn2:/nodedata/ppc64" })
	t:equal(t:get("cn01", "statelite.statemnt"), "sn2-c:/nodedata")
	t:equal(t:get("cn02", "statelite.statemnt"), "$noderes.xcatmaster:/nodedata/$nodetype.arch")
	t:undo()
end)

test.case("-l copies them, and writes no table", function(t)
	is_aix(t)
	t:status(t:move(MOVE .. " -l"), 0)
	t:equal(#t:calls("sn1", "rsync"), 2)
	t:equal(t:get("cn01", "noderes.servicenode"), "sn1,sn2")
	t:equal(t:get("cn01", "statelite.statemnt"), "sn1-c:/nodedata")
	is_with(t, "cn01", "10.2.0.11")
end)

test.case("data that cannot be copied stop the move before a table is written", function(t)
	is_aix(t)
	t:program("sn1", "rsync", { status = 23, err = "rsync: connection unexpectedly closed" })
	local run = t:move(MOVE)
	t:status(run, 4)
	t:says(run, "statelite data of cn01 could not be copied from sn1 to sn2: no table was written")
	t:equal(t:get("cn01", "noderes.servicenode"), "sn1,sn2")
	is_with(t, "cn01", "10.2.0.11")
	t:program("sn1", "rsync", "")
	t:status(t:resume(), 0)
	is_with(t, "cn01", "10.2.0.12")
	t:undo()
end)

test.case("of a dead service node the data are owed", function(t)
	is_aix(t)
	t:fails("sn1", "unreachable")
	local run = t:plan(MOVE .. " --dead")
	t:status(run, 0)
	t:says(run, "note: cn01: their statelite data in /nodedata cannot be copied to sn2")
	run = t:move(MOVE .. " --dead")
	t:status(run, 3)
	t:says(run, "their statelite data in /nodedata cannot be copied to sn2: sn1 is dead")
	t:equal(t:get("cn01", "statelite.statemnt"), "sn2-c:/nodedata")
	is_with(t, "cn01", "10.2.0.12")
end)

test.case("a folder that a command would make is told, and not copied", function(t)
	is_aix(t)
	t:set("cn01", "statelite.statemnt", "sn1-c:/nodedata/#CMD=hostname#")
	local run = t:move(MOVE)
	t:status(run, 3)
	t:says(run, "copy their data by hand")
	t:equal(#t:calls("sn1", "rsync"), 1)
end)

test.case("routes and boot lists that do not name the old server are left", function(t)
	is_aix(t)
	t:write("cn01", "/root/aix/route", "10.2.0.1\n")
	t:write("cn01", "/root/aix/bootlist", "hdisk0 blv=hd5\nent0\n")
	t:status(t:move(MOVE), 0)
	has(t, "cn01", "route", "10.2.0.1\n")
	has(t, "cn01", "bootlist", "hdisk0 blv=hd5\nent0\n")
	is_with(t, "cn02", "10.2.0.12")
	t:undo()
end)

test.case("-i leaves the nodes alone", function(t)
	is_aix(t)
	t:status(t:move(MOVE .. " -i"), 0)
	t:equal(t:calls "cn01", {})
	t:equal(t:get("cn01", "noderes.servicenode"), "sn2,sn1")
	t:undo()
end)

test.case("a part that fails on a node is owed with its words, paid by a resume", function(t)
	is_aix(t)
	t:program("cn03", "niminit", { status = 1, err = "0042-001 niminit: the master is not there" })
	local run = t:move(MOVE)
	t:status(run, 3)
	t:says(run, "niminit: 0042-001 niminit: the master is not there")
	is_with(t, "cn03", "10.2.0.12")
	stand_in(t, "cn03", { "niminit" })
	t:status(t:resume "--resume=1", 0)
	has(t, "cn03", "niminfo", "cn03 sn2\n")
end)

test.case("what is still the old server's is found afterwards", function(t)
	is_aix(t)
	t:program("cn02", "bootlist", { shell = "cat /root/aix/bootlist" })
	local run = t:move(MOVE)
	t:status(run, 3)
	t:says(run, "its boot list names 10.2.0.11")
end)

test.case("AIX and others are not moved together: a command for each", function(t)
	is_aix(t)
	t:set("cn02", "nodetype.os", "rhels9.4")
	local run = t:move(MOVE .. " -i")
	t:status(run, 1)
	t:says(run, "move each kind alone, AIX:")
	t:says(run, "snmove.conf 'cn[01,03]' -d sn2 -i")
	t:says(run, "the others:")
	t:says(run, "snmove.conf cn02 -d sn2 -i")
	t:equal(t:get("cn01", "noderes.servicenode"), "sn1,sn2")
end)

test.case("-l and -n are for AIX", function(t)
	for _, option in ipairs { "-l", "-n" } do
		t:set("compute", "nodetype.os", "rhels9.4")
		local run = t:move(MOVE .. " " .. option)
		t:status(run, 2)
		t:says(run, "is for AIX nodes, which these are not (nodetype.os): cn[01-03]")
	end
end)

test.case("--verify says what it does not look at of AIX nodes", function(t)
	is_aix(t)
	t:set("cn02", "nodetype.os", "rhels9.4")
	local run = t:snmove "--verify cn01,cn02"
	t:status(run, 0)
	t:says(run, "ok       -        -        -        -        cn01\n")
	t:says(run, "ok       -        -        -        ok       cn02\n")
end)

test.case("--explain says that NIM serves them", function(t)
	is_aix(t)
	local run = t:snmove "--explain cn01"
	t:status(run, 0)
	t:says(run, "cn01: AIX (nodetype.os), so NIM leases the address and has the boot files")
end)

test.case("a service node that is back has nothing of AIX nodes but consoles", function(t)
	is_aix(t)
	t:fails("sn1", "unreachable")
	t:status(t:move(MOVE .. " --dead -i"), 3)
	t:mends("sn1")
	local run = t:snmove "--reconcile sn1"
	t:status(run, 0)
	t:says(run, "0 changes written")
end)

test.case("killed at any point it is resumed, and taken back", function(t)
	is_aix(t)
	t:kills(MOVE)
end)

test.cluster(cluster "sns")

--- The shared root, on the file system that both service nodes have.
local TABLE = "cn01|10.2.0.11|/nodedata|rw\ncn09|10.2.0.11|/nodedata\ncn02|%s|/nodedata\n"
local function has_root(t)
	is_aix(t)
	t:write("sn2", "/install/71_root/statelite.table", TABLE:format "10.2.0.11")
	t:write("sn2", "/install/71_root/sn2_71dskls/.client_data/hosts.cn01", "cn01\n")
	t:write("sn2", "/install/71_root/sn2_71dskls/.client_data/hosts.cn011", "cn011\n")
	t:write("sn2", "/install/71_root/etc/.client_data/hosts.cn02", "cn02\n")
end

test.case("a shared root has the new server in its tables, and the client data", function(t)
	has_root(t)
	t:status(t:move(MOVE), 0)
	t:equal(t:file("sn2", "/install/71_root/statelite.table"),
		(TABLE:format("10.2.0.12"):gsub("cn01|10.2.0.11", "cn01|10.2.0.12")))
	t:equal(t:file("sn2", "/install/71_root/etc/.client_data/hosts.cn01"), "cn01\n")
	t:equal(t:file("sn2", "/install/71_root/etc/.client_data/hosts.cn011"), nil)
	t:equal(t:calls("sn1", "rsync"), {})
	t:equal(t:get("cn01", "statelite.statemnt"), "sn2-c:/nodedata")
end)

test.case("dumps go to the disk that the new server has", function(t)
	has_root(t)
	t:status(t:move(MOVE), 0)
	has(t, "cn01", "target", TARGET:format "10.2.0.12")
	has(t, "cn01", "configdump", DUMP:format "10.2.0.12")
	has(t, "cn03", "target", TARGET:format "10.2.0.11") -- its image has no dump resource
	t:status(t:snmove "--undo", 0)
	has(t, "cn01", "target", TARGET:format "10.2.0.11")
	has(t, "cn01", "configdump", DUMP:format "10.2.0.11")
end)

test.case("-n leaves them where they are", function(t)
	has_root(t)
	t:status(t:move(MOVE .. " -n"), 0)
	has(t, "cn01", "target", TARGET:format "10.2.0.11")
	is_with(t, "cn01", "10.2.0.12")
end)

test.case("a disk that NIM does not know is owed", function(t)
	has_root(t)
	t:program("sn2", "lsnim", { status = 1, err = "0042-053 lsnim: no NIM object 71_dump" })
	local run = t:move(MOVE)
	t:status(run, 3)
	t:says(run, "dump: it is not known what disk 10.2.0.12 has for dumps")
	t:says(run, "lsnim on sn2 does not tell the dump_target of 71_dump")
	is_with(t, "cn01", "10.2.0.12")
end)

test.case("a shared root that NIM does not know is owed", function(t)
	has_root(t)
	t:program("mn", "lsnim", { status = 1, err = "0042-053 lsnim: no NIM object 71_root" })
	local run = t:move(MOVE)
	t:status(run, 3)
	t:says(run, "the shared root of 71dskls was not touched: lsnim on 10.1.0.1 does not tell")
	stand_in(t, "mn", { "lsnim" })
	t:status(t:resume "--resume=1", 0)
	t:equal(t:file("sn2", "/install/71_root/etc/.client_data/hosts.cn01"), "cn01\n")
end)

test.cluster(cluster "all")

test.case("an installation that all share is left as it is, and told", function(t)
	has_root(t)
	local run = t:move(MOVE)
	t:status(run, 0)
	t:says(run, "site.sharedinstall is all")
	t:equal(t:get("cn01", "statelite.statemnt"), "sn1-c:/nodedata")
	is_with(t, "cn01", "10.2.0.12")
end)

test.cluster(cluster("no", "10.2.0.1"))

test.case("where the network has a gateway of its own, the route stays", function(t)
	is_aix(t, "10.2.0.1")
	t:status(t:move(MOVE), 0)
	has(t, "cn01", "route", "10.2.0.1\n")
	has(t, "cn01", "bootlist", "ent0 gateway=10.2.0.1 bserver=10.2.0.12 client=10.2.1.1\n")
end)

test.case("a route by the old server that the tables do not have is told", function(t)
	is_aix(t)
	local run = t:move(MOVE)
	t:status(run, 3)
	t:says(run, "its default route goes by 10.2.0.11")
end)

test.config { own = { nodes = "updatenode" } }

test.case("postscripts are xCAT's, where the site leaves nodes to it", function(t)
	is_aix(t, "10.2.0.1")
	t:program("mn", "updatenode", "")
	t:status(t:move(MOVE), 0)
	t:equal(t:calls("mn", "updatenode"), { "cn[01-03] -P syslog,setupntp,mkresolvconf -s" })
	t:status(t:snmove "--undo", 0)
	t:equal(#t:calls("mn", "updatenode"), 2)
end)

test.case("with those that were asked for; one that fails is owed", function(t)
	is_aix(t, "10.2.0.1")
	t:program("mn", "updatenode", { status = 1, err = "cn01: the postscript ours failed" })
	local run = t:move(MOVE .. " -P ours")
	t:status(run, 3)
	t:says(run, "updatenode cn[01-03] -P syslog,setupntp,mkresolvconf,ours -s ended with status 1")
	t:says(run, "cn01: the postscript ours failed")
end)
