#!/usr/bin/env bash
# Who answers DHCP for a MAC, found by asking on the link: ISC's dhcpd on sn1, Kea on sn2.  Both
# have cn001 and 5000 nodes more that are not there; cn002 is sn1's alone, cn003 sn2's.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 5 || exit
site_lay || exit
. "$(dirname "$0")/dhcp.sh"
many=5000
leases_sn2=/var/lib/kea/kea-leases4.csv

# --- The servers ---------------------------------------------------------------------------

hosts_of() { # SN: MAC and address of each
	echo "02:00:00:02:00:01 10.2.1.1"
	case $1 in
	sn1) echo "02:00:00:02:00:02 10.2.1.2" ;;
	sn2) echo "02:00:00:02:00:03 10.2.1.3" ;;
	esac
	awk -v n="$many" 'BEGIN { for (i = 0; i < n; i++)
		printf "02:00:01:00:%02x:%02x 10.2.%d.%d\n", i / 256, i % 256, 16 + i / 250, i % 250 + 1 }'
}

lay_dhcpd() { # SN SUBNET-LINES: its configuration, hosts from stdin
	{
		echo 'authoritative; ddns-update-style none;'
		echo "subnet 10.2.0.0 netmask 255.255.0.0 { next-server 10.2.0.1${1#sn}; $2 }"
		awk '{ printf "host h%d { hardware ethernet %s; fixed-address %s; filename \"xcat/%%%s\"; }\n", NR, $1, $2, $2 }'
	} | lab_in "$1" tee /etc/dhcp/dhcpd.conf >/dev/null
}

lay_kea() { # hosts from stdin
	awk '{ printf "%s{ \"hw-address\": \"%s\", \"ip-address\": \"%s\", \"next-server\": \"10.2.0.12\", \"boot-file-name\": \"kea/%s\" }\n",
			(NR > 1 ? "," : "["), $1, $2, $2 } END { print "]" }' |
		lab_in sn2 tee /etc/kea/hosts.json >/dev/null
	lab_in sn2 tee /etc/kea/kea-dhcp4.conf >/dev/null <<-JSON
		{ "Dhcp4": {
			"interfaces-config": { "interfaces": [ "eth1" ], "dhcp-socket-type": "raw" },
			"lease-database": { "type": "memfile", "persist": true, "name": "$leases_sn2" },
			"host-reservation-identifiers": [ "hw-address" ], "authoritative": true,
			"reservations-in-subnet": true, "reservations-out-of-pool": true,
			"subnet4": [ { "id": 1, "subnet": "10.2.0.0/16", "interface": "eth1",
				"reservations": <?include "/etc/kea/hosts.json"?> } ] } }
	JSON
}

leases() {
	lab_in sn1 sha256sum "$dhcp_leases"
	lab_in sn2 sha256sum "$leases_sn2"
}

both_start() {
	hosts_of sn1 | lay_dhcpd sn1 'deny unknown-clients;'
	hosts_of sn2 | lay_kea
	dhcp_start_isc sn1 && dhcp_start_kea sn2
}
tap_expect "dhcpd and Kea start, with some $many hosts each" both_start
before=$(leases)

# --- Offers --------------------------------------------------------------------------------

probe() { # LUA: with offers(results), which prints all that was heard
	ask '
		cn001, cn002, cn003 = "02:00:00:02:00:01", "02:00:00:02:00:02", "02:00:00:02:00:03"
		on_link = { network = "10.2.0.0/16" }
		function probe(hosts, macs, options) return remote.probe(hosts, "dhcp", macs, options or on_link) end
		function offers(results)
			local lines = {}
			for host, r in pairs(results) do
				if not r.offers then lines[#lines + 1] = host .. " " .. (r.error or r.status) .. " " .. r.stderr:gsub("\n", "") end
				for mac, list in pairs(r.offers or {}) do
					if #list == 0 then lines[#lines + 1] = host .. " " .. mac .. " none" end
					for _, o in ipairs(list) do
						lines[#lines + 1] = table.concat({ host, mac, o.server, o.address, o.next_server or "-", o.file or "-", o.sender }, " ")
					end
				end
				for mac, why in pairs(r.unprobed or {}) do lines[#lines + 1] = host .. " " .. mac .. " " .. why end
			end
			table.sort(lines)
			print(table.concat(lines, "\n"))
		end
		'"$1"
}

from_everywhere() {
	local host
	probe 'offers(probe({ "sn1", "sn2", "sn3", "cn004" }, { cn001 }))'
	says "$(for host in cn004 sn1 sn2 sn3; do
		echo "$host 02:00:00:02:00:01 10.2.0.11 10.2.1.1 10.2.0.11 xcat/%10.2.1.1 10.2.0.11"
		echo "$host 02:00:00:02:00:01 10.2.0.12 10.2.1.1 10.2.0.12 kea/10.2.1.1 10.2.0.12"
	done)"
}
tap_expect "both servers' offers are heard, from each of them and from others on the link" from_everywhere

each_has_its_own() {
	probe 'offers(probe("sn1", { cn001, cn002, cn003, "02:00:00:02:00:99" }, { interface = "eth1" }))'
	says "sn1 02:00:00:02:00:01 10.2.0.11 10.2.1.1 10.2.0.11 xcat/%10.2.1.1 10.2.0.11" \
		"sn1 02:00:00:02:00:01 10.2.0.12 10.2.1.1 10.2.0.12 kea/10.2.1.1 10.2.0.12" \
		"sn1 02:00:00:02:00:02 10.2.0.11 10.2.1.2 10.2.0.11 xcat/%10.2.1.2 10.2.0.11" \
		"sn1 02:00:00:02:00:03 10.2.0.12 10.2.1.3 10.2.0.12 kea/10.2.1.3 10.2.0.12" \
		"sn1 02:00:00:02:00:99 none"
}
tap_expect "each MAC has its own servers, and an unknown one has none" each_has_its_own

as_spelled() {
	probe 'offers(probe("sn3", { "02-00-00-02-00-02", "020000020002",
		"00:00:00:48:FE:80:00:00:00:00:00:00:00:02:C9:03:00:00:00:01" }))'
	says "sn3 00:00:00:48:FE:80:00:00:00:00:00:00:00:02:C9:03:00:00:00:01 an address of InfiniBand: only Ethernet is probed" \
		"sn3 02-00-00-02-00-02 10.2.0.11 10.2.1.2 10.2.0.11 xcat/%10.2.1.2 10.2.0.11" \
		"sn3 020000020002 10.2.0.11 10.2.1.2 10.2.0.11 xcat/%10.2.1.2 10.2.0.11"
}
tap_expect "a MAC is named as it was given, and one of InfiniBand is said to be not probed" as_spelled

by_names() {
	probe 'local question = remote.probe_question(
			{ cn001, cn001, cn002, cn003, "00:00:00:48:FE:80:00:00:00:00:00:00:00:02:C9:03:00:00:00:01" },
			{ "one", "same", "two", "three", "four" }, { network = "10.2.0.0/16", from = "10.2.0.11" })
		local said = remote.query("sn3", question.command, { stdin = question.stdin }).sn3.stdout
		print((said:gsub("\n$", "")))'
	says "no four nobody can ask who answers its DHCP: it has no MAC of Ethernet" \
		"yes one" "yes same" "no three 10.2.0.11 does not answer the DHCP of 02:00:00:02:00:03" "yes two"
}
tap_expect "each name is told whether one server answers it, also by a MAC that others have" by_names

nothing_asked() {
	probe 'offers(probe("sn3", {})) print "end"'
	says "" end
}
tap_expect "no MAC is no offer, and no wait" within 2 nothing_asked

all_of_many() {
	local began=${EPOCHREALTIME/./}
	probe "local macs = {}
		for i = 0, $many - 1 do macs[#macs + 1] = ('02:00:01:00:%02x:%02x'):format(i // 256, i % 256) end"'
		local r, count, right = probe("sn3", macs).sn3, {}, 0
		for i, mac in ipairs(macs) do
			local wanted = ("10.2.%d.%d"):format(16 + (i - 1) // 250, (i - 1) % 250 + 1)
			for _, o in ipairs(r.offers[mac]) do
				count[o.server] = (count[o.server] or 0) + 1
				if o.address == wanted and o.next_server == o.server and o.file:find(wanted, 1, true) then right = right + 1 end
			end
		end
		print(count["10.2.0.11"], count["10.2.0.12"], right)'
	echo "$((${EPOCHREALTIME/./} - began))" >"$scratch/took"
	says "$many	$many	$((2 * many))"
}
tap_expect "all offers of both servers for $many MACs are heard" all_of_many
awk -v n="$many" '{ printf "# %d MACs took %.1f s\n", n, $1 / 1e6 }' "$scratch/took"

no_lease() {
	equals "$(leases)" "$before" && lab_in sn1 pgrep -x dhcpd && lab_in sn2 pgrep -x kea-dhcp4
}
tap_expect "after all that the files of leases are as they were, byte for byte" no_lease

stopped() {
	dhcp_stop_isc sn1
	probe 'offers(probe({ "sn1", "sn3" }, { cn001, cn002 }))'
	says "sn1 02:00:00:02:00:01 10.2.0.12 10.2.1.1 10.2.0.12 kea/10.2.1.1 10.2.0.12" "sn1 02:00:00:02:00:02 none" \
		"sn3 02:00:00:02:00:01 10.2.0.12 10.2.1.1 10.2.0.12 kea/10.2.1.1 10.2.0.12" "sn3 02:00:00:02:00:02 none"
}
tap_expect "a server that is stopped offers nothing" stopped

pool() {
	lay_dhcpd sn3 'range 10.2.200.1 10.2.200.9;' </dev/null
	dhcp_start_isc sn3 || return 1
	probe 'on_link.wait = 0.4 offers(probe("sn1", { "02:00:00:02:00:99" }))
		on_link.wait = nil offers(probe("sn1", { "02:00:00:02:00:98" }))'
	dhcp_stop_isc sn3
	out=${out//10.2.200.[1-9]/10.2.200.X}
	says "sn1 02:00:00:02:00:99 none" "sn1 02:00:00:02:00:98 10.2.0.13 10.2.200.X 10.2.0.13 - 10.2.0.13"
}
tap_expect "a dynamic pool answers after a second, which is waited for" pool

# --- Who cannot ask ------------------------------------------------------------------------

no_interface() {
	probe 'offers(probe({ "sn1", "cn001" }, { cn001 }, { interface = "eth1" }))
		offers(probe("sn1", { cn001 }, { interface = "lo" }))
		offers(probe("sn1", { cn001 }, { network = "10.3.0.0/16" }))
		offers(probe("sn1", { cn001 }, { network = "10.0.0.0/8" }))'
	says "cn001 1 no interface is named eth1 here: see ip link" \
		"sn1 02:00:00:02:00:01 10.2.0.12 10.2.1.1 10.2.0.12 kea/10.2.1.1 10.2.0.12" \
		"sn1 3 lo is no Ethernet (type 772): only that can be probed" \
		"sn1 1 no interface has an address in 10.3.0.0/16: is it another network?" \
		'sn1 1 eth0 eth1 have addresses in 10.0.0.0/8: say interface = "eth0", or which one'
}
tap_expect "an interface that is not there, is no Ethernet, or one of several is said" no_interface

infiniband() { # as the kernel would say it
	lab_in sn3 sh -c 'echo 32 >/run/type; mount --bind /run/type /sys/class/net/eth1/type'
	probe 'offers(probe("sn3", { cn001 }))'
	lab_in sn3 umount /sys/class/net/eth1/type
	says "sn3 3 eth1 is InfiniBand: only Ethernet can be probed"
}
tap_expect "so is InfiniBand" infiniband

no_link() {
	lab_link sn3 eth1 down
	probe 'offers(probe("sn3", { cn001 }))'
	local unplugged=$out
	lab_in sn3 ip link set eth1 down
	probe 'offers(probe("sn3", { cn001 }))'
	lab_link sn3 eth1 up
	lab_in sn3 ip link set eth1 up
	equals "$unplugged" "sn3 1 eth1 has no link: nothing is at the other end" &&
		says "sn3 1 eth1 is down: ip link set eth1 up"
}
tap_expect "a link that is down is said" no_link

no_right() {
	lab_in sn3 sh -c 'printf "#!/bin/sh\nexec setpriv --reuid 65534 --clear-groups /usr/bin/perl \"\$@\"\n" >/run/perl
		chmod 755 /run/perl; echo "PATH=/run:\$PATH" >/root/.bashrc'
	probe 'offers(probe("sn3", { cn001 }))'
	says "sn3 1 no packet socket: Operation not permitted: it takes root, or CAP_NET_RAW"
}
tap_expect "a user who may not ask is told what it takes" no_right

no_perl() {
	lab_in sn3 sh -c 'mkdir /run/few; ln -s "$(command -v base64)" /run/few/; echo "export PATH=/run/few" >/root/.bashrc'
	probe 'offers(probe("sn3", { cn001 }))'
	lab_in sn3 sh -c ': >/root/.bashrc'
	status_is 0 && contains "$out" "sn3 127 " && contains "$out" "perl: not found"
}
tap_expect "so is it that perl is not there" no_perl

tap_end
