#!/usr/bin/env bash
# The hook for SNMP, on real snmpd and snmptrapd: after a move the nodes' traps come to the new service node, and it may ask;
# killed, resumed and taken back.  `make matrix` tries more of it.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 4 || exit
site_lines=('connect_time = 3')
site_lay || exit
. "$(dirname "$0")/moves.sh"
. "$(dirname "$0")/monitors.sh"
monitors_move

files() { # all that the hook may touch
	local node
	for node in $four; do lab_in "$node" sha256sum /etc/snmp/snmpd.conf; done
}
for host in sn1 sn2; do snmptrapd_start $host; done
snmpd_node cn001 'trapsink sn1-c public' 'rocommunity sn1-c 10.2.0.11'
snmpd_node cn002 'trap2sink udp:10.2.0.11:162 public' 'com2sec -Cn sn1-c local 10.2.0.11/32 sn1-c' 'com2sec here localhost sn1-c' \
	'group lab v2c local' 'view all included .1' 'access lab "" any noauth exact all none none'
snmpd_node cn003 'TrapSess -v 2c -c sn1-c sn1-c' '# trapsink sn1-c' 'rocommunity sn1-c sn1-c'
snmpd_node cn004 'informsink sn1-c public' '# informsink sn1-c' 'rocommunity sn1-c sn1-c' 'sysLocation sn1-c'
monitors snmpmon
files >"$scratch/files"

# shellcheck disable=SC2086 # names
at() { # SN: each node's own traps come there
	lab_await traps_came_to "$1" $four
}
may_ask() { # SN NODE
	lab_in "$1" env MIBS= snmpget -v 2c -c sn1-c -t 1 -r 3 "$2" .1.3.6.1.2.1.1.1.0 >/dev/null 2>&1
}
tap_expect "the nodes' traps come to the old one" at sn1

plan() {
	moved --plan
	status_is 0 && contains "$out" "+trapsink sn2-c public" && contains "$out" "+rocommunity sn1-c 10.2.0.12" &&
		contains "$out" "+com2sec -Cn sn1-c local 10.2.0.12/32 sn1-c" && contains "$out" "+TrapSess -v 2c -c sn1-c sn2-c" &&
		contains "$out" "+informsink sn2-c public" && equals "$(files)" "$(cat "$scratch/files")"
}
tap_expect "a plan shows the lines, a community stays what it is, and nothing is changed" plan
there() {
	traps_forget
	moved
	status_is 0 && at sn2 && may_ask sn2 cn001 && may_ask sn2 cn003 && ! may_ask sn1 cn001 || return
	traps_forget # snmpd has said to the old one that it goes down
	lab_in cn001 pkill -HUP -x snmpd
	lab_await traps_came_to sn2 cn001 && ! traps_came_to sn1 cn001
}
tap_expect "after a move they come to the new one, which may ask, and not to the old one" there
back() {
	traps_forget
	snmove --undo
	status_is 0 && equals "$(files)" "$(cat "$scratch/files")" && at sn1 && may_ask sn1 cn001
}
tap_expect "an undo has every byte back, and they come to the old one" back

nothing_there() {
	monitors
	moved
	status_is 0 && equals "$(files)" "$(cat "$scratch/files")" && equals "$(grep -c '^nodes' <<<"$err")" 0 || return
	monitors snmpmon
	moved -i
	status_is 0 && equals "$(files)" "$(cat "$scratch/files")"
}
tap_expect "a site without SNMP is not touched, nor are nodes with -i" nothing_there
[ "${MATRIX:-}" = all ] || tap_end

killed() {
	monitors snmpmon
	killed_slow --set 'snmp.reload=/lab/site/slow /etc/init.d/snmpd force-reload'
}
resumed() {
	killed || return
	snmove --resume
	status_is 0 && at sn2 && back
}
tap_expect "killed while snmpd is told, a resume ends it, and an undo has it back" resumed
given_up() {
	killed && back
}
tap_expect "killed while snmpd is told, an undo has it back" given_up
nobody() {
	monitors snmpmon
	lab_in sn2 pkill -x snmptrapd
	lab_await snmptrapd_is_gone sn2
	moved
	status_is 3 && contains "$out" "nothing listens for traps on sn2, port 162" || return
	snmptrapd_start sn2
	back
}
tap_expect "where nobody takes traps, that is owed" nobody
tap_end
