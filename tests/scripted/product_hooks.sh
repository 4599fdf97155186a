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

# --- Between two attempts ------------------------------------------------------------------

stopped_between() { # what watches the nodes was stopped in xCAT
	fresh gangliamon
	echo 'data_source "sn1" sn1' >"$scratch/gmetad.conf"
	printf '#!/bin/sh\n[ -e "%s/mended" ]\n' "$scratch" >"$scratch/bin/restart_gmetad"
	chmod 755 "$scratch/bin/restart_gmetad"
	move --only monitoring --set "ganglia.gmetad=$scratch/gmetad.conf" --set "ganglia.restart_gmetad=$scratch/bin/restart_gmetad"
	status_is 3 && contains "$out" "gmetad.conf': activate failed" || return
	sqlite3 "$scratch/cluster.db" "DELETE FROM monitoring"
	: >"$scratch/mended"
	snmove --resume --hooks "$hooks"
	status_is 0 && contains "$(cat "$scratch/gmetad.conf")" 'data_source "sn2" sn2'
}
tap_expect "a resume goes on with what it has begun, be it watched no more" stopped_between

slow() { # SETTINGS...: a move with these, killed in the middle
	rm -rf "$scratch/begun" "$scratch/products"
	mkdir "$scratch/products"
	local setting settings=()
	for setting; do settings+=(--set "$setting"); done
	fresh
	cat >"$hooks/10-look.lua" <<-LUA
		return { name = "look", summary = "waits in the middle", limits = { time = 600 }, before = { applications = function(move)
			if move.options.dest and move.attempt == "first" then
				require("remote").query("mn", "touch $scratch/begun; while [ -e $scratch/begun ]; do sleep 0.05; done")
			end
		end } }
	LUA
	chmod 644 "$hooks/10-look.lua"
	move -i --only freeze,applications,thaw "${settings[@]}" &
	local shell=$!
	await test -e "$scratch/begun" || return
	pkill -KILL -P "$shell"
	wait "$shell" 2>/dev/null
	rm "$hooks/10-look.lua" "$scratch/begun"
}
cat >"$scratch/bin/product" <<'SH'
#!/bin/sh
# Slurm and LoadLeveler: the state of each node is a file.
cd "$(dirname "$0")/../products" || exit
case ${0##*/} in
sinfo) for node in cn001 cn002 cn003 cn004; do echo "$node|$(cat $node 2>/dev/null || echo "idle|none")"; done ;;
scontrol)
	for node in $(echo "${2#NodeName=}" | tr , ' '); do
		[ "$3" != State=DRAIN ] || echo "drained|${4#Reason=}" >"$node"
		[ "$3" != State=RESUME ] || rm "$node"
	done ;;
llstatus) for node in cn001 cn002 cn003 cn004; do echo "$node!$([ -e "$node" ] && echo Drained || echo Idle)"; done ;;
llctl) case $3 in drain) touch "$2" ;; resume) rm "$2" ;; esac ;;
esac
SH
chmod 755 "$scratch/bin/product"
for name in sinfo scontrol llstatus llctl; do ln -s product "$scratch/bin/$name"; done
thawed() { # SETTING: of the move alone, which is killed; a close, an undo and a resume do not know it
	local end
	for end in --close=1 --undo "--resume --force=changed"; do
		slow "$1"
		equals "$(find "$scratch/products" -type f | wc -l)" 4 || return
		# shellcheck disable=SC2086 # two words
		snmove $end --hooks "$hooks"
		status_is 0 && equals "$(ls "$scratch/products")" '' || return
	done
}
tap_expect "Slurm: nodes are resumed by the controller that has drained them" thawed slurm.controller=mn
tap_expect "LoadLeveler: and by the manager" thawed loadleveler_drain.manager=mn

# --- How much they can carry ---------------------------------------------------------------

many_nodes() { # more than fit into an environment
	run "$build/snmove-lua" --config "$scratch/config" -e 'local remote, nodes = require "remote", {}
		for i = 1, 6001 do nodes[i] = ("node-with-a-long-name-%d 10.3.%d.%d 7\n"):format(i, i // 250, i % 250) end
		local answer = remote.query("mn", require("ganglia_files").unheard,
			{ stdin = table.concat(nodes), timeout = 20, env = { WAIT = "0", PORT = "8649", ADDRESSES = "" } }).mn
		print(answer.ok, select(2, answer.stdout:gsub("\n", "")))'
	status_is 0 && equals "$out" $'true\t6001' # nobody is there that has heard of them
}
tap_expect "Ganglia: six thousand nodes are asked for at once" many_nodes

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
	sqlite3 "$scratch/cluster.db" "DROP TABLE IF EXISTS openbmc; CREATE TABLE openbmc (node TEXT PRIMARY KEY, disable TEXT)" # without bmc
	snmove cn002,cn003 -d sn2 -D sn2-c --hooks "$hooks" --only servicenode,xcatmaster
	snmove cn001,cn003 -d sn2 -D sn2-c --hooks "$hooks" --only servers,monitoring --set hardware_control.ask=no
	status_is 0 && equals "$(row cec1)" "sn2,sn1|sn2-c"
}
tap_expect "a control point goes with the last of its nodes, be others of the move there already" last_of_a_point

once() { # LIST WANTED: in LoadL_config, when sn1 and sn3 are left without nodes
	fresh
	printf 'CENTRAL_MANAGER_LIST = %b\nEND = sn1\n' "$1" >"$scratch/LoadL_config"
	snmove rack1,rack2,rack3 -d sn2 -D sn2-c --hooks "$hooks" --only applications --set loadleveler.managers=mn \
		--set "loadleveler.config=$scratch/LoadL_config" --set "loadleveler.admin=$scratch/LoadL_admin"
	status_is 0 && equals "$(cat "$scratch/LoadL_config")" "$(printf 'CENTRAL_MANAGER_LIST = %b\nEND = sn1\n' "$2")"
}
tap_expect "LoadLeveler: who follows two stands in a list once" once 'sn1 sn3 far' 'sn2 far'
tap_expect "so it does where the list goes on in another line" once 'sn1, far, \\\n\tsn2' 'far, \\\n\tsn2'
tap_expect "and where it is there without a domain" once 'sn2 sn1.cluster.test' 'sn2'
tap_end
