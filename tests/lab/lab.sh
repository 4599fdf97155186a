#!/usr/bin/env bash
# lab.sh - a small cluster on this one machine: real sshds in network namespaces.
#
# Sourced by tests, after tests/lib/tap.sh (README.md tells how, and lists the functions), or run:
#
#     tests/lab/lab.sh BUILD up            holds a lab until it is interrupted; says its LAB=...
#     LAB=... tests/lab/lab.sh BUILD FUNCTION ARGUMENT...      lab_FUNCTION, in that lab:
#     LAB=... tests/lab/lab.sh BUILD in sn1 hostname
#     LAB=... tests/lab/lab.sh BUILD down
#
# All of the lab lies in one container (outer.sh), which the keeper (keeper.sh) holds for us.  It
# ends by lab_down, or when the shell that called lab_up ends, whatever ends it: so lab_up is
# called by a script itself, not in $(...), in a pipe, or by tap_expect.

LAB_CNS=${LAB_CNS:-16}                  # how many compute nodes
LAB_SNS=${LAB_SNS:-3}                   # how many service nodes
LAB_RSA_NODE=${LAB_RSA_NODE-cn016}      # the one that has but an RSA host key
lab_source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
lab_build=${LAB_BUILD:-${build:-}}
lab=${lab:-}                            # the lab's folder, if one is up
lab_keeper=                             # the keeper's pid
lab_outer=                              # process 1 of the container

# --- What there is -------------------------------------------------------------------------

# Each interface: node, interface, bridge, MAC, IPv4, IPv6, name for IPv4, name for IPv6.
lab_rows() {
	cat "$lab/share/rows"
}

lab_lay_rows() {
	local i
	echo "mn eth0 brm 02:00:00:01:00:00 10.1.0.1/24 fd00:1::1/64 mn mn-v6"
	for ((i = 1; i <= LAB_SNS; i++)); do
		echo "sn$i eth0 brm 02:00:00:01:00:0$i 10.1.0.1$i/24 fd00:1::1$i/64 sn$i sn$i-v6"
		echo "sn$i eth1 brc 02:00:00:02:01:0$i 10.2.0.1$i/16 fd00:2::1$i/64 sn$i-c sn$i-c-v6"
	done
	for ((i = 1; i <= LAB_CNS; i++)); do
		printf 'cn%03d eth0 brc 02:00:00:02:00:%02x 10.2.1.%d/16 fd00:2::1:%d/64 cn%03d cn%03d-v6\n' \
			$i $i $i $i $i $i
	done
}

lab_nodes() {
	lab_rows | cut -d ' ' -f 1 | uniq
}

# --- Up and down ---------------------------------------------------------------------------

# Inside a container as the lab's: each thing that it needs, once.
lab_probe_inside() { # FOLDER
	lab_try mount -t tmpfs lab "$1" &&
		lab_try ip link add brm type bridge &&
		lab_try ip link add v0 type veth peer name v1 &&
		lab_try ip link set v0 master brm up
}

lab_try() { # COMMAND...: names it, if it fails
	local output
	output=$("$@" 2>&1) || {
		printf '%s: %s\n' "$*" "$output"
		return 1
	}
}

# Can there be a lab?  If not, says what failed, and returns 77.
lab_probe() {
	local reason='' folder
	if [ "$(id -u)" != 0 ]; then
		reason="id -u: not root"
	elif ! reason=$(lab_missing_programs) || [ -n "$reason" ]; then
		reason="$reason: not found (tests/lab/install installs it)"
	elif folder=$(mktemp -d "${TMPDIR:-/tmp}/snmove-lab-XXXXXX"); then
		reason=$(LC_ALL=C unshare -m -n -p -f --propagation private --mount-proc --kill-child \
			bash -c '. "$1" && lab_probe_inside "$2"' probe \
			"$lab_source/tests/lab/lab.sh" "$folder" 2>&1) && reason=
		rmdir "$folder"
	fi
	[ -n "$reason" ] || return 0
	echo "SKIP lab: $reason" | head -1
	return 77
}

lab_missing_programs() { # the first of them
	local program
	for program in unshare nsenter setpriv setsid ip pgrep awk ssh ssh-keygen sshd; do
		PATH=$PATH:/usr/sbin:/sbin command -v $program >/dev/null || {
			echo $program
			return
		}
	done
}

# For the top of a test: ends it if there can be no lab.  That is a skip, or a failure where
# the lab is required (LAB_REQUIRED, CI).
lab_need() {
	local reason
	reason=$(lab_probe) && return
	if [ -n "${LAB_REQUIRED:-}${CI:-}" ]; then
		printf 'not ok 1 - the lab comes up\n# %s\n1..1\n' "$reason"
		exit 1
	fi
	printf 'ok 1 - the lab comes up # %s\n1..1\n' "$reason"
	exit 0
}

lab_build_labinit() {
	local program=$lab_build/tests/lab/labinit source=$lab_source/tests/lab/labinit.c
	if [ ! -x "$program" ] || [ "$source" -nt "$program" ]; then
		mkdir -p "$lab_build/tests/lab"
		# By another name first: two labs may build it at once.
		"${CC:-cc}" -static -O2 -o "$program.$BASHPID" "$source" &&
			mv "$program.$BASHPID" "$program" || return
	fi
	cp "$program" "$lab/share/labinit"
}

# Starts the lab and waits until each node answers: lab_up [HOW-MANY-CNS].
lab_up() {
	local LAB_CNS=${1:-$LAB_CNS}
	if [ -n "$lab" ]; then
		echo "a lab is up already: $lab" >&2
		return 2
	fi
	if [ "$LAB_CNS" -gt 250 ] || [ "$LAB_SNS" -gt 9 ]; then
		echo "the lab has addresses for 250 compute and 9 service nodes" >&2
		return 2
	fi
	lab_build=$(cd "${lab_build:?the build folder}" && pwd) || return
	lab=$(mktemp -d "${TMPDIR:-/tmp}/snmove-lab-XXXXXX") || return
	lab_at_exit lab_down
	mkdir "$lab/nodes" "$lab/share"
	lab_lay_rows >"$lab/share/rows"
	lab_build_labinit || return
	LAB_BUILD=$lab_build LAB_RSA_NODE=$(lab_nodes | grep -x "$LAB_RSA_NODE") PATH=$PATH:/usr/sbin:/sbin \
		setpriv --pdeathsig TERM bash "$lab_source/tests/lab/keeper.sh" \
		"$lab" bash "$lab_source/tests/lab/outer.sh" "$lab" >/dev/null 2>&1 </dev/null &
	lab_keeper=$!
	LAB_PATIENCE=120 lab_await lab_is_settled # of a busy machine
	if [ ! -e "$lab/up" ]; then
		echo "the lab does not come up:" >&2
		tail -20 "$lab/log" >&2
		lab_down
		return 1
	fi
	lab_outer=$(cat "$lab/outer.pid")
}

lab_is_settled() {
	[ -e "$lab/up" ] || [ -e "$lab/share/failed" ] || ! kill -0 "$lab_keeper" 2>/dev/null
}

# A lab that another shell holds.
lab_attach() { # FOLDER
	lab=$1
	lab_keeper=$(cat "$lab/keeper.pid") && lab_outer=$(cat "$lab/outer.pid")
}

# Ends the lab and all that is in it, and waits for that.
lab_down() {
	[ -n "$lab" ] || return 0
	if [ -n "$lab_keeper" ] && kill -TERM "$lab_keeper" 2>/dev/null; then
		wait "$lab_keeper" 2>/dev/null
		lab_await lab_keeper_ended
	fi
	rm -rf --one-file-system "$lab"
	lab='' lab_keeper='' lab_outer=''
}

lab_keeper_ended() {
	! kill -0 "$lab_keeper" 2>/dev/null
}

# Before what the script does at its exit anyhow.
lab_at_exit() { # COMMAND
	local before=''
	# A subshell would be told of its parent's trap, which it has not.
	[ "$BASH_SUBSHELL" != 0 ] || before=$(trap -p EXIT)
	before=${before#trap -- \'}
	before=${before%\' EXIT}
	before=${before//"'\\''"/"'"}
	case $before in
	"$1"*) ;;
	*)
		# shellcheck disable=SC2064 # both as they are now
		trap "$1${before:+; $before}" EXIT
		;;
	esac
}

# Polls until COMMAND succeeds: lab_await COMMAND..., for LAB_PATIENCE seconds at most (30).
lab_await() {
	local end=$((SECONDS + ${LAB_PATIENCE:-30}))
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.02
	done
}

# --- In it ---------------------------------------------------------------------------------

# Runs a command in the container, among the bridges.
lab_in_outer() { # COMMAND...
	nsenter -t "$lab_outer" -m -n -p -- "$@"
}

lab_disk() { # NODE: the folder of its files, as this machine reaches it
	echo "/proc/$lab_outer/root$lab/nodes/$1"
}

lab_pid() { # NODE: its process 1, as the container numbers it
	cat "$(lab_disk "$1")/pid" 2>/dev/null || {
		echo "node $1 is not on" >&2
		return 1
	}
}

# Runs a command in a node, as root with root's home, the build folder first in PATH.
lab_in() { # NODE COMMAND...
	local pid
	pid=$(lab_pid "$1") || return
	shift
	env -u SSH_AUTH_SOCK -u SSH_CONNECTION -u SSH_CLIENT -u SSH_TTY -u DISPLAY -u TMPDIR \
		HOME=/root USER=root LOGNAME=root SHELL=/bin/bash \
		PATH="$lab_build:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
		nsenter -t "$lab_outer" -m -n -p -- \
		nsenter -t "$pid" -m -u -i -n -p -r -w -- "$@"
}

# Routed mode: SN (sn1) forwards, the MN reaches the cluster's network and the CNs all by it.
lab_route() { # [SN]
	local sn=${1:-sn1} number node
	number=${sn#sn}
	lab_forward "$sn" 1
	lab_in mn ip route replace 10.2.0.0/16 via "10.1.0.1$number" || return
	lab_in mn ip route replace fd00:2::/64 via "fd00:1::1$number" || return
	for node in $(lab_nodes | grep '^cn'); do
		lab_in_net "$node" ip route replace default via "10.2.0.1$number" || return
		lab_in_net "$node" ip route replace default via "fd00:2::1$number" || return
	done
}

# Hop mode, as after lab_up: the MN has no route to the CNs, and no SN forwards.
lab_unroute() {
	local node
	for node in $(lab_nodes | grep '^sn'); do
		lab_forward "$node" 0
	done
	lab_in mn ip route flush 10.2.0.0/16
	lab_in mn ip -6 route flush fd00:2::/64
	for node in $(lab_nodes | grep '^cn'); do
		lab_in_net "$node" ip route flush default
		lab_in_net "$node" ip -6 route flush default
	done
}

lab_forward() { # SN 0|1
	[ -e "$(lab_disk "$1")/pid" ] || return 0
	lab_in "$1" sysctl -q -w "net.ipv4.ip_forward=$2" "net.ipv6.conf.all.forwarding=$2"
}

# In the node's network alone.  A node that is off is passed over.
lab_in_net() { # NODE COMMAND...
	local pid
	pid=$(lab_pid "$1" 2>/dev/null) || return 0
	shift
	lab_in_outer nsenter -t "$pid" -n -- "$@"
}

# --- Faults --------------------------------------------------------------------------------

# Pulls the cable of an interface, or puts it back.  The node keeps its addresses and routes.
lab_link() { # NODE INTERFACE down|up
	lab_in_outer ip link set "$1-$2" "$3" || return
	[ "$3" = down ] || lab_announce "$1" "$2"
}

# Waits until an interface is on its bridge, and tells all there of its address (arp_notify does,
# when a MAC is set): others may still be failing to find it, and would say "No route to host".
lab_announce() { # NODE INTERFACE
	local mac
	mac=$(lab_rows | awk -v node="$1" -v interface="$2" '$1 == node && $2 == interface { print $4 }')
	lab_await lab_is_forwarding "$1-$2" && lab_in_net "$1" ip link set "$2" address "$mac"
}

lab_is_forwarding() { # PORT
	lab_in_outer bridge link show dev "$1" | grep -q 'state forwarding'
}

# Connections are taken and nothing is said: what a hung server does.
lab_stop_sshd() { # NODE
	lab_signal_sshd "$1" STOP
}

lab_cont_sshd() { # NODE
	lab_signal_sshd "$1" CONT
}

lab_signal_sshd() { # NODE SIGNAL
	lab_in "$1" bash -c 'read -r pid </run/sshd.pid && kill -'"$2"' "$pid"'
}

# Starts a node's sshd anew, with these lines in its configuration in place of ours that begin with
# the same word; without any as it was.
lab_sshd() { # NODE [LINE...]
	local node=$1
	shift
	lab_in "$node" "$lab_source/tests/lab/sshd.sh" "$@"
}

# The node's host keys are others now, as after an installation; nobody was told.
lab_new_host_key() { # NODE
	local folder=$lab/share/keys/$1 key type
	for key in "$folder"/*.pub; do
		type=$(basename "$key" .pub)
		rm -f "$key" "$folder/$type"
		ssh-keygen -q -N '' -C lab -t "$type" -f "$folder/$type" </dev/null || return
	done
	lab_sshd "$1"
}

# Silence: all its processes are killed and its cables hang loose.  Its disk stays.
lab_power_off() { # NODE
	local pid
	pid=$(lab_pid "$1") || return
	lab_in_outer kill -KILL "$pid"
	rm -f "$(lab_disk "$1")/pid"
	lab_await lab_is_unplugged "$1"
}

lab_is_unplugged() { # NODE
	! lab_in_outer grep -q "^ *$1-eth" /proc/net/dev
}

lab_power_on() { # NODE
	local interface
	LAB_BUILD=$lab_build lab_in_outer bash "$lab_source/tests/lab/outer.sh" "$lab" "$1" \
		>>"$lab/log" 2>&1 </dev/null || return
	while read -r interface; do
		lab_announce "$1" "$interface" || return
	done < <(lab_rows | awk -v node="$1" '$1 == node { print $2 }')
}

# --- What was done -------------------------------------------------------------------------

# Frames that went "TO FROM" the node by an interface (eth0), broadcasts among them.
lab_packets() { # NODE [INTERFACE]
	lab_in_outer awk -v port="$1-${2:-eth0}:" '$1 == port { print $11, $3; found = 1 }
		END { exit !found }' /proc/net/dev
}

# How many IP packets the node was sent by others to an address of its own: what does not grow,
# nobody talked to.  (ARP and neighbour discovery for others reach every node; they do not count.)
lab_addressed() { # NODE
	lab_in_net "$1" bash -c 'cat /proc/net/snmp /proc/net/netstat /proc/net/dev_snmp6/eth*
		echo "lo: $(grep " *lo:" /proc/net/dev)"' | awk '
		$1 == "Ip:" && $2 == "Forwarding" { for (i = 2; i <= NF; i++) if ($i == "InReceives") received = i }
		$1 == "Ip:" && $2 != "Forwarding" { count += $received }
		$1 == "IpExt:" && /InMcastPkts/ { for (i = 2; i <= NF; i++) column[$i] = i }
		$1 == "IpExt:" && !/InMcastPkts/ { count -= $column["InMcastPkts"] + $column["InBcastPkts"] }
		$1 == "Ip6InReceives" { count += $2 }
		$1 == "Ip6InMcastPkts" { count -= $2 }
		$1 == "lo:" { count -= $4 }
		END { print count }'
}

# One line for each fact about each file below FOLDER: path, tab, fact.
lab_fingerprint() { # FOLDER...: of nodes
	local uppers=("${@/%//upper}")
	{
		find "${uppers[@]}" ! -type d -printf '%H/%P\t%y %m %U:%G %s %T@ %l\n'
		find "${uppers[@]}" -type f -print0 | xargs -0 -r sha256sum |
			sed 's|^\(\\\?[^ ]*\)  \(.*\)|\2\t\1|'
	} | grep -vE '/upper/var/log/(lastlog|wtmp|btmp|faillog)	' | LC_ALL=C sort
}

lab_take_picture() { # FOLDER...
	: | tee "${@/%//snapshot}"
	lab_fingerprint "$@" | awk -F /upper/ '{ print >($1 "/snapshot") }'
}

# The files of a node that were written, made or removed since lab_up (or lab_snapshot): paths
# from /, sorted.
lab_changed() { # NODE
	lab_changes "$1" | cut -d ' ' -f 2-
}

# The same of several nodes, each path behind the node's name.
lab_changes() { # NODE...
	lab_in_outer bash -c '. "$1" && lab_compare "${@:2}"' compare "$lab_source/tests/lab/lab.sh" \
		"${@/#/$lab/nodes/}"
}

lab_compare() { # FOLDER...: where there are facts that are not as they were
	LC_ALL=C comm -3 <(LC_ALL=C sort -- "${@/%//snapshot}") <(lab_fingerprint "$@") |
		sed 's|^\t||; s|\t.*||; s|^.*/\([^/]*\)/upper/|\1 /|' | LC_ALL=C sort -u
}

# From now on lab_changed speaks of what comes after.
lab_snapshot() { # NODE...
	lab_in_outer bash -c '. "$1"; lab_take_picture "${@:2}"' \
		snapshot "$lab_source/tests/lab/lab.sh" "${@/#/$lab/nodes/}"
}

# --- By hand -------------------------------------------------------------------------------

lab_main() { # BUILD up|FUNCTION...
	local usage='usage: lab.sh BUILD up | LAB=... lab.sh BUILD FUNCTION ARGUMENT... (in, link, down, ...)'
	lab_build=$(cd "${1:?$usage}" && pwd) || exit
	if [ "${2:-}" = up ]; then
		lab_probe || exit
		lab_up "$LAB_CNS" || exit
		echo "the lab is up until this is interrupted; from elsewhere:"
		echo "    LAB=$lab $0 $1 in mn bash"
		wait "$lab_keeper"
	elif declare -F "lab_${2:-}" >/dev/null; then
		lab_attach "${LAB:?$usage}" || exit
		"lab_$2" "${@:3}"
	else
		echo "$usage" >&2
		exit 2
	fi
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
	lab_main "$@"
fi
