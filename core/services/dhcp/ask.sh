# What answers DHCP on this host, and where its files lie: lines "WORD VALUE", and behind
# "content" the main configuration, in base64.  Other networks of the host (containers) are not
# looked at.
exec 2>/dev/null
PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin
net=$(readlink /proc/self/ns/net)
set -f
newline='
'
# first PATH...: the first that is there
first() {
	for path; do
		[ -e "$path" ] && break
	done
	echo "$path"
}
# absolute PATH: of a file that the process names
absolute() {
	case $1 in
	/*) echo "$1" ;;
	*) echo "$(readlink "/proc/$pid/cwd")/$1" ;;
	esac
}
# How it is started again: by systemd, by the init script that has started it (which names it in
# a file at the usual place), or with its own words.
keeper() {
	unit=$(sed -n 's|.*/\([^/]*\.service\)$|\1|p' "/proc/$pid/cgroup" | head -n 1)
	if [ -n "$unit" ] && [ -d /run/systemd/system ]; then
		echo "unit $unit"
		return
	fi
	grep -qx "$pid" /run/dhcpd.pid /run/dhcp-server/dhcpd.pid || return
	for name in "$@"; do
		if [ -x "/etc/init.d/$name" ]; then
			echo "init $name"
			return
		fi
	done
}
isc() {
	conf='' leases=''
	for word in $words; do
		case $before in
		-cf) conf=$(absolute "$word") ;;
		-lf) leases=$(absolute "$word") ;;
		esac
		[ "$word" != -6 ] || return
		before=$word
	done
	conf=${conf:-$(first /etc/dhcp/dhcpd.conf /etc/dhcpd.conf)}
	leases=${leases:-$(first /var/lib/dhcpd/dhcpd.leases /var/lib/dhcp/db/dhcpd.leases /var/lib/dhcp/dhcpd.leases)}
	echo "server isc"
	echo "conf $conf"
	echo "leases $leases"
	awk '/^host / { name = $2; live[name] = 1 } /^ *deleted;/ { delete live[name] }
		END { for (name in live) { print "leased " name; exit } }' "$leases"
	tell isc-dhcp-server dhcpd
}
kea() {
	conf=
	for word in $words; do
		case $before in
		-c) conf=$(absolute "$word") ;;
		esac
		before=$word
	done
	conf=${conf:-/etc/kea/kea-dhcp4.conf}
	echo "server kea"
	echo "conf $conf"
	tell kea-dhcp4-server kea-dhcp4
}
tell() {
	ip -o -4 address show | sed -n 's|.* inet \([0-9.]*\)/.*|address \1|p'
	echo "pid $pid"
	keeper "$@"
	echo "folder $(readlink "/proc/$pid/cwd")"
	for word in $words; do
		echo "word $word"
	done
	echo content
	base64 <"$conf"
	exit 0
}
for file in $(set +f; echo /proc/[0-9]*/comm); do
	pid=${file#/proc/}
	pid=${pid%/comm}
	read -r name <"$file" || continue
	case $name in
	dhcpd | kea-dhcp4) ;;
	*) continue ;;
	esac
	[ "$(readlink "/proc/$pid/ns/net")" = "$net" ] || continue
	IFS=$newline
	words=$(tr '\0' '\n' <"/proc/$pid/cmdline")
	before=
	case $name in
	dhcpd) isc ;;
	*) kea ;;
	esac
	unset IFS
done
exit 0
