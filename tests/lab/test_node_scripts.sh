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

tap_end
