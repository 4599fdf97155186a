#!/usr/bin/env bash
# Five hooks that sites have (Slurm, LoadLeveler, Ganglia, RMC, hardware control), on recorded
# stand-ins (fake) of the products' commands: planned, run, failing, killed in freeze and on the nodes,
# resumed and undone.  Nothing stays drained, and nothing that failed is silent.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 4 || exit
site_lines=('connect_time = 3')
site_lay || exit
. "$(dirname "$0")/moves.sh"
begin_on=

fresh() { # nothing has happened; cn002 was drained by somebody else
	local node name
	rm -rf "$site/state" "$site/cluster.db"
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null || return
	cp "$source_tree"/tests/lab/hooks/*.lua "$site/hooks" && chmod 644 "$site/hooks"/*.lua
	cp "$source_tree/tests/lab/fake" "$site/fake"
	for node in $(lab_nodes); do
		for name in scontrol sinfo squeue llctl gmond-restart rmcdomain mkhwconn rmhwconn; do
			lab_in "$node" ln -sf /lab/site/fake "/usr/local/bin/$name" || return
		done
		lab_in "$node" sh -c 'rm -rf /root/fake /tmp/begun /tmp/slow-* /root/bad-*; mkdir /root/fake'
	done
	for node in $four; do
		lab_in "$node" sh -c "printf 'name = $node\nhost = sn1-c\n' >/etc/gmond.conf; cp /etc/gmond.conf /root/fake/gmond; echo sn1 >/root/fake/domain"
	done
	lab_in mn sh -c 'echo drained >/root/fake/slurm-cn002; echo "resource: sn1 sn3" >/root/LoadL_admin'
}
world() { # what all products know, and the rows
	local node
	lab_in mn sh -c 'cd /root/fake && ls | grep -v gmond; cat ../LoadL_admin'
	for node in sn1 sn2; do lab_in "$node" sh -c "cd /root/fake && ls | sed s/^/$node:/"; done
	for node in $four; do lab_in "$node" cat /etc/gmond.conf /root/fake/gmond /root/fake/domain; done
	lab_in mn sqlite3 /lab/site/cluster.db "SELECT node, servicenode, xcatmaster FROM noderes ORDER BY node"
}
is_as() { # before|after: the world is as it was kept by that name
	equals "$(world)" "$(cat "$scratch/$1")"
}
drained() { # how many besides cn002, with Slurm and LoadLeveler
	lab_in mn sh -c 'ls /root/fake | grep -c "^slurm-cn00[134]\|^ll-"'
}

plan() {
	fresh
	world >"$scratch/before"
	moved --plan
	status_is 0 && contains "$out" "drain cn001" && contains "$out" "nothing to take back" && contains "$out" "host = sn2-c" &&
		contains "$out" "rmcdomain sn1 sn2" && is_as before
}
tap_expect "a plan shows all of it, and changes nothing" plan

whole() {
	moved
	status_is 0 && equals "$(drained)" 0 && contains "$out" "no node is left on sn1" || return
	local after
	after=$(world)
	echo "$after" >"$scratch/after"
	equals "$(grep -c 'host = sn2-c' <<<"$after")" 8 && equals "$(grep -cx sn2 <<<"$after")" 4 &&
		equals "$(grep -c sn2:hw- <<<"$after")" 4 && contains "$after" "resource: sn2 sn3" && contains "$after" slurm-cn002
}
tap_expect "a move does all of it; who was drained by somebody else stays so" whole
undone() { # everything is as in the beginning
	snmove --undo
	status_is 0 && equals "$(drained)" 0 && is_as before
}
tap_expect "an undo has everything back" undone

failing() {
	fresh
	lab_in cn003 touch /root/bad-gmond-restart
	lab_in mn touch /root/bad-llctl
	moved
	status_is 3 && contains "$err" "nodes        FAILED cn003: 'put /etc/gmond.conf': activate failed" &&
		contains "$err" "freeze       FAILED mn: 'llctl -h cn001 drain startd': status 1 (llctl: it does not work)" &&
		contains "$out" "owed: cn003: 'put /etc/gmond.conf'" && contains "$out" "owed: mn: cn004: 'llctl -h cn004 resume startd': status 1"
}
tap_expect "what fails is told with its step, and owed" failing
mended() {
	lab_in cn003 rm /root/bad-gmond-restart
	lab_in mn rm /root/bad-llctl
	snmove --resume
	status_is 0 && equals "$(drained)" 0 && is_as after && undone
}
tap_expect "mended, a resume has done all of it, and owes nothing" mended

killed_in() { # COMMAND HOST...: snmove is killed while that runs on the hosts
	local command=$1 host
	shift
	fresh
	for host; do lab_in "$host" touch "/tmp/slow-$command"; done
	begin_on=$* start "${move[@]}"
	signal KILL
	for host; do lab_in "$host" rm -f "/tmp/slow-$command" /tmp/begun; done
	snmove --status
	contains "$out" "run 1 is open"
}
resumed() {
	killed_in "$@" || return
	snmove --resume
	status_is 0 && equals "$(drained)" 0 && is_as after && undone
}
tap_expect "killed while Slurm drains, a resume ends it with nobody drained, and an undo has it back" resumed scontrol mn
tap_expect "so it does killed while LoadLeveler drains" resumed llctl mn
tap_expect "so it does killed while gmond is restarted" resumed gmond-restart cn001 cn002 cn003 cn004
tap_expect "so it does killed while nodes change their domain" resumed rmcdomain cn001 cn002 cn003 cn004
tap_expect "so it does killed while hardware connections are made" resumed mkhwconn sn2
given_up() {
	killed_in "$@" || return
	undone
}
tap_expect "killed while Slurm drains, an undo leaves nobody drained" given_up scontrol mn
tap_expect "so it does killed while gmond is restarted" given_up gmond-restart cn001 cn002 cn003 cn004
tap_expect "so it does killed while nodes change their domain" given_up rmcdomain cn001 cn002 cn003 cn004
closed() {
	killed_in scontrol mn || return
	snmove --close=1
	status_is 0 && equals "$(drained)" 0
}
tap_expect "so it does killed while Slurm drains, and closed" closed

tap_end
