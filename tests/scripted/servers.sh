#!/usr/bin/env bash
# Service nodes: by which names they go, how they are typed, who does not move, and what still names
# the old one.

. "$(dirname "$0")/../lib/tap.sh"
use_example_site ''
db=$scratch/cluster.db
use_hosts() { # FILE: it, and not the site's hosts file
	use_example_site "hosts_file = '$1', connect_time = 2"
}
fresh() { # the example site, and more SQL
	rm -rf "$db" "$scratch/state"
	use_hosts "$site/hosts"
	"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null
	sqlite3 "$db" "${1:-}"
}
move() { # racks 1 from sn1 to sn2
	snmove rack1 -d sn2 -D sn2-c -i "$@"
}
says() { # TEXT
	contains "$out$err" "$1"
}
says_not() {
	! contains "$out$err" "$1" >/dev/null
}

# ---- How they are typed ----

fresh
refused() { # STATUS "what is said" ARGUMENTS...: nothing is written
	local want=$1 said=$2 before
	before=$(sha256sum <"$db")
	shift 2
	snmove "$@"
	status_is "$want" && says "snmove: error: $said" && equals "$(sha256sum <"$db")" "$before" &&
		snmove --history && equals "$(grep -c '^ *[0-9]' <<<"$out")" 0
}
tap_expect "upper case is answered with the name of nodelist" \
	refused 1 "SN2 is sn2 in nodelist: -d sn2" rack1 -d SN2 -D sn2-c -i
tap_expect "the full name is answered with the name of nodelist" \
	refused 1 "sn2.cluster.test is sn2 in nodelist: -d sn2" rack1 -d sn2.cluster.test -D sn2-c -i
tap_expect "the name on the nodes' network is answered with both names" \
	refused 1 "sn2-c is sn2 as nodes know it: -d sn2 -D sn2-c" rack1 -d sn2-c -D sn2-c -i
tap_expect "so it is of the old service node" \
	refused 1 "sn1-c is sn1 as nodes know it: -s sn1 -S sn1-c" -s sn1-c -d sn2 -D sn2-c -i
tap_expect "a service node that is no node is refused, and the service nodes are named" \
	refused 1 "no node sn9; service nodes are sn[1-3]" rack1 -d sn9 -D sn2-c -i
tap_expect "a node that is no service node is refused" \
	refused 1 "cn001 is no service node" rack1 -d cn001 -D sn2-c -i
tap_expect "a service node does not take over from itself" \
	refused 2 "-s sn1 and -d sn1 are the same service node" -s sn1 -d sn1 -D sn1-c -i
tap_expect "an empty name is wrong usage" refused 2 "-d is empty" rack1 -d "" -D sn2-c -i
tap_expect "two words for a noderange are told how a shell makes them" \
	refused 2 "one noderange at a time, not 2: join them with commas; if a shell made them of [...]" dn2 dn3 -d sn2 -D sn2-c -i

any_master() {
	local name
	for name in mn MN.cluster.test 10.1.0.1; do
		snmove -s "$name" -d sn2 -D sn2-c -i --plan --force=pool,xcatmaster
		status_is 0 && says ": login1" || return
	done
}
tap_expect "the management node goes by any name of site.master" any_master

# ---- Who does not move ----

there() {
	fresh
	snmove cn[001-005] -d sn2 -D sn2-c -i
	status_is 0 || return
	move
	status_is 0 && says "5 of 20 nodes are on sn2 already, left out: cn[001-005]" &&
		says "move 15 nodes from sn1 to sn2: cn[006-020]" || return
	snmove cn[001-010] -d sn2 -D sn2-c -i
	status_is 0 && says "10 of 10 nodes are on sn2 already" && contains "$out" "nothing to do" &&
		snmove --history && equals "$(grep -c " done " <<<"$out")" 2
}
tap_expect "nodes that are there already are left out; when nobody is left nothing is run or kept" there

other_steps() {
	snmove cn[001-010] -d sn2 -D sn2-c -i --only verify
	status_is 0 && says "move 10 nodes"
}
tap_expect "a step other than rows has them all the same" other_steps

themselves() {
	fresh
	snmove all -d sn2 -D sn2-c -i --plan --force=pool,xcatmaster,owner
	says "sn2 is the new service node itself, left out" &&
		says "sn[1,3] are old service nodes themselves, left out" && says_not "sn[1-3]" &&
		snmove sn2 -d sn2 -D sn2-c -i && status_is 1 && says "no node is left to move: sn2 is the new service node itself"
}
tap_expect "service nodes among the nodes are left out, with words" themselves

# ---- By which names they go ----

nics() { # "nicips" "suffixes" VALUE: nfsserver with this value moves
	fresh "CREATE TABLE nics (node TEXT PRIMARY KEY, nicips TEXT, nichostnamesuffixes TEXT, disable TEXT);
		INSERT INTO nics VALUES('service', '$1', '$2', NULL);
		UPDATE noderes SET nfsserver = '$3' WHERE node = 'rack1'"
	move --plan
	status_is 0 && contains "$out" "noderes.nfsserver    $3"
}
tap_expect "an address in nics is the service node's, by an expression of its group" \
	nics 'ib0!|sn(\d+)|10.4.0.($1+10)|' '' 10.4.0.11
tap_expect "so is the host name of an interface" nics 'ib0!|sn(\d+)|10.4.0.($1+10)|' 'ib0!-opa' sn1-opa
tap_expect "an IPv6 address counts as one of IPv4" nics 'ib0!|sn(\d+)|fd00:4::1($1)|' '' FD00:4:0::11
blank() {
	fresh "UPDATE noderes SET servicenode = 'sn1 , sn2' WHERE node = 'rack1'"
	move
	status_is 0 && says "from sn1 to sn2" &&
		equals "$(sqlite3 "$db" "SELECT servicenode FROM noderes WHERE node = 'cn001'")" "sn2,sn1"
}
tap_expect "a blank is no part of a name in a list" blank

# ---- What still names the old one ----

routes="CREATE TABLE routes (routename TEXT PRIMARY KEY, net TEXT, mask TEXT, gateway TEXT, disable TEXT);
	INSERT INTO routes VALUES('there', '10.2.0.0', '255.255.0.0', '10.1.0.11', NULL), ('back', 'fd00::', '64', 'sn1-c', NULL),
		('other', '10.3.0.0', '255.255.0.0', '10.1.0.111', NULL), ('new', '10.4.0.0', '255.255.0.0', 'sn2-c', NULL)"
routes_first() {
	fresh "$routes; UPDATE networks SET nameservers = 'mn,sn1' WHERE netname = 'cluster'"
	move --plan
	status_is 0 && equals "$(grep -o 'note: [a-z]*\[[a-z]*\]' <<<"$out")" $'note: routes[back]\nnote: routes[there]\nnote: networks[cluster]'
}
tap_expect "routes through the old service node are noted, before all else" routes_first

dead_routes() {
	fresh "$routes; UPDATE hosts SET ip = '10.1.0.77', otherinterfaces = 'sn1-c:10.2.0.77' WHERE node = 'sn1';
		UPDATE routes SET gateway = '10.1.0.77' WHERE routename = 'there'"
	sed '/ sn1/d' "$site/hosts" >"$scratch/hosts"
	use_hosts "$scratch/hosts"
	move --plan --dead
	status_is 3 && says "owed: routes[there]: the way to 10.2.0.0 255.255.0.0 goes through 10.1.0.77, which is dead" &&
		says "owed: routes[back]: " && says_not "routes[other]" && says_not "routes[new]"
}
tap_expect "routes through a dead one are owed" dead_routes

secrets() {
	fresh "CREATE TABLE switches (switch TEXT PRIMARY KEY, sshpassword TEXT, linkports TEXT, disable TEXT);
		INSERT INTO switches VALUES('sw1', 'sn1', 'sn1:4', NULL);
		INSERT INTO site (key, value) VALUES('ldappassword', 'sn1,x'), ('forwarders', 'sn1')"
	move --plan
	status_is 0 && says "switches[sw1].sshpassword still names an old service node: in a value that is not shown here" &&
		says "switches[sw1].linkports still names an old service node: sn1:4" && says_not "sn1,x" &&
		says "site[forwarders].value still names an old service node: sn1"
}
tap_expect "a value that may be a secret is not shown" secrets

everywhere() {
	fresh "CREATE TABLE bootparams (node TEXT PRIMARY KEY, addkcmdline TEXT, comments TEXT, disable TEXT);
		INSERT INTO bootparams VALUES('rack1', 'log=[fd00::11]:514 quiet', NULL, NULL), ('rack2', 'log=fd00::111', 'sn1', NULL);
		CREATE TABLE vm (node TEXT PRIMARY KEY, storage TEXT, disable TEXT);
		INSERT INTO vm VALUES('cn001', 'nfs://sn1.cluster.test/vm', NULL), ('cn002', 'nfs://sn1.cluster.test/vm', NULL),
			('cn021', 'nfs://sn1/other', NULL), ('sn1', 'nfs://sn1/own', NULL), ('cn003', 'nfs://sn1/off', '1');
		CREATE TABLE linuximage (imagename TEXT PRIMARY KEY, pkgdir TEXT, disable TEXT);
		INSERT INTO linuximage VALUES('a', 'http://10.1.0.11:80/a', NULL), ('b', 'http://110.1.0.11/b', NULL);
		CREATE TABLE passwd (key TEXT, username TEXT, password TEXT, disable TEXT, PRIMARY KEY (key, username));
		INSERT INTO passwd VALUES('system', 'root', 'sn1', NULL);
		UPDATE hosts SET otherinterfaces = 'sn1-c:10.2.0.11,sn1-6:fd00::11' WHERE node = 'sn1'"
	move --plan
	status_is 0 && equals "$(grep note: <<<"$out")" "  note: bootparams.addkcmdline of rack1 still names an old service node: log=[fd00::11]:514 quiet
  note: linuximage[a].pkgdir still names an old service node: http://10.1.0.11:80/a
  note: vm.storage of cn[001-002] still names an old service node: nfs://sn1.cluster.test/vm"
}
tap_expect "all tables are searched, by whole words; nodes that stay and the server itself are not told" everywhere

unreadable() { # xCAT's directory of tables, and a file in it that is none
	fresh 'CREATE TABLE nokey (a TEXT, b TEXT); INSERT INTO nokey VALUES(NULL, "sn1"), ("first", "sn1")'
	mkdir "$scratch/tables"
	local table
	for table in nodelist noderes nodehm hosts site networks nodetype nokey; do
		sqlite3 "$db" ".dump $table" | sqlite3 "$scratch/tables/$table.sqlite"
	done
	echo "this is no database, whatever its name says" >"$scratch/tables/broken.sqlite"
	move --db "xcat:$scratch/tables"
	status_is 0 && says "note: the table broken could not be searched for old service nodes: " &&
		says "note: nokey[first].b still names an old service node: sn1"
}
tap_expect "a table that cannot be searched is noted, and the move is done" unreadable

monserver() {
	fresh "UPDATE noderes SET monserver = 'sn1' WHERE node = 'rack1'"
	move
	status_is 0 && says "note: noderes.monserver of cn[001-020] names an old service node alone"
}
tap_expect "a monserver that is no pair is noted, and not owed" monserver

# ---- Addresses of nodes ----

with_hosts() { # LINE FOR A NODE: the check of names says so
	fresh
	{
		cat "$site/hosts"
		echo "$1"
	} >"$scratch/hosts"
	use_hosts "$scratch/hosts"
	move --check
	status_is 1 && says "$2" && says "wanted: addresses of the nodes themselves"
}
tap_expect "a node on the line of loopback is refused" \
	with_hosts "127.0.0.1 cn001" "names      cn001: the address (127.0.0.1) is this machine's or a loopback address"
tap_expect "so are nodes with addresses of this machine" \
	with_hosts "10.1.0.1 cn001 cn002" "names      cn[001-002]: the address (10.1.0.1 of cn001) is this machine's"

no_address() {
	fresh "INSERT INTO hosts(node, ip) VALUES('cn001', '10.2.001.010')"
	move --check
	status_is 1 && says "names      cn001: hosts.ip is '10.2.001.010', and that is no address"
}
tap_expect "a value that is no address is shown" no_address

not_here() {
	fresh "UPDATE site SET value = '10.9.9.9' WHERE key = 'master'"
	move --check
	status_is 1 && says "this host has no address of site.master (10.9.9.9): its own are 127.0.0.1, " && says "10.1.0.1"
}
tap_expect "the check mn shows the addresses that this machine has" not_here

tap_end
