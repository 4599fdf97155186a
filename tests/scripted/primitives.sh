#!/usr/bin/env bash
# What procedures and hooks are given to work with: lists of commands, files that are edited,
# questions that are awaited, groups of nodes; and the errors that guide who slips.

. "$(dirname "$0")/../lib/tap.sh"
use_example_site ''
{ # The service nodes are this machine here, and so is hmc; there are more nodes than move.
	cat "$site/hosts"
	echo "10.1.0.1 hmc"
} >"$scratch/hosts"
use_example_site "hosts_file = '$scratch/hosts'"
make_hooks
where=$scratch/where
fresh() {
	rm -rf "$scratch/cluster.db" "$scratch/state" "${hooks:?}"/* "$where"
	mkdir "$where"
	"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null
}
hook() { # STEP: what is done after it comes on standard input
	{
		echo "local cluster, remote = require 'cluster', require 'remote'"
		echo "return { name = 'test', summary = 'test', after = { $1 = function(move)"
		cat
		echo 'end } }'
	} >"$hooks/test.lua"
	chmod 644 "$hooks/test.lua"
}
move() {
	snmove "${range:-cn[001-004]}" -d sn2 -D sn2-c -i --hooks "$hooks" "$@"
}
says() {
	contains "$out" "$1"
}
now() { # FILE: its content, here
	cat "$where/$1"
}

# ---- Lists of commands ----

clients() {
	hook applications <<-LUA
		local list = {}
		for i, node in ipairs(move.nodes) do
			list[i] = { host = "hmc", node = node, command = { "sh", "-c", "cat >>$where/log; exit \$0", i == 3 and "7" or "0" },
				stdin = node .. "\n", says = "define " .. node, undo = { command = { "sh", "-c", "cat >>$where/log" }, stdin = "no " .. node .. "\n" } }
		end
		local results = remote.run(list, { accept = { 0, ${1:-9} } })
		print(#results, results[2].host, results[2].node, results[3].status, results[3].ok)
	LUA
}
list_planned() {
	fresh && clients
	move --plan
	status_is 0 && says "define cn003              can be taken back       hmc" && says "(hook test)" && [ ! -e "$where/log" ]
}
tap_expect "a list of commands is planned by what they say" list_planned
list_run() {
	move
	status_is 3 && says "4	hmc	cn002	7	false" && equals "$(now log)" $'cn001\ncn002\ncn003\ncn004' &&
		contains "$err" "applications FAILED hmc: 'define cn003': status 7" && says "owed: hmc: cn003: 'define cn003': status 7"
}
tap_expect "they run in their order, and what fails is told and owed" list_run
list_resumed() {
	move --plan >/dev/null
	snmove --resume --hooks "$hooks"
	status_is 3 && equals "$(now log)" $'cn001\ncn002\ncn003\ncn004\ncn003' || return
	clients 7
	snmove --resume --force=changed --hooks "$hooks"
	status_is 0 && says "run 1 done: 4 nodes" && equals "$(tail -n 1 "$where/log")" cn003
}
tap_expect "a resume runs that one again, and a status that is accepted is none" list_resumed
list_undone() {
	snmove --undo --hooks "$hooks"
	status_is 0 && equals "$(tail -n 4 "$where/log")" $'no cn003\nno cn004\nno cn002\nno cn001'
}
tap_expect "an undo runs their undos, with their input" list_undone
nothing_to_run() {
	fresh
	hook applications <<-LUA
		print(#remote.run({}), #remote.run({}, { repeatable = true }), next(remote.run({}, "false")), next(remote.query({}, "false")))
		print(pcall(remote.run, { host = "hmc", command = "touch $where/a" }))
		print(pcall(remote.run, {}, { nosuch = 1 }))
	LUA
	move
	status_is 0 && says $'0	0	nil	nil
false	' && says "nosuch" && [ ! -e "$where/a" ]
}
tap_expect "a list of nothing is nothing to run; one entry is no list" nothing_to_run
own_values() {
	fresh
	hook applications <<-LUA
		local results = remote.run({ "hmc", "sn1" }, "cat; echo \$WHO", {
			stdin = function(host) return "for " .. host .. "\n" end, env = function(host) return { WHO = host:upper() } end })
		print(results.sn1.stdout .. results.hmc.stdout)
		remote.put({ "hmc" }, { ["$where/a"] = function(host) return host end, ["$where/b"] = { content = function(host) return host .. "!" end, mode = "0600" } })
	LUA
	move
	status_is 0 && says $'for sn1\nSN1\nfor hmc\nHMC' && equals "$(now a)$(now b)" 'hmchmc!' && equals "$(stat -c %a "$where/b")" 600
}
tap_expect "input, environment and content may be a host's own" own_values

# ---- Failures ----

accepted() {
	fresh
	hook applications <<<'remote.run("hmc", "exit 4", { accept = 4 }) remote.query("hmc", "exit 4")'
	move
	status_is 0 && says "run 1 done: 4 nodes"
}
tap_expect "a status that is accepted is no failure, nor is that of a question" accepted
folded() {
	fresh
	hook applications <<<'for _, node in ipairs(move.nodes) do remote.run("hmc", "exit 4", { nodes = { node } }) end'
	move
	status_is 3 && says "owed: hmc: cn[001-004]: 'exit 4': status 4" && equals "$(grep -c FAILED <<<"$err")" 1
}
tap_expect "the same failure for many nodes is one line" folded
no_way_back() {
	fresh
	hook applications <<<'remote.run("hmc", "true", { undo = false }) remote.run("hmc", "true # 2", { undo = false })'
	move --plan
	status_is 0 && says "nothing to take back" || return
	move && snmove --undo --hooks "$hooks"
	status_is 0 && equals "$(grep -c "note:.*true" <<<"$out")" 0
}
tap_expect "what has nothing to take back is no note in an undo" no_way_back

# ---- Edits ----

edit() {
	hook applications <<-LUA
		local results = remote.edit({ "hmc" }, "$where/conf", function(text, host) return text and text:gsub("sn1", "sn2") end,
			{ activate = { "cp", "$where/conf", "$where/active" } })
		print(results.hmc.ok, results.hmc.changed)
		remote.edit("hmc", "$where/new", function(text) return not text and "made" or nil end)
		remote.edit("hmc", "$where/old", function() return false end)
	LUA
	printf 'host = sn1\nport = 1\n' >"$where/conf"
	echo old >"$where/old"
}
edit_planned() {
	fresh && edit
	move --plan
	status_is 0 && says "    -host = sn1" && says "    +host = sn2" && says "$where/old" && equals "$(now conf)" $'host = sn1\nport = 1'
}
tap_expect "an edit is planned, and shows what would change" edit_planned
edited() {
	move
	status_is 0 && says "true	1" && equals "$(now conf)" $'host = sn2\nport = 1' && equals "$(now active)" "$(now conf)" &&
		equals "$(now new)" made && [ ! -e "$where/old" ]
}
tap_expect "each host's own text is made, activated, made anew or taken away" edited
edit_undone() {
	snmove --undo --hooks "$hooks"
	status_is 0 && equals "$(now conf)" $'host = sn1\nport = 1' && equals "$(now old)" old && [ ! -e "$where/new" ]
}
tap_expect "an undo has the old ones back" edit_undone
edit_slips() {
	fresh
	echo x >"$where/conf"
	hook applications <<-LUA
		local path = "$where/conf"
		local function wrong(edit) print(remote.edit("hmc", path, edit).hmc.message) end
		wrong(function() error("a slip") end)
		wrong(function() return 7 end)
		wrong(function() remote.run("hmc", "touch $where/ran") return "x" end)
		wrong(function() cluster.set("cn001", "noderes.comments", "x") return "x" end)
		wrong(function() return ("x"):rep(2^20 + 1) end)
	LUA
	move
	status_is 3 && says "a slip" && says "the function returns a text, nil or false" && says "asks nobody" && says "changes nothing" &&
		says "more than 1 MiB" && equals "$(now conf)" x && [ ! -e "$where/ran" ]
}
tap_expect "a function that fails, asks or changes something is its host's failure" edit_slips

# ---- Waiting ----

await_hook() {
	fresh
	hook applications <<-LUA
		print(remote.await("hmc", "echo x >>$where/n; [ \$(wc -l <$where/n) -ge 3 ]", { every = 0.1, ["for"] = 30 }).hmc.ok)
		local late = remote.await("hmc", "exit 3", { every = 0.1, ["for"] = 0.3, says = "the sky to fall" }).hmc
		print(late.ok, late.error, late.message)
	LUA
}
await() {
	await_hook
	move
	status_is 3 && says $'true\nfalse	timeout	status 3 after 0 s' && contains "$err" "FAILED hmc: await 'the sky to fall': timeout"
}
tap_expect "a question is asked until it is so, or too late and owed" await
await_planned() {
	await_hook
	move --plan
	status_is 0 && says $'true\ntrue	nil	nil' && says "24 changes planned" && [ ! -e "$where/n" ]
}
tap_expect "a plan waits for nothing" await_planned

# ---- The move ----

groups() {
	fresh
	hook applications <<-'LUA'
		for _, group in ipairs(move:groups()) do
			print(group.old.sn, group.new.sn, group.new.snn, cluster.fold(group.nodes))
		end
		print("emptied", table.concat(move:emptied(), " "))
		print(move:does("check"), move:does("servicenode"), pcall(move.does, move, "nosuch"))
	LUA
	range=rack1,rack3 move --plan --skip verify
	status_is 0 && says "sn1	sn2	sn2-c	cn[001-020]" && says "sn3	sn2	sn2-c	cn[041-060]" && says "emptied	sn3" && says "true	true	false	"
}
tap_expect "nodes come in groups by their servers, and the servers that are left without any are named" groups
emptied_later() {
	range=rack3 move
	status_is 0 && says "emptied	sn3" || return
	hook freeze <<<'print("emptied", table.concat(move:emptied(), " "))'
	snmove --undo --hooks "$hooks"
	status_is 0 && says "emptied	sn3"
}
tap_expect "the answer is the same once the rows are written, and in an undo" emptied_later

# ---- Questions ----

absent() {
	fresh
	hook applications <<-LUA
		local function get(path) local r = remote.get("mn", path).mn return r.ok, r.absent, #r.stdout > 0 end
		print(get("/etc/hosts")) print(get("$where/nosuch")) print(get("/etc"))
		print(remote.quote("it's"))
	LUA
	move
	status_is 0 && says $'true	nil	true\nfalse	true	false\nfalse	nil	false\n\'it\'\\\'\'s\''
}
tap_expect "what is absent is told from what cannot be read; mn is this machine" absent

# What is answered by real servers stands in tests/lab/test_probe.sh.
cannot_probe() {
	fresh
	hook applications <<-'LUA'
		local macs = { "02:00:00:00:00:01", "00-00-00-48-FE-80-00-00-00-00-00-00-00-02-C9-03-00-00-00-01" }
		local function told(options)
			local r = remote.probe({ "mn", "hmc" }, "dhcp", macs, options)
			print(r.mn.ok, r.mn.status, r.mn.offers, r.hmc.unprobed, r.mn.stderr)
		end
		told { interface = "nosuch0" } told { interface = "lo" } told { network = "10.99.0.0/255.255.0.0" }
		told { network = "10.1.0.1/32" }
		local r = remote.probe("mn", "dhcp", {}, { interface = "nosuch0" }).mn
		print(r.ok, r.offers)
	LUA
	move --plan
	status_is 0 && says $'false\t1\tnil\tnil\tno interface is named nosuch0 here: see ip link' &&
		says $'false\t3\tnil\tnil\tlo is no Ethernet (type 772): only that can be probed' &&
		says $'false\t1\tnil\tnil\tno interface has an address in 10.99.0.0/16: is it another network?' &&
		says $'false\t3\tnil\tnil\tlo is no Ethernet' && says $'false\tnil'
}
tap_expect "a host that cannot probe for DHCP servers says why, also under a plan, and has no offers" cannot_probe

not_a_probe() { # a perl that says something else
	fresh
	printf '#!/bin/sh\ncat >/dev/null\necho hello\n' >"$where/perl"
	chmod 755 "$where/perl"
	hook applications <<-'LUA'
		local r = remote.probe("mn", "dhcp", {}, { interface = "lo" }).mn
		print(r.ok, r.error, r.message, r.offers)
	LUA
	PATH=$where:$PATH move
	status_is 0 && says $'false\tfailed\tthis is no line of a probe: \'hello\'\tnil'
}
tap_expect "what is no output of the probe is an error of that host" not_a_probe

# ---- Slips ----

slip() { # MESSAGE CODE
	fresh
	hook applications <<<"$2"
	move
	status_is 3 && says "$1"
}
tap_expect "results are by host" slip "results are by host: results[host].status, and not results.status" \
	'local r = remote.run("hmc", "true") if r.status ~= 0 then error("x") end'
tap_expect "the hosts come first" slip "'ls /tmp' is no name of a host: the hosts come first, then the command" \
	'remote.run("ls /tmp", move.nodes)'
tap_expect "an entry of a list needs a host" slip "entry 2: it has no host" 'remote.run({ { host = "hmc", command = "true" }, { command = "true" } })'
tap_expect "a field of an entry that is none is named" slip "entry 1: no field is named 'hots'" 'remote.run({ { hots = "hmc", command = "true" } })'
tap_expect "an empty undo is no undo" slip "undo = false says that there is nothing to undo" 'remote.run("hmc", "true", { undo = "" })'
tap_expect "a status is a number" slip "option 'accept': a status is a whole number from 0 to 255" 'remote.run("hmc", "true", { accept = { 0, 256 } })'
tap_expect "a probe for DHCP servers needs a link" slip 'a probe is of a link: say interface = "eth1", or network = "10.2.0.0/16"' \
	'remote.probe("hmc", "dhcp", { "020000000001" })'
tap_expect "and MACs" slip "'02:00' is not a MAC address" 'remote.probe("hmc", "dhcp", { "02:00" }, { interface = "lo" })'
tap_expect "in a list" slip "the MACs" 'remote.probe("hmc", "dhcp", "020000000001", { interface = "lo" })'
tap_expect "its options have names" slip "no option is named 'stdin'" 'remote.probe("hmc", "dhcp", {}, { interface = "lo", stdin = "x" })'
tap_expect "a service that nobody knows" slip "no service is named 'ntp'" 'require("services").give("ntp", { sn2 = move.nodes })'
tap_expect "hosts and their nodes" slip "a table {host = {nodes}} expected" 'require("services").give("dhcp", { "sn2" })'
tap_expect "that are nodes" slip "'cn999' is no node" 'require("services").check("dhcp", { sn2 = { "cn999" } })'
tap_expect "options of services have names, too" slip "no option is named 'stdin'" 'require("services").look("dhcp", { sn2 = move.nodes }, { stdin = "x" })'
no_server() { # this machine's
	fresh
	hook applications <<-'LUA'
		local services = require "services"
		local r = services.give("dhcp", { sn2 = move.nodes, sn1 = {} })
		print(r.sn2.error, r.sn2.message, r.sn2.changed, r.sn1)
		local texts, looked = services.look("dhcp", { sn2 = move.nodes })
		print(texts.sn2, looked.sn2.error, #r.sn2.problems)
		print(pcall(services.text, "dhcp", "sn2", move.nodes))
		for host, lines in pairs(services.mentions("dhcp", { sn2 = { "sn1" } })) do print(host, #lines) end
	LUA
	move
	status_is 3 && says "not written	no DHCP server runs on sn2: dhcpd and kea-dhcp4 were looked for	0	nil" &&
		says "nil	not written	0" && says "sn2: no DHCP server runs on sn2" &&
		says "owed: sn2: cn[001-004]: 'give dhcp': not written, no DHCP server runs on sn2"
}
tap_expect "a host without a server gets nothing, and it is owed" no_server
divided() {
	fresh
	hook servers <<-'LUA'
		local asked, nodes = 0, table.concat(move.nodes, " ")
		local parts, order = move:divide({ "noderes.servicenode" }, function(values, old, new)
			asked = asked + 1
			return table.concat({ values["noderes.servicenode"], old.sn, old.snn, new.sn, new.snn }, " ")
		end)
		print(asked, #order, order[1], table.concat(parts[order[1]], " ") == nodes)
		print(select(2, move:divide({ "noderes.servicenode" }, function(values)
			return values["noderes.servicenode"] end, { stored = true }))[1])
		cluster.set(parts[order[1]], "noderes.comments", "moved")
		print(cluster.get("cn004", "noderes.comments"),
			select(2, pcall(cluster.set, { "cn001", "nosuch" }, "noderes.comments", "x")))
	LUA
	move
	status_is 0 && says $'1\t1\tsn2,sn1 sn1 sn1-c sn2 sn2-c\ttrue\nsn1,sn2\nmoved\t' && says "'nosuch' is neither a node nor a group"
}
tap_expect "nodes are divided by what they have and who serves them, also as it is stored, and set together" divided
set_together() {
	fresh
	hook servers <<-'LUA'
		local asked = 0
		move:set({ "noderes.comments", "noderes.tftpserver", "noderes.xcatmaster" }, function(values, old, new)
			asked = asked + 1
			return { ["noderes.comments"] = old.sn .. " to " .. new.sn, ["noderes.tftpserver"] = false }
		end)
		print(asked, cluster.get("cn004", "noderes.comments"), cluster.get("cn004", "noderes.xcatmaster"))
		move:set({ "noderes.comments" }, function() end)
		local function wrong(columns, look) print((select(2, pcall(move.set, move, columns, look)))) end
		wrong({ "noderes.comments" }, function() return { ["noderes.comment"] = "x" } end)
		wrong({ "noderes.comments" }, function() return "x" end)
		wrong({ "noderes.comments" }, function() return { ["noderes.comments"] = 1 } end)
		wrong({ "noderes.node" }, function() return { ["noderes.node"] = "x" } end)
	LUA
	move -V
	status_is 0 && says $'1\tsn1 to sn2\tsn2-c' && says "'noderes.comment' is none of the columns" &&
		says "what nodes get is a table, and not a string" && says "the value of 'noderes.comments' is a text or false" &&
		says "is part of the key of table 'noderes'" || return 1
	snmove --show=1 --json
	equals "$(grep '"column": *"comments"' <<<"$out" | grep -o 'cn00[0-9]"' | tr -d '"' | uniq | paste -sd ' ')" "cn001 cn002 cn003 cn004"
}
tap_expect "nodes that are alike are asked about once and set together, in their order" set_together
supposed() {
	fresh
	cat >"$scratch/suppose.lua" <<-'LUA'
		local takeover, cluster = require "takeover", require "cluster"
		takeover.step("check", "sees what would be", function(move)
			takeover.suppose(function() cluster.set("cn001", "noderes.xcatmaster", "supposed") end, function()
				print(cluster.get("cn001", "noderes.xcatmaster"), (pcall(cluster.set, "cn001", "noderes.xcatmaster", "x")))
			end)
			print(cluster.get("cn001", "noderes.xcatmaster"))
			print(pcall(takeover.suppose, function() cluster.set("cn001", "noderes.xcatmaster", "y") error("oops", 0) end, print))
			print(cluster.get("cn001", "noderes.xcatmaster"))
			cluster.set("cn002", "noderes.xcatmaster", "set")
			print((select(2, pcall(takeover.suppose, function() end, function() end))))
		end)
		takeover.alone()
	LUA
	chmod 600 "$scratch/suppose.lua"
	echo 'this is no Lua' >"$hooks/test.lua"
	chmod 644 "$hooks/test.lua"
	move --script "$scratch/suppose.lua"
	status_is 0 && says $'supposed\tfalse\nsn1-c\nfalse\toops' && says "run 1 done: 4 nodes, 1 change written" &&
		says "nothing can be supposed where rows wait to be written"
}
tap_expect "rows that are supposed are seen, and then they are as before; a procedure alone has no hooks" supposed
forgotten() {
	fresh
	echo 'return { name = "a", summary = "s", after = { applications = function(move) remote.run("hmc", "true") end } }' >"$hooks/test.lua"
	chmod 644 "$hooks/test.lua"
	move
	status_is 3 && says 'remote is not there: use local remote = require "remote"'
}
tap_expect "a module that was not required is named with what to write" forgotten

tap_end
