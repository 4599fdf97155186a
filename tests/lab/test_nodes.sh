#!/usr/bin/env bash
# The nodes themselves in a move: their log, time, names, route and DHCP client, with real daemons on
# nodes and service nodes, there and back; what is not run, and owed.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 4 || exit
site_lines=('connect_time = 3')
site_lay || exit
. "$(dirname "$0")/moves.sh"
. "$(dirname "$0")/dhcp.sh"
. "$(dirname "$0")/nodes.sh"
move=(cn001-cn004 -d sn2 -D sn2-c)

tables() {
	site_tables
	dhcp_tables 1
	cat >"$site/tables/networks.csv" <<-'CSV'
		#netname,net,mask,gateway,dhcpserver,nameservers,comments,disable
		"management","10.1.0.0","255.255.255.0",,,,,
		"cluster","10.2.0.0","255.255.0.0","<xcatmaster>",,"<xcatmaster>",,
	CSV
	cat >"$site/tables/postscripts.csv" <<-'CSV'
		#node,postscripts,postbootscripts,comments,disable
		"xcatdefaults","syslog,remoteshell","otherpkgs",,
		"compute","setupntp","mkresolvconf",,
	CSV
}
for sn in sn1 sn2; do
	sn_syslog $sn
	sn_time $sn
	sn_names $sn
	sn_dhcp $sn
done
for node in $four; do
	node_files "$node"
	node_syslog "$node"
	node_chrony "$node"
done
# shellcheck disable=SC2086 # names
sn_hosts sn1 $four
sn_hosts sn2
node_client cn001 dhclient

fresh() { # nothing has happened yet
	tables
	rm -rf "$site/state" "$site/cluster.db"
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null
}
is_at() { # NODE SN OTHER-SN
	local address=10.2.0.1${2#sn}
	logs_to "$1" "$2" "$3" && resolves "$1" "$address" && lab_await has_time_of "$1" "$address" &&
		equals "$(default_routes "$1" | sed 's/ metric.*//; s/ proto.*//')" "default via $address dev eth0"
}
leased_by() { # ADDRESS: the client of cn001
	equals "$(lab_in cn001 sed -n 's/.*dhcp-server-identifier \(.*\);/\1/p' /var/lib/dhcp/dhclient.eth0.leases | tail -n 1)" "$1"
}
files_of() { # NODE
	lab_in "$1" cat /etc/chrony/chrony.conf /etc/rsyslog.d/remote.conf /opt/xcat/xcatinfo
}

there() {
	fresh && is_at cn002 sn1 sn2 && leased_by 10.2.0.11 || return
	files_of cn002 >"$scratch/before"
	watch_addresses cn001
	moved
	echo "$out$err"
	status_is 0 && is_at cn001 sn2 sn1 && is_at cn002 sn2 sn1 && is_at cn004 sn2 sn1 && leased_by 10.2.0.12 && address_stayed cn001
}
tap_expect "log, time, names, route and lease of the nodes go to the new service node, and no address goes" there
back() {
	watch_addresses cn001
	snmove --undo
	echo "$out$err"
	status_is 0 && is_at cn001 sn1 sn2 && is_at cn002 sn1 sn2 && leased_by 10.2.0.11 && address_stayed cn001 &&
		equals "$(files_of cn002)" "$(cat "$scratch/before")"
}
tap_expect "and back by an undo, the files byte for byte" back
tap_end
