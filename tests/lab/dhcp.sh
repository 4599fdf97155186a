# dhcp.sh - DHCP servers of the service nodes, and who is leased what: sourced after site.sh.
#
# A server has hosts by an include file, by OMAPI (they lie in its leases file), or in Kea's files.
# The table mac has the nodes' MACs, which are those of lab_rows.

# shellcheck shell=bash
# shellcheck disable=SC2154,SC2016 # variables of lab.sh, site.sh and tap.sh; of awk in nodes

dhcp_key=cG9zc2libHkgYSBzZWNyZXQgb2Ygc25tb3Zl # base64
dhcp_leases=/var/lib/dhcp/dhcpd.leases
dhcp_hosts=/etc/dhcp/snmove-hosts.conf

dhcp_mac() { # NODE
	lab_rows | awk -v node="$1" '$1 == node { print $4 }'
}
dhcp_tables() { # DISJOINTDHCPS: that, and the tables mac and passwd
	{
		echo '#node,interface,mac,comments,disable'
		lab_rows | awk '$1 ~ /^cn/ { printf "\"%s\",,\"%s\",,\n", $1, $4 }'
	} >"$site/tables/mac.csv"
	{
		echo '#key,username,password,cryptmethod,authdomain,comments,disable'
		echo "\"omapi\",\"xcat_key\",\"$dhcp_key\",,,,"
	} >"$site/tables/passwd.csv"
	sed -i "/disjointdhcps/d" "$site/tables/site.csv"
	echo "\"disjointdhcps\",\"$1\",," >>"$site/tables/site.csv"
}

# --- ISC's dhcpd ---------------------------------------------------------------------------

# dhcpd's configuration as xCAT has it on a service node; LINE... go into the subnet.
dhcp_lay_isc() { # SN include|omapi [LINE...]
	local sn=$1 way=$2
	shift 2
	{
		echo 'authoritative; ddns-update-style none; default-lease-time 600; deny unknown-clients;'
		echo 'option client-architecture code 93 = unsigned integer 16;'
		echo 'option user-class-identifier code 77 = string;'
		case $way in
		include) echo "include \"$dhcp_hosts\";" ;;
		omapi)
			echo 'omapi-port 7911; key xcat_key { algorithm hmac-md5; secret "'"$dhcp_key"'"; };'
			echo 'omapi-key xcat_key;'
			;;
		esac
		echo "subnet 10.2.0.0 netmask 255.255.0.0 { next-server 10.2.0.1${sn#sn};"
		printf '%s\n' "$@"
		echo '}'
	} | lab_in "$sn" tee /etc/dhcp/dhcpd.conf >/dev/null
	lab_in "$sn" sh -c ": >$dhcp_leases; : >$dhcp_hosts"
}
dhcp_start_isc() { # SN
	lab_in "$1" sh -c ": >>$dhcp_leases
		exec dhcpd -4 -q -cf /etc/dhcp/dhcpd.conf -lf $dhcp_leases -pf /run/lab-dhcpd.pid eth1"
}
dhcp_stop_isc() { # SN
	lab_in "$1" bash -c 'pkill -x dhcpd; while pgrep -x dhcpd >/dev/null; do sleep 0.02; done'
}
# The include file as xCAT would have left it, with something of the administrator's around.
dhcp_include() { # NEXT-SERVER NODE...: to stdout
	local next=$1
	shift
	echo '# ours'
	echo 'host printer { hardware ethernet 02:00:00:02:99:01; fixed-address 10.2.99.1; }'
	lab_rows | awk -v nodes=" $* " -v next_server="$next" 'index(nodes, " " $1 " ") {
		sub("/.*", "", $5)
		mark = "#xCAT host declaration for " $1 " aka host " $1
		printf "%s start\nhost %s {\n    hardware ethernet %s;\n    fixed-address %s;\n", mark, $1, $4, $5
		printf "    filename \"pxelinux.0\"; next-server %s;\n} %s end\n", next_server, mark
	}'
}
# What omshell makes of hosts as xCAT tells them.
dhcp_omapi() { # SN NODE...
	local sn=$1
	shift
	{
		printf 'key xcat_key "%s"\nconnect\n' "$dhcp_key"
		lab_rows | awk -v nodes=" $* " -v next_server="10.2.0.1${sn#sn}" 'index(nodes, " " $1 " ") {
			sub("/.*", "", $5)
			printf "new host\nset name = \"%s\"\nset hardware-address = %s\n", $1, $4
			printf "set dhcp-client-identifier = %s\nset hardware-type = 1\nset ip-address = %s\n", $4, $5
			printf "set statements = \"ddns-hostname \\\"%s\\\"; send host-name \\\"%s\\\";", $1, $1
			printf "filename = \\\"pxelinux.0\\\";next-server %s;\"\ncreate\nclose\n", next_server
		}'
	} | lab_in "$sn" omshell | grep "can't\|not connected"
	[ "${PIPESTATUS[1]}" = 0 ] || [ "${PIPESTATUS[2]}" != 0 ]
}
# The hosts that the leases file has: its last word on each.
dhcp_leased() { # SN
	lab_in "$1" awk '/^host / { name = $2; text = "" }
		name { text = text $0 "\n" }
		name && /^}/ { hosts[name] = text ~ /\n *deleted;/ ? "" : text; name = "" }
		END { for (name in hosts) printf "%s", hosts[name] | "sort" }' "$dhcp_leases"
}

# --- Kea -----------------------------------------------------------------------------------

dhcp_lay_kea() { # SN: without hosts, and the files as snmove asks for them
	lab_in "$1" sh -c 'mkdir -p /var/lib/kea /run/kea /etc/kea; : >/var/lib/kea/leases.csv
		echo "[]" >/etc/kea/hosts.json; echo "[ {\"name\": \"snmove-none\"} ]" >/etc/kea/classes.json'
	lab_in "$1" tee /etc/kea/kea-dhcp4.conf >/dev/null <<-'JSON'
		// as an administrator writes it
		{ "Dhcp4": {
			"interfaces-config": { "interfaces": [ "eth1" ], "dhcp-socket-type": "raw" },
			"control-socket": { "socket-type": "unix", "socket-name": "/run/kea/kea4.sock" },
			"lease-database": { "type": "memfile", "persist": true, "name": "/var/lib/kea/leases.csv" },
			"host-reservation-identifiers": [ "hw-address" ], "authoritative": true,
			"client-classes": <?include "/etc/kea/classes.json"?>,
			"reservations-in-subnet": true, "reservations-out-of-pool": true, "valid-lifetime": 600,
			"subnet4": [ { "id": 1, "subnet": "10.2.0.0/16", "interface": "eth1", # the nodes
				"reservations": <?include "/etc/kea/hosts.json"?> } ] } }
	JSON
}
dhcp_start_kea() { # SN
	lab_in "$1" bash -c 'mkdir -p /var/lib/kea /run/kea
		kea-dhcp4 -c /etc/kea/kea-dhcp4.conf >/run/kea.log 2>&1 </dev/null &'
	lab_await lab_in "$1" grep -q DHCP4_STARTED /run/kea.log || {
		lab_in "$1" tail /run/kea.log
		return 1
	}
}
dhcp_stop_kea() { # SN
	lab_in "$1" bash -c 'pkill -x kea-dhcp4; while pgrep -x kea-dhcp4 >/dev/null; do sleep 0.02; done'
}
# Reservations that xCAT has made, behind one that an administrator has written his own way.
dhcp_reservations() { # NEXT-SERVER NODE...: to stdout
	local next=$1
	shift
	printf '[ { "hw-address":"02:00:00:02:99:01", // the printer\n\t"ip-address" : "10.2.99.1" }'
	lab_rows | awk -v nodes=" $* " -v next_server="$next" 'index(nodes, " " $1 " ") {
		sub("/.*", "", $5)
		printf ",\n  {\"hostname\": \"%s\", \"hw-address\": \"%s\", ", $1, $4
		printf "\"ip-address\": \"%s\", \"next-server\": \"%s\"}", $5, next_server
	}'
	printf '\n]\n'
}

# --- Who answers ---------------------------------------------------------------------------

# "cn001 SERVER NEXT-SERVER" for each offer to the nodes, as sn3 hears them on their link.
dhcp_offers() { # NODE...
	local text='' node
	for node; do
		text+="[\"$(dhcp_mac "$node")\"] = \"$node\", "
	done
	ask "
		local nodes, macs, lines = { $text }, {}, {}
		for mac in pairs(nodes) do macs[#macs + 1] = mac end
		local r = remote.probe('sn3', 'dhcp', macs, { network = '10.2.0.0/16', wait = 0.6 }).sn3
		if not r.offers then print(r.error or r.status, r.message or r.stderr) end
		for mac, offers in pairs(r.offers or {}) do
			if #offers == 0 then lines[#lines + 1] = nodes[mac] .. ' nobody' end
			for _, o in ipairs(offers) do
				lines[#lines + 1] = table.concat({ nodes[mac], o.server, o.next_server or '-' }, ' ')
			end
		end
		table.sort(lines)
		print(table.concat(lines, '\\n'))"
}
offered() { # LINE...: just that is, to the nodes that it speaks of
	# shellcheck disable=SC2046 # names without spaces
	dhcp_offers $(printf '%s\n' "$@" | cut -d ' ' -f 1 | sort -u)
	says "$@"
}
# The server that a real client of the node gets its lease from; its address stays as it was.
dhcp_client() { # NODE
	lab_in "$1" bash -c 'cd /tmp && : >lease
		timeout 20 dhclient -4 -1 -d -q -sf /bin/true -lf /tmp/lease -pf /tmp/client eth0 >/dev/null 2>&1 &
		until grep -q dhcp-server-identifier lease; do jobs %1 >/dev/null 2>&1 || exit; sleep 0.02; done
		kill %1
		sed -n "s/.*dhcp-server-identifier \(.*\);/\1/p" lease'
}
