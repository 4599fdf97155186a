# monitors.sh - Ganglia and SNMP on real daemons: sourced after moves.sh, used once the lab is up.

# shellcheck shell=bash
# shellcheck disable=SC2154,SC2016 # variables of lab.sh, site.sh and tap.sh; of sh in nodes

# Moves are of the shipped procedure, but that the nodes are left to hooks; and only rows and these.
monitors_move() {
	printf '%s\n' 'require "linux"' 'require("takeover").replace("nodes")' >"$site/bent.lua"
	cat >"$site/slow" <<-'SH'
		#!/bin/sh
		: >/tmp/begun
		while [ -e /tmp/slow ]; do sleep 0.02; done
		exec "$@"
	SH
	chmod 644 "$site/bent.lua"
	chmod 755 "$site/slow"
	move=(cn001-cn004 -d sn2 -D sn2-c --script /lab/site/bent.lua
		--only "servicenode,xcatmaster,servers,nodes,monitoring,verify")
}
monitors() { # [PLUG-IN...]: nothing has happened, and xCAT has these started
	echo '#name,nodestatmon,comments,disable' >"$site/tables/monitoring.csv"
	[ $# -eq 0 ] || printf '"%s",,,\n' "$@" >>"$site/tables/monitoring.csv"
	rm -rf "$site/state" "$site/cluster.db"
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null
}
killed_slow() { # ARGUMENTS...: a move, killed while /lab/site/slow is at work on the four nodes
	local node
	for node in $four; do lab_in "$node" sh -c 'rm -f /tmp/begun; touch /tmp/slow'; done
	start "${move[@]}" "$@"
	signal KILL
	for node in $four; do lab_in "$node" rm -f /tmp/slow; done
	snmove --status
	contains "$out" "run 1 is open"
}

# --- Ganglia -------------------------------------------------------------------------------

ganglia_modules=$(echo /usr/lib/*/ganglia)
gmond_conf() { # HOST GLOBALS CHANNELS: how all of them are
	cat <<-END
		globals { daemonize = yes setuid = no deaf = $2 send_metadata_interval = 5 override_hostname = "$1" }
		cluster { name = "lab" }
		$3
		modules { module { name = "core_metrics" }
			module { name = "load_module" path = "$ganglia_modules/modload.so" } }
		collection_group { collect_once = yes time_threshold = 20 metric { name = "heartbeat" } }
		collection_group { collect_every = 1 time_threshold = 1 metric { name = "load_one" } }
	END
}
gmond_node() { # NODE HOST: it sends there, and so says its file, with a comment
	gmond_conf "$1" yes "# host = sn1 was here
udp_send_channel {
  # host = sn1
  host = $2 # the service node
  port = 8649
}" | lab_in "$1" sh -c 'cat >/etc/ganglia/gmond.conf; /etc/init.d/ganglia-monitor start >/dev/null 2>&1'
}
gmond_server() { # SN
	gmond_conf "$1" no 'udp_recv_channel { port = 8649 } tcp_accept_channel { port = 8649 }' |
		lab_in "$1" sh -c 'cat >/etc/ganglia/gmond.conf; /etc/init.d/ganglia-monitor start >/dev/null 2>&1'
}
gmond_stop() { # HOST
	lab_in "$1" pkill -x gmond
	lab_await gmond_is_gone "$1"
}
gmond_is_gone() {
	! lab_in "$1" pgrep -x gmond >/dev/null
}
gmetad_start() { # LINE...: on mn, with these sources
	printf '%s\n' 'setuid off' 'rrd_rootdir "/run/rrds"' "$@" |
		lab_in mn sh -c 'mkdir -p /run/rrds; cat >/etc/ganglia/gmetad.conf; /etc/init.d/gmetad start >/dev/null 2>&1'
}
ganglia_told() { # HOST PORT: what is heard there: NAME TN
	lab_in "$1" bash -c 'exec 3<>"/dev/tcp/localhost/$0" && cat <&3' "$2" 2>/dev/null |
		sed -n 's/^<HOST NAME="\([^"]*\)".* TN="\([0-9]*\)".*/\1 \2/p' | sort
}
ganglia_hears() { # HOST PORT NODE...: of these it has heard later than $since
	local host=$1 port=$2 node told
	shift 2
	told=$(ganglia_told "$host" "$port")
	for node; do
		awk -v node="$node" -v most=$((EPOCHSECONDS - since)) \
			'$1 == node && $2 < most { found = 1 } END { exit !found }' <<<"$told" || return
	done
}

# --- SNMP ----------------------------------------------------------------------------------

snmptrapd_start() { # SN: what comes is in /run/traps, by its sender's address
	lab_in "$1" sh -c 'printf "%s\n" "disableAuthorization yes" "format2 %b\\n" "format1 %b\\n" >/run/snmptrapd.conf
		MIBS= snmptrapd -C -c /run/snmptrapd.conf -Lf /run/traps -On -p /run/snmptrapd.pid udp:162'
	lab_await snmptrapd_listens "$1"
}
snmptrapd_listens() {
	lab_in "$1" grep -q ':00A2 ' /proc/net/udp
}
snmptrapd_is_gone() {
	! snmptrapd_listens "$1"
}
snmpd_node() { # NODE LINE...: of its configuration
	local node=$1
	shift
	printf '%s\n' 'agentaddress udp:161' "$@" |
		lab_in "$node" sh -c 'cat >/etc/snmp/snmpd.conf; /etc/init.d/snmpd start >/dev/null 2>&1'
}
traps_forget() { # what has come up to now
	local host
	for host in sn1 sn2; do lab_in "$host" sh -c ': >/run/traps'; done
}
traps_came_to() { # SN NODE...: from each of them
	local sn=$1 node
	shift
	for node; do
		lab_in "$sn" grep -q "\[10\.2\.1\.$((10#${node#cn}))\]" /run/traps || return
	done
}
