#!/usr/bin/env bash
# What nodes fetch before a move, after it, and after it was taken back: the three shapes of nodes,
# with sharedtftp and disjointdhcps off and on; and a move that is killed at each point.
# `make matrix` goes through all of it, a check through one of the first and two of the others.

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
. "$(dirname "$0")/boot.sh"

declare -A lists=([fixed]="sn1" [backup]="sn1,sn2,sn3" [open]="sn1,sn2,sn3")
declare -A masters=([fixed]=sn1-c [backup]=sn1-c [open]='')
all=(mn sn1 sn2 sn3)

# One folder for all, on the management node, or each its own.
shared=0
share() { # SHAREDTFTP
	local host
	[ "$1" = "$shared" ] && return
	for host in "${all[@]}"; do
		[ "$host" = mn ] || boot_stop "$host"
		case $1 in
		1) lab_in "$host" sh -c 'mkdir -p /lab/tftpboot && mount --bind /lab/tftpboot /tftpboot' || return ;;
		0) lab_in "$host" umount /tftpboot || return ;;
		esac
		[ "$host" = mn ] || boot_start "$host" "10.2.0.1${host#sn}"
	done
	shared=$1
}
for sn in 1 2 3; do
	boot_start sn$sn 10.2.0.1$sn
done

# Who has files, and of which server: in an open pool each its own.
lay() { # SHAPE SHAREDTFTP DISJOINTDHCPS
	local host
	boot_tables "$2" "$3"
	sed -i "s/^\"compute\".*/\"compute\",\"${lists[$1]}\",,\"sn1-c\",,,\"${masters[$1]}\",,/" "$site/tables/noderes.csv"
	share "$2" || return
	rm -rf "$site/state" "$site/cluster.db"
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null || return
	for host in "${all[@]}"; do
		lab_in "$host" sh -c 'rm -rf /tftpboot/* /install'
	done
	for host in "${all[@]}"; do
		boot_images "$host"
	done
	case $1.$2 in
	*.1) boot_lay mn 1 ;;
	open.0) boot_lay sn1 1 && boot_lay sn2 2 && boot_lay sn3 3 ;;
	*) boot_lay sn1 1 ;;
	esac
	boot_lay_autoinst sn1 1
	[ "$1" != open ] || { boot_lay_autoinst sn2 2 && boot_lay_autoinst sn3 3; }
	world >"$scratch/before"
}
world() {
	local host
	lab_in mn sqlite3 /lab/site/cluster.db 'SELECT * FROM noderes'
	for host in "${all[@]}"; do
		echo "--- $host"
		boot_files "$host"
	done
}
as_before() {
	diff "$scratch/before" <(world)
}
fetched() { # SN-NUMBER NAMED: all four nodes get files from there, that name this one
	local wanted="imgurl=http://10.2.0.1$2:80//install"
	contains "$(boot_fetched cn001 "10.2.0.1$1" xcat/xnba/nodes/cn001)" "$wanted" &&
		contains "$(boot_fetched cn002 "10.2.0.1$1" boot/grub2/grub.cfg-0A020102)" "# of 10.2.0.1$2" &&
		contains "$(boot_fetched cn003 "10.2.0.1$1" pxelinux.cfg/0A020103)" "NFSROOT=10.2.0.1$2:/install" &&
		contains "$(boot_fetched cn004 "10.2.0.1$1" petitboot/cn004)" "kernel http://sn$2-c:80/tftpboot"
}
installed_by() { # SN-NUMBER: what cn004 is installed by is there, and names it
	contains "$(lab_in cn004 curl -sS -f "http://10.2.0.1$1/install/autoinst/cn004")" "--server=sn$1-c # 10.2.0.1"
}
nothing_from() { # SN-NUMBER
	! boot_fetched cn001 "10.2.0.1$1" xcat/xnba/nodes/cn001 2>/dev/null &&
		! boot_fetched cn003 "10.2.0.1$1" pxelinux.cfg/0A020103 2>/dev/null
}
served_before() { # SHAPE SHAREDTFTP
	fetched 1 1 && installed_by 1 || return
	case $1.$2 in
	*.1) fetched 2 1 ;; # from the same folder
	open.0) fetched 2 2 && fetched 3 3 ;;
	*) nothing_from 2 ;;
	esac
}
served_after() { # SHAPE SHAREDTFTP
	fetched 2 2 || return
	installed_by 2 && ! lab_in sn1 test -e /install/autoinst/cn004 || return
	case $1.$2 in
	*.1) fetched 1 2 ;;
	open.0) nothing_from 1 && nothing_from 3 ;;
	*) nothing_from 1 ;;
	esac
}
shape() { # SHAPE SHAREDTFTP DISJOINTDHCPS
	lay "$@" && served_before "$@" || return
	# In an open pool no table says that sn1-c is sn1.
	snmove "${move[@]}" -s sn1 -S sn1-c --skip dhcp --force=pool,xcatmaster
	status_is 0 && served_after "$@" || return
	snmove --undo
	status_is 0 && as_before && served_before "$@"
}

shapes=(open)
shares=(0)
disjoints=(0)
[ "${MATRIX:-}" != all ] || shapes=(fixed backup open) shares=(0 1) disjoints=(0 1)
for share in "${shares[@]}"; do
	for name in "${shapes[@]}"; do
		for disjoint in "${disjoints[@]}"; do
			tap_expect "$name, sharedtftp $share, disjointdhcps $disjoint: nodes fetch the right files, there and back" \
				shape "$name" "$share" "$disjoint"
		done
	done
done

# --- Killed --------------------------------------------------------------------------------

# snmove, at the Nth time that it writes its journal, or to a host.
killed_at() { # SYSCALL N SHAREDTFTP
	lay backup "$3" 1 || return
	run lab_in mn env ASAN_OPTIONS=detect_leaks=0 timeout 60 strace -qqq -o /dev/null -e trace="$1" -e inject="$1:signal=KILL:when=$2" \
		snmove --config /lab/site/config "${move[@]}" --skip dhcp
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
		status_is 0 && served_after backup "$3" || return 1
	fi
	snmove --undo=1
	status_is 0 && as_before && served_before backup "$3"
}
killed() { # SYSCALL SHAREDTFTP N...: as long as it gets there
	local syscall=$1 shared_one=$2 n
	shift 2
	for n; do
		killed_at "$syscall" "$n" "$shared_one"
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
}
tap_expect "killed when it writes its journal, it goes on, or back" killed fdatasync 1 154
tap_expect "killed when it writes to a host, likewise" killed sendto 0 101
if [ "${MATRIX:-}" = all ]; then
	for share in 0 1; do
		# shellcheck disable=SC2046 # numbers
		tap_expect "so it is everywhere in the journal, sharedtftp $share" killed fdatasync "$share" $(seq 1 2 401)
		# shellcheck disable=SC2046 # numbers
		tap_expect "and to hosts, sharedtftp $share" killed sendto "$share" $(seq 1 5 900)
	done
fi
sed 's/^/# points of /' "$scratch/points"
tap_end
