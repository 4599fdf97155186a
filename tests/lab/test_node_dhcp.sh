#!/usr/bin/env bash
# The DHCP client of a node asks the new service node, there and back, with real clients and servers:
# the address never goes, also when nobody answers.  `make matrix` has all clients.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
lab_need
lab_up 6 || exit
. "$(dirname "$0")/dhcp.sh"
. "$(dirname "$0")/nodes.sh"

nodes='cn001 cn002 cn003 cn004 cn005'
for sn in sn1 sn2; do
	sn_dhcp $sn
	sn_names $sn
done
# shellcheck disable=SC2086 # names
sn_hosts sn1 $nodes

holds() { # SN OTHER-SN NODE...: it alone has these
	local sn=$1
	sn_hosts "$2"
	sn_hosts "$sn" "${@:3}"
}
is_leased() { # NODE CLIENT SN: and says so
	local address=10.2.0.1${3#sn}
	equals "$(default_routes "$1" | grep -o 'via [^ ]*')" "via $address" && address_stayed "$1" || return
	on_node "$1" "$3" ask dhcpclient
	case $2 in
	udhcpc) told "dhcpclient unknown udhcpc on eth0 says nowhere whose lease it has" ;;
	*) told "dhcpclient server $address" ;;
	esac
}
turned() { # NODE CLIENT SN OTHER-SN
	# shellcheck disable=SC2086 # names
	holds "$3" "$4" $nodes
	watch_addresses "$1"
	local node_ssh=1
	on_node "$1" "$3" dhcpclient
	node_ssh=
	case $2 in
	udhcpc) told "dhcpclient 0 udhcpc has asked again on eth0, where 10.2.0.1${3#sn} answers; 10.2.1.${1#cn00}/16 is kept" ;;
	*) told "dhcpclient 0 $2 on eth0 has its lease of 10.2.0.1${3#sn}" ;;
	esac
	status_is 0 && is_leased "$@" || return
	# networkd tells nobody but systemd-resolved.
	[ "$2" != networkd ] || return 0
	on_node "$1" "$3" mkresolvconf
	told "mkresolvconf 0 names are asked of 10.2.0.1${3#sn} already" && resolves "$1" "10.2.0.1${3#sn}"
}
there_and_back() { # NODE CLIENT
	node_client "$@" || return
	turned "$@" sn2 sn1 && again "$@" && turned "$@" sn1 sn2
}
again() { # NODE CLIENT
	[ "$2" != udhcpc ] || return 0
	local pids
	pids=$(lab_in "$1" pgrep 'dhclient|Network|systemd-net|dhcpcd')
	lab_snapshot "$1"
	on_node "$1" sn2 dhcpclient
	told "dhcpclient 0 $2 on eth0 has its lease of 10.2.0.12 already" && equals "$(lab_changed "$1")" '' &&
		equals "$(lab_in "$1" pgrep 'dhclient|Network|systemd-net|dhcpcd')" "$pids"
}
silent() { # NODE CLIENT: nobody has the node
	holds sn2 sn1
	watch_addresses "$1"
	on_node "$1" sn2 dhcpclient
	case $2 in
	NetworkManager) told "dhcpclient 1 NetworkManager on eth0 has still a lease of 10.2.0.11: nobody of 10.2.0.12 answers; 10.2.1.${1#cn00}/16 is kept" ;;
	*) told "dhcpclient 1 nobody of 10.2.0.12 answers on eth0: $2 was not asked, 10.2.1.${1#cn00}/16 is kept" ;;
	esac
	address_stayed "$1"
	lab_in "$1" cat /tmp/monitor
}
check() { # NODE CLIENT
	tap_expect "$2 gets its lease of the new service node and back, and never loses its address" there_and_back "$@"
	[ "${MATRIX:-}" = all ] || [ "$2" = dhclient ] || return
	tap_expect "when nobody answers it keeps its address, and that is said" silent "$@"
	# shellcheck disable=SC2086 # names
	holds sn1 sn2 $nodes
}
check cn001 dhclient
node_shell='busybox sh'
check cn002 NetworkManager

[ "${MATRIX:-}" = all ] || tap_end

node_shell=bash
check cn003 udhcpc
node_shell='busybox sh'
check cn004 dhcpcd
check cn005 networkd

node_shell=

# --- Answered once, and then no more -------------------------------------------------------

# Trials are answered, by programs of that name which say so; the client is not.
lay_trials() { # NODE
	lab_in "$1" sh -c 'cat >/usr/local/sbin/udhcpc <<-"END"
		#!/bin/sh
		echo "udhcpc: lease of 10.2.1.1 obtained from 10.2.0.12, lease time 600"
		END
		cat >/usr/local/sbin/dhclient <<-"END"
		#!/bin/bash
		[[ " $* " == *" -d "* ]] || exec /usr/sbin/dhclient "$@"
		for word; do [ "$before" != -lf ] || lease=$word; before=$word; done
		printf "lease {\n  interface \"eth0\";\n  option dhcp-server-identifier 10.2.0.12;\n}\n" >>"$lease"
		exec sleep 60
		END
		chmod 755 /usr/local/sbin/udhcpc /usr/local/sbin/dhclient'
}
fallen_silent() { # NODE CLIENT
	lay_trials "$1"
	silent_after "$1" "$2"
	local failed=$?
	lab_in "$1" rm /usr/local/sbin/udhcpc /usr/local/sbin/dhclient
	return "$failed"
}
silent_after() { # NODE CLIENT: its address is there, or is there again
	holds sn2 sn1
	watch_addresses "$1"
	on_node "$1" sn2 dhcpclient
	status_is 1 && contains "$out" "10.2.1.${1#cn00}/16 is kept" || return
	echo "$out"
	lab_in "$1" cat /tmp/monitor
	contains " $(node_address "$1" | tr '\n' ' ')" " 10.2.1.${1#cn00}/16 " && contains "$(default_routes "$1")" "default via 10.2.0.11"
}
for pair in cn001:dhclient cn003:udhcpc cn004:dhcpcd cn005:networkd; do
	tap_expect "when ${pair#*:} is answered once and then no more, its address is there all the same" \
		fallen_silent "${pair%:*}" "${pair#*:}"
	# shellcheck disable=SC2086 # names
	holds sn1 sn2 $nodes
done

tap_end
