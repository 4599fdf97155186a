# whole.sh - a site with all that a service node does for its nodes, as real daemons: DHCP, boot files by TFTP and
# HTTP, consoles, the log, the time and names.  Sourced after lab.sh, site.sh, dhcp.sh, boot.sh, consoles.sh and
# nodes.sh, used once the lab is up.
#
# All nodes are of sn1, which has ISC's dhcpd; sn2 has Kea.

# shellcheck shell=bash
# shellcheck disable=SC2154,SC2016 # variables of lab.sh and site.sh; of sh in nodes

whole_nodes() {
	lab_nodes | grep '^cn'
}
whole_tables() { # SHAREDTFTP
	site_tables
	dhcp_tables 1
	echo "\"sharedtftp\",\"$1\",," >>"$site/tables/site.csv"
	sed -i 's/"xnba","sn1-c"/"grub2","sn1-c"/' "$site/tables/noderes.csv"
	cat >"$site/tables/chain.csv" <<-'CSV'
		#node,currstate,currchain,chain,ondiscover,comments,disable
		"compute","netboot rocky9.4-x86_64-compute",,,,,
	CSV
	cat >"$site/tables/networks.csv" <<-'CSV'
		#netname,net,mask,gateway,dhcpserver,nameservers,comments,disable
		"management","10.1.0.0","255.255.255.0",,,,,
		"cluster","10.2.0.0","255.255.0.0","<xcatmaster>",,"<xcatmaster>",,
	CSV
	cat >"$site/tables/postscripts.csv" <<-'CSV'
		#node,postscripts,postbootscripts,comments,disable
		"xcatdefaults","syslog,remoteshell","otherpkgs",,
		"compute","setupntp,mkresolvconf",,,
	CSV
}
whole_boot_file() { # NODE SN-NUMBER: to stdout
	cat <<-END
		#netboot rocky9.4-x86_64-compute
		linux xcat/osimage/compute/kernel imgurl=http://10.2.0.1$2:80//install/netboot/compute.gz XCAT=sn$2-c:3001
		initrd xcat/osimage/compute/initrd.gz
	END
}
# What xCAT has left for the nodes of sn1, on it and on the management node.
whole_lay_sn1() { # HOST: that has the boot files
	local node
	whole_nodes | while read -r node; do
		whole_boot_file "$node" 1 | lab_in "$1" sh -c 'cd /tftpboot/boot/grub2 && cat >$0 && ln -sf grub2.x86_64 "grub2-$0"' "$node"
	done
	# shellcheck disable=SC2046 # names
	{
		consoles_own $(whole_nodes) | consoles_add sn1
		consoles_of sn1 $(whole_nodes) | consoles_add mn
	}
	cat >"$site/before.lua" <<-'LUA'
		-- The DHCP entries that the tables ask for.
		local takeover, services, cluster = require "takeover", require "services", require "cluster"
		takeover.step("dhcp", "", function(move) services.give("dhcp", cluster.holders(move.nodes, "dhcp")) end)
		takeover.alone()
	LUA
	chmod 600 "$site/before.lua"
	lab_in mn snmove --config /lab/site/config --state /tmp/before --script /lab/site/before.lua -s sn1 -d sn2 -D sn2-c -i >/dev/null 2>&1
}
whole_mount() { # HOST: its /tftpboot is that of all
	lab_in "$1" sh -c 'mkdir -p /lab/tftpboot /tftpboot; mountpoint -q /tftpboot || mount --bind /lab/tftpboot /tftpboot'
}
whole_serve() { # SN: what it does for nodes
	[ ! -d "$lab/share/tftpboot" ] || whole_mount "$1"
	boot_start "$1" "10.2.0.1${1#sn}"
	sn_syslog "$1"
	sn_time "$1"
	sn_names "$1"
	case $1 in
	sn2) dhcp_start_kea sn2 ;;
	*) dhcp_start_isc "$1" ;;
	esac
} 2>/dev/null
whole_node() { # NODE: as xCAT leaves it, of sn1
	node_files "$1"
	node_syslog "$1"
	node_chrony "$1"
} 2>/dev/null

# All of it, from nothing.  Each service node has a /tftpboot of its own, unless it is shared.
whole_lay() { # [SHAREDTFTP]
	local host boot_host=sn1
	site=$lab/share/site
	mkdir -p "$site/tables" "$site/hooks" "$lab/share/held"
	chmod -R go-w "$site"
	whole_tables "${1:-0}"
	site_config
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null || return
	for host in mn sn1 sn2; do
		consoles_lay "$host"
	done
	if [ "${1:-0}" = 1 ]; then
		boot_host=mn
		whole_mount mn
		boot_images mn
	fi
	for host in sn1 sn2; do
		[ "$boot_host" = sn1 ] || whole_mount "$host"
		boot_images "$host"
	done
	dhcp_lay_isc sn1 include
	dhcp_lay_isc sn3 include
	dhcp_lay_kea sn2
	for host in sn1 sn2; do
		whole_serve "$host" || return
	done
	whole_lay_sn1 "$boot_host" || return
	dhcp_start_isc sn3
	consoles_start sn1 && consoles_start mn || return
	for host in $(whole_nodes); do
		whole_node "$host"
	done
}
