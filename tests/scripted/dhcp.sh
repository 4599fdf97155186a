#!/usr/bin/env bash
# What the check says of DHCP by the tables alone, and when DHCP is left alone: no server runs here.
# The rest is in tests/lab.

. "$(dirname "$0")/../lib/tap.sh"
use_example_site "allow = { 'reach' },"
tables=$scratch/tables
fresh() { # MAC...: of cn001, cn002...
	local i=1 mac
	rm -rf "$tables" "$scratch/cluster.db" "$scratch/state"
	cp -r "$site/tables" "$tables"
	{
		echo '#node,interface,mac,comments,disable'
		for mac; do
			[ -z "$mac" ] || printf '"cn%03d",,"%s",,\n' "$i" "$mac"
			i=$((i + 1))
		done
	} >"$tables/mac.csv"
	"$build/snmove-lua" --config "$scratch/config" --import "$tables" >/dev/null
}
lacks() { # TEXT PART
	! contains "$@" >/dev/null || {
		echo "this says \"$2\": $1"
		return 1
	}
}
move() {
	snmove cn001-cn003 -d sn2 -D sn2-c -i "$@"
}
macs=(02:00:00:02:00:01 02:00:00:02:00:02 02:00:00:02:00:03)

left_alone() {
	fresh
	move --only rows
	status_is 0 || return
	fresh
	move --plan
	status_is 0 && lacks "$out" dhcp
}
tap_expect "where no node has a MAC DHCP is left alone" left_alone
said() {
	fresh
	move
	status_is 0 && contains "$out" "note: not done by this version, and with xCAT: makedhcp 'cn[001-003]'"
}
tap_expect "and what to type is said" said

no_server() {
	fresh "${macs[@]}"
	move
	status_is 1 && contains "$out" "refused, nothing changed" &&
		contains "$out" "dhcp       cn[001-003]: sn2: no DHCP server runs on sn2: dhcpd and kea-dhcp4 were looked for" &&
		contains "$out" "to go on all the same: $typed cn001-cn003 -d sn2 -D sn2-c -i --force=reach,dhcp"
}
tap_expect "a new service node without a DHCP server refuses the move" no_server
no_mac() {
	fresh "${macs[0]}" '' "${macs[2]}"
	move --check
	status_is 1 && contains "$out" "dhcp       cn002: no MAC in the table mac"
}
tap_expect "so does a node without a MAC, where others have one" no_mac
malformed() {
	fresh "${macs[0]}" 02:zz "${macs[0]}"
	move --check
	status_is 1 && contains "$out" "02:zz" && contains "$out" "dhcp       cn002: "
}
tap_expect "and a malformed one" malformed
skipped() {
	fresh "${macs[@]}"
	move --skip dhcp
	status_is 0 && contains "$out" "run 1 done (without step dhcp): 3 nodes" && lacks "$out" makedhcp
}
tap_expect "--skip dhcp leaves it out, and its checks" skipped

network() {
	fresh "${macs[@]}"
	sed -i 's/^"cluster","10.2.0.0","255.255.0.0",,"10.2.0.1",,,/"cluster","10.2.0.0","255.255.0.0",,"10.2.0.1","10.2.0.11","sn1",/' "$tables/networks.csv"
	"$build/snmove-lua" --config "$scratch/config" --import "$tables" >/dev/null
	move --check
	status_is 1 && contains "$out" "role       networks.dhcpserver of cluster is '10.2.0.11', the old service node" &&
		contains "$out" "wanted: chdef -t network -o cluster dhcpserver=sn2; that counts for the 57 other nodes of it, too" &&
		contains "$out" "networks.tftpserver of cluster is 'sn1'" && contains "$out" "tftpserver=sn2-c"
}
tap_expect "the nodes' network that names the old service node is told, with what to type" network
supposed() { # the check has seen rows as they will be, and nothing of that stays
	fresh "${macs[@]}"
	move --check
	status_is 1 || return
	snmove --history
	lacks "$out" "done"
	equals "$("$build/snmove-lua" --config "$scratch/config" -e 'print(require("cluster").get("cn001", "noderes.xcatmaster"))')" sn1-c
}
tap_expect "the rows are as they were" supposed
dead_unknown() {
	fresh "${macs[@]}"
	snmove --reconcile sn1
	status_is 0 && contains "$out" "nothing to do: no node was moved away from sn1 while it was dead" || return
	snmove --reconcile cn001
	contains "$out$err" "nothing to do"
	snmove --reconcile nosuch
	status_is 1 && contains "$err" "--reconcile: no service node is named 'nosuch'" || return
	snmove --reconcile sn1 cn001
	status_is 2 && contains "$err" "--reconcile takes no noderange"
}
tap_expect "nothing is brought up to date where nobody was dead" dead_unknown
tap_end
