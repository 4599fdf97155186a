# aix.sh - nodes and service nodes with a recorded stand-in for AIX and NIM (aix): sourced after site_lay.

# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of lab.sh and site.sh

aix_commands='netstat route bootlist niminit c_disc_target mkdev c_config_dump sysdumpdev lsnim rsync'

aix_lay() { # HOST...: they have its commands, before their own
	local host
	cp "$source_tree/tests/lab/aix" "$site/aix"
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
