#!/usr/bin/env bash
# A service node that was dead is back: its dhcpd still answers with what it had, until
# --reconcile brings it up to date.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 4 || exit
# shellcheck disable=SC2034 # site.sh uses it
site_lines=('connect_time = 3')
site_lay || exit
. "$(dirname "$0")/dhcp.sh"
. "$(dirname "$0")/moves.sh"
dhcp_tables 1
sed -i 's/"xnba","sn1-c"/"grub2",/' "$site/tables/noderes.csv"

anew_tables() {
	rm -rf "$site/state" "$site/cluster.db"
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null
}
served() { # all four are sn1's, and its dhcpd has them
	anew_tables
	cat >"$site/before.lua" <<-'LUA'
		local takeover, services = require "takeover", require "services"
		takeover.step("dhcp", "as it was", function(move) services.give("dhcp", { sn1 = move.nodes }) end)
		takeover.alone()
	LUA
	chmod 600 "$site/before.lua"
	snmove --state /tmp/before --script /lab/site/before.lua "${move[@]}" && status_is 0
}
answered() { # NODE SERVER...: just these offer it an address, and are its next-server
	local node=$1
	shift
	dhcp_offers "$node"
	equals "$out" "$(for server; do echo "$node $server $server"; done)"
}
for sn in sn1 sn2 sn3; do
	dhcp_lay_isc "$sn" include && dhcp_start_isc "$sn" || exit
done
tap_expect "sn1's dhcpd has the nodes" served

never_dead() {
	snmove --reconcile sn1
	status_is 0 && equals "$out" "nothing to do: no node was moved away from sn1 while it was dead"
	snmove --reconcile nosuch
	status_is 1 && contains "$err" "no service node is named 'nosuch'"
}
tap_expect "where nobody was moved while it was dead nothing is to be done" never_dead

dead() {
	lab_power_off sn1
	snmove "${move[@]}"
	status_is 3 && contains "$out" "once sn1 is back: $typed --reconcile=sn1" && answered cn001 10.2.0.12 || return
	snmove --status
	contains "$out" "once sn1 is back: $typed --reconcile=sn1" || return
	snmove --reconcile sn1
	status_is 1 && contains "$err" "sn1 does not answer: it is brought up to date when it is back" &&
		contains "$out" "refused, nothing changed"
}
tap_expect "a move away from the dead says what is to be done when it is back, and not before" dead

back() {
	lab_power_on sn1 && dhcp_start_isc sn1 && answered cn001 10.2.0.11 10.2.0.12
}
tap_expect "sn1 is back, and answers as before" back

planned() {
	lab_snapshot sn1 sn2
	snmove --reconcile sn1 --plan
	status_is 0 && contains "$out" "plan: reconcile 4 nodes of sn1: cn[001-004]" &&
		contains "$out" "dhcp on sn1  removed  cn[001-004]" && equals "$(lab_changes sn1 sn2)" ''
}
tap_expect "a plan shows what goes, and changes nothing" planned

some_back() { # cn004 goes back to sn1, cn003 on to sn3
	snmove cn004 -d sn1 -D sn1-c -i && snmove cn003 -d sn3 -D sn3-c -i --force=pool || return
	answered cn004 10.2.0.11 && answered cn003 10.2.0.11 10.2.0.13
}
tap_expect "later moves change who holds what" some_back

reconciled() {
	snmove --reconcile sn1
	status_is 0 && contains "$out" "done: 4 nodes, 3 changes written" && answered cn001 10.2.0.12 &&
		answered cn003 10.2.0.13 && answered cn004 10.2.0.11 || return
	snmove --status
	equals "$out" "no run is open, and nothing is owed" || return
	snmove --reconcile sn1
	status_is 0 && contains "$out" "done: 4 nodes, 0 changes written"
}
tap_expect "then it answers just for those that are its own today, and nothing is owed" reconciled

undone() { # the reconciliation itself, by its number
	local number
	number=$(sqlite3 "$site/state/journal.db" "SELECT min(number) FROM runs WHERE source = destination AND done > 0")
	snmove --undo="$number"
	status_is 0 && answered cn001 10.2.0.11 10.2.0.12 || return
	snmove --reconcile sn1
	status_is 0 && answered cn001 10.2.0.12
}
tap_expect "it is taken back by its number" undone

move_undone() {
	snmove cn003 -d sn2 -D sn2-c -i --force=pool
	snmove --undo=1
	status_is 3 && contains "$out" "owed: sn1: cn[001-002]" && contains "$out" "$typed --reconcile=sn1" || return
	snmove --reconcile sn1
	status_is 0 && answered cn001 10.2.0.11
}
tap_expect "after an undo of the move it is brought up to date again" move_undone

rogue() { # sn2's dhcpd goes on to answer for a node that is not its own
	lab_in sn2 sh -c "echo 'host rogue { hardware ethernet 02:00:00:02:00:01; fixed-address 10.2.9.9; }' >>$dhcp_hosts"
	dhcp_stop_isc sn2 && dhcp_start_isc sn2 || return
	snmove --reconcile sn1
	status_is 3 && contains "$out" "owed: sn2: cn001: sn2 (10.2.0.12) answers their DHCP, and does not hold it by the tables"
}
tap_expect "who answers beside it is named" rogue
tap_end
