#!/usr/bin/env bash
# Boot files in a move: what real clients fetch before, after, and after it was taken back; what
# is refused, told and owed.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 4 || exit
site_lines=('connect_time = 3')
site_lay || exit
. "$(dirname "$0")/moves.sh"
. "$(dirname "$0")/boot.sh"

for sn in 1 2; do
	boot_start sn$sn 10.2.0.1$sn
done

# Nothing has happened, and the files lie on HOST, of sn1.
fresh() { # SHAREDTFTP HOST
	local host
	boot_tables "$1"
	rm -rf "$site/state" "$site/cluster.db"
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null || return
	for host in mn sn1 sn2; do
		lab_in "$host" sh -c 'rm -rf /tftpboot/*'
		boot_images "$host"
	done
	boot_lay "$2" 1
	world >"$scratch/before"
}
world() {
	local host
	lab_in mn sqlite3 /lab/site/cluster.db 'SELECT * FROM noderes'
	for host in mn sn1 sn2; do
		echo "--- $host"
		boot_files "$host"
	done
}
as_before() {
	equals "$(world)" "$(cat "$scratch/before")"
}
fetch_from() { # SN-NUMBER: all four nodes what is of that server there
	local wanted="imgurl=http://10.2.0.1$1:80//install"
	contains "$(boot_fetched cn001 "10.2.0.1$1" xcat/xnba/nodes/cn001)" "$wanted" &&
		contains "$(boot_fetched cn002 "10.2.0.1$1" boot/grub2/grub.cfg-0A020102)" "# of 10.2.0.1$1" &&
		contains "$(boot_fetched cn003 "10.2.0.1$1" pxelinux.cfg/0A020103)" "NFSROOT=10.2.0.1$1:/install" &&
		contains "$(boot_fetched cn004 "10.2.0.1$1" petitboot/cn004)" "kernel http://sn$1-c:80/tftpboot"
}
nothing_from() { # SN-NUMBER
	! boot_fetched cn001 "10.2.0.1$1" xcat/xnba/nodes/cn001 2>/dev/null &&
		! boot_fetched cn003 "10.2.0.1$1" pxelinux.cfg/0A020103 2>/dev/null
}

plan() {
	fresh 0 sn1 || return
	moved --plan
	status_is 0 && contains "$out" "boot on sn2          added                     cn[001-004]" &&
		contains "$out" "boot on sn1          removed                   cn[001-004]" &&
		contains "$out" "note: disk as before: cn002" &&
		contains "$out" "note: installation as before: cn004" &&
		contains "$out" "note: network boot as before: cn[001,003]" && as_before
}
tap_expect "a plan shows the files and that each node boots as before, and changes nothing" plan

there() {
	fetch_from 1 || return
	moved
	status_is 0 && contains "$out" "24 changes written" && fetch_from 2 && nothing_from 1 || return
	# What has the address of a neighbour that begins with the server's stays; so do links.
	contains "$(boot_fetched cn001 10.2.0.12 xcat/xnba/nodes/cn001)" "XCAT=sn2-c:3001 syslog=10.2.0.111" &&
		equals "$(lab_in sn2 readlink /tftpboot/pxelinux.cfg/0A020103 /tftpboot/boot/grub2/grub2-cn002 | paste -sd ' ')" "cn003 grub2.x86_64"
}
tap_expect "clients fetch their files from the new service node, which they name, and nothing from the old one" there

back() {
	snmove --undo
	status_is 0 && as_before && fetch_from 1 && nothing_from 2
}
tap_expect "after an undo they fetch from the old one, all files as before byte for byte" back
tap_end
