# dhcp.sh - DHCP servers of the service nodes, and who is leased what: sourced after site.sh.
#
# A server has no hosts of its own: it takes them from an include file, by OMAPI, or from Kea's
# files.  The table mac has the nodes' MACs, which are those of lab_rows.

# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of lab.sh, site.sh and tap.sh

dhcp_key=cG9zc2libHkgYSBzZWNyZXQgb2Ygc25tb3Zl # base64
dhcp_leases=/var/lib/dhcp/dhcpd.leases
dhcp_hosts=/etc/dhcp/snmove-hosts.conf

dhcp_tables() { # the tables mac and passwd
	{
		echo '#node,interface,mac,comments,disable'
		lab_rows | awk '$1 ~ /^cn/ { printf "\"%s\",,\"%s\",,\n", $1, $4 }'
	} >"$site/tables/mac.csv"
	{
		echo '#key,username,password,cryptmethod,authdomain,comments,disable'
		echo "\"omapi\",\"xcat_key\",\"$dhcp_key\",,,,"
	} >"$site/tables/passwd.csv"
}

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
	lab_in "$1" dhcpd -4 -q -cf /etc/dhcp/dhcpd.conf -lf "$dhcp_leases" -pf /run/lab-dhcpd.pid eth1
}
dhcp_stop_isc() { # SN
	lab_in "$1" bash -c 'pkill -x dhcpd; while pgrep -x dhcpd >/dev/null; do sleep 0.02; done'
}

dhcp_lay_kea() { # SN
	lab_in "$1" sh -c 'mkdir -p /var/lib/kea /run/kea /etc/kea; : >/var/lib/kea/leases.csv
		echo "[ ]" >/etc/kea/hosts.json; echo "[ {\"name\": \"snmove-none\"} ]" >/etc/kea/classes.json'
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
	lab_in "$1" bash -c 'kea-dhcp4 -c /etc/kea/kea-dhcp4.conf >/run/kea.log 2>&1 </dev/null &'
	lab_await lab_in "$1" grep -q DHCP4_STARTED /run/kea.log || {
		lab_in "$1" tail /run/kea.log
		return 1
	}
}
dhcp_stop_kea() { # SN
	lab_in "$1" bash -c 'pkill -x kea-dhcp4; while pgrep -x kea-dhcp4 >/dev/null; do sleep 0.02; done'
}

# "cn001 SERVER NEXT-SERVER" for each offer to the nodes, as sn3 hears them on their link.
dhcp_offers() { # NODE...
	local text='' node
	for node; do
		text+="[\"$(lab_rows | awk -v node="$node" '$1 == node { print $4 }')\"] = \"$node\", "
	done
	ask "
		local nodes, macs, lines = { $text }, {}, {}
		for mac in pairs(nodes) do macs[#macs + 1] = mac end
		local r = remote.probe('sn3', 'dhcp', macs, { network = '10.2.0.0/16' }).sn3
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
