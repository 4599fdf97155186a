#!/usr/bin/env bash
# The hooks that come with snmove for RMC, Slurm, LoadLeveler and hardware control points, on recorded
# stand-ins (products) of these products' commands: a site without them, the whole move, a failure,
# kills, resumes, undo.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 4 || exit
used='hook = { rmc = { bin = "/usr/local/bin" }, slurm = { controller = "mn" } }'
site_lines=('connect_time = 3')
site_lay || exit
. "$(dirname "$0")/moves.sh"
begin_on=
commands='lsnodeid lsrsrc-api mkrsrc-api rmrsrc-api sinfo squeue scontrol llctl llconfig llstatus'

for host in $(lab_nodes); do
	cp "$source_tree/tests/lab/products" "$site/products"
	# shellcheck disable=SC2086 # several words
	lab_in "$host" sh -c 'for name; do ln -sf /lab/site/products "/usr/local/bin/$name"; done' link $commands
done

id() { # HOST: the id that RSCT has given it
	printf '%016X\n' "0x$(md5sum <<<"$1" | cut -c 1-15)"
}
fresh() { # nothing has happened; cn002 was drained by somebody else
	local host
	rm -rf "$site/state" "$site/cluster.db"
	echo '#name,nodestatmon,comments,disable' >"$site/tables/monitoring.csv"
	[ -z "${1-used}" ] || echo '"rmcmon","Y",,' >>"$site/tables/monitoring.csv"
	site_config ${1-"$used"}
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null || return
	for host in $(lab_nodes); do
		lab_in "$host" sh -c 'rm -rf /root/products /tmp/begun /tmp/slow-* /root/bad-*; mkdir -p /root/products/IBM.MCP /root/products/IBM.MngNode
			echo "$1" >/root/products/id' lay "$(id "$host")"
	done
	for host in $four; do
		lab_in "$host" sh -c 'echo "MNName::$1::KeyToken::sn1-c::IPAddresses::{\"10.2.0.11\"}::NodeID::0x$2" >"/root/products/IBM.MCP/$2"' \
			lay "$host" "$(id sn1)"
		lab_in sn1 sh -c 'echo "Name::$1::KeyToken::$1::IPAddresses::{\"$3\"}::NodeID::0x$2" >"/root/products/IBM.MngNode/$2"' \
			lay "$host" "$(id "$host")" "$(lab_in mn getent hosts "$host" | awk '{ print $1 }')"
	done
	lab_in mn sh -c 'cd /root/products && mkdir slurm && for node in cn001 cn003 cn004; do echo "idle|none" >slurm/$node; done
		echo "drained|disk is broken" >slurm/cn002'
}
world() { # what all products know, and the rows
	local host
	for host in $(lab_nodes); do
		lab_in "$host" sh -c 'cd /root/products && find . -type f ! -name log | sort | xargs grep -H . | sed "s|^|$1 |"' tell "$host"
	done
	lab_in mn sqlite3 /lab/site/cluster.db "SELECT node, servicenode, xcatmaster FROM noderes ORDER BY node"
}
is_as() { # before|after: the world is as it was kept by that name
	equals "$(world)" "$(cat "$scratch/$1")"
}
called() { # HOST COMMAND: how often
	lab_in "$1" grep -c "^$2 " /root/products/log
}

unused() {
	fresh ''
	moved
	status_is 0 || return
	for host in $(lab_nodes); do
		lab_in "$host" test ! -e /root/products/log || return
	done
}
tap_expect "a site without the products is asked nothing" unused

plan() {
	fresh
	world >"$scratch/before"
	moved --plan
	status_is 0 && contains "$out" "scontrol: drain cn[001,003-004]" && contains "$out" "scontrol: resume cn[001,003-004]" &&
		contains "$out" "RMC: IBM.MCP sn2-c" && contains "$out" "RMC: no IBM.MCP sn1-c" && is_as before
}
tap_expect "a plan shows what is to be done, and changes nothing" plan
whole() {
	moved
	status_is 0 || return
	world >"$scratch/after"
	local after
	after=$(cat "$scratch/after")
	equals "$(grep -c "^cn00. ./IBM.MCP/$(id sn2):MNName::cn00.::KeyToken::sn2-c::IPAddresses::{\"10.2.0.12\"}::NodeID::0x$(id sn2)" <<<"$after")" 4 &&
		equals "$(grep -c "^sn2 ./IBM.MngNode/.*Name::cn00.::KeyToken::cn00.::IPAddresses::{\"10" <<<"$after")" 4 &&
		equals "$(grep -c "^sn1 ./IBM.MngNode\|$(id sn1):MNName" <<<"$after")" 0
}
tap_expect "RMC: a move leaves each node with the new service node alone, with its id and address" whole
slurm_whole() {
	equals "$(lab_in mn grep scontrol /root/products/log)" "scontrol update NodeName=cn001,cn003,cn004 State=DRAIN Reason=snmove run 1
scontrol update NodeName=cn001,cn003,cn004 State=RESUME" && equals "$(grep -c 'slurm.*drained' "$scratch/after")" 1
}
tap_expect "Slurm: nodes were drained by one command, and resumed; who was drained by somebody else stays so" slurm_whole
undone() { # everything is as in the beginning
	snmove --undo
	status_is 0 && is_as before
}
tap_expect "an undo has everything back" undone

failing() {
	fresh
	lab_in cn003 touch /root/bad-mkrsrc-api
	lab_in mn touch /root/bad-scontrol
	moved
	status_is 3 && contains "$err" "monitoring   FAILED cn003: 'RMC: IBM.MCP sn2-c': status 1 (mkrsrc-api: it does not work)" &&
		contains "$err" "freeze       FAILED mn: 'scontrol: drain cn[001,003-004]': status 1 (scontrol: it does not work)" &&
		contains "$out" "owed: cn003: 'RMC: IBM.MCP sn2-c': status 1" || return
	# Who has not joined has not left.
	lab_in cn003 test -e "/root/products/IBM.MCP/$(id sn1)" && lab_in cn004 test ! -e "/root/products/IBM.MCP/$(id sn1)"
}
tap_expect "what fails is told with its step, and owed; a node that has not joined has not left" failing
mended() {
	lab_in cn003 rm /root/bad-mkrsrc-api
	lab_in mn rm /root/bad-scontrol
	snmove --resume
	status_is 0 && is_as after && undone
}
tap_expect "mended, a resume has done all of it, and owes nothing" mended
down() {
	fresh
	lab_in sn2 touch /root/products/down-cn004
	moved --set rmc.wait=0.1
	status_is 3 && contains "$out" "hook 'rmc', verify: RMC: on sn2 these are not up: cn004" || return
	lab_in sn2 rm /root/products/down-cn004
}
tap_expect "RMC: a node that the new server does not see is told by the look at the end" down

jobs() {
	fresh
	lab_in mn touch /root/products/jobs
	moved --set slurm.wait=0.1
	status_is 4 && contains "$err" "jobs run on after 0.1 seconds" && is_as_but_jobs
}
is_as_but_jobs() {
	lab_in mn rm /root/products/jobs
	is_as before
}
tap_expect "Slurm: jobs that do not end in time end the move before anything, and nodes are resumed" jobs
theirs() { # somebody gives a node that was drained by us another reason
	fresh
	lab_in mn sh -c 'echo after >/tmp/slow-scontrol'
	begin_on=mn start "${move[@]}" || return
	lab_in mn sh -c 'echo "drained|it burns" >/root/products/slurm/cn003; rm /tmp/slow-scontrol'
	wait "$mover"
	equals $? 0 && equals "$(lab_in mn cat /root/products/slurm/cn001 /root/products/slurm/cn003)" "idle|none
drained|it burns"
}
tap_expect "Slurm: a node that somebody has drained meanwhile stays so" theirs

killed_in() { # before|after COMMAND HOST...: snmove is killed while that runs on the hosts
	local when=$1 command=$2 host
	shift 2
	fresh
	for host; do lab_in "$host" sh -c 'echo "$1" >"/tmp/slow-$2"' slow "$when" "$command"; done
	begin_on=$* start "${move[@]}" || return
	signal KILL
	for host; do lab_in "$host" rm -f "/tmp/slow-$command" /tmp/begun; done
	snmove --status
	contains "$out" "run 1 is open"
}
resumed() {
	killed_in "$@" || return
	snmove --resume
	status_is 0 && is_as after && undone
}
given_up() {
	killed_in "$@" || return
	undone
}
if [ "${MATRIX:-}" = all ]; then
	points=('before scontrol mn' 'after scontrol mn' 'before mkrsrc-api cn001 cn002 cn003 cn004' 'after mkrsrc-api cn001 cn002 cn003 cn004'
		'before mkrsrc-api sn2' 'after mkrsrc-api sn2' 'before rmrsrc-api cn001 cn002 cn003 cn004'
		'after rmrsrc-api cn001 cn002 cn003 cn004' 'before rmrsrc-api sn1' 'after rmrsrc-api sn1')
else
	points=('after scontrol mn' 'after mkrsrc-api cn001 cn002 cn003 cn004')
fi
for point in "${points[@]}"; do
	# shellcheck disable=SC2086 # several words
	tap_expect "killed $point: a resume ends it, and an undo has it back" resumed $point
	# shellcheck disable=SC2086
	tap_expect "killed $point: an undo has it back" given_up $point
done

tap_end
