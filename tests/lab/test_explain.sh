#!/usr/bin/env bash
# --explain --probe beside real DHCP servers: what agrees with the tables, and each way in which it
# does not.  Nothing is changed anywhere by looking.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 4 || exit
# shellcheck disable=SC2034 # site.sh uses it
site_lines=('connect_time = 3')
site_lay || exit
. "$(dirname "$0")/moves.sh"
. "$(dirname "$0")/dhcp.sh"
cat >"$site/before.lua" <<'LUA'
-- All that hold the nodes today have their entries.
local takeover, services, cluster = require "takeover", require "services", require "cluster"
takeover.step("dhcp", "as it was", function(move) services.give("dhcp", cluster.holders(move.nodes, "dhcp")) end)
takeover.alone()
LUA
chmod 600 "$site/before.lua"

# sn1 holds the four nodes, and gives them their loaders.
fresh() { # DISJOINTDHCPS
	local sn node
	site_tables
	dhcp_tables "$1"
	cat >"$site/tables/noderes.csv" <<-'CSV'
		#node,servicenode,netboot,tftpserver,nfsserver,monserver,xcatmaster,comments,disable
		"compute","sn1,sn2,sn3","grub2",,,,"sn1-c",,
	CSV
	rm -rf "$site/state" "$site/cluster.db"
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null || return
	for sn in sn1 sn2 sn3; do
		dhcp_stop_isc "$sn"
		dhcp_lay_isc "$sn" include && dhcp_start_isc "$sn" || return
	done
	lab_in mn rm -rf /tmp/before
	snmove --state /tmp/before --script /lab/site/before.lua "${move[@]}"
	status_is 0 || return
	for node in $four; do
		lab_in sn1 sh -c "mkdir -p /tftpboot/boot/grub2 && echo loader >/tftpboot/boot/grub2/grub2-$node" || return
	done
	lab_snapshot mn sn1 sn2 sn3
}
lab_in sn1 in.tftpd -l -a 10.2.0.11:69 -s /tftpboot || exit
sql() {
	lab_in mn sqlite3 /lab/site/cluster.db "$1"
}
probe() { # STATUS LINE...: and nothing was changed by looking
	local status_wanted=$1 line
	shift
	snmove --explain cn001-cn004 --probe
	status_is "$status_wanted" || return
	for line; do contains "$out" "$line" || return; done
	[ ! -e "$site/state" ] || {
		echo "there is a journal"
		return 1
	}
}
untouched() {
	equals "$(lab_changes mn sn1 sn2 sn3 | grep -v '/\.ssh/\| /tmp')" ''
}
differences() { # N
	equals "$(grep -c '^differs: ' <<<"$out")" "$1" && contains "$(tail -n 1 <<<"$out")" ": $1 difference"
}

agrees() {
	fresh 1 && probe 0 "cn[001-004]: fixed with backup" \
		"note: cn[001-004]: sn1 (10.2.0.11) answers, with next-server 10.2.0.11 and file /boot/grub2/grub2-NODE" &&
		differences 0 && untouched
}
tap_expect "where servers and tables agree it says who answers, and no difference" agrees
json() {
	snmove --explain cn001-cn004 --probe --json
	status_is 0 && contains "$(tail -n 1 <<<"$out")" '{"verdict":"done","status":0,"nodes":4,"groups":1,"differs":0,"missing":[]}' &&
		contains "$out" '{"note":"cn[001-004]: sn1 (10.2.0.11) answers'
}
tap_expect "the same as JSON" json

elsewhere() {
	sql "UPDATE noderes SET servicenode = 'sn2,sn1,sn3', xcatmaster = 'sn2-c'"
	probe 3 "differs: sn2: cn[001-004]: it has no DHCP entry of them, and should by the tables" \
		"differs: sn2: cn[001-004]: it does not answer their DHCP, and should by the tables" \
		"differs: sn1: cn[001-004]: sn1 (10.2.0.11) answers their DHCP, and does not hold it by the tables" || return
	lab_in mn snmove --config /lab/site/config --explain cn001 --probe --json >"$scratch/json"
	contains "$(grep '"differs":"it has' "$scratch/json")" '{"differs":"it has no DHCP entry of them, and should by the tables","host":"sn2","nodes":["cn001"]}' &&
		contains "$(tail -n 1 "$scratch/json")" '{"verdict":"differs","status":3,' && untouched
}
no_server() {
	dhcp_stop_isc sn2
	probe 3 "differs: sn2: cn[001-004]: its DHCP entries cannot be read: no DHCP server runs on sn2" \
		"differs: sn1: cn[001-004]: sn1 (10.2.0.11) answers their DHCP, and does not hold it by the tables"
}
tap_expect "a server that lacks what the tables say, and one that has what they do not, are named" elsewhere
tap_expect "where no server runs on the holder, the wire is asked from there all the same" no_server

edited() {
	fresh 1 || return
	lab_in sn1 sed -i '/host cn002 {/,/}/ s/next-server .*;/next-server 10.2.0.13;/' "$dhcp_hosts"
	dhcp_stop_isc sn1 && dhcp_start_isc sn1 || return
	probe 3 "differs: sn1: cn002: their DHCP entry there has 'next-server 10.2.0.13', and not 'next-server 10.2.0.11'" \
		"differs: sn1: cn002: sn1 (10.2.0.11) answers their DHCP with next-server 10.2.0.13, and not 10.2.0.11" \
		"note: cn[001,003-004]: sn1 (10.2.0.11) answers"
}
tap_expect "an entry that somebody has changed is shown with the line that differs" edited

no_file() {
	fresh 1 || return
	lab_in sn1 rm -r /tftpboot/boot
	probe 3 "differs: cn[001-004]: 10.2.0.11 gives sn1 no file /boot/grub2/grub2-cn001 by TFTP" && differences 1
}
tap_expect "a boot file that nobody can fetch is a difference" no_file

all() {
	fresh 0 && probe 0 "dhcp         sn1, sn2, sn3" "sn2 (10.2.0.12) answers, with next-server 10.2.0.11 and file" && differences 0 ||
		return
	dhcp_stop_isc sn3
	probe 3 "differs: sn3: cn[001-004]: its DHCP entries cannot be read: no DHCP server runs on sn3" \
		"differs: sn3: cn[001-004]: it does not answer their DHCP, and should by the tables"
}
tap_expect "without disjointdhcps all have to answer" all

dead() {
	fresh 0 && lab_power_off sn2 || return
	probe 3 "differs: sn2: cn[001-004]: its DHCP entries cannot be read: " "note: cn[001-004]: sn1 (10.2.0.11) answers"
	local failed=$?
	lab_power_on sn2
	return "$failed"
}
tap_expect "a service node that is dead is told, and the others are asked all the same" dead

no_mac() {
	fresh 1 && sql "DELETE FROM mac WHERE node = 'cn003'" || return
	probe 0 "note: nobody was asked about the DHCP of cn003: no MAC in the table mac" "but no MAC in the table mac"
}
tap_expect "a node without a MAC is asked about nowhere" no_mac

tap_end
