#!/usr/bin/env bash
# The golden files of DHCP entries (tests/cases/dhcp/golden) are what the daemons themselves
# take: dhcpd and kea-dhcp4 check them, and dhcpd writes the golden leases file when omshell
# tells it the golden batch.  No daemon reaches anything here: the network is of this test alone.
. "$(dirname "$0")/../lib/tap.sh"
PATH=$PATH:/usr/sbin:/sbin
golden=$source_tree/tests/cases/dhcp/golden

needs() { # "PROGRAM..." EXPECT NAME COMMAND: the test, or a skip that says what is not there
	local program
	for program in $1; do
		command -v "$program" >/dev/null && continue
		tap_count=$((tap_count + 1))
		echo "ok $tap_count - $3 # SKIP $program is not installed"
		return
	done
	shift
	"$@"
}

# What xCAT's dhcpd.conf declares, and statements of nodes are about.
cat >"$scratch/options.conf" <<'END'
ddns-update-style none;
option space gpxe;
option gpxe-encap-opts code 175 = encapsulate gpxe;
option gpxe.bus-id code 177 = string;
option user-class-identifier code 77 = string;
option conf-file code 209 = text;
option client-architecture code 93 = unsigned integer 16;
END

dhcpd_takes_the_include_file() {
	{
		cat "$scratch/options.conf"
		echo "include \"$golden/hosts.conf\";"
	} >"$scratch/include.conf"
	dhcpd -t -cf "$scratch/include.conf" -lf /dev/null
}

dhcpd_takes_the_leases_file() {
	cp "$golden/dhcpd.leases" "$scratch/leases"
	dhcpd -T -cf "$scratch/options.conf" -lf "$scratch/leases" >"$scratch/said" 2>&1 || return
	cat "$scratch/said"
	! grep -q ' line [0-9]' "$scratch/said"
}

kea_takes_the_files() {
	cat >"$scratch/kea.json" <<END
{ "Dhcp4": {
	"interfaces-config": { "interfaces": [ ] },
	"lease-database": { "type": "memfile", "persist": false },
	"option-def": [ { "code": 209, "name": "conf-file", "space": "dhcp4", "type": "string" } ],
	"client-classes": <?include "$golden/client-classes.json"?>,
	"subnet4": [ { "id": 1, "subnet": "10.1.0.0/16",
		"reservations": <?include "$golden/reservations.json"?> } ] } }
END
	kea-dhcp4 -t "$scratch/kea.json"
}

# The placeholder that the last class leaves, and no reservation at all.
kea_takes_files_without_a_node() {
	printf '[\n  {"name": "snmove-none"}\n]\n' >"$scratch/classes.json"
	printf '[\n]\n' >"$scratch/reservations.json"
	sed -e "s|$golden/client-classes.json|$scratch/classes.json|" \
		-e "s|$golden/reservations.json|$scratch/reservations.json|" \
		"$scratch/kea.json" >"$scratch/empty.json"
	kea-dhcp4 -t "$scratch/empty.json"
}

dhcpd_makes_the_leases_of_the_batch() {
	local pid
	ip link add name dhcp0 type veth peer name dhcp1 || return
	ip address add 10.7.0.1/16 dev dhcp0 && ip link set dhcp0 up && ip link set dhcp1 up || return
	{
		cat "$scratch/options.conf"
		echo 'omapi-port 7911; omapi-key xcat_key;'
		echo 'key xcat_key { algorithm hmac-sha256; secret "c2VjcmV0c2VjcmV0c2VjcmV0"; };'
		echo 'subnet 10.7.0.0 netmask 255.255.0.0 { deny unknown-clients; }'
	} >"$scratch/omapi.conf"
	: >"$scratch/omapi.leases"
	dhcpd -4 -q -f -cf "$scratch/omapi.conf" -lf "$scratch/omapi.leases" \
		-pf "$scratch/dhcpd.pid" dhcp0 >"$scratch/dhcpd.log" 2>&1 &
	pid=$!
	for _ in $(seq 50); do
		[ -s "$scratch/dhcpd.pid" ] && break
		sleep 0.1
	done
	omshell <"$golden/batch.omshell" >"$scratch/omshell.log" 2>&1
	kill "$pid"
	wait "$pid"
	diff <(sed -n '/^host/,$p' "$golden/dhcpd.leases") \
		<(sed -n '/^host/,$p' "$scratch/omapi.leases") ||
		{
			cat "$scratch/dhcpd.log"
			tail -n 5 "$scratch/omshell.log"
			return 1
		}
}

needs dhcpd tap_expect "dhcpd -t takes the golden include file" dhcpd_takes_the_include_file
needs dhcpd tap_expect "dhcpd -T takes the golden leases file" dhcpd_takes_the_leases_file
needs kea-dhcp4 tap_expect "kea-dhcp4 -t takes the golden files" kea_takes_the_files
needs kea-dhcp4 tap_expect "kea-dhcp4 -t takes files without any node" kea_takes_files_without_a_node
needs "dhcpd omshell" tap_expect_root "dhcpd makes the golden leases file of the golden batch" \
	dhcpd_makes_the_leases_of_the_batch
tap_end
