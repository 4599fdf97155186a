#!/usr/bin/env bash
# --explain by the tables alone: text, folding, JSON, what is wrong with it, and that it only looks.
# The rules are in tests/unit/test_services_explain.c, the servers in tests/lab/test_explain.sh.

. "$(dirname "$0")/../lib/tap.sh"
use_example_site ''
fresh() { # SQL: of the example's tables
	rm -rf "$scratch/cluster.db" "$scratch/state"
	"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null &&
		sqlite3 "$scratch/cluster.db" "
			CREATE TABLE mac (node TEXT PRIMARY KEY, interface TEXT, mac TEXT, disable TEXT);
			INSERT INTO mac (node, mac) SELECT node, '02:00:00:02:00:' || substr(node, 4) FROM nodelist WHERE node LIKE 'cn%';
			CREATE TABLE chain (node TEXT PRIMARY KEY, currstate TEXT, disable TEXT);
			INSERT INTO chain (node, currstate) VALUES ('compute', 'boot');
			UPDATE site SET value = '/nowhere/tftpboot' WHERE key = 'tftpdir'; $1"
}
left_alone() { # nothing was locked, kept or written
	equals "$(ls "$scratch")" "$(printf '%s\n' cluster.db config stderr stdout)" &&
		equals "$(cksum "$scratch/cluster.db")" "$sum"
}
explain() { # STATUS ARGUMENTS...
	local wanted=$1
	shift
	sum=$(cksum "$scratch/cluster.db")
	snmove --explain "$@"
	status_is "$wanted" && left_alone
}
lacks() { # TEXT PART
	! contains "$@" >/dev/null || {
		echo "this says \"$2\": $1"
		return 1
	}
}

# ---- As people read it ----

one() {
	fresh '' && explain 0 cn001 && equals "$err" '' && equals "$out" "$(
		cat <<-'TEXT'
			cn001: fixed with backup (the first of a list, as noderes.xcatmaster is set)
			  dhcp         sn1
			               site.disjointdhcps is on: only the node's own service nodes; networks.dhcpserver is
			               blank (network cluster); site.disjointdhcps=1; noderes.servicenode=sn1,sn2 (group
			               rack1); noderes.xcatmaster=sn1-c (group rack1)
			  next-server  sn1-c
			               noderes.tftpserver says where it loads its boot files from; noderes.tftpserver=sn1-c
			               (group rack1)
			  boot-files   sn1
			               site.sharedtftp is off: the node's own service nodes, each with a /tftpboot of its
			               own; site.sharedtftp=0; noderes.servicenode=sn1,sn2 (group rack1);
			               noderes.xcatmaster=sn1-c (group rack1)
			  boots-next   disk
			               the state is boot: from its disk, whatever else the network offers;
			               chain.currstate=boot (group compute); noderes.netboot=xnba (group compute)
			  nfs          10.2.0.11
			               noderes.nfsserver says where its image and its packages come from;
			               noderes.nfsserver=10.2.0.11 (group rack1)
			  console      sn1
			               nodehm.conserver names it; nodehm.conserver=sn1 (group rack1)
			  master       sn1-c
			               noderes.xcatmaster is MASTER in postscripts, whoever answers DHCP;
			               noderes.xcatmaster=sn1-c (group rack1)
			  syslog       sn1-c
			               the postscript syslog sends to MASTER; noderes.xcatmaster=sn1-c (group rack1)
			  time         sn1-c
			               site.ntpservers names none: the postscript setupntp takes MASTER;
			               noderes.xcatmaster=sn1-c (group rack1)
			  names        none
			               neither noderes, its network nor the site has nameservers; networks.nameservers is
			               blank (network cluster); site.nameservers is blank
			  gateway      10.2.0.1
			               DHCP's option routers: networks.gateway; networks.gateway=10.2.0.1 (network cluster)
			  monitoring   sn1, sn1-c
			               noderes.monserver: the server as the management node knows it, and as the node does;
			               noderes.monserver=sn1,sn1-c (group rack1)
			1 node explained by the tables alone; to ask the servers, too: --probe
		TEXT
	)"
}
tap_expect "of a node it says who answers each question, and the values that say so" one

# The questions of a group stand between two lines without indentation.
heads() {
	grep -v '^ ' <<<"$out" | sed '$d' | cut -d: -f1
}
folds() {
	fresh '' && explain 0 all && equals "$(heads)" "$(printf '%s\n' 'cn[001-020]' 'cn[021-040]' 'cn[041-060]' 'login1,sn[1-3]')" &&
		contains "$(tail -n 1 <<<"$out")" "64 nodes explained by the tables alone"
}
tap_expect "nodes with the same answers are one" folds
groups() {
	fresh "UPDATE noderes SET servicenode = 'sn1,sn2', nfsserver = '10.2.0.11' WHERE node = 'rack2';
		INSERT INTO noderes (node, servicenode) VALUES ('cn021', 'sn1,sn2')" &&
		explain 0 rack1,rack2 && equals "$(heads)" 'cn[001-040]' &&
		contains "$(tr -s '\n ' ' ' <<<"$out")" "noderes.servicenode=sn1,sn2 (own row, groups rack1, rack2)"
}
tap_expect "wherever they have their values from, which is told" groups
state() {
	fresh "INSERT INTO chain (node, currstate) VALUES ('cn002', 'install rocky9.4-x86_64-compute')" &&
		explain 0 cn001-cn003 && equals "$(heads)" "$(printf '%s\n' 'cn[001,003]' cn002)" &&
		contains "$out" "boots-next   installation" && contains "$out" "own row"
}
tap_expect "one that boots otherwise stands alone" state
pool() {
	fresh "UPDATE noderes SET xcatmaster = NULL, tftpserver = NULL; UPDATE site SET value = '0' WHERE key = 'disjointdhcps'" &&
		explain 0 cn001 && contains "$out" "cn001: open pool (all of a list, as noderes.xcatmaster is blank)" &&
		contains "$out" "dhcp         sn1, sn2, sn3" && contains "$out" "master       whichever answers of sn1, sn2, sn3" &&
		contains "$out" "next-server  whichever answers of sn1, sn2, sn3"
}
tap_expect "in an open pool it is whichever answers" pool
warnings() {
	fresh "UPDATE noderes SET xcatmaster = 'sn2-c' WHERE node = 'rack1'; UPDATE noderes SET xcatmaster = NULL WHERE node = 'rack2'" &&
		explain 0 rack1,rack2 && contains "$out" "but that is not the first of noderes.servicenode, and has to be the same server" &&
		contains "$out" "but it is of an open pool, and loads from this one server whichever answers"
}
tap_expect "what the tables have twice, and otherwise, is told" warnings
defaults() {
	fresh "CREATE TABLE postscripts (node TEXT PRIMARY KEY, postscripts TEXT, postbootscripts TEXT, disable TEXT);
		INSERT INTO postscripts (node, postscripts) VALUES ('xcatdefaults', 'syslog,remoteshell')" &&
		explain 0 cn001 && contains "$(tr -s '\n ' ' ' <<<"$out")" "postscripts.postscripts=syslog (row xcatdefaults)" &&
		contains "$out" "the postscript setupntp is not listed for it"
}
tap_expect "postscripts that all nodes run are of their row" defaults
lines() {
	fresh '' && explain 0 all && equals "$(awk 'length > 100' <<<"$out")" ''
}
tap_expect "lines are no longer than 100 columns" lines
escapes() {
	fresh "UPDATE noderes SET nfsserver = 'a' || char(27) || '[2J' WHERE node = 'rack1'" &&
		explain 0 cn001 && contains "$out" 'nfs          a\x1b[2J'
}
tap_expect "control characters are not sent to the terminal" escapes
old() {
	fresh 'DROP TABLE chain; DROP TABLE mac; DROP TABLE networks' && explain 0 cn001 &&
		contains "$out" "boots-next   other" && contains "$out" "but no MAC in the table mac"
}
tap_expect "a database without some of the tables is explained, too" old

# ---- As programs read it ----

json() {
	fresh '' && explain 0 rack1,rack3 --json && equals "$(wc -l <<<"$out")" 3 &&
		equals "$(perl -MJSON::PP -ne '
			my $o = decode_json($_);
			if ($o->{verdict}) { print join(" ", @$o{qw(verdict status nodes groups differs)}, scalar @{$o->{missing}}), "\n"; next }
			my $dhcp = $o->{answers}{dhcp};
			print "$o->{nodes}[0] $#{$o->{nodes}} $o->{shape}: @{$dhcp->{answer}} ", $dhcp->{any} ? "any" : "all";
			print " $_->{name}=", $_->{value} // "-", "(@{$_->{from} // []})" for @{$dhcp->{values}};
			print "\n"' <<<"$out")" "$(
			cat <<-'TEXT'
				cn001 19 fixed with backup: sn1 all networks.dhcpserver=-(cluster) site.disjointdhcps=1() noderes.servicenode=sn1,sn2(rack1) noderes.xcatmaster=sn1-c(rack1)
				cn041 19 fixed with backup: sn3 all networks.dhcpserver=-(cluster) site.disjointdhcps=1() noderes.servicenode=sn3,sn2(rack3) noderes.xcatmaster=sn3-c(rack3)
				done 0 40 2 0 0
			TEXT
		)"
}
tap_expect "--json is an object for each group, and the verdict last" json
json_missing() {
	fresh '' && explain 1 cn001,nobody --json && equals "$(tail -n 1 <<<"$out")" \
		'{"verdict":"failed","status":1,"nodes":1,"groups":1,"differs":0,"missing":["nobody"]}'
}
tap_expect "the verdict has the names that no node has" json_missing

# ---- What is wrong ----

missing() {
	fresh '' && explain 1 cn001,nobody && contains "$out" "cn001: fixed" &&
		equals "$err" "snmove: error: no such node or group in the database: nobody"
}
tap_expect "names that nobody has are an error, and the others are explained" missing
malformed() {
	fresh '' && explain 2 'a(' && contains "$err" "snmove: error: noderange 'a('"
}
tap_expect "a malformed noderange is wrong usage" malformed
excluded() {
	fresh "INSERT INTO site (key, value) VALUES ('excludenodes', 'cn001')" && explain 0 cn001 &&
		equals "$err" "snmove: warning: nothing is left: site.excludenodes takes out cn001"
}
tap_expect "where site.excludenodes leaves nothing it is said" excluded
wrong() { # MESSAGE OPTIONS...
	local message=$1
	shift
	snmove "$@"
	status_is 2 && contains "$err" "snmove: error: $message" && contains "$err" "try: snmove --help"
}
tap_expect "--probe is for it alone" wrong "--probe is for --explain, and not for a move" rack1 -d sn2 -D sn2-c --probe
tap_expect "it has no plan" wrong "--plan is for a move, for --undo and --reconcile: --explain has no plan" --explain rack1 --plan
tap_expect "it wants a noderange" wrong "--explain needs a value: --explain NODERANGE" --explain
tap_expect "and no other" wrong "--explain takes no noderange: 'rack2'" --explain rack1 rack2
tap_expect "and no other command" wrong "--expand and --explain are two commands: give one of them" --explain rack1 --expand rack2
tap_expect "nor an option of moves" wrong "--dest is for a move, and not for --explain" --explain rack1 -d sn2

# ---- It only looks ----

quiet() { # no program is started, no packet is sent, and no file is made or written
	fresh '' || return
	strace -f -qq -e trace=execve,socket,connect,openat,mkdir,rename,unlink -o "$scratch/trace" \
		env ASAN_OPTIONS=detect_leaks=0 "$build/snmove" --config "$scratch/config" --explain all >/dev/null || return
	! grep -E 'execve\("[^"]*(ssh|ping|/sh)"|AF_INET|O_CREAT|mkdir|rename|unlink' "$scratch/trace" | grep -v ENOENT
	local failed=$?
	rm "$scratch/trace"
	return "$failed"
}
tap_expect "no host is asked, and nothing is written" quiet
locked() {
	fresh '' || return
	mkdir -m 700 "$scratch/state"
	echo nonsense >"$scratch/state/journal.db"
	snmove --explain cn001
	status_is 0 && equals "$(cat "$scratch/state/journal.db")" nonsense
}
tap_expect "the journal is not opened" locked

# ---- Asked ----

nobody() {
	fresh '' && explain 3 cn001,cn041 --probe && equals "$(grep '^differs' <<<"$out")" "$(
		cat <<-'TEXT'
			differs: sn1: cn001: its DHCP entries cannot be read: no DHCP server runs on sn1: dhcpd and kea-dhcp4 were looked for
			differs: sn3: cn041: its DHCP entries cannot be read: no DHCP server runs on sn3: dhcpd and kea-dhcp4 were looked for
			differs: sn1: cn001: nobody knows who answers their DHCP: lo is no Ethernet (type 772): only that can be probed
			differs: sn3: cn041: nobody knows who answers their DHCP: lo is no Ethernet (type 772): only that can be probed
			differs: sn1: cn001: its boot files cannot be seen: there is no folder /nowhere/tftpboot
			differs: sn3: cn041: its boot files cannot be seen: there is no folder /nowhere/tftpboot
		TEXT
	)" && equals "$(tail -n 1 <<<"$out")" "2 nodes explained and asked about: 6 differences between the tables and the servers"
}
tap_expect "with --probe servers that are none are differences, exit status 3" nobody
without_macs() {
	fresh 'DELETE FROM mac; DELETE FROM chain' && explain 0 cn001 --probe && contains "$out" "note: nobody was asked about the DHCP of cn001: no MAC in the table mac" &&
		lacks "$out" differs
}
tap_expect "nodes without a MAC are not asked about" without_macs
asked_nobody() {
	fresh '' && explain 1 nobody --probe && lacks "$out" note
}
tap_expect "where there is no node nobody is asked" asked_nobody

tap_end
