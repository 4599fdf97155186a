#!/usr/bin/env bash
# What is run on nodes: their log, time, names, and route go from sn1 to sn2 and back, with real
# daemons on both ends; in each shell that a node may have.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
lab_need
lab_up 4 || exit
. "$(dirname "$0")/nodes.sh"

names=(syslog setupntp mkresolvconf xcatinfo defaultroute)
for sn in sn1 sn2; do
	sn_syslog $sn
	sn_time $sn
	sn_names $sn
done
for node in cn001 cn002 cn003; do
	node_files $node
	node_syslog $node
	node_chrony $node
done
lab_snapshot cn001 cn002 cn003

# --- There and back ------------------------------------------------------------------------

ours='/etc/chrony/chrony.conf
/etc/resolv.conf
/etc/rsyslog.d/remote.conf
/opt/xcat/xcatinfo'
files_of() { # NODE: what scripts may change
	lab_in "$1" cat /etc/chrony/chrony.conf /etc/resolv.conf /etc/rsyslog.d/remote.conf /opt/xcat/xcatinfo
}
is_at() { # NODE SN OTHER-SN
	local address=10.2.0.1${2#sn}
	logs_to "$1" "$2" "$3" && resolves "$1" "$address" &&
		equals "$(default_routes "$1")" "default via $address dev eth0 metric 50" &&
		lab_await has_time_of "$1" "$address" &&
		equals "$(lab_in "$1" chronyc -n -c sources | cut -d , -f 3)" "$address"
}
asked() { # NODE SN: all say that they are at it
	local address=10.2.0.1${2#sn}
	on_node "$1" "$2" ask "${names[@]}"
	told "syslog server $address" "setupntp server $address" "mkresolvconf server $address" \
		"mkresolvconf server 10.2.9.9" "xcatinfo server $address" "defaultroute server $address"
}
there() { # NODE SHELL
	local node_shell=$2
	files_of "$1" >"$scratch/before-$1"
	is_at "$1" sn1 sn2 && asked "$1" sn1 || return
	on_node "$1" sn2 "${names[@]}"
	told "syslog 0 rsyslog sends to sn2-c" "setupntp 0 chrony has 10.2.0.12" \
		"mkresolvconf 0 names are asked of 10.2.0.12 10.2.9.9 (file)" "xcatinfo 0 XCATSERVER is 10.2.0.12" \
		"defaultroute 0 default route by 10.2.0.12" &&
		is_at "$1" sn2 sn1 && asked "$1" sn2 &&
		equals "$(lab_changed "$1" | grep -v '^/var/l')" "$ours" &&
		equals "$(files_of "$1" | sed 's/10\.2\.0\.12/10.2.0.11/; s/sn2-c/sn1-c/; s/sn2,sn1/sn1,sn2/')" "$(cat "$scratch/before-$1")"
}
again() { # NODE SHELL
	local node_shell=$2 pids
	pids=$(lab_in "$1" pgrep -x 'rsyslogd|chronyd')
	lab_snapshot "$1"
	on_node "$1" sn2 "${names[@]}"
	told "syslog 0 rsyslog sends to sn2-c already" "setupntp 0 chrony has 10.2.0.12 already" \
		"mkresolvconf 0 names are asked of 10.2.0.12 10.2.9.9 already" "xcatinfo 0 XCATSERVER is 10.2.0.12 already" \
		"defaultroute 0 default route by 10.2.0.12 already" &&
		equals "$(lab_changed "$1" | grep -v '^/var/l')" '' &&
		equals "$(lab_in "$1" pgrep -x 'rsyslogd|chronyd')" "$pids"
}
back() { # NODE SHELL
	local node_shell=$2
	on_node "$1" sn1 "${names[@]}"
	went_well "${names[@]}" && is_at "$1" sn1 sn2 && asked "$1" sn1 &&
		equals "$(files_of "$1")" "$(cat "$scratch/before-$1")"
}
for pair in "cn001:dash" "cn002:bash" "cn003:busybox sh"; do
	node=${pair%%:*} shell=${pair#*:}
	tap_expect "in $shell, the log, the time, names and the route of a node go to the new service node" \
		there "$node" "$shell"
	tap_expect "a second time nothing changes, and nothing is started again" again "$node" "$shell"
	tap_expect "back again, all is as before byte for byte" back "$node" "$shell"
done

# --- What is told, and what is left --------------------------------------------------------

left() {
	lab_snapshot cn001
	on_node cn001 sn2 mkresolvconf setupntp defaultroute syslog -- NAMESERVERS=10.2.9.9,10.2.9.8 \
		NTPSERVERS=time.test SNMOVE_GATEWAY= SYSLOG=ignore
	told "mkresolvconf 0 left as it is: site.nameservers is 10.2.9.9 10.2.9.8, not the service node" \
		"setupntp 0 left as it is: site.ntpservers is time.test, not the service node" \
		"defaultroute 0 left as it is: the gateway of the node's network is not its service node" \
		"syslog 0 left as it is: noderes.syslog is ignore" && equals "$(lab_changed cn001 | grep -v '^/var/l')" ''
}
tap_expect "what the site's tables leave to others is left as it is" left

hostile() {
	local value
	lab_snapshot cn001
	for value in "MASTER=sn2'; touch /tmp/bad; '" 'MASTER_IP=$(touch /tmp/bad)' 'MASTER=-x' 'MASTER_IP=sn2-c' 'SNMOVE_OLD=sn1 /etc/*' \
		'SNMOVE_NEW=`touch /tmp/bad`'; do
		on_node cn001 sn2 "${names[@]}" -- "$value"
		status_is 2 && contains "$out" "syslog 2 ${value%%=*} " && contains "$out" "xcatinfo 2 ${value%%=*} " || return
	done
	on_node cn001 sn2 xcatinfo mkresolvconf setupntp -- 'SERVICEGROUP=sn2&\1$(touch /tmp/bad)' 'NAMESERVERS=$(touch /tmp/bad)' 'NTPSERVERS=* ;`touch /tmp/bad`'
	went_well xcatinfo mkresolvconf setupntp && lab_in cn001 grep -qxF 'SERVICEGROUP=sn2&\1$(touch /tmp/bad)' /opt/xcat/xcatinfo || return
	on_node cn001 sn1 xcatinfo
	equals "$(lab_changed cn001 | grep -v '^/var/l\|xcatinfo')" '' && lab_in cn001 test ! -e /tmp/bad
}
tap_expect "values are data, and a wrong server is refused with nothing touched" hostile

foreign_route() {
	lab_in_net cn001 ip route replace default via 10.2.9.9 dev eth0 metric 50 onlink
	on_node cn001 sn2 defaultroute
	told "defaultroute 0 left as it is: the default route is by 10.2.9.9, which is not the old service node" &&
		equals "$(default_routes cn001)" "default via 10.2.9.9 dev eth0 metric 50 onlink" || return
	lab_in_net cn001 ip route del default
	on_node cn001 sn2 defaultroute
	told "defaultroute 0 default route by 10.2.0.12" &&
		equals "$(default_routes cn001)" "default via 10.2.0.12 dev eth0" || return
	lab_in_net cn001 ip route add default via 10.2.0.11 metric 7
	on_node cn001 sn2 defaultroute
	told "defaultroute 0 default route by 10.2.0.12" && lab_in_net cn001 ip route del default metric 7 &&
		equals "$(default_routes cn001)" "default via 10.2.0.12 dev eth0"
}
tap_expect "a default route by somebody else stays, and where there is none one is made" foreign_route

refused() { # a stand-in for the daemon's own check, which finds nothing wrong with a name
	lab_in cn002 sh -c 'cat >/usr/local/sbin/rsyslogd <<-"END"
		#!/bin/sh
		! grep -q "$(cat /run/refused)" /etc/rsyslog.d/remote.conf || { echo "rsyslogd: error in remote.conf"; exit 1; }
		END
		chmod 755 /usr/local/sbin/rsyslogd; echo sn2-c >/run/refused'
	lab_snapshot cn002
	on_node cn002 sn2 syslog
	told "syslog 1 rsyslog does not take /etc/rsyslog.d/remote.conf, which is as it was: rsyslogd: error in remote.conf" &&
		equals "$(lab_in cn002 grep '^\*' /etc/rsyslog.d/remote.conf)" '*.* @sn1-c' && logs_to cn002 sn1 sn2 || return
	lab_in cn002 sh -c 'echo xCAT >/run/refused'
	on_node cn002 sn2 syslog
	told "syslog 0 rsyslog sends to sn2-c" && logs_to cn002 sn2 sn1 && lab_in cn002 rm /usr/local/sbin/rsyslogd
}
tap_expect "what rsyslogd does not take is put back, unless it has not taken it before either" refused

gone() {
	lab_in cn002 bash -c 'pkill -x "rsyslogd|chronyd"; while pgrep -x "rsyslogd|chronyd"; do sleep 0.02; done' >/dev/null
	on_node cn002 sn2 syslog setupntp
	status_is 1 && told "syslog 1 /etc/rsyslog.d/remote.conf names sn2-c, but no rsyslog runs" \
		"setupntp 1 /etc/chrony/chrony.conf name the new server, but no chrony runs" || return
	on_node cn002 sn2 ask syslog setupntp
	told "syslog none no rsyslog runs" "setupntp none no chronyd, ntpd or timesyncd runs" || return
	lab_in cn002 sh -c 'rsyslogd -i /run/rsyslogd.pid; chronyd -x -u _chrony -f /etc/chrony/chrony.conf'
	logs_to cn002 sn2 sn1 && lab_await has_time_of cn002 10.2.0.12
}
tap_expect "a daemon that does not run is told of, and has the new server when it starts" gone

# What a script that was killed, or one of xCAT's whose restart failed, leaves: the file alone.
unread() {
	lab_in cn003 sed -i 's/sn1-c/sn2-c/' /etc/rsyslog.d/remote.conf
	lab_in cn003 sed -i 's/10.2.0.11/10.2.0.12/' /etc/chrony/chrony.conf
	on_node cn003 sn2 ask syslog setupntp
	told "syslog unknown rsyslog has not read /etc/rsyslog.d/remote.conf since it was written" "setupntp server 10.2.0.11" &&
		logs_to cn003 sn1 sn2 || return
	on_node cn003 sn2 syslog setupntp
	told "syslog 0 rsyslog sends to sn2-c" "setupntp 0 chrony has 10.2.0.12" && logs_to cn003 sn2 sn1
}
tap_expect "what was written but not read is not believed, and is read" unread

ipv6() {
	local new=(MASTER=sn2-c-v6 MASTER_IP=fd00:2::12 SNMOVE_NEW=fd00:2::12 SNMOVE_GATEWAY=fd00:2::12)
	on_node cn003 sn2 "${names[@]}"
	files_of cn003 >"$scratch/before"
	lab_in_net cn003 ip -6 route add default via fd00:2::11 dev eth0
	on_node cn003 sn2 "${names[@]}" -- "${new[@]}" 'SNMOVE_OLD=sn1-c sn2-c 10.2.0.12 fd00:2::11'
	went_well "${names[@]}" && logs_to cn003 sn2 sn1 && lab_await has_time_of cn003 fd00:2::12 && resolves cn003 10.2.0.12 &&
		equals "$(lab_in_net cn003 ip -6 route show default | grep -o '^default via [^ ]*')" "default via fd00:2::12" || return
	lab_in cn003 grep -q '^nameserver fd00:2::12$' /etc/resolv.conf &&
		lab_in cn003 grep -q '^server fd00:2::12 iburst' /etc/chrony/chrony.conf || return
	on_node cn003 sn2 "${names[@]}" -- 'SNMOVE_OLD=sn2-c-v6 fd00:2::12' SNMOVE_NEW=10.2.0.12
	went_well "${names[@]}" && equals "$(files_of cn003)" "$(cat "$scratch/before")"
}
tap_expect "a server that is an IPv6 address takes over, and gives it back" ipv6

forms() {
	lab_in cn003 sh -c 'cp /etc/rsyslog.d/remote.conf /run/kept; cat >/etc/rsyslog.d/remote.conf <<-END
		*.* @10.2.9.9
		# xCAT settings START
		*.* @@10.2.0.12:514
		action(type="omfwd" target="sn2-c" port="514" protocol="udp")
		*.* @[fd00:2::12]:514
		# xCAT settings END
		*.* @sn2-c:10514
		END'
	on_node cn003 sn1 syslog
	told "syslog 0 rsyslog sends to 10.2.0.11; /etc/rsyslog.d/remote.conf names the old one, too: left" &&
		equals "$(lab_in cn003 cat /etc/rsyslog.d/remote.conf)" '*.* @10.2.9.9
# xCAT settings START
*.* @@10.2.0.11:514
action(type="omfwd" target="sn1-c" port="514" protocol="udp")
*.* @[fd00:2::11]:514
# xCAT settings END
*.* @sn2-c:10514' || return
	lab_in cn003 rm /etc/rsyslog.d/remote.conf
	on_node cn003 sn1 syslog
	told "syslog 0 rsyslog sends to sn1-c" && logs_to cn003 sn1 sn2 &&
		equals "$(lab_in cn003 cat /etc/rsyslog.d/remote.conf)" '# xCAT settings START
*.* @sn1-c
# xCAT settings END'
}
tap_expect "the server is replaced in every form, in xCAT's block alone; without one it is written" forms

unnamed() { # its name server is neither: the new one comes before it
	lab_in cn003 sh -c 'printf "search cluster.test\nnameserver 10.2.9.9\noptions timeout:1\n" >/etc/resolv.conf'
	on_node cn003 sn2 mkresolvconf
	told "mkresolvconf 0 names are asked of 10.2.0.12 10.2.9.9 (file)" && resolves cn003 10.2.0.12 || return
	lab_in cn003 rm /etc/resolv.conf
	on_node cn003 sn2 mkresolvconf
	told "mkresolvconf 0 names are asked of 10.2.0.12 (file)" && resolves cn003 10.2.0.12 &&
		equals "$(lab_in cn003 cat /etc/resolv.conf)" "search cluster.test
nameserver 10.2.0.12"
}
tap_expect "where the old server was not asked for names, the new one is asked first" unnamed

# --- Postscripts of the site ---------------------------------------------------------------

lab_in cn001 bash -c 'mkdir -p /xcatpost/custom && cd /xcatpost && echo "library() { echo \"library of \$NODE\"; }" >xcatlib.sh
	cat >site <<-"END"
		#!/bin/bash
		. "$(dirname "$0")/xcatlib.sh"
		library
		echo "$PWD $MASTER $MASTER_IP $SITEMASTER [$OSVER] [$1] $# ${PATH%%:*}"
		[[ $NTYPE == compute ]] && cat
		sleep 300 &
		helper
		exit 3
	END
	printf "#!/bin/sh\necho helped\n" >helper
	echo "echo \"\$0 in custom\"" >custom/other
	cat >mypostscript <<-"END"
		#!/bin/bash
		MASTER=sn1-c
		export MASTER
		OSVER="rocky9.4"
		export OSVER
		export EVIL=$(touch /tmp/bad)
		# postscripts-start-here
		run_ps syslog
		OSVER=late
	END
	chmod 755 site helper'
postscripts() {
	on_node cn001 sn2 xcatinfo 'post:site a* b' post:custom/other post:none post:../etc/x -- || return
	status_is 1 && equals "$out" 'xcatinfo 0 XCATSERVER is 10.2.0.12
post:site 3 helped
post:custom/other 0 ./custom/other in custom
post:none 1 no /xcatpost/none on the node: run updatenode -P none once
post:../etc/x 2 '"'../etc/x'"' is no postscript' && equals "$err" 'post:site, post:none, post:../etc/x: helped' || return
	lab_in cn001 sh -c 'pkill -x sleep; grep -v "Running postscript" /var/log/xcat/xcat.log' >"$scratch/log"
	equals "$(cat "$scratch/log")" 'library of cn001
/xcatpost sn2-c 10.2.0.12 10.1.0.1 [rocky9.4] [a*] 2 /xcatpost
helped
postscript: ./site exited with code 3
./custom/other in custom
postscript: ./custom/other exited with code 0' && lab_in cn001 test ! -e /tmp/bad
}
tap_expect "postscripts of the site run as xCAT runs them, each with a status of its own" postscripts

by_hand() {
	run lab_in cn001 env MASTER=sn2-c MASTER_IP=10.2.0.12 sh "$node_scripts/run.sh" xcatinfo nonsense
	status_is 1 && told "xcatinfo 0 XCATSERVER is 10.2.0.12 already" "nonsense 2 no script of this name was sent" || return
	run lab_in cn001 env MASTER=10.2.0.12 sh "$node_scripts/run.sh" ask xcatinfo
	status_is 0 && told "xcatinfo server 10.2.0.12"
}
tap_expect "they can be run by hand, too" by_hand

cut_off() {
	node_text sn1 xcatinfo -- >"$scratch/text"
	lab_snapshot cn001
	head -c $(($(wc -c <"$scratch/text") - 14)) "$scratch/text" >"$scratch/part"
	run lab_in cn001 sh -s -- xcatinfo <"$scratch/part"
	equals "$out" '' && equals "$(lab_changed cn001)" ''
}
tap_expect "a text that was cut off does nothing" cut_off

[ "${MATRIX:-}" = all ] || tap_end

# --- Killed --------------------------------------------------------------------------------

# The shell and all that it waits for, at its Nth command; a subshell goes on with the count.
killed_at() { # N: 2 if it came to its end before
	{
		echo "count=0; set -T; trap '[ \$((++count)) -ne $1 ] || kill -KILL 0' DEBUG"
		node_text sn2 "${names[@]}" --
	} >"$scratch/text"
	if lab_in cn004 setsid -w bash -s -- "${names[@]}" <"$scratch/text" >"$scratch/stdout" 2>&1 &&
		[ "$(grep -c ' 0 ' "$scratch/stdout")" -eq ${#names[@]} ]; then
		return 2
	fi
}
killed_anywhere() {
	local n
	node_files cn004
	node_syslog cn004
	node_chrony cn004
	files_of cn004 >"$scratch/before-cn004"
	for ((n = 1; ; n += 17)); do
		killed_at "$n"
		[ $? -ne 2 ] || break # it came to its end
		on_node cn004 sn2 "${names[@]}"
		if ! went_well "${names[@]}" || ! logs_to cn004 sn2 sn1 || ! resolves cn004 10.2.0.12 || ! asked cn004 sn2; then
			echo "killed at $n"
			return 1
		fi
		on_node cn004 sn1 "${names[@]}"
		if ! went_well "${names[@]}" || ! equals "$(files_of cn004)" "$(cat "$scratch/before-cn004")"; then
			echo "back after $n"
			return 1
		fi
	done
	echo "$n commands" >"$scratch/points"
	[ "$n" -gt 100 ] && equals "$(lab_in cn004 find /etc /opt -name '*snmove*')" ''
}
tap_expect "killed anywhere, the next run ends it, and back again all is as before" killed_anywhere
sed "s|^|# killed in |" "$scratch/points"

tap_end
