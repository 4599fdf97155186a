# shellcheck shell=sh
# The default route by the new service node, in place of that by the old one.
#
# Only where the network's gateway is <xcatmaster>: then SNMOVE_GATEWAY is the address that shall be
# the gateway; blank, nothing is touched.  A default route by somebody else stays.
# shellcheck disable=SC2154 # of common.sh

defaultroute_family() { # ADDRESS
	if is_6 "$1"; then echo -6; else echo -4; fi
}
defaultroute_routes() { # as `ip` tells them
	ip "$family" route show default | grep '^default '
}
defaultroute_via() { # the gateways
	defaultroute_routes | awk '{ for (i = 1; i < NF; i++) if ($i == "via") print $(i + 1) }'
}
defaultroute_of_old() {
	defaultroute_routes | while read -r route; do
		for word in ${SNMOVE_OLD:-}; do
			case " $route " in
			*" via $word "*) echo "$route" ;;
			esac
		done
	done
}
do_defaultroute() {
	gateway=${SNMOVE_GATEWAY:-}
	[ -n "$gateway" ] || ok "left as it is: the gateway of the node's network is not its service node"
	is_address "$gateway" || wrong "SNMOVE_GATEWAY is '$gateway': not an address"
	family=$(defaultroute_family "$gateway")
	defaultroute_of_old >"$work/old"
	done=already
	while read -r route; do
		done=now
		# What the kernel says of a link is no word of a route.
		set -f
		# shellcheck disable=SC2046 # words
		set -- $(echo "$route" | sed 's/ linkdown//; s/ dead//; s/ expires [^ ]*//; s/ error [^ ]*//; s/ hoplimit [^ ]*//; s/ pref [^ ]*//')
		# shellcheck disable=SC2046 # words
		ip "$family" route replace $(echo "$*" | sed "s/ via [^ ]*/ via $gateway/")
		# With IPv6, or with another metric, it has come beside the old one.
		! defaultroute_of_old | grep -q -F -x -e "$route" || ip "$family" route del "$@"
	done <"$work/old"
	if [ -z "$(defaultroute_via)" ]; then
		done=now
		ip "$family" route add default via "$gateway"
	fi
	[ -z "$(defaultroute_of_old)" ] || failed "the default route by $(defaultroute_via | tr '\n' ' ')is still there"
	if defaultroute_via | grep -q -F -x -e "$gateway"; then
		word=$(defaultroute_kept)
		if [ $done = now ]; then ok "default route by $gateway$word"; else ok "default route by $gateway already$word"; fi
	elif [ $done = now ]; then
		failed "no default route by $gateway: $(ip "$family" route get "$gateway" 2>&1 | head -n 1)"
	fi
	ok "left as it is: the default route is by $(defaultroute_via | head -n 1), which is not the old service node"
}
# Files that will give the node the old route again when it boots.
defaultroute_kept() {
	for word in ${SNMOVE_OLD:-}; do
		is_address "$word" || continue
		grep -l -i -s -E "^[^#]*(gateway|default|address1|route1).*[ =,\"']$(echo "$word" | sed 's/\./\\./g')([^0-9a-fA-F.:]|\$)" \
			/etc/sysconfig/network /etc/sysconfig/network/routes /etc/sysconfig/network-scripts/ifcfg-* \
			/etc/sysconfig/network/ifroute-* /etc/network/interfaces /etc/network/interfaces.d/* \
			/etc/systemd/network/*.network /etc/NetworkManager/system-connections/*
	done | sort -u | while read -r word; do
		printf '; %s still has the old one' "$word"
	done
}
ask_defaultroute() {
	family=$(defaultroute_family "${SNMOVE_GATEWAY:-$MASTER_IP}")
	defaultroute_via | sed 's/^/server /' >"$work/via"
	if [ -s "$work/via" ]; then cat "$work/via"; else echo "none no default route"; fi
}
