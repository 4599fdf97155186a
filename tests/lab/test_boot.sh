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
		lab_in "$host" sh -c 'rm -rf /tftpboot/* /install'
		boot_images "$host"
	done
	boot_lay "$2" 1
	boot_lay_autoinst sn1 1
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
	local plain
	moved --plan
	plain=$(tr -s ' ' <<<"$out")
	status_is 0 && contains "$plain" "boot on sn2 added cn[001-004]" &&
		contains "$plain" "boot on sn1 removed cn[001-004]" &&
		contains "$plain" "autoinst on sn2 added cn004" && contains "$plain" "autoinst on sn1 removed cn004" &&
		contains "$out" "note: disk as before: cn002" &&
		contains "$out" "note: installation as before: cn004" &&
		contains "$out" "note: network boot as before: cn[001,003]" && as_before
}
tap_expect "a plan shows the files and that each node boots as before, and changes nothing" plan

there() {
	fetch_from 1 || return
	moved
	status_is 0 && contains "$out" "26 changes written" && fetch_from 2 && nothing_from 1 || return
	equals "$(lab_in cn004 curl -sS -f http://10.2.0.12/install/autoinst/cn004)" \
		"url --url http://10.2.0.12/install/rocky --server=sn2-c # 10.2.0.111" || return
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
# --- Other ways to live --------------------------------------------------------------------

# One folder for all, which lies on the management node.
share() { # on|off
	local host sn
	for host in mn sn1 sn2; do
		[ "$host" = mn ] || boot_stop "$host"
		case $1 in
		on) lab_in "$host" sh -c 'mkdir -p /lab/tftpboot && mount --bind /lab/tftpboot /tftpboot' || return ;;
		off) lab_in "$host" umount /tftpboot ;;
		esac
	done
	for sn in 1 2; do
		boot_start "sn$sn" "10.2.0.1$sn"
	done
}
shared() {
	share on || return
	fresh 1 mn || return
	fetch_from 1 || return
	moved
	status_is 0 && fetch_from 2 && contains "$out" "22 changes written" || return
	snmove --undo
	status_is 0 && as_before && fetch_from 1
}
shared_back() {
	shared
	local failed=$?
	share off
	return "$failed"
}
tap_expect "a folder that all share is written once, nothing in it is removed, and an undo brings it back" shared_back

by_tables() { # cn003 has a row in bootparams, and an old file of somebody
	fresh 0 sn1 || return
	lab_in mn sqlite3 /lab/site/cluster.db "CREATE TABLE IF NOT EXISTS bootparams (node, kernel, initrd,
			kcmdline, addkcmdline, dhcpstatements, adddhcpstatements, comments, disable);
		INSERT INTO bootparams (node, kernel, initrd, kcmdline) VALUES ('cn003', 'xcat/osimage/compute/kernel',
			'xcat/osimage/compute/initrd.gz', 'imgurl=http://!myipfn!:80//install/netboot/compute.gz XCAT=!myipfn!:3001 by=tables')"
	moved
	status_is 0 && contains "$(boot_fetched cn003 10.2.0.12 pxelinux.cfg/0A020103)" \
		"imgurl=http://10.2.0.12:80//install/netboot/compute.gz XCAT=10.2.0.12:3001 by=tables"
}
tap_expect "a node with a row in bootparams gets what the tables say, with the new server's address" by_tables

# --- What keeps nodes where they are -------------------------------------------------------

refused() { # WORDS...: the move is, with nothing done
	local words
	moved
	status_is 1 || return
	for words; do contains "$out$err" "$words" || return; done
	as_before
}
no_image() { # PATH WORDS...
	fresh 0 sn1 || return
	lab_in sn2 rm "$1"
	refused "${@:2}"
}
tap_expect "a kernel that is not on the new service node refuses the move, whatever it is fetched by" \
	no_image /tftpboot/xcat/osimage/compute/kernel \
	"images     cn003: sn2: /tftpboot/xcat/osimage/compute/kernel is not there" \
	"images     cn[001,004]: sn2: http://10.2.0.12/tftpboot/xcat/osimage/compute/kernel: HTTP status 404 Not Found"
tap_expect "so does a loader that a link names" \
	no_image /tftpboot/boot/grub2/grub2.x86_64 "cn002: sn2: /tftpboot/boot/grub2/grub2.x86_64 is not there"
tap_expect "so does an image that it does not serve by HTTP" \
	no_image /install/netboot/compute.gz \
	"images     cn[001,003]: sn2: http://10.2.0.12/install/netboot/compute.gz: HTTP status 404 Not Found"
no_kickstart() {
	fresh 0 sn1 || return
	lab_in sn1 rm /install/autoinst/cn004
	world >"$scratch/before"
	refused "cn004: sn2: http://10.2.0.12/install/autoinst/NODE: HTTP status 404 Not Found"
}
tap_expect "so does a kickstart that nobody has" no_kickstart
not_exported() {
	fresh 0 sn1 || return
	lab_in sn2 sh -c ': >/etc/exports'
	refused "cn003: sn2: /install is not exported by NFS"
}
tap_expect "so does an NFS root that it does not export" not_exported

no_folder() { # an image server that is not mounted
	fresh 0 sn1 || return
	lab_in sn2 mv /tftpboot /tftpboot.away
	refused "boot       cn[001-004]: sn2: there is no folder /tftpboot" "wanted: a holder that takes their boot files"
	local failed=$?
	lab_in sn2 mv /tftpboot.away /tftpboot
	return "$failed"
}
tap_expect "so does a new service node without the folder" no_folder

otherwise() { # nodeset was run for cn002, and somebody has set the table back since
	fresh 0 sn1 || return
	lab_in mn sqlite3 /lab/site/cluster.db "UPDATE chain SET currstate = 'netboot x' WHERE node = 'cn002'"
	moved
	status_is 0 && fetch_from 2 && contains "$out" \
		"note: the boot files of cn002 are not of the state that chain.currstate names: they are taken over as they are"
}
tap_expect "boot files of another state than the table's are taken over, and told" otherwise

other_kind() { # the tables would have cn003 installed, which boots from its image
	by_tables || return
	fresh 0 sn1 || return
	lab_in mn sqlite3 /lab/site/cluster.db "CREATE TABLE IF NOT EXISTS bootparams (node, kernel, initrd,
			kcmdline, addkcmdline, dhcpstatements, adddhcpstatements, comments, disable);
		INSERT INTO bootparams (node, kernel, initrd, kcmdline) VALUES ('cn003', 'xcat/osimage/compute/kernel',
			'xcat/osimage/compute/initrd.gz', 'inst.ks=http://!myipfn!/ks');
		UPDATE chain SET currstate = 'install rocky9.4-x86_64-compute' WHERE node = 'cn003'"
	refused "boot       cn003: it boots network boot now, and would boot installation" "nodeset cn003 enact"
}
tap_expect "a node that would boot in another way than now refuses it" other_kind

# --- A dead service node -------------------------------------------------------------------

dead() { # COMMAND...: with sn1 gone
	lab_link sn1 eth0 down
	lab_link sn1 eth1 down
	"$@"
	local failed=$?
	lab_link sn1 eth0 up
	lab_link sn1 eth1 up
	return "$failed"
}
nobody_has_them() {
	fresh 0 sn1 || return
	dead moved
	status_is 3 && contains "$out" "owed: cn[001-004]: nobody has their boot files: nodeset 'cn[001-004]' enact" || return
	snmove --undo --force=dead
}
tap_expect "with a dead one whose files nobody has, the command that makes them is owed" nobody_has_them

stale() { # on the new one, of another state: years old
	fresh 0 sn1 || return
	lab_in sn1 tar -cC /tftpboot pxelinux.cfg xcat/xnba/nodes boot/grub2 petitboot | lab_in sn2 tar -xC /tftpboot
	lab_in sn2 sed -i 's/^#netboot .*/#install rocky8.9-x86_64-compute/' /tftpboot/pxelinux.cfg/cn003
	dead moved --force=images
	status_is 3 && contains "$out" "owed: cn003: nobody has their boot files: nodeset cn003 enact" &&
		contains "$(boot_fetched cn001 10.2.0.12 xcat/xnba/nodes/cn001)" "imgurl=http://10.2.0.12:80//" &&
		contains "$(lab_in sn2 cat /tftpboot/pxelinux.cfg/cn003)" "#install rocky8.9" || return
	snmove --reconcile sn1
	status_is 0 && equals "$(boot_files sn1)" ""
}
tap_expect "old files there are taken where they are of the nodes' state, and the dead one gives its own up when it is back" stale

statelite() {
	fresh 0 sn1 || return
	lab_in mn sqlite3 /lab/site/cluster.db "CREATE TABLE IF NOT EXISTS statelite (node, image, statemnt, mntopts, comments, disable);
		INSERT INTO statelite (node, statemnt) VALUES ('compute', 'sn1-c:/nodedata');
		UPDATE chain SET currstate = 'statelite rocky9.4-x86_64-compute' WHERE node = 'cn003'"
	dead moved --plan
	status_is 1 && contains "$out" "images     cn003: statelite[compute].statemnt is 'sn1-c:/nodedata', on the dead service node" || return
	moved --plan --force=images
	status_is 0 && contains "$out" "note: statelite.statemnt of compute still names an old service node: sn1-c:/nodedata"
}
tap_expect "what statelite nodes mount from a dead one refuses the move; from one that lives it is told" statelite

# --- What verify finds ---------------------------------------------------------------------

found() { # COMMAND-ON-SN2 WORDS...: done by somebody after the step boot
	fresh 0 sn1 || return
	hook_fields='' work "remote.run('sn2', [[$1]])"
	moved --skip dhcp
	rm -f "$site/hooks/work.lua"
	status_is 3 || return
	local words
	for words in "${@:2}"; do contains "$out" "$words" || return; done
}
tap_expect "verify names a boot file that is gone" found "rm /tftpboot/xcat/xnba/nodes/cn001" \
	"cn001: they have no boot file on sn2"
tap_expect "and an empty one" found ": >/tftpboot/xcat/xnba/nodes/cn001" \
	"cn001: their boot file on sn2 boots offline, and chain.currstate says network boot"
tap_expect "and one of another boot kind" found "sed -i s/#boot/#install/ /tftpboot/boot/grub2/cn002 /tftpboot/boot/grub2/grub.cfg-0A020102" \
	"cn002: their boot file on sn2 boots installation, and chain.currstate says disk"
tap_expect "and one that names the old service node" found "sed -i s/10.2.0.12/10.2.0.11/ /tftpboot/pxelinux.cfg/cn003" \
	"cn003: their boot file on sn2 names the old service node"
tap_expect "and one that nobody may read" found "chmod 600 /tftpboot/petitboot/cn004; chown root /tftpboot/petitboot/cn004" \
	"cn004: sn2 does not give their boot files by TFTP: TFTP error: "
tap_expect "and a TFTP server that has died" found "pkill -x in.tftpd" \
	"cn[001-004]: sn2 does not give their boot files by TFTP: no answer"
boot_stop sn2
boot_start sn2 10.2.0.12
still_there() {
	fresh 0 sn1 || return
	work "remote.run('sn1', [[cp /tftpboot/pxelinux.0 /tftpboot/pxelinux.cfg/cn003 2>/dev/null || { mkdir -p /tftpboot/pxelinux.cfg; echo x >/tftpboot/pxelinux.cfg/cn003; }]])"
	moved
	rm -f "$site/hooks/work.lua"
	status_is 3 && contains "$out" "cn003: their boot files are still on sn1"
}
tap_expect "and files that are on the old one, too" still_there

tap_end
