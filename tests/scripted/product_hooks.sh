#!/usr/bin/env bash
# The hooks that come with it for products, where nodes and service nodes are this machine: what a part of a move
# that is done already is to them, what has changed between two attempts, and how much they can carry.

. "$(dirname "$0")/../lib/tap.sh"
use_example_site ''
{
	cat "$site/hosts"
	echo "10.1.0.1 cn001 cn002 cn003 cn004"
} >"$scratch/hosts"
use_example_site "hosts_file = '$scratch/hosts'"
make_hooks
mkdir "$scratch/bin"
PATH=$scratch/bin:$PATH

fresh() { # PLUG-INS...: nothing has happened, and xCAT has these started
	rm -rf "$scratch/cluster.db" "$scratch/state" "$scratch/tables"
	cp -r "$site/tables" "$scratch/tables"
	echo '#name,nodestatmon,comments,disable' >"$scratch/tables/monitoring.csv"
	[ $# = 0 ] || printf '"%s",,,\n' "$@" >>"$scratch/tables/monitoring.csv"
	"$build/snmove-lua" --config "$scratch/config" --import "$scratch/tables" >/dev/null
}
move() { # ARGUMENTS...
	snmove cn001-cn004 -d sn2 -D sn2-c --hooks "$hooks" "$@"
}

# --- Nodes that are there already ----------------------------------------------------------

there_already() {
	fresh gangliamon snmpmon
	printf 'udp_send_channel {\n  host = sn2-c\n}\n' >"$scratch/gmond.conf"
	echo 'trapsink sn2-c public' >"$scratch/snmpd.conf"
	move --only servicenode,xcatmaster
	status_is 0 || return
	move --only nodes,verify --set "ganglia.gmond=$scratch/gmond.conf" --set "snmp.file=$scratch/snmpd.conf" --set ganglia.wait=0
	contains "$out" "gmond on sn2 has not heard of cn[001-004]" && contains "$out" "nothing listens for traps on sn2" &&
		equals "$(grep -c still <<<"$out$err")" 0
}
tap_expect "nodes that are on the new one already are looked at, and have left nobody" there_already

hardware() { # cn001 and cn002 are in cec1, which is with sn1
	printf '%s\n' '#node,hcp,id,pprofile,parent,nodetype,supernode,sfp,comments,disable' \
		'"cn001","cec1",,,"cec1","lpar",,,,' '"cn002","cec1",,,"cec1","lpar",,,,' \
		'"cec1","cec1",,,,"cec",,,,' >"$scratch/tables/ppc.csv"
	echo '"cec1","all",,,,,,,,,,,' >>"$scratch/tables/nodelist.csv"
	echo '"cec1","sn1",,,,,,,,,,,"sn1-c",,,,,,,,,' >>"$scratch/tables/noderes.csv"
	"$build/snmove-lua" --config "$scratch/config" --import "$scratch/tables" >/dev/null
}
row() { # NODE
	sqlite3 "$scratch/cluster.db" "SELECT servicenode, xcatmaster FROM noderes WHERE node = '$1'"
}
last_of_a_point() {
	fresh
	hardware
	snmove cn002,cn003 -d sn2 -D sn2-c --hooks "$hooks" --only servicenode,xcatmaster
	snmove cn001,cn003 -d sn2 -D sn2-c --hooks "$hooks" --only servers,monitoring --set hardware_control.ask=no
	status_is 0 && equals "$(row cec1)" "sn2,sn1|sn2-c"
}
tap_expect "a control point goes with the last of its nodes, be others of the move there already" last_of_a_point

tap_end
