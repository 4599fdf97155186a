# shellcheck shell=sh
# Has the node's DHCP client ask again, so that its lease is of the new service node.
#
# Runs first, and in a session of its own.  The address of the node is never lost: a client that
# drops it when nobody answers is asked only after somebody has answered on the link, by a trial that
# touches nothing; and while it is at work the address is watched, and put back if it goes.
#
# SNMOVE_DHCP_SERVERS are the servers of whose lease it may be (MASTER_IP), SNMOVE_INTERFACE the
# interface (that by which MASTER_IP is reached).  DHCPv4 only.
# shellcheck disable=SC2154 # of common.sh

# --- What there is -------------------------------------------------------------------------

dhcpclient_look() { # sets $interface, $address (with its length) and $client, and $daemon of some
	interface=${SNMOVE_INTERFACE:-}
	[ -n "$interface" ] || interface=$(ip -o route get "$MASTER_IP" 2>/dev/null |
		sed -n 's/.* dev \([^ ]*\).*/\1/p')
	case $interface in
	'' | lo | *[!A-Za-z0-9_.:@-]* | -*) return 1 ;;
	esac
	address=$(dhcpclient_addresses | head -n 1)
	if dhcpclient_is_networkmanager; then
		client=NetworkManager
	elif dhcpclient_is_networkd; then
		client=networkd
	elif dhcpclient_dhcpcd >/dev/null; then
		client=dhcpcd
	elif daemon=$(dhcpclient_process dhclient dhclient); then
		client=dhclient
	elif daemon=$(dhcpclient_process udhcpc udhcpc busybox); then
		client=udhcpc
	elif pid_of wickedd-dhcp4 >/dev/null; then
		client=wicked
	else
		client=none
	fi
}
dhcpclient_addresses() {
	ip -4 -o addr show dev "$interface" scope global | awk '{ print $4 }'
}
dhcpclient_is_networkmanager() { # what others have set up is "connected (externally)"
	command -v nmcli >/dev/null && pid_of NetworkManager >/dev/null &&
		bounded 10 nmcli -t -f DEVICE,STATE d 2>/dev/null | grep -q -F -x -e "$interface:connected"
}
dhcpclient_is_networkd() {
	command -v networkctl >/dev/null && pid_of systemd-networkd >/dev/null &&
		bounded 10 networkctl --no-pager --no-legend list "$interface" 2>/dev/null |
		awk '{ exit $5 != "configured" && $5 != "configuring" }' && [ -e "$(dhcpclient_networkd_lease)" ]
}
dhcpclient_networkd_lease() {
	ip -o link show dev "$interface" | sed 's|:.*||; s|^|/run/systemd/netif/leases/|'
}
dhcpclient_dhcpcd() { # how the one that runs there is called; another way would start a second
	for word in "-4 $interface-4" "- $interface" "- "; do
		for file in "/run/dhcpcd/${word#* }.pid" "/run/dhcpcd-${word#* }.pid"; do
			[ -n "${word#* }" ] || file=/run/dhcpcd/pid
			if [ -f "$file" ] && read -r number <"$file" && [ "$(cat "/proc/$number/comm" 2>/dev/null)" = dhcpcd ]; then
				echo "${word%% *}" | sed 's/^-$//'
				return 0
			fi
		done
	done
	return 1
}
dhcpclient_process() ( # APPLET COMM...: the one that is for this interface, and not NetworkManager's
	applet=$1
	shift
	mine=$(readlink /proc/self/ns/pid)
	for folder in /proc/[0-9]*; do
		{ read -r name <"$folder/comm"; } 2>/dev/null || continue
		is_in "$name" "$*" || continue
		[ "$(readlink "$folder/ns/pid")" = "$mine" ] || continue
		is_alive "${folder#/proc/}" || continue
		if arguments_of "${folder#/proc/}" 2>/dev/null | awk -v applet="$applet" -v interface="$interface" '
			{ word[NR] = $0 }
			$0 ~ "(^|/)" applet "$" { is_applet = 1 }
			$0 == interface || $0 == "-i" interface || $0 == "--interface=" interface { is_its = 1 }
			$0 == "-i" || /^--interface/ { other = 1 }
			$0 == "-6" || /nm-dhcp-helper/ { exit failed = 1 }
			END { exit failed || !is_applet || !is_its && (applet != "udhcpc" || other || interface != "eth0") }'; then
			echo "${folder#/proc/}"
			return 0
		fi
	done
	return 1
)

# --- The lease -----------------------------------------------------------------------------

dhcpclient_leases() { # of dhclient: the file
	arguments_of "$daemon" 2>/dev/null | sed -n '/^-lf$/{n;p;q;}' | grep . && return
	for file in /var/lib/dhcp/dhclient.leases /var/lib/dhclient/dhclient.leases /var/lib/dhcp/dhclient.db; do
		[ ! -f "$file" ] || { echo "$file" && return; }
	done
}
# dhclient_option NAME FILE: of the last lease of the interface.
dhclient_option() {
	[ ! -f "$2" ] || awk -v name="$1" -v interface="$interface" '
		/^lease/ { value = ""; its = 0 }
		$1 == "interface" && $2 == "\"" interface "\";" { its = 1 }
		{ sub(/^[ \t]*(option )?/, "") }
		$1 == name { value = $2; sub(/[,;].*/, "", value) }
		/^}/ { if (its) last = value }
		END { if (last != "") print last }' "$2"
}
dhcpclient_option() { # server|router: of the lease that the client has
	case $client in
	NetworkManager)
		bounded 10 nmcli -g DHCP4.OPTION d show "$interface" 2>/dev/null | tr '|' '\n' |
			sed -n "s/^ *$(dhcpclient_name dhcp_server_identifier routers "$1") = \([^ ]*\).*/\1/p"
		;;
	networkd) sed -n "s/^$(dhcpclient_name SERVER_ADDRESS ROUTER "$1")=\([^ ]*\).*/\1/p" "$(dhcpclient_networkd_lease)" ;;
	dhcpcd)
		# shellcheck disable=SC2046 # none or one
		bounded 10 dhcpcd $(dhcpclient_dhcpcd) -U "$interface" 2>/dev/null |
			sed -n "s/^$(dhcpclient_name dhcp_server_identifier routers "$1")='\{0,1\}\([0-9.]*\).*/\1/p"
		;;
	dhclient) dhclient_option "$(dhcpclient_name dhcp-server-identifier routers "$1")" "$leases" ;;
	esac
}
dhcpclient_name() { # SERVER ROUTER server|router
	if [ "$3" = server ]; then echo "$1"; else echo "$2"; fi
}
dhcpclient_is_right() {
	is_in "$(dhcpclient_option server)" "$servers"
}

# --- Trials, which touch nothing -----------------------------------------------------------

# Who answers, as far as any client on the node can tell: 0 one of $servers, 1 nobody or another
# ($answered), 2 there is no client to try with.
dhcpclient_try() {
	true=/bin/true
	[ -x $true ] || true=/usr/bin/true
	if command -v udhcpc >/dev/null; then
		udhcpc=udhcpc
	elif busybox udhcpc --help >/dev/null 2>&1; then
		udhcpc='busybox udhcpc'
	elif command -v dhclient >/dev/null; then
		printf 'dhclient\n-4\n' >"$work/arguments"
		dhcpclient_try_dhclient
		return
	else
		return 2
	fi
	$udhcpc -f -q -n -i "$interface" -s $true -t 4 -T 1 -A 1 -r "${address%/*}" >"$work/try" 2>&1
	answered=$(sed -n 's/.* obtained from \([0-9.]*\).*/\1/p' "$work/try")
	is_in "$answered" "$servers"
}
dhcpclient_try_dhclient() { # with the arguments that lie in $work/arguments, and the lease there is
	rm -f "$work/lease"
	: >"$work/lease"
	# It may take up the lease again that it knows of: that one is of nobody.
	[ ! -f "${leases:-}" ] ||
		sed 's/\(option dhcp-server-identifier\) .*/\1 0.0.0.0;/' "$leases" >"$work/lease"
	# shellcheck disable=SC2016 # of the other shell
	{
		cat "$work/arguments"
		printf '%s\n' -1 -d -q -sf /bin/true -lf "$work/lease" -pf "$work/pid" "$interface"
	} | tr '\n' '\0' | xargs -0 sh -c 'echo $$ >"$0" && exec "$@"' "$work/trial" >/dev/null 2>&1 &
	await 10 dhcpclient_is_tried
	{ read -r trial <"$work/trial"; } 2>/dev/null && kill "$trial" && await 5 is_gone "$trial"
	answered=$(dhcpclient_trial)
	[ -n "$answered" ] && is_in "$answered" "$servers"
} 2>/dev/null
dhcpclient_trial() { # whose lease it has got
	dhclient_option dhcp-server-identifier "$work/lease" | grep -v -F -x 0.0.0.0
}
dhcpclient_is_tried() {
	dhcpclient_trial | grep -q . ||
		{ [ -s "$work/trial" ] && is_gone "$(cat "$work/trial")"; }
}
dhcpclient_must_answer() { # what tries it; nothing is touched unless it does
	"$@"
	case $? in
	1) failed "nobody of $servers answers on $interface${answered:+ ($answered does)}: $client was not asked, $address is kept" ;;
	esac
}

# --- Asking --------------------------------------------------------------------------------

dhcpclient_ask_networkmanager() { # it acts on another value only; and waits for ever
	lasting=$((2147480000 - $(date +%s) % 100000000))
	bounded 20 nmcli device modify "$interface" ipv4.dhcp-timeout $lasting >/dev/null 2>&1
	dhcpclient_watch 3 ||
		bounded 20 nmcli device modify "$interface" ipv4.dhcp-timeout $((lasting - 1)) >/dev/null 2>&1
}

# A stop takes the address away, and so does every other way; killed it leaves all as it is.
dhcpclient_ask_networkd() {
	dhcpclient_must_answer dhcpclient_try
	daemon=$(pid_of systemd-networkd)
	if unit=$(unit_of "$daemon"); then
		systemctl kill -s KILL "$unit" >/dev/null 2>&1
		await 5 is_another "$daemon" systemd-networkd || systemctl start "$unit" >/dev/null 2>&1
	else
		revive "$daemon" KILL
	fi
}
dhcpclient_ask_dhcpcd() {
	dhcpclient_must_answer dhcpclient_try
	# shellcheck disable=SC2046 # none or one
	bounded 30 dhcpcd $(dhcpclient_dhcpcd) -n "$interface" >/dev/null 2>&1
}

# Ended it leaves the address, and started again it asks for the same one.
dhcpclient_ask_dhclient() {
	arguments_of "$daemon" >"$work/all"
	# Of a client for several interfaces only one is known to be answered.
	for word in $(ip -o link show | sed 's/^[0-9]*: \([^:@]*\).*/\1/'); do
		[ "$word" = "$interface" ] || ! grep -q -F -x -e "$word" "$work/all" ||
			failed "one dhclient serves $interface and $word: it was not asked, $address is kept"
	done
	awk -v interface="$interface" '
		skip { skip = 0; next }
		/^-(lf|pf|sf)$/ { skip = 1; next }
		/^-(1|d|q|v|w|nw|r|x|n)$/ || $0 == interface { next }
		{ print }' "$work/all" >"$work/arguments"
	dhcpclient_must_answer dhcpclient_try_dhclient
	revive "$daemon"
	if ! dhcpclient_watch 20; then
		# It would drop the address soon.
		! daemon=$(dhcpclient_process dhclient dhclient) || kill "$daemon"
		dhcpclient_keep_for_ever
		failed "dhclient was answered on $interface and then no more: it was ended, $address is kept for ever"
	fi
	await 5 test -e "$work/ended"
	# The address is there already, and its script leaves it the time that it had.
	seconds=$(dhclient_option dhcp-lease-time "$leases")
	case $seconds in
	'' | *[!0-9]*) seconds=forever ;;
	esac
	ip -4 addr change "$address" dev "$interface" valid_lft "$seconds" preferred_lft "$seconds"
}

# It says nowhere who answered; the trial does.
dhcpclient_ask_udhcpc() {
	dhcpclient_must_answer dhcpclient_try
	kill -USR1 "$daemon"
	await 2 dhcpclient_is_asking
	# It gives up, and the address with it, after some 14 s.
	{ dhcpclient_watch 20 && [ -z "$lost" ]; } || failed "udhcpc on $interface gets no answer; $address is kept$lost"
	ok "udhcpc has asked again on $interface, where $answered answers; $address is kept"
}
dhcpclient_is_asking() { # a socket of it is open; when it has its lease it has none
	for file in "/proc/$daemon/fd"/*; do
		case $(readlink "$file") in
		socket:*) return 0 ;;
		esac
	done
	return 1
}

# --- The address ---------------------------------------------------------------------------

# dhcpclient_watch SECONDS: until the lease is right.  The address is put back when it goes.
dhcpclient_watch() {
	read -r up _ </proc/uptime
	limit=$((${up%.*} + $1))
	until if [ "$client" = udhcpc ]; then ! dhcpclient_is_asking || [ -n "$lost" ]; else dhcpclient_is_right; fi; do
		dhcpclient_keep
		read -r up _ </proc/uptime
		[ "${up%.*}" -lt $limit ] || return 1
		nap
	done
	dhcpclient_keep
}
dhcpclient_keep() {
	[ -n "$address" ] || return 0
	dhcpclient_addresses | grep -q -F -x -e "$address" || {
		ip -4 addr add "$address" brd + dev "$interface"
		lost='; its address had gone and was put back'
	}
	ip -4 route show default | grep -q ' via ' || while read -r route; do
		# shellcheck disable=SC2086 # words
		ip -4 route add $route
	done <"$work/routes"
} 2>/dev/null
dhcpclient_keep_for_ever() {
	dhcpclient_keep
	ip -4 addr change "$address" dev "$interface" valid_lft forever preferred_lft forever
} 2>/dev/null

# The router of the lease, in the place of that of the lease before, which goes.
dhcpclient_reroute() {
	router=$(dhcpclient_option router)
	is_address "$router" || return 0
	ip -4 route show default dev "$interface" | sed 's/ linkdown//; s/ dead//' >"$work/defaults"
	while read -r route; do
		via=$(echo "$route" | sed -n 's/.* via \([^ ]*\).*/\1/p')
		[ "$via" != "$router" ] || continue
		[ "$via" = "$before" ] || is_in "$via" "${SNMOVE_OLD:-}" || continue
		# shellcheck disable=SC2046 # words
		ip -4 route replace $(echo "$route" | sed "s/ via [^ ]*/ via $router/") dev "$interface"
		# shellcheck disable=SC2086 # words
		ip -4 route del $route dev "$interface" # it may have come beside it
	done <"$work/defaults"
	[ -n "$(ip -4 route show default)" ] || ip -4 route add default via "$router" dev "$interface"
} 2>/dev/null

dhcpclient_ends() { # of an address that nobody looks after
	ip -4 addr show dev "$interface" scope global |
		sed -n 's/.*valid_lft \([0-9]*\)sec.*/; its address ends in \1 s, and nobody renews it/p' | head -n 1
}

do_dhcpclient() {
	servers=${SNMOVE_DHCP_SERVERS:-$MASTER_IP}
	set -f
	for word in $servers; do
		if ! is_address "$word" || is_6 "$word"; then
			wrong "'$word' is not the IPv4 address of a DHCP server: say which in SNMOVE_DHCP_SERVERS"
		fi
	done
	set +f
	answered='' lost='' leases=
	dhcpclient_look || failed "no interface by which $MASTER_IP is reached"
	[ "$client" != none ] || ok "no DHCP client on $interface: nothing to ask$(dhcpclient_ends)"
	[ "$client" != wicked ] || failed "wicked is not asked by this script: it asks by itself when most of its lease is over"
	[ "$client" != dhclient ] || leases=$(dhcpclient_leases)
	[ -n "$address" ] || failed "$client has no address on $interface"
	ip -4 route show default | sed 's/ linkdown//; s/ dead//' >"$work/routes"
	before=$(dhcpclient_option router)
	if [ "$client" = NetworkManager ] && [ -z "$(dhcpclient_option server)" ]; then
		ok "NetworkManager has no lease for $interface: nothing to ask"
	fi
	if dhcpclient_is_right; then
		dhcpclient_reroute
		ok "$client on $interface has its lease of $(dhcpclient_option server) already"
	fi
	case $client in
	NetworkManager) dhcpclient_ask_networkmanager ;;
	*) "dhcpclient_ask_$client" ;;
	esac
	if ! dhcpclient_watch 15; then
		# NetworkManager goes on for ever; others would let it go in the end.
		[ "$client" = NetworkManager ] || dhcpclient_keep_for_ever
		word=$(dhcpclient_option server)
		failed "$client on $interface has ${word:+still a lease of }${word:-no lease}: nobody of $servers answers; $address is kept$lost"
	fi
	dhcpclient_reroute
	dhcpclient_keep
	ok "$client on $interface has its lease of $(dhcpclient_option server)$lost"
}
ask_dhcpclient() {
	dhcpclient_look || {
		echo "unknown no interface by which $MASTER_IP is reached"
		return
	}
	leases=
	[ "$client" != dhclient ] || leases=$(dhcpclient_leases)
	word=$(dhcpclient_option server)
	case $client in
	none) echo "none no DHCP client on $interface" ;;
	wicked) echo "unknown wicked on $interface is not asked by this script" ;;
	udhcpc) echo "unknown udhcpc on $interface says nowhere whose lease it has" ;;
	*) if [ -n "$word" ]; then echo "server $word"; else echo "none $client has no lease for $interface"; fi ;;
	esac
}
