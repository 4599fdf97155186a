#!/usr/bin/env bash
# The command line: what is typed, what is answered, and with which exit status.

. "$(dirname "$0")/../lib/tap.sh"
use_example_site ''
db=$scratch/cluster.db
touch "$scratch/nothing"

fresh() {
	rm -rf "$db" "$scratch/state"
	"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null
}

# answers STATUS "what stderr or stdout says" ARGUMENTS...
answers() {
	local want=$1 says=$2
	shift 2
	snmove "$@"
	status_is "$want" && contains "$err$out" "$says"
}
same_database() { # a command that must write nothing: compared byte for byte
	local before
	before=$(sha256sum <"$db")
	"$@" || return 1
	equals "$(sha256sum <"$db")" "$before"
}
fresh

tap_expect "--version prints one line" answers 0 "snmove 0" --version
tap_expect "--help names every option" answers 0 "--max-fail" --help
tap_expect "-h wins over everything else" answers 0 "usage: snmove" -h cn001
tap_expect "an unknown option is wrong usage" answers 2 "no option is named --nonsense" --nonsense
tap_expect "nothing at all is wrong usage" answers 2 "name the nodes to move"
tap_expect "two noderanges are wrong usage" answers 2 "one noderange at a time" cn001 cn002 -d sn2 -D sn2-c
tap_expect "-i with -P is wrong usage" answers 2 "give one of them" cn001 -d sn2 -D sn2-c -i -P syslog
tap_expect "an option of AIX is for AIX nodes" answers 2 "--liteonly is for AIX nodes, which these are not (nodetype.os): cn001" cn001 -d sn2 -D sn2-c -l
tap_expect "--skip with --only is wrong usage" answers 2 "give one of them" cn001 -D sn2-c --skip dhcp --only rows
tap_expect "an unknown step is wrong usage, with the probable name" \
	answers 2 "did you mean 'servers'" cn001 -d sn2 -D sn2-c --only server
tap_expect "an unknown check is wrong usage, with the probable name" \
	answers 2 "did you mean 'pool'" cn001 -d sn2 -D sn2-c --force=pol
tap_expect "--old takes three words" answers 2 "keep, last or drop" cn001 -d sn2 -D sn2-c --old first
sqlite3 "$db" "INSERT INTO noderes(node, servicenode) VALUES('cn041', 'sn1,sn3')"
tap_expect "-D for several destinations is wrong usage, and they are named" \
	answers 2 "(sn2, sn3)" cn001,cn041 -D sn2-c
fresh
sqlite3 "$db" "INSERT INTO nodelist(node, groups) VALUES('$(printf '%070d' 0 | tr 0 a)', 'odd')"

# Bad input: each is named.
tap_expect "unknown nodes are refused, folded" \
	same_database answers 1 "no such node or group in the database: 'nosuch[1-3]'" nosuch[1-3],cn001 -d sn2 -D sn2-c
tap_expect "a malformed noderange is refused with its place" \
	same_database answers 1 "at character 7: - without a name behind it" 'rack1,-' -d sn2 -D sn2-c
tap_expect "a huge range answers at once" \
	same_database answers 1 "more than 1000000 names" 'n[1-999999999999]' -d sn2 -D sn2-c
tap_expect "a regular expression that backtracks without end is refused by name" \
	same_database answers 1 "takes too long" '/(a+)+[bc]' -d sn2 -D sn2-c
tap_expect "a noderange of nothing is refused" same_database answers 1 "is no node at all" 'cn001,-cn001' -d sn2 -D sn2-c
tap_expect "a service node that nobody knows is refused" same_database answers 1 "no node sn9; service nodes are sn[1-3]" -s sn9 -d sn2 -D sn2-c
sqlite3 "$db" "INSERT INTO noderes(node, servicenode) VALUES('cn041', 'sn3')"
tap_expect "a missing second service node is refused" \
	same_database answers 1 "no destination for 1 of 20 nodes: cn041" rack3 -D sn2-c
tap_expect "a database that is missing is refused, and says how to fill one" \
	answers 1 "--import" cn001 -d sn2 -D sn2-c --db "sqlite:$scratch/no.db"
tap_expect "a file that is no database is refused" answers 1 "$scratch/config" cn001 -d sn2 -D sn2-c --db "sqlite:$scratch/config"
tap_expect "a database without nodelist is refused" answers 1 nodelist cn001 -d sn2 -D sn2-c --db "sqlite:$scratch/nothing"
tap_expect "a password on the command line is refused" \
	answers 1 "--db has a password" cn001 -d sn2 -D sn2-c --db 'Pg:dbname=xcatdb;host=mn|xcatadm|geheim'
secret() {
	local url='Pg:dbname=xcatdb;host=/nowhere|xcatadm|geheim'
	snmove cn001 -d sn2 -D sn2-c --db "$url"
	case $err$out in *geheim*) return 1 ;; esac
	run env XCATCFG="$url" "$build/snmove" --state "$scratch/state" cn001 -d sn2 -D sn2-c
	case $err$out in *geheim*) return 1 ;; esac
	status_is 1
}
tap_expect "a password of the database is not told" secret

in_the_configuration() { # MODE
	printf 'return { db = "Pg:dbname=xcatdb;host=/nowhere|xcatadm|geheim", state = "%s/state" }\n' "$scratch" >"$scratch/with-password"
	chmod "$1" "$scratch/with-password"
	run "$build/snmove" --config "$scratch/with-password" cn001 -d sn2 -D sn2-c
	case $err$out in *geheim*) return 1 ;; esac
	status_is 1
}
for_all_to_read() {
	in_the_configuration 644 && contains "$err" "'db' has a password, and others may read this file: chmod 600 $scratch/with-password"
}
for_its_owner() {
	in_the_configuration 600 && [[ $err != *"others may read"* ]]
}
tap_expect "one in a configuration that others may read is refused" for_all_to_read
tap_expect "and taken from one that its owner alone may read" for_its_owner

busy() {
	fresh
	sqlite3 "$db" >/dev/null <<-SQL &
		BEGIN IMMEDIATE;
		.shell touch $scratch/held; while [ ! -e $scratch/release ]; do sleep 0.05; done
	SQL
	local holder=$!
	while [ ! -e "$scratch/held" ]; do sleep 0.05; done
	(sleep 1; touch "$scratch/release") &
	snmove rack1 -d sn2 -D sn2-c -i
	wait "$holder"
	status_is 0
}
tap_expect "a database that is busy for a moment is waited for" busy

# Plans.
fresh
tap_expect "--plan writes nothing, byte for byte" same_database answers 0 "nothing written" rack1,rack2 -d sn2 -D sn2-c --plan
tap_expect "--check writes nothing" same_database answers 0 "(step check only)" rack1 -d sn2 -D sn2-c --check

read_only_mount() {
	fresh
	mkdir -p "$scratch/mnt"
	unshare -m -- bash -c '
		mount --bind "$1" "$1/mnt" && mount -o remount,bind,ro "$1/mnt" || exit 9
		"$2/snmove" --config "$1/config" --db "sqlite:$1/mnt/cluster.db" rack1 -d sn2 -D sn2-c --plan &&
			! "$2/snmove" --config "$1/config" --db "sqlite:$1/mnt/cluster.db" rack1 -d sn2 -D sn2-c -i
	' - "$scratch" "$build" >"$scratch/stdout" 2>"$scratch/stderr"
	status=$? out=$(cat "$scratch/stdout") err=$(cat "$scratch/stderr")
	status_is 0 && contains "$out" "nothing written" && contains "$err" "read-only"
}
tap_expect_root "--plan works under a read-only mount, and a move there says why not" read_only_mount

golden() { # NAME ARGUMENTS...: the plan is as in tests/cases/plans/NAME.txt
	local name=$1
	shift
	fresh
	[ -e "$source_tree/tests/cases/plans/$name.sql" ] && sqlite3 "$db" <"$source_tree/tests/cases/plans/$name.sql"
	snmove "$@" --plan
	printf '%s\nexit %s\n' "$out" "$status" | sed "s|$scratch|SCRATCH|g; s|$source_tree|SOURCE|g" >"$scratch/plan"
	[ -n "${GOLDEN:-}" ] && cp "$scratch/plan" "$source_tree/tests/cases/plans/$name.txt"
	diff "$source_tree/tests/cases/plans/$name.txt" "$scratch/plan"
}
tap_expect "golden plan: a pool, xcatmaster set" golden pool cn[001-003] -d sn2 -D sn2-c
tap_expect "golden plan: each node told" golden verbose cn[001-002] -d sn2 -D sn2-c -V
tap_expect "golden plan: the second of the list" golden backup rack1 -D sn2-c
tap_expect "golden plan: of a service node" golden source -s sn1 -d sn2 -D sn2-c
tap_expect "golden plan: one service node alone is refused" golden fixed cn[001-003] -d sn2 -D sn2-c
tap_expect "golden plan: one service node alone, forced" golden fixed-forced cn[001-003] -d sn2 -D sn2-c --force=pool
tap_expect "golden plan: an open pool is refused" golden open cn[001-003] -d sn2 -D sn2-c
tap_expect "golden plan: an open pool, forced" golden open-forced cn[001-003] -d sn2 -D sn2-c --force=xcatmaster
tap_expect "golden plan: nodes of the management node" golden master login1 -d sn2 -D sn2-c --force=pool,xcatmaster
tap_expect "golden plan: the old one last" golden old-last cn021 -d sn3 -D sn3-c --old last
tap_expect "golden plan: the old one dropped" golden old-drop cn021 -d sn3 -D sn3-c --old drop
tap_expect "golden plan: all problems in one list" golden problems rack3,cn001 -s sn1 -d sn2 -D nosn-c

allowed() {
	fresh
	sqlite3 "$db" "INSERT INTO noderes(node, servicenode) VALUES('cn001', 'sn1')"
	sed 's/return {/return { allow = { "pool" },/' "$scratch/config" >"$scratch/allow"
	chmod 600 "$scratch/allow"
	run "$build/snmove" --config "$scratch/allow" cn001 -d sn2 -D sn2-c --plan
	status_is 0 && contains "$err" "pool, as forced"
}
tap_expect "a check that the site allows is a warning" allowed

with_force() { # the command that a refusal prints is the one that goes on
	fresh
	snmove 'cn[001-002]' -s sn3 -d sn2 -D sn2-c -i
	status_is 1 || return 1
	local command=${out##*to go on all the same: }
	contains "$command" "--force=pool,owner" || return 1
	(
		PATH=$build:$PATH
		eval "$command" >/dev/null 2>&1
	) || return 1
	equals "$(sqlite3 "$db" "SELECT servicenode FROM noderes WHERE node = 'cn002'")" "sn2,sn1"
}
tap_expect "the command that a refusal prints goes on" with_force

# Names are bytes.
odd_names() {
	fresh
	sqlite3 "$db" "INSERT INTO nodelist(node, groups) VALUES(CAST(x'63ff3b2024286964292071' AS TEXT), 'odd,rack1');
		INSERT INTO hosts(node, ip) VALUES(CAST(x'63ff3b2024286964292071' AS TEXT), '10.2.9.9')"
	snmove odd -d sn2 -D sn2-c -i
	status_is 0 && contains "$out" '/c\xff\x3b\x20\x24\x28id\x29\x20q' &&
		equals "$(sqlite3 "$db" "SELECT servicenode FROM noderes WHERE node = CAST(x'63ff3b2024286964292071' AS TEXT)")" "sn2,sn1"
}
tap_expect "a node name of odd bytes is moved, and told with escapes" odd_names

conflict() { # somebody changes the database while we are at work: by a hook that waits
	fresh
	mkdir -p "$scratch/hooks"
	chmod 755 "$scratch/hooks"
	cat >"$scratch/hooks/wait.lua" <<-LUA
		return { name = "wait", summary = "waits", after = { servers = function()
			while not io.open("$scratch/go") do end
		end } }
	LUA
	chmod 644 "$scratch/hooks/wait.lua"
	rm -f "$scratch/go"
	"$build/snmove" --config "$scratch/config" rack1 -d sn2 -D sn2-c -i --hooks "$scratch/hooks" \
		>"$scratch/stdout" 2>"$scratch/stderr" &
	local mover=$!
	sleep 0.3
	sqlite3 "$db" "UPDATE noderes SET xcatmaster = 'sn9-c' WHERE node = 'rack1'"
	touch "$scratch/go"
	wait "$mover"
	status=$? out=$(cat "$scratch/stdout") err=$(cat "$scratch/stderr")
	status_is 1 && contains "$err" "changed by somebody else" && contains "$err" "sn9-c" &&
		contains "$out" "nothing changed" &&
		equals "$(sqlite3 "$db" "SELECT count(*) FROM noderes WHERE node LIKE 'cn%'")" 0
}
tap_expect "a group's row that somebody changes meanwhile is a conflict, and nothing is written" conflict

# The configuration.
configuration() { # TEXT STATUS SAYS
	fresh
	printf '%s\n' "$1" >"$scratch/odd"
	chmod 600 "$scratch/odd"
	run "$build/snmove" --config "$scratch/odd" --db "sqlite:$db" cn001 -d sn2 -D sn2-c --plan
	status_is "$2" && contains "$err" "$3"
}
tap_expect "an unknown key of the configuration is refused with the probable name" \
	configuration 'return { alow = {} }' 1 "did you mean 'allow'?"
tap_expect "a wrong type in the configuration is refused" configuration 'return { db = 1 }' 1 "'db' must be a text"
tap_expect "so is a service that is left to another command than xCAT's" configuration \
	'return { own = { dhcp = "rm -rf /" } }' 1 "'own.dhcp' must be makedhcp, not 'rm -rf /'"
tap_expect "and the command of another service" configuration 'return { own = { console = "makedhcp" } }' 1 \
	"'own.console' must be makeconservercf or makegocons, not 'makedhcp'"
tap_expect "and a service that xCAT has no command for" configuration 'return { own = { names = "makedns" } }' 1 \
	"no key is named 'own.names'"
tap_expect "a configuration that returns nothing is refused" configuration 'x = 1' 1 "must return a table"
tap_expect "a syntax error in the configuration has its line" configuration 'return {
	db = }' 1 ":2:"
tap_expect "an unknown name in allow is refused" configuration 'return { allow = { "pol" } }' 2 "did you mean 'pool'"
tap_expect "a configuration file that is missing is refused" answers 1 nowhere --config "$scratch/nowhere" --expand cn001
open_config() {
	cp "$scratch/config" "$scratch/open"
	chmod 666 "$scratch/open"
	run "$build/snmove" --config "$scratch/open" --expand cn001
	status_is 1 && contains "$err" "can be written by others"
}
tap_expect "a configuration that others can write is refused" open_config

# Noderanges on the command line.
fresh
tap_expect "--expand prints a node a line" answers 0 $'cn001\ncn002\ncn003' --expand 'cn[001-003]'
tap_expect "--expand --fold prints the shortest noderange" answers 0 "cn[001-040]" --expand 'compute,-rack3' --fold
tap_expect "--expand of an unknown name ends with 1" answers 1 "nosuch" --expand 'cn001,nosuch'
tap_expect "--expand of a malformed noderange ends with 2" answers 2 "at character" --expand 'cn001,-'

# Digits get a prefix from the environment.
prefix() {
	XCAT_NODE_PREFIX=cn run "$build/snmove" --config "$scratch/config" --expand 001-003 --fold
	status_is 0 && equals "$out" 'cn[001-003]'
}
tap_expect "digits get \$XCAT_NODE_PREFIX in front" prefix

xcatcfg() {
	mkdir -p "$scratch/xcat"
	local table
	for table in nodelist noderes nodehm hosts site networks nodetype; do
		sqlite3 "$db" ".dump $table" | sqlite3 "$scratch/xcat/$table.sqlite"
	done
	printf 'return { hosts_file = "%s/hosts", resolve_time = 0, state = "%s/xstate" }\n' "$site" "$scratch" >"$scratch/plain"
	chmod 600 "$scratch/plain"
	XCATCFG="SQLite:$scratch/xcat" run "$build/snmove" --config "$scratch/plain" rack1 -d sn2 -D sn2-c -i
	status_is 0 && equals "$(sqlite3 "$scratch/xcat/noderes.sqlite" "SELECT servicenode FROM noderes WHERE node = 'cn001'")" "sn2,sn1"
}
tap_expect "\$XCATCFG names xCAT's directory of tables, and two of its files are written together" xcatcfg

json_of_runs() {
	snmove cn001 -d sn2 -D sn2-c -i --plan --json
	status_is 2 && contains "$err" "--json is for --explain, --verify, --status, --history and --show"
}
tap_expect "--json is refused where there is none yet" json_of_runs

tap_end
