#!/usr/bin/env bash
# rnetboot with a recorded HMC (hmc) behind a real sshd: sn3 is hmc1, which has four partitions, and
# sn2 is hmc2, which lets nobody in.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 4 || exit
# shellcheck disable=SC2034 # site.sh uses it
site_lines=('ssh_config = "/lab/site/ssh_config"')
site_lay || exit
. "$(dirname "$0")/moves.sh"
. "$(dirname "$0")/hmc.sh"
hmc_lay sn3 || exit
cat >"$site/ssh_config" <<-'CONFIG'
	Host hmc1
		HostName 10.1.0.13
		HostKeyAlias sn3
	Host hmc2
		HostName 10.1.0.12
		HostKeyAlias sn2
CONFIG
(
	cd "$site/tables" || exit
	cat >nodehm.csv <<-'CSV'
		#node,power,mgt,cons,conserver,comments,disable
		"compute","hmc","hmc","hmc",,,
	CSV
	cat >ppc.csv <<-'CSV'
		#node,hcp,id,pprofile,parent,nodetype,comments,disable
		"compute","hmc1","|cn0*(\d+)|($1+0)|",,"cec1","lpar",,
	CSV
	cat >vpd.csv <<-'CSV'
		#node,serial,mtm,comments,disable
		"cec1","10A","8204-E8A",,
	CSV
	cat >mac.csv <<-'CSV'
		#node,interface,mac,comments,disable
		"cn001",,"42:da:b0:00:10:01",,
		"cn002",,"42:da:b0:00:10:02",,
		"cn003",,"42:da:b0:00:10:03",,
		"cn004",,"42:da:b0:00:10:04",,
	CSV
	cat >chain.csv <<-'CSV'
		#node,currstate,comments,disable
		"compute","netboot",,
	CSV
	echo '"maxssh","2",,' >>site.csv
)
rnetboot() {
	run lab_in mn timeout 60 rnetboot --config /lab/site/config "$@"
}
anew_hmc() { # nothing has happened yet
	hmc_knows sn3 '1,lpar1,default,Running' '2,lpar2,default,Running' '3,lpar3,default,Not Activated' '4,lpar4,big,Running'
	rm -rf "$site/state" "$site/cluster.db"
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null
}
begun() { # HOW MANY
	equals "$(hmc_begun sn3)" "$1"
}

restricted() {
	local ssh=(lab_in mn ssh -F /lab/site/ssh_config -o BatchMode=yes hscroot@hmc1)
	anew_hmc
	run "${ssh[@]}" /bin/sh -c true
	[ "$status" != 0 ] && contains "$err" "restricted: cannot specify" || return
	run "${ssh[@]}" sh -c true
	status_is 127 && run "${ssh[@]}" lshmc -v && contains "$out" "*RM V7"
}
tap_expect "the HMC's shell has no sh, and the commands of an HMC" restricted

planned() {
	rnetboot compute -d --plan
	status_is 0 && contains "$out" "network boot of cn004 by hmc1, from 10.2.0.11" && contains "$out" "cannot be taken back" &&
		contains "$out" "cn001 (Running): hmc1: lpar_netboot -t ent -f -i -m 42dab0001001 -s auto -d auto -S 10.2.0.11 -G 10.2.0.1 -C 10.2.1.1 -K 255.255.0.0 lpar1 default '8204-E8A*10A'" &&
		begun 0
}
tap_expect "a plan has the commands of the HMC, and boots nothing" planned

one_fails() {
	hmc_fault sn3 lpar3 bootp
	rnetboot compute -d --reason 'new image'
	echo "$out"
	status_is 3 && contains "$err" "FAILED mn: 'network boot of cn003 by hmc1, from 10.2.0.11': status 1 (lpar_netboot: bootp operation failed.)" &&
		contains "$out" "run 1 done, with work owed: 4 nodes, 3 booted" &&
		contains "$out" "owed: mn: cn003: 'network boot of cn003 by hmc1, from 10.2.0.11': status 1" && begun 5 || return
	[[ $out != *"take it back"* ]]
}
tap_expect "one of four fails with status 0: it is tried twice, and owed" one_fails
two_at_once() {
	equals "$(hmc_at_once sn3)" 2
}
tap_expect "no more at once than site.maxssh says" two_at_once
history() {
	snmove --history cn003
	contains "$out" "network boot" && contains "$out" "rnetboot --config /lab/site/config compute -d --reason" || return
	snmove --show
	contains "$out" "reason   new image" && contains "$out" "4: cn[001-004], network boot"
}
tap_expect "it is in the history, with who and why" history
paid() {
	hmc_mend sn3
	snmove --resume
	status_is 0 && contains "$out" "run 1 done: 4 nodes, 4 booted" && begun 6 && snmove --status && contains "$out" "nothing is owed"
}
tap_expect "mended, a resume boots that one alone" paid
no_undo() {
	snmove --undo=1
	status_is 1 && contains "$err" "what has booted cannot be taken back" && begun 6
}
tap_expect "nothing of it is taken back" no_undo

faults() {
	anew_hmc
	hmc_fault sn3 lpar1 mac
	hmc_fault sn3 lpar2 console
	hmc_fault sn3 lpar3 busy
	rnetboot compute
	status_is 3 && contains "$err" "can not find mac address 42DAB0001001." && contains "$err" "console of lpar2 is open elsewhere" &&
		contains "$out" "owed: mn: cn001: 'network boot of cn001 by hmc1'" && contains "$out" "owed: mn: cn002:" &&
		contains "$out" "4 nodes, 2 booted" && begun 6 # 1, 2, 2, 1
}
tap_expect "a MAC that is not there, an open console, a busy HMC" faults
again() { # another run of those boots, done, owes nothing, and what was owed is void
	hmc_mend sn3
	rnetboot cn001,cn002
	status_is 0 && snmove --status && equals "$out" "no run is open, and nothing is owed"
}
tap_expect "a later boot makes void what was owed" again

denied() {
	anew_hmc
	lab_in mn sqlite3 /lab/site/cluster.db "INSERT INTO ppc (node, hcp, id, parent) VALUES ('cn002', 'hmc2', '2', 'cec1')"
	rnetboot compute
	status_is 1 && contains "$err" "cn002: hmc2: hscroot@10.1.0.12: Permission denied" && contains "$out" "refused, nothing changed" && begun 0
}
tap_expect "an HMC that lets nobody in is told, and nothing is booted" denied

lost() {
	anew_hmc
	hmc_fault sn3 lpar2 lost
	rnetboot cn002
	status_is 3 && contains "$err" "FAILED mn: 'network boot of cn002 by hmc1': lost" && begun 1 || return
	hmc_mend sn3
	snmove --resume
	status_is 3 && contains "$out$err" "begun before, and nobody knows how it ended: look there" && begun 1 || return
	snmove --close=1
	status_is 0 && contains "$out" "run 1 owes nothing any more"
}
tap_expect "where the connection ends nobody knows, and it is not begun again" lost

at_work() { # two of four are
	anew_hmc
	lab_in sn3 touch /home/hscroot/hmc/slow
	lab_in mn rnetboot --config /lab/site/config compute >"$scratch/out1" 2>"$scratch/err1" &
	booter=$!
	lab_await begun 2 >/dev/null
}
ended() { # its end is waited for
	{ wait "$booter"; } 2>/dev/null
	status=$? out=$(cat "$scratch/out1") err=$(cat "$scratch/err1")
}
interrupted() {
	at_work || return
	lab_in mn pkill -INT -x rnetboot
	lab_in sn3 rm /home/hscroot/hmc/slow
	ended
	status_is 130 && contains "$out" "run 1 interrupted, state saved: 2 booted" && begun 2 || return
	snmove --resume
	status_is 0 && contains "$out" "run 1 done: 4 nodes, 4 booted" && begun 4
}
tap_expect "Ctrl-C begins no more, waits for those at work, and a resume boots the others" interrupted
killed() {
	at_work || return
	lab_in mn pkill -KILL -x rnetboot
	ended
	snmove --status
	contains "$out" "run 1 is open: 4 nodes network boot" && contains "$out" "--resume=1   leave it so:" || return
	snmove "${move[@]}"
	status_is 5 && contains "$err" "run 1 is open" || return
	snmove --undo=1
	status_is 1 && contains "$err" "to leave it so: $typed --close=1" || return
	lab_in sn3 rm /home/hscroot/hmc/slow
	snmove --resume
	status_is 3 && contains "$out" "4 nodes, 2 booted" && contains "$out" "owed: mn: cn001: 'network boot of cn001 by hmc1': unknown" &&
		contains "$out" "owed: mn: cn002:" && begun 4
}
tap_expect "killed at work: a resume boots the others, and owes those of which nobody knows" killed

tap_end
