# aix.sh - nodes and service nodes with a recorded stand-in for AIX and NIM (aix), and hosts that have
# but what AIX has: sourced after site_lay.

# shellcheck shell=bash
# shellcheck disable=SC2154,SC2016 # variables of lab.sh and site.sh; shells of hosts have their own

aix_commands='netstat route bootlist niminit c_disc_target mkdev c_config_dump sysdumpdev lsnim rsync'

aix_lay() { # HOST...: they have its commands, before their own, also if they are aix_hosts
	local host name
	cp "$source_tree/tests/lab/aix" "$site/aix"
	for name in $aix_commands; do
		[ ! -d "$site/aix_programs" ] || ln -sf /lab/site/aix "$site/aix_programs/$name" || return
	done
	for host; do
		# shellcheck disable=SC2086 # several words
		lab_in "$host" sh -c 'mkdir -p /root/aix && rm -f /tmp/aix.log &&
			for name; do ln -sf /lab/site/aix "/usr/local/bin/$name"; done' link $aix_commands || return
	done
}
aix_node() { # NODE ADDRESS: it is with sn1
	lab_in "$1" sh -c 'cd /root/aix && rm -f * /root/bad-* /tmp/slow-* /tmp/begun && echo "$2" >address && echo 10.2.0.11 >route &&
		echo "ent0 gateway=10.2.0.11 bserver=10.2.0.11 client=$2" >bootlist && echo /dev/hdisk7 >dump && echo "$1 sn1" >niminfo &&
		echo "iqn.dump 32600 10.2.0.11 0x1" >target && echo "selective iqn.dump 10.2.0.11" >configdump &&
		printf "XCATSERVER=10.2.0.11\nNODE=%s\n" "$1" >/etc/xcatinfo' lay "$1" "$2"
}

# Hosts as AIX is to whoever logs in: /bin/sh and root's shell are ksh93, PATH has what AIX has
# (tests/lib/aix_programs) and nothing else, and of /proc there is nothing.  What they are called with
# by lab_in has this machine's programs.
aix_hosts() { # NODE...
	local node
	"$source_tree/tests/lib/aix_lay" "$site/aix_programs" || return
	aix_mount >"$site/aix_programs/mount"
	aix_ifconfig >"$site/aix_programs/ifconfig"
	chmod 755 "$site/aix_programs/mount" "$site/aix_programs/ifconfig"
	for node; do
		lab_rows | awk -v node="$node" '$1 == node { print $2, $5, $6 }' | lab_in "$node" tee /tmp/interfaces >/dev/null
		lab_sshd "$node" 'SetEnv PATH=/lab/site/aix_programs' || return
		lab_in "$node" sh -c 'mkdir -p /usr/lpp/bos && sed -i "/^root/s,[^:]*$,/bin/ksh93," /etc/passwd &&
			mount --bind /bin/ksh93 "$(readlink -f /bin/sh)" && rm -f "$(readlink -f "$(command -v ip)")" &&
			! command -v ip >/dev/null &&
			: >/tmp/mounts && mount -t tmpfs none /proc' || return
	done
}
# Its tables, as IBM's manual has them: of /tmp/mounts, lines POINT OPTIONS, and of /tmp/interfaces.
aix_mount() {
	cat <<-'END'
		#!/bin/sh
		echo '  node       mounted        mounted over    vfs       date        options      '
		echo '-------- ---------------  ---------------  ------ ------------ --------------- '
		echo '         /dev/hd4         /                jfs2   Nov 27 08:00 rw,log=/dev/hd8 '
		while read -r point options; do
			echo "         /x               $point         namefs Nov 27 08:01 $options"
		done </tmp/mounts
	END
}
aix_ifconfig() {
	cat <<-'END'
		#!/bin/sh
		while read -r name four six; do
			echo "$name: flags=1e084863,480<UP,BROADCAST,NOTRAILERS,RUNNING,64BIT,CHECKSUM_OFFLOAD>"
			case $four in
			*/24) mask=0xffffff00 ;;
			*/16) mask=0xffff0000 ;;
			esac
			printf '\tinet %s netmask %s broadcast 10.255.255.255\n\tinet6 %s\n' "${four%/*}" $mask "$six"
		done </tmp/interfaces
		printf 'lo0: flags=e08084b,c0<UP,LOOPBACK>\n\tinet 127.0.0.1 netmask 0xff000000\n\tinet6 ::1%%1/0\n'
	END
}
