#!/usr/bin/env bash
# DHCP in a move, with ISC's dhcpd and an include file on all service nodes: who answers before,
# after, and after it was taken back; what is refused, told and owed.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 4 || exit
site_lines=('connect_time = 3')
site_lay || exit
. "$(dirname "$0")/moves.sh"
. "$(dirname "$0")/dhcp.sh"

# --- The servers ---------------------------------------------------------------------------

# Nothing has happened, and these have the four nodes.
fresh() { # DISJOINTDHCPS SN...
	local sn nodes
	dhcp_tables "$1"
	shift
	rm -rf "$site/state" "$site/cluster.db"
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null || return
	for sn in sn1 sn2 sn3; do
		nodes=''
		[[ " $* " != *" $sn "* ]] || nodes=$four
		# shellcheck disable=SC2086 # names
		dhcp_include 10.2.0.11 $nodes | lab_in "$sn" tee "$dhcp_hosts" >/dev/null
		dhcp_stop_isc "$sn"
		dhcp_start_isc "$sn" || return
	done
	world >"$scratch/before"
	lab_snapshot sn1 sn2 sn3
}
world() { # the rows, the hosts of each server, and whether it runs
	local sn
	lab_in mn sqlite3 /lab/site/cluster.db 'SELECT * FROM noderes; SELECT * FROM nodehm'
	for sn in sn1 sn2 sn3; do
		lab_in "$sn" cat "$dhcp_hosts"
		lab_in "$sn" pgrep -x -c dhcpd
	done
}
as_before() { # and no other file of the servers was touched
	equals "$(world)" "$(cat "$scratch/before")" &&
		equals "$(lab_changes sn1 sn2 sn3 | grep -v " $dhcp_hosts\| $dhcp_leases")" ''
}
untouched() { # not even started again
	as_before && equals "$(lab_changes sn1 sn2 sn3)" ''
}
answers() { # NEXT-SERVER SERVER...: they do, to all four nodes
	local node server next=$1 lines=()
	shift
	for node in $four; do
		for server; do lines+=("$node $server $next"); done
	done
	offered "${lines[@]}"
}
has() { # SN NODE...: just those
	local sn=$1
	shift
	equals "$(lab_in "$sn" sed -n 's/^host \(cn.*\) {/\1/p' "$dhcp_hosts" | paste -sd ' ')" "$*"
}

for sn in sn1 sn2 sn3; do
	dhcp_lay_isc $sn include
done

# --- There and back ------------------------------------------------------------------------

plan() {
	fresh 1 sn1 || return
	moved --plan
	status_is 0 && contains "$out" "dhcp on sn1          removed                     cn[001-004]" &&
		contains "$out" "    -host cn001 {" &&
		contains "$out" "dhcp on sn2          added                       cn[001-004]" &&
		contains "$out" "    +host cn001 {" && untouched
}
tap_expect "a plan shows what is taken out and what is put in, and changes nothing" plan

alone() {
	offered "cn001 10.2.0.11 10.2.0.11" "cn004 10.2.0.11 10.2.0.11" || return
	moved
	status_is 0 && answers 10.2.0.12 10.2.0.12 && equals "$(dhcp_client cn001)" 10.2.0.12 &&
		has sn1 && has sn2 cn001 cn002 cn003 cn004
}
tap_expect "with disjointdhcps the new service node alone answers, and a client gets its lease there" alone

alone_back() {
	snmove --undo
	status_is 0 && as_before && offered "cn001 10.2.0.11 10.2.0.11" "cn004 10.2.0.11 10.2.0.11" &&
		equals "$(dhcp_client cn001)" 10.2.0.11
}
tap_expect "after an undo the old one alone does, with the files byte for byte as before" alone_back

all() {
	local server
	fresh 0 sn1 sn2 sn3 || return
	# noderes.tftpserver is blank: what the nodes boot from is their service node.
	lab_in mn sqlite3 /lab/site/cluster.db 'UPDATE noderes SET tftpserver = NULL'
	world >"$scratch/before"
	moved
	status_is 0 && answers 10.2.0.12 10.2.0.11 10.2.0.12 10.2.0.13 || return
	server=$(dhcp_client cn001)
	[[ $server == 10.2.0.1[123] ]] || return
	snmove --undo
	status_is 0 && as_before && answers 10.2.0.11 10.2.0.11 10.2.0.12 10.2.0.13
}
tap_expect "without it all answer, each with the new service node to boot from, and after an undo with the old one" all

# --- What keeps nodes where they are -------------------------------------------------------

refused() { # WORDS...: the move is, with nothing done; forced it would not
	local words
	moved
	status_is 1 || return
	for words; do contains "$out$err" "$words" || return; done
	untouched
}
broken() {
	fresh 1 sn1 || return
	lab_in sn2 sh -c 'cp -p /etc/dhcp/dhcpd.conf /run/kept; echo "subnet nonsense" >>/etc/dhcp/dhcpd.conf'
	lab_snapshot sn2
	refused "sn2: " "/etc/dhcp/dhcpd.conf line 8: expecting numeric value"
	local failed=$?
	lab_in sn2 cp -p /run/kept /etc/dhcp/dhcpd.conf
	return "$failed"
}
tap_expect "a configuration that dhcpd does not take refuses the move, with dhcpd's words" broken

silent() {
	fresh 1 sn1 || return
	dhcp_stop_isc sn2
	world >"$scratch/before"
	refused "sn2: no DHCP server runs on sn2"
}
tap_expect "so does a new service node without a DHCP server" silent

no_mac() {
	fresh 1 sn1 || return
	lab_in mn sqlite3 /lab/site/cluster.db "DELETE FROM mac WHERE node = 'cn003'"
	refused "cn003: no MAC in the table mac"
}
tap_expect "so does a node without a MAC, by its name" no_mac

# --- Others that answer --------------------------------------------------------------------

rogue() {
	fresh 1 sn1 sn3 || return
	moved
	status_is 3 &&
		contains "$out" "owed: sn3: cn[001-004]: sn3 (10.2.0.13) answers their DHCP, and does not hold it by the tables" &&
		offered "cn001 10.2.0.12 10.2.0.12" "cn001 10.2.0.13 10.2.0.11"
}
tap_expect "another server that answers is named, and owed" rogue

# --- Killed --------------------------------------------------------------------------------

# Where a host has /tmp/slow, dhcpd is started again when that is gone.
cat >"$site/restart" <<-EOF
	#!/bin/bash
	touch /tmp/begun
	while [ -e /tmp/slow ]; do sleep 0.02; done
	pkill -x dhcpd
	while pgrep -x dhcpd >/dev/null; do sleep 0.02; done
	exec dhcpd -4 -q -cf /etc/dhcp/dhcpd.conf -lf $dhcp_leases -pf /run/lab-dhcpd.pid eth1
EOF
chmod 755 "$site/restart"
killed_on() { # SN: while its dhcpd is to be started again
	fresh 1 sn1 || return
	lab_in "$1" sh -c 'rm -f /tmp/begun; touch /tmp/slow'
	begin_on=$1 start "${move[@]}"
	signal KILL
	lab_in "$1" rm -f /tmp/slow
	snmove --status
	contains "$out" "run 1 is open"
}
resumed() {
	site_config 'dhcp = { restart = "/lab/site/restart" }'
	killed_on sn2 || return
	snmove --resume
	status_is 0 && has sn1 && has sn2 cn001 cn002 cn003 cn004 || return
	snmove --undo
	status_is 0 && as_before && offered "cn001 10.2.0.11 10.2.0.11"
}
tap_expect "killed while dhcpd is started again, a resume ends it, and an undo has it back" resumed
given_up() {
	killed_on sn1 || return
	snmove --undo
	status_is 0 && as_before && offered "cn001 10.2.0.11 10.2.0.11"
}
tap_expect "killed while the old one gives up its entries, an undo has them back" given_up
site_config

# --- Several runs --------------------------------------------------------------------------

two_runs() {
	fresh 1 sn1 || return
	snmove cn001,cn002 -d sn2 -D sn2-c -i
	status_is 0 || return
	snmove cn003,cn004 -d sn2 -D sn2-c -i
	status_is 0 && has sn1 && has sn2 cn001 cn002 cn003 cn004 || return
	snmove --undo=1
	status_is 0 && has sn1 cn001 cn002 && has sn2 cn003 cn004
}
tap_expect "an undo of the first of two runs takes just its entries" two_runs
half() {
	snmove --undo=2 cn004
	status_is 0 && has sn1 cn001 cn002 cn004 && has sn2 cn003 &&
		offered "cn001 10.2.0.11 10.2.0.11" "cn003 10.2.0.12 10.2.0.12" "cn004 10.2.0.11 10.2.0.11" || return
	snmove --undo=2
	status_is 0 && equals "$(world | sort)" "$(sort "$scratch/before")"
}
tap_expect "an undo of half the nodes takes just theirs, and one of the rest leaves all as it was" half

left_over() { # somebody puts sn1's hosts back, and its dhcpd has not read them
	fresh 1 sn1 || return
	lab_in sn1 cp -p "$dhcp_hosts" /run/kept-hosts
	work "remote.run('sn1', 'cp -p /run/kept-hosts $dhcp_hosts')"
	moved
	rm -f "$site/hooks/work.lua"
	status_is 3 && contains "$out" "owed: sn1: cn[001-004]: their DHCP entry is still on sn1"
}
tap_expect "entries that are on the old one, too, are found before it has read them" left_over

dead() {
	fresh 1 sn1 || return
	lab_power_off sn1
	moved
	status_is 3 && contains "$out" "owed: sn1: cn[001-004]: dead when they left" &&
		answers 10.2.0.12 10.2.0.12 || return
	lab_power_on sn1
	dhcp_start_isc sn1
	offered "cn001 10.2.0.11 10.2.0.11" "cn001 10.2.0.12 10.2.0.12"
}
tap_expect "a dead one that comes back still answers with itself, which is owed" dead

recorded() { # the servers are asked, and nobody is when it is played again
	fresh 1 sn1 || return
	rm -f "$site/plan.json"
	moved --plan --record /lab/site/plan.json
	status_is 0 && contains "$out" "dhcp on sn2" || return
	echo "$out" >"$site/plan.out"
	cat >"$site/replay.lua" <<-'LUA'
		local test = require "test"
		local words = test.recorded "plan.json"
		test.case("as it was", function(t)
			t:equal((t:snmove(words).out), test.text "plan.out")
		end)
	LUA
	run "$lab_build/snmove-lua" --test "$site/replay.lua"
	status_is 0 && contains "$out" "ok 1 - as it was"
}
tap_expect "a plan that was recorded here is the same where there is no server" recorded

tap_end
