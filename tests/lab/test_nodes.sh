#!/usr/bin/env bash
# The nodes themselves in a move: their log, time, names, route and DHCP client, with real daemons on
# nodes and service nodes, there and back; what is not run, and owed; what fails on a node, and is
# told.  `make matrix` goes through all of it, a check through some.

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
		"cn004","setupntp","mkresolvconf,site",,
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
# Its network was gone for a moment: rsyslogd would try again much later.
lab_in cn001 sh -c 'kill $(cat /run/rsyslogd.pid); while [ -e /run/rsyslogd.pid ]; do sleep 0.02; done'
node_syslog cn001

fresh() { # nothing has happened yet
	tables
	rm -rf "$site/state" "$site/cluster.db" "$site/hooks/work.lua"
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
files_of() { # NODE; the client writes the names of cn001
	lab_in "$1" sh -c 'cat /etc/chrony/chrony.conf /etc/rsyslog.d/remote.conf /opt/xcat/xcatinfo
		[ "$(hostname)" = cn001 ] || cat /etc/resolv.conf; find /etc -name "*.snmove*"; ls /run/snmove 2>&1'
}
all_files() {
	local node
	for node in $four; do files_of "$node"; done
}
# A move from the beginning, with what is kept of the nodes to compare with.
begin() { # ARGUMENTS...
	all_files >"$scratch/before"
	watch_addresses cn001
	moved --timeout 120 "$@"
	echo "$out$err"
}
all_at() { # SN OTHER-SN
	local node
	for node in $four; do is_at "$node" "$@" || return; done
	leased_by "10.2.0.1${1#sn}" && address_stayed cn001
}
home() { # all of it goes back
	snmove --undo=1
	status_is 0 && all_at sn1 sn2 && equals "$(all_files)" "$(cat "$scratch/before")"
}
resumed() { # that pays all
	snmove --resume
	echo "$out$err"
	status_is 0 && all_at sn2 sn1
}

# --- There and back ------------------------------------------------------------------------

names_sn1() {
	lab_in "$1" sh -c 'mkdir -p /etc/yum.repos.d
		printf "[os]\n# by sn1-c\nbaseurl=http://me:secret@10.2.0.11:80/install\n" >/etc/yum.repos.d/xCAT-rocky9.repo
		printf "[near]\nbaseurl=http://10.2.0.111/x http://110.2.0.11/x http://sn1-cc/x http://x.sn1-c/\n" >/etc/yum.repos.d/near.repo
		echo "sn1-c:/install /install nfs ro 0 0" >/etc/fstab
		ip route replace 10.9.0.0/16 via 10.2.0.11'
}
there() {
	fresh && is_at cn002 sn1 sn2 && leased_by 10.2.0.11 || return
	names_sn1 cn002
	names_sn1 cn003
	begin
	echo "$out" >"$scratch/told"
	status_is 0 && all_at sn2 sn1
}
tap_expect "log, time, names, route and lease of the nodes go to the new service node, and no address goes" there
left() {
	out=$(cat "$scratch/told")
	local told='cn[002-003]: still names the old service node, and is left:'
	contains "$out" "$told /etc/yum.repos.d/xCAT-rocky9.repo: baseurl=http://...@10.2.0.11:80/install" &&
		contains "$out" "$told /etc/fstab: sn1-c:/install /install nfs ro 0 0" &&
		contains "$out" "$told route: 10.9.0.0/16 via 10.2.0.11 dev eth0" && [[ $out != *near* && $out != *secret* ]] &&
		equals "$(grep -c 'and is left' <<<"$out")" 3
}
tap_expect "what else names the old one there is told, equal lines once, and left" left
daemons() {
	lab_in "$1" pgrep -x 'rsyslogd|chronyd|dhclient'
}
again() { # the tables are as before the move, and the nodes are not
	local node pids=''
	mkdir "$scratch/kept" && cp -a "$site/state" "$site/cluster.db" "$scratch/kept" && fresh || return
	for node in $four; do pids+=$(daemons "$node"); done
	# shellcheck disable=SC2086 # names
	lab_snapshot $four
	moved --timeout 120
	for node in $four; do pids=${pids#"$(daemons "$node")"}; done
	rm -rf "$site/state" "$site/cluster.db"
	cp -a "$scratch/kept/." "$site"
	# shellcheck disable=SC2086 # names
	status_is 0 && equals "$pids" '' && equals "$(lab_changes $four | grep -v ' /var/l')" ''
}
tap_expect "a second time nothing changes on them, and nothing is started again" again
back() {
	watch_addresses cn001
	home
}
tap_expect "and back by an undo, the files byte for byte" back

# The others take minutes: `make matrix` does them, and a check has one of each kind, by a seed.
seed=${SNMOVE_TEST_SEED:-$(($(date +%s) % 32768))}
echo "# seed $seed"
turn=0
seldom() { # as tap_expect
	turn=$((turn + 1))
	if [ "${MATRIX:-}" = all ] || [ $((seed % 15 + 1)) -eq "$turn" ]; then tap_expect "$@"; fi
}

# --- What the new service node does not answer ---------------------------------------------

service_of() { # SN KIND start|stop
	case $2 in
	DNS) start=sn_names pid=/run/dnsmasq.pid ;;
	NTP) start=sn_time pid=/run/chrony/chronyd.pid ;;
	syslog) start=sn_syslog pid=/run/rsyslogd.pid ;;
	esac
	if [ "$3" = start ]; then
		$start "$1"
	else
		lab_in "$1" sh -c 'pid=$(cat "$0") && kill "$pid" && while [ -e "/proc/$pid" ]; do sleep 0.02; done' "$pid"
	fi
}
kept_by() { # KIND: the node's, as before
	case $1 in
	DNS) lab_in cn002 cat /etc/resolv.conf ;;
	NTP) lab_in cn002 cat /etc/chrony/chrony.conf ;;
	syslog) lab_in cn002 cat /etc/rsyslog.d/remote.conf ;;
	esac
}
silent() { # KIND SCRIPT WHY
	local kept start pid
	kept=$(kept_by "$1")
	fresh && service_of sn2 "$1" stop || return
	begin
	status_is 3 && contains "$out" "owed: sn2: cn[001-004]: $2 was not run: they would have no $1 of sn2-c (10.2.0.12): $3" &&
		equals "$(grep -c '^  owed:' <<<"$out")" 1 && contains "$out" "$typed --resume=1" &&
		equals "$(kept_by "$1")" "$kept" && lab_in cn002 grep -q '^XCATSERVER=10.2.0.12$' /opt/xcat/xcatinfo &&
		leased_by 10.2.0.12 || return
	if [ "${MATRIX:-}" = all ]; then
		snmove --resume
		status_is 3 && contains "$out" "$2 was not run" || return
	fi
	service_of sn2 "$1" start
	if [ "$1" = NTP ]; then lab_await lab_in sn2 test -e /run/chrony/chronyd.pid; fi
	resumed && home
}
seldom "a dead name server is given to no node, that is owed, and paid when it is up" \
	silent DNS mkresolvconf "it does not answer"
seldom "so it is with the time" silent NTP setupntp "it does not answer"
seldom "so it is with the log" silent syslog syslog "nobody listens on port 514"

hook() { # PLACE LUA: around the step nodes
	cat >"$site/hooks/work.lua" <<-LUA
		local remote = require "remote"
		return { name = "work", summary = "does its work", $1 = { nodes = function(move) $2 end } }
	LUA
	chmod 644 "$site/hooks/work.lua"
}
no_dhcp() {
	fresh && hook before 'remote.run("sn2", "pkill -x dhcpd; while pgrep -x dhcpd; do sleep 0.02; done", { undo = false })' || return
	begin
	status_is 3 && contains "$out" "owed: cn[001-004]: their DHCP clients were not asked, and keep the lease that they have" &&
		contains "$out" "sn2 does not answer their DHCP" && leased_by 10.2.0.11 && address_stayed cn001 &&
		is_at cn002 sn2 sn1 || return
	dhcp_start_isc sn2
	resumed && home
}
tap_expect "a DHCP server that is dead when the nodes have their turn: no client is asked, until it is up" no_dhcp

deaf() { # dhcpd runs on sn1, and answers nobody in time
	fresh || return
	begin
	status_is 0 && leased_by 10.2.0.12 && dhcp_stop_isc sn1 || return
	lab_in sn1 sed -i '1i min-secs 255;' /etc/dhcp/dhcpd.conf
	dhcp_start_isc sn1
	watch_addresses cn001
	snmove --undo=1
	echo "$out$err"
	local failed=0
	status_is 3 && contains "$out" "10.2.0.11 does not answer the DHCP of $(dhcp_mac cn001)" && leased_by 10.2.0.12 &&
		address_stayed cn001 || failed=1
	lab_in sn1 sed -i 1d /etc/dhcp/dhcpd.conf
	dhcp_stop_isc sn1
	dhcp_start_isc sn1
	[ "$failed" = 0 ] || return
	snmove --undo=1
	status_is 0 && all_at sn1 sn2
}
seldom "an undo asks no client that the old service node does not answer, though its dhcpd runs" deaf

# --- Nodes that are down, and what fails on one --------------------------------------------

down() { # STATUS [ARGUMENT...]
	local node
	fresh || return
	for node in cn002 cn004; do lab_link "$node" eth0 down; done
	begin "${@:2}"
	for node in cn002 cn004; do lab_link "$node" eth0 up; done
	status_is "$1" && lab_in cn002 grep -q 'sn1-c' /etc/rsyslog.d/remote.conf || return
	if [ "$1" = 4 ]; then
		contains "$err" "2 of 4 nodes failed (cn[002,004])"
	else
		contains "$out" "owed: cn[002,004]: " && is_at cn001 sn2 sn1 && is_at cn003 sn2 sn1 && leased_by 10.2.0.12
	fi || return
	resumed && home
}
seldom "nodes that are down stop the step at --max-fail 1, and are resumed" down 4 --max-fail 1
seldom "without a limit they are owed, and the others are done" down 3
seldom "so it is with one that is not reached" down 3 --max-fail 4

no_room() { # NODE: nothing can be written below its /etc
	lab_in "$1" sh -c 'cp -a /etc /run/full; mount -t tmpfs -o size=16m full /etc; cp -a /run/full/. /etc
		rm -r /run/full; dd if=/dev/zero of=/etc/fill bs=4k 2>/dev/null; :'
}
faults() {
	fresh && no_room cn002 || return
	lab_in cn003 sh -c 'mount --bind /etc /etc && mount -o remount,bind,ro /etc'
	begin
	local failed=0
	status_is 3 && contains "$out" "owed: cn002: mkresolvconf: /etc/resolv.conf cannot be written, and is as it was: No space left on device" &&
		contains "$out" "owed: cn002: syslog: /etc/rsyslog.d/remote.conf cannot be written, and is as it was: No space left on device" &&
		contains "$out" "owed: cn003: setupntp: /etc/chrony/chrony.conf cannot be written, and is as it was: Read-only file system" &&
		[[ $out != *"still has"* ]] && is_at cn001 sn2 sn1 && is_at cn004 sn2 sn1 && logs_to cn002 sn1 sn2 && resolves cn003 10.2.0.11 || failed=1
	lab_in cn002 rm /etc/fill
	lab_in cn003 umount /etc
	[ "$failed" = 0 ] && resumed && home || failed=1
	lab_in cn002 umount /etc
	return "$failed"
}
seldom "a node without room and one with a read-only /etc are told by script and words, and resumed" faults

# --- Postscripts ---------------------------------------------------------------------------

lay_postscripts() {
	local node
	for node in $four; do
		lab_in "$node" bash -c 'mkdir -p /xcatpost && cd /xcatpost && rm -f /root/ran /root/bad
			printf "#!/bin/sh\necho \"\${0##*/} \$* \$MASTER\" >>/root/ran\n[ ! -e /root/bad ] || { echo oh no; exit 3; }\n" >site
			chmod 755 site; cp site remoteshell; cp site otherpkgs; cp site syslog'
	done
}
ran() { # NODE
	lab_in "$1" cat /root/ran | paste -sd ,
}
listed() {
	fresh && lay_postscripts || return
	lab_in cn003 touch /root/bad
	begin -P 'site a b,otherpkgs'
	status_is 3 && contains "$out" "owed: cn003: postscript site, postscript otherpkgs: it ended with 3: oh no" &&
		equals "$(ran cn001)" "site a b sn2-c,otherpkgs  sn2-c" || return
	lab_in cn003 rm /root/bad
	resumed && equals "$(ran cn001)" "site a b sn2-c,otherpkgs  sn2-c" &&
		equals "$(ran cn003)" "site a b sn2-c,otherpkgs  sn2-c,site a b sn2-c,otherpkgs  sn2-c" && home
}
seldom "postscripts of -P run with the new MASTER, are owed where they fail, and resumed there" listed
# Values of tables are data.
every() {
	fresh && lay_postscripts &&
		printf '"ntpservers","time.test;$(touch /tmp/bad)\x27`touch /tmp/bad`\xff",,\n' >>"$site/tables/site.csv" &&
		rm -f "$site/cluster.db" && lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null || return
	begin -P all
	status_is 0 && lab_in cn001 test ! -e /tmp/bad && lab_in mn test ! -e /tmp/bad && lab_in cn002 grep -q '^server 10.2.0.11' /etc/chrony/chrony.conf && equals "$(ran cn001)" "remoteshell  sn2-c,otherpkgs  sn2-c" &&
		equals "$(ran cn004)" "remoteshell  sn2-c,otherpkgs  sn2-c,site  sn2-c" && home
}
seldom "-P all runs those of each node's row, but for what is ours" every

# --- What is found afterwards --------------------------------------------------------------

lied() {
	fresh && hook after 'remote.run("cn003", "sed -i s/10.2.0.12/10.2.0.11/ /etc/resolv.conf", { undo = false })' || return
	lab_in cn002 sh -c 'sed -i "/^root/s,[^:]*$,/bin/csh," /etc/passwd; echo "echo csh" >/root/.cshrc'
	begin
	status_is 3 && contains "$out" "owed: cn003: mkresolvconf still has 10.2.0.11, the old service node" &&
		equals "$(grep -c '^  owed:' <<<"$out")" 1 && is_at cn002 sn2 sn1 || return
	lab_in cn003 sed -i s/10.2.0.11/10.2.0.12/ /etc/resolv.conf
	resumed && home
}
seldom "what was turned back meanwhile is found by verify; csh as root's shell is none of its business" lied

# --- Killed --------------------------------------------------------------------------------

killed_at() { # N: at the Nth time that it writes its journal
	fresh || return
	all_files >"$scratch/before"
	watch_addresses cn001
	run lab_in mn env ASAN_OPTIONS=detect_leaks=0 timeout 120 strace -qqq -o /dev/null -e trace=fdatasync \
		-e inject="fdatasync:signal=KILL:when=$1" snmove --config /lab/site/config "${move[@]}" --timeout 120
	[ "$status" = 137 ] || {
		status_is 0 && home && return 2 # it came to its end before
		return
	}
	snmove --status
	[[ $out == *"run 1 is open"* ]] || {
		all_at sn1 sn2
		return
	}
	if [ $(($1 % 3)) -ne 0 ]; then resumed || return 1; fi
	home
}
killed() { # FIRST LAST: one in four
	local n
	for ((n = $1; n <= $2; n += 4)); do
		killed_at "$n"
		case $? in
		0) ;;
		2) return ;;
		*)
			echo "killed at $n"
			return 1
			;;
		esac
	done
}
points=($((seed % 4 + 1)) 400)
[ "${MATRIX:-}" = all ] || points=($((seed % 140 + 1)) $((seed % 140 + 1)))
seldom "killed anywhere, it goes on, or back" killed "${points[@]}"

undo_fails() {
	fresh || return
	begin
	lab_in cn003 sh -c 'mount --bind /etc /etc && mount -o remount,bind,ro /etc'
	snmove --undo
	echo "$out$err"
	local failed=0
	status_is 3 && contains "$out" "failed with status 1: mkresolvconf, syslog, setupntp: /etc/resolv.conf cannot be written, and is as it was: Read-only file system" || failed=1
	lab_in cn003 umount /etc
	snmove --undo=1
	echo "$out$err"
	[ "$failed" = 0 ] && status_is 0 && all_at sn1 sn2
}
seldom "an undo that fails on a node says why, and is tried again" undo_fails

nowhere() {
	fresh || return
	all_files >"$scratch/before"
	snmove cn001-cn004 -d sn2 -D nosuch-c --force=names,reach --skip release,dhcp,boot
	echo "$out$err"
	status_is 3 && contains "$out" "owed: cn[001-004]: nothing was done on them: nosuch-c has no address that is known" &&
		equals "$(all_files)" "$(cat "$scratch/before")"
}
seldom "a server without an address that is known is told to no node, and owed" nowhere

# The last one: nobody knows what nodes called the server that they have left, but for what is written.
unknown() {
	fresh && sed -i 's/,"sn1-c",,$/,,,/' "$site/tables/noderes.csv" && rm -f "$site/cluster.db" &&
		lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null || return
	begin --force=xcatmaster --skip release,dhcp,boot
	status_is 0 && lab_in cn002 grep -q '@sn2-c' /etc/rsyslog.d/remote.conf || return
	snmove --undo
	status_is 3 && contains "$out" "owed: cn[001-004]: the nodes themselves still use the service node that they have left"
}
seldom "an undo says what it cannot turn back on nodes of an open pool" unknown
tap_end
