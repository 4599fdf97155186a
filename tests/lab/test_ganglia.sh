#!/usr/bin/env bash
# The hook for Ganglia, on real gmond and gmetad: after a move the new service node hears the nodes, and gmetad has them
# from there; killed, resumed and taken back.  `make matrix` tries more of it.

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
	for node in $four; do lab_in "$node" sha256sum /etc/ganglia/gmond.conf; done
	lab_in mn sha256sum /etc/ganglia/gmetad.conf
}
for host in sn1 sn2; do gmond_server $host; done
gmond_node cn001 sn1-c
gmond_node cn002 10.2.0.11
gmond_node cn003 '"sn1-c"'
gmond_node cn004 sn1-c
gmetad_start 'data_source "sn1" 1 sn1:8649' 'data_source "far" 1 sn3:8649'
monitors gangliamon
files >"$scratch/files"

# shellcheck disable=SC2086 # names
at() { # SN: its gmond hears the four from now on, and gmetad has them
	since=$EPOCHSECONDS
	lab_await ganglia_hears "$1" 8649 $four && lab_await ganglia_hears mn 8651 $four
}
tap_expect "the nodes are heard on the old one" at sn1

plan() {
	moved --plan
	status_is 0 && contains "$out" "host = sn2-c" && contains "$out" "host = 10.2.0.12" &&
		contains "$out" '+data_source "sn2" 1 sn2:8649' && equals "$(files)" "$(cat "$scratch/files")"
}
tap_expect "a plan shows the lines, and changes nothing" plan
there() {
	moved
	status_is 0 && at sn2 && equals "$(lab_in cn002 grep -c 'host = 10.2.0.12' /etc/ganglia/gmond.conf)" 1 &&
		equals "$(lab_in cn001 grep -c 'host = sn1' /etc/ganglia/gmond.conf)" 2
}
tap_expect "after a move the new one hears them, and gmetad asks it; comments stay" there
back() {
	snmove --undo
	status_is 0 && equals "$(files)" "$(cat "$scratch/files")" && at sn1
}
tap_expect "an undo has every byte back, and the old one hears them" back

killed() {
	monitors gangliamon
	killed_slow --set 'ganglia.restart_gmond=/lab/site/slow /etc/init.d/ganglia-monitor restart'
}
resumed() {
	killed || return
	snmove --resume
	status_is 0 && at sn2 && back
}
tap_expect "killed while gmond is restarted, a resume ends it, and an undo has it back" resumed

nothing_there() {
	monitors
	moved
	status_is 0 && equals "$(files)" "$(cat "$scratch/files")" && equals "$(grep -c '^monitoring' <<<"$err")" 0 || return
	monitors gangliamon
	moved -i
	status_is 0 && equals "$(files)" "$(cat "$scratch/files")"
}
tap_expect "a site without Ganglia is not touched, nor are nodes with -i" nothing_there
[ "${MATRIX:-}" = all ] || tap_end

given_up() {
	killed && back
}
tap_expect "killed while gmond is restarted, an undo has it back" given_up
deaf() {
	monitors gangliamon
	gmond_stop sn2
	moved --set ganglia.wait=1
	status_is 3 && contains "$out" "gmond on sn2 has not heard of cn[001-004]" || return
	gmond_server sn2
	back
}
tap_expect "where no gmond hears them, that is owed" deaf
one_off() {
	monitors gangliamon
	gmond_stop cn003
	gmond_stop sn2 # which has heard it a moment ago
	gmond_server sn2
	moved --set ganglia.wait=1
	status_is 3 && contains "$out" "gmond on sn2 has not heard of cn003" || return
	lab_in cn003 /etc/init.d/ganglia-monitor start >/dev/null 2>&1
	back
}
tap_expect "a node whose gmond does not run is named" one_off
some() { # sn1 keeps cn003 and cn004
	monitors gangliamon
	move[0]=cn001-cn002
	moved
	move[0]=cn001-cn004
	status_is 0 && contains "$(lab_in mn cat /etc/ganglia/gmetad.conf)" 'data_source "sn1" 1 sn1:8649
data_source "sn2" 1 sn2:8649' && since=$EPOCHSECONDS && lab_await ganglia_hears sn2 8649 cn001 cn002 &&
		lab_await ganglia_hears mn 8651 cn001 cn002 cn003 cn004 && back
}
tap_expect "where nodes stay on the old one, gmetad asks both" some
tap_end
