#!/usr/bin/env bash
# The nodes' postscripts by xCAT's own updatenode, where the site has chosen it: there and back, and what
# it has not done is found, and owed.  updatenode is a stand-in (tests/lab/xcat), rsyslogd is real.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 4 || exit
# shellcheck disable=SC2034 # site.sh uses it
site_lines=('connect_time = 3' 'own = { nodes = "updatenode" }')
site_lay || exit
. "$(dirname "$0")/moves.sh"
. "$(dirname "$0")/nodes.sh"
. "$(dirname "$0")/xcat.sh"
move=(cn001-cn004 -d sn2 -D sn2-c)
range="cn[001-004]"

printf '#node,postscripts,postbootscripts,comments,disable\n"compute","syslog","site",,\n' >"$site/tables/postscripts.csv"
for sn in sn1 sn2; do
	sn_syslog $sn
	sn_time $sn
	sn_names $sn
done
for node in $four; do node_syslog "$node"; done

# Nothing has happened; what an earlier test has left on nodes is of sn1 again.
fresh() {
	rm -rf "$site/state" "$site/cluster.db"
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null || return
	xcat_lay updatenode
	lab_in mn /opt/xcat/sbin/updatenode cn001-cn004 -P syslog
	lab_in mn rm /root/calls
}
all_log_to() { # SN OTHER-SN
	local node
	for node in $four; do logs_to "$node" "$@" || return; done
}

there_and_back() {
	fresh && all_log_to sn1 sn2 || return
	moved --plan -P site
	status_is 0 && contains "$(tr -s ' ' <<<"$out")" "updatenode $range -P syslog" && contains "$out" "updatenode $range -P site" || return
	moved -P site
	status_is 0 && all_log_to sn2 sn1 && called "updatenode $range -P syslog" "updatenode $range -P site" &&
		equals "$(lab_in cn004 cat /root/site)" sn2-c || return
	snmove --undo
	status_is 0 && all_log_to sn1 sn2 && called "updatenode $range -P syslog"
}
tap_expect "updatenode turns the nodes, and an undo turns them back" there_and_back

lies() {
	fresh || return
	xcat_does updatenode lie
	moved
	status_is 3 && contains "$out" "owed: $range: updatenode ended well, and syslog still has 10.2.0.11, the old service node: look at what it says, and then: updatenode '$range' -P syslog" || return
	xcat_does updatenode well
	snmove --resume
	status_is 0 && all_log_to sn2 sn1
}
tap_expect "an updatenode that does nothing is found, and owed; a resume pays" lies

[ "${MATRIX:-}" = all ] || tap_end

some_back() {
	lab_in mn rm -f /root/calls
	snmove --undo=1 cn002-cn003
	status_is 0 && logs_to cn001 sn2 sn1 && logs_to cn002 sn1 sn2 && called "updatenode cn[002-003] -P syslog"
}
tap_expect "of some nodes the undo runs it for these" some_back

late() {
	fresh || return
	xcat_does updatenode late
	moved --batch 1,3
	status_is 0 && all_log_to sn2 sn1 && called "updatenode cn001 -P syslog" "updatenode cn[002-004] -P syslog" &&
		contains "$out" "note: updatenode cn001 -P syslog ended with status 1"
}
tap_expect "it goes in batches, and one that fails and has done all is a note" late
tap_end
