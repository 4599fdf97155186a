#!/usr/bin/env bash
# Is the old service node alive or dead?  Found by looking at real ones: answering, hung, without
# power; and nothing is sent to a dead one.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 6 || exit
site_lay
# What xCAT knows of a service node's other addresses.
sqlite3 "$site/cluster.db" "CREATE TABLE IF NOT EXISTS hosts (node TEXT PRIMARY KEY, ip TEXT,
	hostnames TEXT, otherinterfaces TEXT, comments TEXT, disable TEXT);
	INSERT INTO hosts (node, ip, otherinterfaces) VALUES ('sn1', '10.1.0.11', '-v6:fd00:1::11')"

snmove() {
	run lab_in mn timeout 60 snmove --config /lab/site/config "$@"
}
row() { # SQL
	sqlite3 "$site/cluster.db" "$1"
}

alive() {
	snmove 'cn[001-004]' -d sn2 -D sn2-c -i --plan -V
	status_is 0 && contains "$err" "sn1 is alive: a shell answers (libssh2)" &&
		contains "$out" "plan: move 4 nodes from sn1 to sn2"
}
tap_expect "a service node that answers is alive, and the move is planned" alive

without_destn() {
	snmove 'cn[001-002]' -d sn2 -i --plan
	status_is 0 && contains "$out" "noderes.xcatmaster   sn1-c -> sn2-c" || return 1
	snmove 'cn[001-002]' -i --plan
	status_is 0 && contains "$out" "from sn1 to sn2" && contains "$out" "sn2-c"
}
tap_expect "without -D it is the name that the new service node has in the nodes' network" without_destn

contrary() {
	snmove cn001 -d sn2 -D sn2-c -i --plan --dead
	status_is 1 && contains "$err" "--dead was given, but sn1 looks alive" || return 1
	snmove cn001 -d sn2 -D sn2-c -i --plan --alive
	status_is 0
}
tap_expect "what --dead says is not believed of one that answers" contrary

wrong_place() {
	run lab_in sn3 timeout 60 snmove --config /lab/site/config cn001 -d sn2 -D sn2-c -i --plan
	status_is 1 && contains "$out" "mn         this host has no address of site.master (10.1.0.1)"
}
tap_expect "another host than the management node is refused" wrong_place

wrong_name() {
	snmove cn001 -d sn2 -D sn3-c -i --plan
	status_is 1 && contains "$out" "sn3-c is 10.2.0.13, and that is no address of sn2"
}
tap_expect "a name that is none of the new service node is refused" wrong_name

silent_destination() {
	lab_power_off sn3
	snmove cn001 -d sn3 -D sn3-c -i --plan
	lab_power_on sn3
	status_is 1 && contains "$out" "reach      cn001: sn3 does not answer: " &&
		contains "$out" "--force=reach"
}
tap_expect "a new service node that does not answer is refused" silent_destination

hung() {
	lab_stop_sshd sn1
	snmove cn001 -d sn2 -D sn2-c -i --plan
	lab_cont_sshd sn1
	status_is 0 && contains "$out" "note: sn1 is not well: ssh: timeout" &&
		contains "$out" "but it answers a ping" && contains "$out" "from sn1 to sn2"
}
tap_expect "one whose sshd hangs is told as not well, and is not taken for dead" hung

asked_aloud() { # on a terminal
	lab_stop_sshd sn1
	out=$(lab_in mn timeout 60 script -qec "snmove --config /lab/site/config 'cn[001-004]' -d sn2 -D sn2-c -i --plan" /dev/null </dev/null)
	status=$?
	lab_cont_sshd sn1
	status_is 0 && contains "$out" $'\r\e[Kis sn1 alive? 5 s at most' &&
		contains "$out" $'\r\e[Kplan: move 4 nodes from sn1 to sn2' || return 1
	lab_stop_sshd sn2
	out=$(lab_in mn timeout 60 script -qec "snmove --config /lab/site/config 'cn[001-004]' -d sn2 -i --plan" /dev/null </dev/null)
	lab_cont_sshd sn2
	contains "$out" $'\r\e[Kwhat do the nodes call sn2? 5 s at most'
}
tap_expect "who waits at a terminal sees what is asked, and no trace of it" asked_aloud

# With a hook that goes on once it is told, and then tries every way to the dead one.
every_way() {
	cat >"$site/hooks/ways.lua" <<-'LUA'
		local remote = require "remote"
		return { name = "ways", summary = "tries to reach sn1", after = { check = function()
			while not io.open("/lab/site/go") do end
			local hosts = { "sn1", "sn1-c", "sn1-v6", "10.1.0.11", "fd00:1::11", "old", "SN1" }
			local results = remote.query(hosts, "true")
			for _, host in ipairs(hosts) do
				print("way " .. host .. " " .. tostring(results[host].error))
			end
			local hop = remote.query("cn006", "true", { via = "sn" }).cn006
			print("way hop " .. tostring(hop.error))
			print("way jump " .. tostring(remote.query("behind", "true").behind.error))
		end } }
	LUA
	chmod 644 "$site/hooks/ways.lua"
	printf 'Host old\n  HostName 10.1.0.11\nHost behind\n  HostName cn005\n  ProxyJump sn1\n' |
		lab_in mn tee /root/.ssh/config >/dev/null
	lab_stop_sshd sn1
	lab_in mn timeout 60 snmove --config /lab/site/config cn001 -d sn2 -D sn2-c -i --dead \
		>"$scratch/stdout" 2>"$scratch/stderr" </dev/null &
	mover=$!
	lab_await grep -q "which is dead" "$scratch/stdout" || return 1
	sleep 1 # what the look had begun comes to its end
	before=$(lab_addressed sn1)
	touch "$site/go"
	wait "$mover"
	status=$?
	out=$(cat "$scratch/stdout") err=$(cat "$scratch/stderr")
	after=$(lab_addressed sn1)
	lab_cont_sshd sn1
	rm "$site/hooks/ways.lua"
	lab_in mn rm /root/.ssh/config
	status_is 3 && equals "$(grep -c '^way .* dead$' "$scratch/stdout")" 9 && equals "$after" "$before"
}
tap_expect "nothing is sent to a dead service node, by no name, address, hop or jump" every_way

told_dead() {
	out=$(cat "$scratch/stdout")
	contains "$out" "move 1 node from sn1, which is dead, to sn2" &&
		contains "$out" "owed: sn1: cn001: dead when they left" || return 1
	snmove --show --json
	contains "$out" '"mode":"dead"'
}
tap_expect "the verdict and the journal say that it was dead, and what it must not do" told_dead

power_off() {
	lab_power_off sn1
	snmove cn002 -d sn2 -D sn2-c -i
	status_is 3 && contains "$out" "from sn1, which is dead, to sn2" &&
		contains "$out" "no answer to a ping" || return 1
	snmove cn003 -d sn2 -D sn2-c -i --alive
	status_is 1 && contains "$err" "--alive was given, but sn1 looks dead"
}
tap_expect "one without power is dead, and --alive does not make it live" power_off

undo_onto_dead() {
	snmove --undo
	status_is 1 && contains "$err" "would go back to sn1, which is dead" &&
		contains "$err" "--force=dead" || return 1
	equals "$(row "SELECT xcatmaster FROM noderes WHERE node = 'cn002'")" sn2-c || return 1
	snmove --undo --force=dead
	status_is 0 && equals "$(row "SELECT count(*) FROM noderes WHERE node = 'cn002'")" 0
}
tap_expect "nodes do not go back to a dead service node unless that is forced" undo_onto_dead

mixed() {
	row "INSERT INTO noderes (node, servicenode, xcatmaster) VALUES ('cn006', 'sn3,sn2', 'sn3-c')"
	snmove cn003,cn006 -d sn2 -D sn2-c -i
	status_is 1 && contains "$err" "some of the old service nodes are dead, others alive" &&
		contains "$err" "sn1 (dead): snmove --config /lab/site/config cn003 -d sn2 -D sn2-c -i" &&
		contains "$err" "sn3 (alive): snmove --config /lab/site/config cn006 -d sn2 -D sn2-c -i"
}
tap_expect "sources of both modes are refused, with a command for each" mixed
tap_end
