# boot.sh - boot files of the service nodes, served by TFTP and HTTP: sourced after moves.sh.
#
# The four nodes boot by xnba, grub2, pxe and petitboot, each from the service node that its files
# name by address and by name.

# shellcheck shell=bash
# shellcheck disable=SC2154,SC2016 # variables of lab.sh, site.sh and tap.sh; of sh in nodes

boot_tables() { # SHAREDTFTP [DISJOINTDHCPS]
	local node
	site_tables
	declare -F dhcp_tables >/dev/null && dhcp_tables "${2:-1}"
	{
		echo '#node,servicenode,netboot,tftpserver,nfsserver,monserver,xcatmaster,comments,disable'
		for node in cn001,xnba cn002,grub2 cn003,pxe cn004,petitboot; do
			echo "\"${node%,*}\",,\"${node#*,}\",,,,,,"
		done
		echo '"compute","sn1,sn2,sn3",,"sn1-c",,,"sn1-c",,'
	} >"$site/tables/noderes.csv"
	{
		echo '#node,currstate,currchain,chain,ondiscover,comments,disable'
		for node in cn001 cn003; do echo "\"$node\",\"netboot rocky9.4-x86_64-compute\",,,,,"; done
		echo '"cn002","boot",,,,,'
		echo '"cn004","install rocky9.4-x86_64-compute",,,,,'
	} >"$site/tables/chain.csv"
	echo "\"sharedtftp\",\"$1\",," >>"$site/tables/site.csv"
}

boot_start() { # HOST ADDRESS: its TFTP and HTTP
	lab_in "$1" sh -c "in.tftpd -l -4 -a $2:69 -u tftp -s /tftpboot
		busybox httpd -p $2:80 -h /"
}
boot_stop() { # HOST
	lab_in "$1" sh -c 'pkill -x in.tftpd; pkill -x busybox
		while pgrep -x in.tftpd || pgrep -x busybox; do sleep 0.02; done >/dev/null'
}

# What xCAT's nodeset has written: an address, names, ports, and a neighbour's address that begins
# with the server's.
boot_lay() { # HOST SN-NUMBER
	lab_in "$1" sh -ec "
		cd /tftpboot
		mkdir -p xcat/xnba/nodes boot/grub2 pxelinux.cfg petitboot
		cat >xcat/xnba/nodes/cn001 <<-'END'
			#!gpxe
			#netboot rocky9.4-x86_64-compute
			imgfetch -n kernel http://\${next-server}/tftpboot/xcat/osimage/compute/kernel
			imgargs kernel imgurl=http://10.2.0.1$2:80//install/netboot/compute.gz XCAT=sn$2-c:3001 syslog=10.2.0.1$2$2
			imgexec kernel
		END
		printf '#boot\\nset timeout=5\\n# of 10.2.0.1$2' >boot/grub2/cn002
		ln boot/grub2/cn002 boot/grub2/grub.cfg-0A020102
		ln -s grub2.x86_64 boot/grub2/grub2-cn002
		cat >pxelinux.cfg/cn003 <<-'END'
			#netboot rocky9.4-x86_64-compute
			DEFAULT xCAT
			LABEL xCAT
			 KERNEL xcat/osimage/compute/kernel
			 APPEND initrd=xcat/osimage/compute/initrd.gz imgurl=http://10.2.0.1$2:80//install/netboot/compute.gz XCAT=10.2.0.1$2:3001 NFSROOT=10.2.0.1$2:/install
			  IPAPPEND 2
		END
		ln -s cn003 pxelinux.cfg/0A020103
		cat >petitboot/cn004 <<-'END'
			#install rocky9.4-x86_64-compute
			default xCAT
			label xCAT
				kernel http://sn$2-c:80/tftpboot/xcat/osimage/compute/kernel
				append \"inst.ks=http://10.2.0.1$2:80/install/autoinst/cn004\"
		END
		ln petitboot/cn004 0A020104
		chmod -R a+rX .
	"
}

# What cn004 is installed by.
boot_lay_autoinst() { # HOST SN-NUMBER
	lab_in "$1" sh -ec "
		mkdir -p /install/autoinst
		echo 'url --url http://10.2.0.1$2/install/rocky --server=sn$2-c # 10.2.0.1$2$2' >/install/autoinst/cn004
		chmod -R a+rX /install"
}

# What the files name: kernels and the like below /tftpboot, the rest below /install.
boot_images() { # HOST
	lab_in "$1" sh -ec '
		mkdir -p /tftpboot/xcat/osimage/compute /tftpboot/boot/grub2 /install/netboot /install/autoinst
		cd /tftpboot
		for file in xcat/osimage/compute/kernel xcat/osimage/compute/initrd.gz boot/grub2/grub2.x86_64 \
			xcat/xnba.kpxe pxelinux.0 /install/netboot/compute.gz; do
			echo "$file" >"$file"
		done
		chmod -R a+rX . /install
		echo "/install *(ro)" >/etc/exports'
}

# The files that nodes read, by TFTP from this address, as a node sees them.
boot_fetched() { # NODE ADDRESS PATH
	lab_in "$1" curl -sS -f -m 10 --tftp-no-options "tftp://$2/$3"
}
boot_files() { # HOST: all, with what they have
	lab_in "$1" sh -c 'cd /tftpboot && find . \( -type f -o -type l \) ! -path "./xcat/osimage/*" ! -name grub2.x86_64 ! -name xnba.kpxe ! -name pxelinux.0 | LC_ALL=C sort |
		while read -r file; do echo "== $file $(readlink "$file")"; [ -L "$file" ] || cat "$file"; done
		grep -r . /install/autoinst 2>/dev/null || :'
}
