#!/usr/bin/env bash
# AIX nodes with a recorded stand-in for AIX and NIM (aix), behind real sshds, on hosts that have but what AIX
# has: a move, killed on a node and on the management node, resumed, undone; a shared installation.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 4 || exit
# shellcheck disable=SC2034 # site.sh uses it
site_lines=('connect_time = 3')
site_lay || exit
. "$(dirname "$0")/moves.sh"
. "$(dirname "$0")/aix.sh"
(
	cd "$site/tables" || exit
	cat >nodetype.csv <<-'CSV'
		#node,os,arch,profile,provmethod,comments,disable
		"compute","AIX","ppc64",,"71dskls",,
		"cn004",,,,"71disk",,
	CSV
	cat >nimimage.csv <<-'CSV'
		#imagename,nimtype,shared_root,dump,comments,disable
		"71dskls","diskless","71_root","71_dump",,
		"71disk","standalone",,,,
	CSV
	cat >statelite.csv <<-'CSV'
		#node,image,statemnt,mntopts,comments,disable
		"compute",,"sn1-c:/nodedata",,,
	CSV
	sed -i 's/"10.2.0.1"/"<xcatmaster>"/' networks.csv
)
move=(cn001-cn004 -d sn2 -D sn2-c)
# shellcheck disable=SC2086 # several names
aix_hosts sn1 sn2 $four || exit
# shellcheck disable=SC2086 # several names
aix_lay sn1 sn2 mn $four || exit

fresh() { # no|sns: how the installation is shared
	local node i=0
	rm -rf "$site/state" "$site/cluster.db"
	sed -i '/"sharedinstall"/d' "$site/tables/site.csv"
	echo "\"sharedinstall\",\"$1\",," >>"$site/tables/site.csv"
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null || return
	for node in $four; do
		i=$((i + 1))
		aix_node "$node" "10.2.1.$i" || return
	done
	lab_in sn1 mkdir -p /nodedata/cn001 /nodedata/cn002
	for node in sn1 sn2; do
		lab_in "$node" sh -c 'printf "dump_target=iqn.dump\ndump_lunid=0x1\n" >/root/aix/nim-71_dump'
	done
	lab_in mn sh -c 'echo location=/install/71_root >/root/aix/nim-71_root'
	lab_in sn2 sh -c 'rm -rf /install/71_root; mkdir -p /install/71_root/etc/.client_data /install/71_root/sn2_71dskls/.client_data &&
		echo cn001 >/install/71_root/sn2_71dskls/.client_data/hosts.cn001 &&
		printf "cn001|10.2.0.11|/nodedata\ncn009|10.2.0.11|/nodedata\n" >/install/71_root/statelite.table'
	world >"$scratch/before"
}
world() { # what nodes have of their server, and the rows
	local node
	for node in $four; do
		lab_in "$node" sh -c 'cd /root/aix; grep . route bootlist dump niminfo target configdump; cat /etc/xcatinfo' | sed "s/^/$node /"
	done
	lab_in sn2 cat /install/71_root/statelite.table
	lab_in mn sqlite3 /lab/site/cluster.db "SELECT node, servicenode, xcatmaster FROM noderes ORDER BY node;
		SELECT node, statemnt FROM statelite ORDER BY node"
}
is_as() { # before|after: the world is as it was kept by that name
	equals "$(world)" "$(cat "$scratch/$1")"
}
all_moved() {
	local now
	now=$(world)
	equals "$(grep -c 'bserver=10.2.0.12' <<<"$now")" 4 && equals "$(grep -c 'XCATSERVER=10.2.0.12' <<<"$now")" 4 &&
		equals "$(grep -c ' route:10.2.0.12' <<<"$now")" 4
}

plan() {
	fresh no
	moved --plan
	status_is 0 && contains "$out" "rsync of the statelite data in /nodedata to sn2" && contains "$out" "niminit, route, bootlist" &&
		contains "$out" "+XCATSERVER=10.2.0.12" && contains "$out" "sn1-c:/nodedata -> sn2-c:/nodedata" && is_as before
}
tap_expect "a plan shows all of it, and changes nothing" plan

whole() {
	moved
	status_is 0 && all_moved && contains "$(world)" "cn004 niminfo:cn004 sn2" &&
		contains "$(lab_in sn1 cat /tmp/aix.log)" "rsync -arlHpEAogDz /nodedata/cn001 /nodedata/cn002 sn2:/nodedata" || return
	world >"$scratch/after"
}
tap_expect "a move does all of it" whole
undone() {
	snmove --undo
	status_is 0 && is_as before
}
tap_expect "an undo has everything back" undone

killed() { # on the nodes, while they are at work
	local node
	fresh no
	for node in $four; do lab_in "$node" touch /tmp/slow-bootlist; done
	start "${move[@]}" || return
	signal KILL
	for node in $four; do lab_in "$node" rm -f /tmp/slow-bootlist /tmp/begun; done
	snmove --resume
	status_is 0 && is_as after || return
	snmove --undo
	status_is 0 && is_as before
}
tap_expect "killed while the nodes are at work it is resumed, and taken back" killed

copying() { # in the middle of what is copied
	fresh no
	lab_in sn1 touch /tmp/slow-rsync
	begin_on=sn1 start "${move[@]}" || return
	signal KILL
	lab_in sn1 rm -f /tmp/slow-rsync /tmp/begun
	snmove --resume
	status_is 0 && is_as after
}
tap_expect "killed while statelite data are copied it is resumed: they are copied again" copying

failing() {
	fresh no
	lab_in cn004 touch /root/bad-niminit
	lab_power_off cn003
	moved
	status_is 3 && contains "$out" "owed: cn004: niminit: 0042-001 niminit: it does not work" && contains "$out" "owed: cn003" || return
	lab_in cn004 rm /root/bad-niminit
	lab_power_on cn003
	snmove --resume=1
	status_is 0 && is_as after
}
tap_expect "a node that is down and one that fails are owed, and paid" failing

shared() {
	fresh sns
	moved
	status_is 0 && all_moved && contains "$(world)" "cn001 target:iqn.dump 32600 10.2.0.12 0x1" &&
		contains "$(world)" "cn004 target:iqn.dump 32600 10.2.0.11 0x1" &&
		contains "$(world)" $'cn001|10.2.0.12|/nodedata\ncn009|10.2.0.11|/nodedata' &&
		equals "$(lab_in sn2 cat /install/71_root/etc/.client_data/hosts.cn001)" cn001 || return
	snmove --undo
	status_is 0 && is_as before
}
tap_expect "with a shared root its tables and the dump devices follow, and go back" shared
tap_end
