#!/usr/bin/env bash
# Who answers before a move, after it, and after it was taken back: the three shapes of nodes with
# disjointdhcps off and on.  `make matrix` goes through all of it, a check through one.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 4 || exit
# shellcheck disable=SC2034 # site.sh uses it
site_lines=('connect_time = 3')
site_lay || exit
. "$(dirname "$0")/moves.sh"
. "$(dirname "$0")/dhcp.sh"
cat >"$site/before.lua" <<'LUA'
-- All that hold the nodes today have their entries.
local takeover, services, cluster = require "takeover", require "services", require "cluster"
takeover.step("dhcp", "as it was", function(move) services.give("dhcp", cluster.holders(move.nodes, "dhcp")) end)
takeover.alone()
LUA
chmod 600 "$site/before.lua"

declare -A lists=([fixed]="sn1" [backup]="sn1,sn2,sn3" [open]="sn1,sn2,sn3")
declare -A masters=([fixed]=sn1-c [backup]=sn1-c [open]='')

lay() { # SHAPE DISJOINTDHCPS
	local sn
	site_tables
	dhcp_tables "$2"
	{
		echo '#node,servicenode,netboot,tftpserver,nfsserver,monserver,xcatmaster,comments,disable'
		echo "\"compute\",\"${lists[$1]}\",\"grub2\",,,,\"${masters[$1]}\",,"
	} >"$site/tables/noderes.csv"
	rm -rf "$site/state" "$site/cluster.db"
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null || return
	for sn in sn1 sn2 sn3; do
		dhcp_stop_isc "$sn"
		dhcp_lay_isc "$sn" include && dhcp_start_isc "$sn" || return
	done
	lab_in mn rm -rf /tmp/before
	snmove --state /tmp/before --script /lab/site/before.lua "${move[@]}"
	status_is 0
}

# Its own address in an open pool: whoever answers is the server.
expected() { # SHAPE DISJOINTDHCPS before|after: lines of offers to cn001
	local sn next
	for sn in 1 2 3; do
		next=10.2.0.1$([ "$3" = after ] && echo 2 || echo 1)
		[ "$1.$3" != open.before ] || next=10.2.0.1$sn
		case $1.$2.$3 in
		*.0.* | open.1.before) ;;
		*.after) [ "$sn" = 2 ] || continue ;;
		*) [ "$sn" = 1 ] || continue ;;
		esac
		echo "cn001 10.2.0.1$sn $next"
	done
}
answer() { # SHAPE DISJOINTDHCPS before|after
	local lines
	mapfile -t lines < <(expected "$@")
	offered "${lines[@]}"
}
shape() { # SHAPE DISJOINTDHCPS
	lay "$1" "$2" && answer "$1" "$2" before || return
	snmove "${move[@]}" --force=pool,xcatmaster
	status_is 0 && answer "$1" "$2" after || return
	snmove --undo
	status_is 0 && answer "$1" "$2" before
}

shapes=(backup)
disjoints=(1)
[ "${MATRIX:-}" != all ] || shapes=(fixed backup open) disjoints=(0 1)
for name in "${shapes[@]}"; do
	for disjoint in "${disjoints[@]}"; do
		tap_expect "$name, disjointdhcps $disjoint: the holders alone answer, with the right server" shape "$name" "$disjoint"
	done
done
tap_end
