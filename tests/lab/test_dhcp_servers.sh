#!/usr/bin/env bash
# DHCP in a move between servers of different kinds: dhcpd by OMAPI, dhcpd by an include file, Kea.
# `make matrix` goes through all of it, a check from OMAPI to Kea and back.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 4 || exit
site_lines=('connect_time = 3')
site_lay || exit
. "$(dirname "$0")/moves.sh"
. "$(dirname "$0")/dhcp.sh"
dhcp_tables 1

# --- The servers ---------------------------------------------------------------------------

declare -A kind # of each service node: include, omapi or kea

# A server of that kind, which has these nodes, told by others, and a printer.
serve() { # SN KIND [NODE...]
	local sn=$1 next=10.2.0.1${1#sn}
	kind[$sn]=$2
	shift 2
	dhcp_stop_isc "$sn"
	dhcp_stop_kea "$sn"
	case ${kind[$sn]} in
	kea)
		dhcp_lay_kea "$sn"
		dhcp_reservations "$next" "$@" | lab_in "$sn" tee /etc/kea/hosts.json >/dev/null
		dhcp_start_kea "$sn"
		;;
	include)
		dhcp_lay_isc "$sn" include
		dhcp_include "$next" "$@" | lab_in "$sn" tee "$dhcp_hosts" >/dev/null
		dhcp_start_isc "$sn"
		;;
	omapi)
		dhcp_lay_isc "$sn" omapi
		dhcp_start_isc "$sn" && dhcp_omapi "$sn" "$@"
		;;
	esac
}
hosts_of() { # SN: as its server keeps them
	case ${kind[$1]} in
	kea) lab_in "$1" cat /etc/kea/hosts.json /etc/kea/classes.json ;;
	include) lab_in "$1" cat "$dhcp_hosts" ;;
	omapi) dhcp_leased "$1" ;;
	esac
}
world() { # the rows, and the hosts of each
	lab_in mn sqlite3 /lab/site/cluster.db 'SELECT * FROM noderes; SELECT * FROM nodehm'
	hosts_of sn1
	hosts_of sn2
}
forget() { # nothing has happened yet
	rm -rf "$site/state" "$site/cluster.db"
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null || return
	world >"$scratch/before"
	lab_snapshot sn1 sn2
}
fresh() { # KIND KIND: of sn1, which has the four nodes, and of sn2
	# shellcheck disable=SC2086 # names
	serve sn1 "$1" $four && serve sn2 "$2" && forget
}
same() { # both have what they had, byte for byte
	diff "$scratch/before" <(world)
}
as_before() { # and no other file was touched
	same &&
		equals "$(lab_changes sn1 sn2 | grep -v " $dhcp_hosts\| $dhcp_leases\| /etc/kea/[a-z]*.json$\| /var/lib/kea/")" ''
}
untouched() {
	as_before && equals "$(lab_changes sn1 sn2)" ''
}
answer() { # SERVER: it alone does, to the first and the last
	offered "cn001 $1 $1" "cn004 $1 $1"
}

# --- There and back ------------------------------------------------------------------------

there_and_back() { # KIND KIND
	fresh "$1" "$2" && answer 10.2.0.11 || return
	moved --plan
	status_is 0 && contains "$out" "dhcp on sn2          added" && untouched || return
	moved
	status_is 0 && answer 10.2.0.12 || return
	snmove --undo
	status_is 0 && as_before && answer 10.2.0.11
}
tap_expect "from OMAPI to Kea and back, the one that has the nodes alone answers" there_and_back omapi kea

wrong_key() {
	fresh omapi omapi || return
	lab_in sn2 sed -i 's/secret "..../secret "AAAA/' /etc/dhcp/dhcpd.conf
	dhcp_stop_isc sn2
	dhcp_start_isc sn2
	forget
	moved
	status_is 1 && contains "$out$err" "sn2: omshell was not let in by dhcpd" && untouched
}
tap_expect "a key that dhcpd does not take refuses the move" wrong_key

[ "${MATRIX:-}" = all ] || tap_end

for pair in "omapi omapi" "include kea" "kea include" "kea kea"; do
	# shellcheck disable=SC2086 # two words
	tap_expect "so it is from ${pair% *} to ${pair#* }" there_and_back $pair
done

# --- What servers refuse -------------------------------------------------------------------

refused() { # WORDS: the move is, with nothing done
	moved
	status_is 1 && contains "$out$err" "$1" && untouched
}
# Somebody's host on sn2 with the MAC of cn002; with an identifier dhcpd sees that they are two.
stranger() { # IDENTIFIER
	fresh omapi omapi || return
	printf 'key xcat_key "%s"\nconnect\nnew host\nset name = "stranger"\nset hardware-address = %s\n%s
set hardware-type = 1\nset ip-address = 10.2.9.2\ncreate\n' "$dhcp_key" "$(dhcp_mac cn002)" "$1" |
		lab_in sn2 omshell >/dev/null
	contains "$(hosts_of sn2)" "host stranger {" && forget
}
refused_by_dhcpd() {
	stranger "set dhcp-client-identifier = $(dhcp_mac cn002)" || return
	moved
	status_is 3 && contains "$out" "owed: sn2: cn[001-004]: 'give dhcp': unknown, dhcpd has 1 of 4 entries not as they shall be, that of cn002 first: dhcpd answers for cn002: 'can't open object: key conflict'" &&
		contains "$(hosts_of sn2)" "host stranger {" || return
	snmove --undo
	status_is 0 && as_before && answer 10.2.0.11
}
tap_expect "a MAC that dhcpd has by another name is told, and all goes back" refused_by_dhcpd
seen_on_the_link() {
	stranger '' || return
	moved
	status_is 3 && contains "$out" "owed: sn2: cn002: sn2 (10.2.0.12) offers an address that is not theirs" || return
	snmove --undo
	status_is 0 && as_before && answer 10.2.0.11
}
tap_expect "one that dhcpd takes all the same is seen by what it offers" seen_on_the_link

broken_kea() {
	fresh omapi kea || return
	lab_in sn2 sed -i 's/"valid-lifetime": 600/"valid-lifetime": "long"/' /etc/kea/kea-dhcp4.conf
	lab_snapshot sn2
	refused 'Syntax check failed with: /etc/kea/kea-dhcp4.conf:8'
}
tap_expect "a configuration that Kea does not take refuses the move, with Kea's words" broken_kea

no_socket() {
	fresh omapi kea || return
	dhcp_stop_kea sn2
	lab_in sn2 sed -i '/control-socket/d' /etc/kea/kea-dhcp4.conf
	dhcp_start_kea sn2
	lab_snapshot sn2
	refused 'Kea on sn2 has no control-socket in /etc/kea/kea-dhcp4.conf: add one'
}
tap_expect "a Kea that cannot be told to read its files is told what it lacks" no_socket

no_file() {
	fresh omapi kea || return
	dhcp_stop_kea sn2
	lab_in sn2 sed -i 's|<?include "/etc/kea/hosts.json"?>|[]|' /etc/kea/kea-dhcp4.conf
	dhcp_start_kea sn2
	lab_snapshot sn2
	refused '"reservations": <?include "/etc/kea/snmove-10.2.0.0-16.json"?>'
}
tap_expect "so is one without a file for reservations" no_file

two_owners() {
	fresh include omapi || return
	dhcp_omapi sn2 cn009 cn004
	dhcp_stop_isc sn2
	lab_in sn2 sh -c "echo 'include \"$dhcp_hosts\";' >>/etc/dhcp/dhcpd.conf"
	dhcp_start_isc sn2
	forget
	refused "dhcpd on sn2 has hosts in $dhcp_leases (cn004 is one), as OMAPI makes them, and includes $dhcp_hosts, too: either take"
}
tap_expect "a dhcpd with hosts of both kinds is told to have but one" two_owners

# --- No room -------------------------------------------------------------------------------

fill() { # SN FOLDER: which has no room any more
	lab_in "$1" sh -c "cp -a $2 /run/full; mount -t tmpfs -o size=64k full $2; cp -a /run/full/. $2
		dd if=/dev/zero of=$2/fill bs=4k 2>/dev/null; rm -r /run/full"
}
full_etc() {
	fresh include include && fill sn2 /etc/dhcp || return
	moved
	local failed=0
	status_is 1 && contains "$out$err" "No space left" && same || failed=1
	lab_in sn2 umount /etc/dhcp
	return "$failed"
}
tap_expect "a new service node without room for its file refuses the move" full_etc

full_leases() {
	fresh omapi omapi || return
	dhcp_stop_isc sn2
	fill sn2 /var/lib/dhcp
	lab_in sn2 sh -c 'rm /var/lib/dhcp/fill'
	dhcp_start_isc sn2
	lab_in sn2 sh -c 'dd if=/dev/zero of=/var/lib/dhcp/fill bs=1k 2>/dev/null'
	forget
	moved
	local failed=0
	status_is 3 && contains "$out" "owed: sn2: cn[001-004]: 'give dhcp'" || failed=1
	# One that dhcpd has begun to write is half there, and nobody's: it goes by hand.
	lab_in sn2 rm /var/lib/dhcp/fill
	dhcp_stop_isc sn2
	dhcp_start_isc sn2
	{
		printf 'key xcat_key "%s"\nconnect\n' "$dhcp_key"
		# shellcheck disable=SC2086 # names
		printf 'new host\nset name = "%s"\nopen\nremove\nclose\n' $four
	} | lab_in sn2 omshell >/dev/null
	snmove --undo
	status_is 0 && same && answer 10.2.0.11 || failed=1
	dhcp_stop_isc sn2
	lab_in sn2 umount /var/lib/dhcp
	return "$failed"
}
tap_expect "where dhcpd has no room for its leases file that is owed, and goes back" full_leases

# --- Killed --------------------------------------------------------------------------------

# snmove, at the Nth time that it writes its journal, or to a host.
killed_at() { # SYSCALL N KIND KIND
	fresh "$3" "$4" || return
	run lab_in mn env ASAN_OPTIONS=detect_leaks=0 timeout 60 strace -qqq -o /dev/null -e trace="$1" -e inject="$1:signal=KILL:when=$2" \
		snmove --config /lab/site/config "${move[@]}"
	[ "$status" = 137 ] || {
		status_is 0 && return 2 # it came to its end before
		return
	}
	snmove --status
	[[ $out == *"run 1 is open"* ]] || {
		as_before
		return
	}
	if [ $(($2 % 3)) -ne 0 ]; then
		snmove --resume
		status_is 0 && answer 10.2.0.12 || return 1
	fi
	snmove --undo=1
	status_is 0 && as_before && answer 10.2.0.11
}
killed_everywhere() { # KIND KIND
	local syscall n step
	for syscall in fdatasync:2 sendto:5; do
		step=${syscall#*:}
		for ((n = 1; ; n += step)); do
			killed_at "${syscall%:*}" "$n" "$@"
			case $? in
			0) ;;
			2) break ;;
			*)
				echo "killed at $syscall $n"
				return 1
				;;
			esac
		done
		echo "$syscall $n" >>"$scratch/points"
		[ "$n" -gt 4 ] || return
	done
}
for pair in "include include" "omapi kea" "kea omapi"; do
	# shellcheck disable=SC2086 # two words
	tap_expect "killed anywhere from ${pair% *} to ${pair#* }, it goes on, or back" killed_everywhere $pair
done
sed 's/^/# points of /' "$scratch/points"

tap_end
