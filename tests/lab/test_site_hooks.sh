#!/usr/bin/env bash
# The hooks that come with snmove for RMC, Slurm, LoadLeveler and hardware control points, on recorded
# stand-ins (products) of these products' commands: a site without them, the whole move, a failure,
# kills, resumes, undo.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 4 || exit
used='hook = { rmc = { bin = "/usr/local/bin" }, slurm = { controller = "mn" },
	loadleveler = { managers = "mn" }, loadleveler_drain = { manager = "mn" } }'
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

declare -A ids # that RSCT has given to hosts
for host in $(lab_nodes); do
	ids[$host]=$(printf '%016X' "0x$(md5sum <<<"$host" | cut -c 1-15)")
done
managed= # of the nodes each name, id and address
for host in $four; do
	managed+="$host ${ids[$host]} $(lab_in mn getent hosts "$host" | awk '{ print $1 }') "
done
hardware() { # cn001-cn003 in cec1, which with cec2, where cn004 and cn005 are, is in a frame
	cat >"$site/tables/ppc.csv" <<-'CSV'
		#node,hcp,id,pprofile,parent,nodetype,supernode,sfp,comments,disable
		"cn001","cec1",,,"cec1","lpar",,,,
		"cn002","cec1",,,"cec1","lpar",,,,
		"cn003","cec1",,,"cec1","lpar",,,,
		"cn004","cec2",,,"cec2","lpar",,,,
		"cec1","cec1",,,"frame1","cec",,,,
		"cec2","cec2",,,"frame1","cec",,,,
		"fsp1","fsp1",,,"cec1","fsp",,,,
		"fsp2","fsp2",,,"cec2","fsp",,,,
		"frame1","frame1",,,,"frame",,,,
	CSV
	cat >>"$site/tables/nodelist.csv" <<-'CSV'
		"cec1","hardware,all",,,
		"cec2","hardware,all",,,
		"fsp1","hardware,all",,,
		"fsp2","hardware,all",,,
		"frame1","hardware,all",,,
	CSV
	echo '"hardware","sn1,sn2",,,,,"sn1-c",,' >>"$site/tables/noderes.csv"
	printf '%s\n' '#node,ip,hostnames,otherinterfaces,comments,disable' \
		"\"cec1\",\"$cec1\",,,," '"cec2","10.2.0.13",,,,' '"fsp1","10.2.0.13",,,,' '"fsp2","10.2.0.13",,,,' \
		'"frame1","10.2.0.13",,,,' >"$site/tables/hosts.csv"
}
points() { # their rows
	lab_in mn sqlite3 /lab/site/cluster.db "SELECT node, servicenode, xcatmaster FROM noderes WHERE node NOT LIKE 'cn%' ORDER BY node"
}
rest() { # a test that runs where all is tried
	[ "${MATRIX:-}" != all ] || tap_expect "$@"
}
fresh() { # [LUA]: of the configuration, -- for none of it; nothing has happened; cn002 was drained by somebody else
	local host waits=()
	rm -rf "$site/state" "$site/cluster.db"
	echo '#name,nodestatmon,comments,disable' >"$site/tables/monitoring.csv"
	[ "${1-}" = -- ] || echo '"rmcmon","Y",,' >>"$site/tables/monitoring.csv"
	site_tables
	rm -f "$site/tables"/{ppc,hosts}.csv
	[ -z "${cec1:-}" ] || hardware
	site_config "${1-$used}"
	for host in $(lab_nodes); do
		lab_in "$host" sh -c 'rm -rf /root/products /tmp/begun /tmp/slow-* /root/bad-*; mkdir -p /root/products/IBM.MCP /root/products/IBM.MngNode
			echo "$1" >/root/products/id
			case $2 in cn*) echo "MNName::$2::KeyToken::sn1-c::IPAddresses::{\"10.2.0.11\"}::NodeID::0x$3" >"/root/products/IBM.MCP/$3" ;; esac' \
			lay "${ids[$host]}" "$host" "${ids[sn1]}" &
		waits+=($!)
	done
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null || return
	wait "${waits[@]}"
	# shellcheck disable=SC2086 # several words
	lab_in sn1 sh -c 'while [ $# -gt 0 ]; do
			echo "Name::$1::KeyToken::$1::IPAddresses::{\"$3\"}::NodeID::0x$2" >"/root/products/IBM.MngNode/$2"
			shift 3
		done' lay $managed
	lab_in mn sh -c 'cd /root/products && mkdir slurm && for node in cn001 cn003 cn004; do echo "idle|none" >slurm/$node; done
		echo "drained|disk is broken" >slurm/cn002
		mkdir ll database; for node in cn001 cn003 cn004; do echo Idle >ll/$node; done; echo Drained >ll/cn002
		echo "sn1 sn3" >database/CENTRAL_MANAGER_LIST; echo "mn" >database/RESOURCE_MGR_LIST
		printf "%s\n" "# sn1 is in CENTRAL_MANAGER_LIST" "CENTRAL_MANAGER_LIST = sn1.cluster.test sn3" "RESOURCE_MGR_LIST = mn, \\" \
			"	sn1, sn2" "LOCAL_CONFIG = /var/sn1" >/etc/LoadL_config
		printf "%s\n" "default: type = machine" "	schedd_host = false" "sn1:	type = machine central_manager = true" \
			"	schedd_host = true # for sn1" "sn2: type = machine" "	schedd_host = false" "	alias = two" "sn1.cluster.test: type = machine" >/etc/LoadL_admin; cp /etc/LoadL_config managers'
}
world() { # what all products know, and the rows
	local host
	for host in $(lab_nodes); do
		lab_in "$host" sh -c 'cd /root/products && find . -type f ! -name log | sort | xargs grep -H . | sed "s|^|$1 |"' tell "$host"
	done
	lab_in mn cat /etc/LoadL_config /etc/LoadL_admin
	lab_in mn sqlite3 /lab/site/cluster.db "SELECT node, servicenode, xcatmaster FROM noderes ORDER BY node"
}
is_as() { # before|after: the world is as it was kept by that name
	equals "$(world)" "$(cat "$scratch/$1")"
}
called() { # HOST COMMAND: how often
	lab_in "$1" grep -c "^$2 " /root/products/log
}

unused() {
	fresh --
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
	equals "$(grep -c "^cn00. ./IBM.MCP/${ids[sn2]}:MNName::cn00.::KeyToken::sn2-c::IPAddresses::{\"10.2.0.12\"}::NodeID::0x${ids[sn2]}" <<<"$after")" 4 &&
		equals "$(grep -c "^sn2 ./IBM.MngNode/.*Name::cn00.::KeyToken::cn00.::IPAddresses::{\"10" <<<"$after")" 4 &&
		equals "$(grep -c "^sn1 ./IBM.MngNode\|${ids[sn1]}:MNName" <<<"$after")" 0
}
tap_expect "RMC: a move leaves each node with the new service node alone, with its id and address" whole
there_already() {
	snmove cn001-cn004 -d sn2 -D sn2 --only monitoring # by another of its names
	status_is 0 && is_as after
}
tap_expect "RMC: a node that is there already leaves nobody" there_already
slurm_whole() {
	equals "$(lab_in mn grep scontrol /root/products/log)" "scontrol update NodeName=cn001,cn003,cn004 State=DRAIN Reason=snmove run 1
scontrol update NodeName=cn001,cn003,cn004 State=RESUME" && equals "$(grep -c 'slurm.*drained' "$scratch/after")" 1
}
tap_expect "Slurm: nodes were drained by one command, and resumed; who was drained by somebody else stays so" slurm_whole
ll_whole() {
	equals "$(lab_in mn cat /etc/LoadL_config)" "# sn1 is in CENTRAL_MANAGER_LIST
CENTRAL_MANAGER_LIST = sn2.cluster.test sn3
RESOURCE_MGR_LIST = mn, \\
	sn2
LOCAL_CONFIG = /var/sn1" && equals "$(lab_in mn cat /etc/LoadL_admin | sed 's/[ 	]*$//')" "default: type = machine
	schedd_host = false
sn1:	type = machine
	 # for sn1
sn2: type = machine
	central_manager = true
	schedd_host = true

	alias = two
sn2.cluster.test: type = machine" && equals "$(lab_in mn grep -c 'llctl -h cn00[134] drain\|llctl -h cn00[134] resume' /root/products/log)" 6 &&
		equals "$(lab_in mn cat /root/products/managers)" "$(lab_in mn cat /etc/LoadL_config)"
}
tap_expect "LoadLeveler: the new server has the old one's places in lists and stanzas, and nodes were drained" ll_whole
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
	lab_in cn003 test -e "/root/products/IBM.MCP/${ids[sn1]}" && lab_in cn004 test ! -e "/root/products/IBM.MCP/${ids[sn1]}"
}
tap_expect "what fails is told with its step, and owed; a node that has not joined has not left" failing
mended() {
	lab_in cn003 rm /root/bad-mkrsrc-api
	lab_in mn rm /root/bad-scontrol
	lab_in mn sqlite3 /lab/site/cluster.db "DELETE FROM monitoring" # it goes on with what it has begun
	equals "$(lab_in mn sqlite3 /lab/site/state/journal.db "SELECT count(*) FROM notes WHERE name LIKE 'rmc %'")" 2 || return
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
rest "RMC: a node that the new server does not see is told by the look at the end" down

all_points() {
	cec1=10.2.0.13 fresh
	moved
	status_is 0 && all_have_gone
}
all_have_gone() {
	equals "$(points)" "cec1|sn2,sn1|sn2-c
cec2|sn2,sn1|sn2-c
compute|sn1,sn2,sn3|sn1-c
frame1|sn2,sn1|sn2-c
fsp1|sn2,sn1|sn2-c
fsp2|sn2,sn1|sn2-c
hardware|sn1,sn2|sn1-c"
}
tap_expect "hardware control: CECs, their FSPs and the frame have gone with all of their nodes" all_points
shared() { # cn004 stays: so do cec2 and the frame; then it goes, too
	cec1=10.2.0.13 fresh
	snmove cn001-cn003 -d sn2 -D sn2-c -i
	status_is 0 && contains "$out" "note: hardware control point frame1 stays, for cec2" && equals "$(points)" "cec1|sn2,sn1|sn2-c
compute|sn1,sn2,sn3|sn1-c
fsp1|sn2,sn1|sn2-c
hardware|sn1,sn2|sn1-c" || return
	snmove cn004 -d sn2 -D sn2-c -i
	status_is 0 && all_have_gone
}
rest "hardware control: a frame stays for the nodes that stay, and goes with the last of them" shared
partly() { # a part of a CEC's nodes
	cec1=10.2.0.13 fresh
	snmove cn001 -d sn2 -D sn2-c -i
	status_is 0 && contains "$out" "note: hardware control point cec1 stays, for cn[002-003]" &&
		contains "$out" "note: hardware control point fsp1 stays, for cec1" && equals "$(points | grep -c sn2-c)" 0
}
rest "hardware control: a CEC that is shared stays, with its FSP" partly
silent() {
	cec1=10.2.9.9 fresh
	moved --set hardware_control.wait=0.2
	status_is 1 && contains "$out" "hardware control points do not answer sn2: cec1 (10.2.9.9)" && is_nothing
}
is_nothing() { equals "$(points | grep -c sn2-c)" 0; }
rest "hardware control: a point that does not answer the new server refuses the move" silent
database() { # LoadLeveler's, and back
	fresh
	moved --set loadleveler.database=yes
	status_is 0 && equals "$(lab_in mn cat /root/products/database/CENTRAL_MANAGER_LIST /root/products/database/RESOURCE_MGR_LIST)" "sn2 sn3
mn" || return
	undone
}
rest "LoadLeveler: the same in its database, and back" database
some() { # of the nodes of sn1
	fresh
	snmove cn001 -d sn2 -D sn2-c -i
	status_is 0 && contains "$out" "note: LoadLeveler is left as it is: each old service node still has nodes" &&
		equals "$(lab_in mn cat /etc/LoadL_config | grep -c sn1)" 4
}
rest "LoadLeveler: where the old server still has nodes it keeps its places" some
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
rest "Slurm: jobs that do not end in time end the move before anything, and nodes are resumed" jobs
theirs() { # somebody gives a node that was drained by us another reason
	fresh
	lab_in mn sh -c 'echo after >/tmp/slow-scontrol'
	begin_on=mn start "${move[@]}" || return
	lab_in mn sh -c 'echo "drained|it burns" >/root/products/slurm/cn003; rm /tmp/slow-scontrol'
	wait "$mover"
	equals $? 0 && equals "$(lab_in mn cat /root/products/slurm/cn001 /root/products/slurm/cn003)" "idle|none
drained|it burns"
}
rest "Slurm: a node that somebody has drained meanwhile stays so" theirs

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
	points=('before scontrol mn' 'before llctl mn' 'after llctl mn' 'after scontrol mn' 'before mkrsrc-api cn001 cn002 cn003 cn004' 'after mkrsrc-api cn001 cn002 cn003 cn004'
		'before mkrsrc-api sn2' 'after mkrsrc-api sn2' 'before rmrsrc-api cn001 cn002 cn003 cn004'
		'after rmrsrc-api cn001 cn002 cn003 cn004' 'before rmrsrc-api sn1' 'after rmrsrc-api sn1')
else
	points=('after mkrsrc-api cn001 cn002 cn003 cn004')
fi
for point in "${points[@]}"; do
	# shellcheck disable=SC2086 # several words
	tap_expect "killed $point: a resume ends it, and an undo has it back" resumed $point
	# shellcheck disable=SC2086
	rest "killed $point: an undo has it back" given_up $point
done

tap_end
