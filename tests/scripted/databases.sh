#!/usr/bin/env bash
# What a person meets who has the tables on a database server: how it is named, what is told when it is
# not there, two management nodes, passwords that are seen nowhere.  On PostgreSQL and MariaDB.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/databases.sh"
site=$source_tree/docs/example-site
move=(rack1 -d sn2 -D sn2-c -i --skip "dhcp,boot,console")
"$build/snmove-lua" --db "sqlite:$scratch/start.db" --import "$site/tables" >/dev/null
password=not-to-be-seen

fresh() { # the example site, and no run yet
	rm -rf "$scratch/state" "$scratch/now.db"
	printf 'return { hosts_file = "%s/hosts", resolve_time = 0, state = "%s/state" }\n' "$site" "$scratch" \
		>"$scratch/config"
	chmod 600 "$scratch/config"
	cp "$scratch/start.db" "$scratch/now.db"
	database_push "$scratch/now.db"
}
rows() {
	database_pull "$scratch/now.db"
	sqlite3 "$scratch/now.db" "SELECT * FROM noderes ORDER BY node; SELECT * FROM nodehm ORDER BY node"
}
on_server() { # ARGUMENTS
	snmove --db "$(server_url)" "$@"
}
# As xCAT's own scripts write it into cfgloc.
cfgloc() {
	case $product in
	postgresql) echo "Pg:dbname=xcatdb;host=$server_folder|snmove|$password" ;;
	mariadb) echo "mysql:dbname=xcatdb;mysql_socket=$server_folder/socket|snmove|" ;;
	esac
}

there_and_back() {
	fresh || return
	local before
	before=$(rows)
	on_server "${move[@]}" --plan
	status_is 0 && contains "$out" "planned" && equals "$(rows)" "$before" || return
	on_server "${move[@]}"
	status_is 0 && [ "$(rows)" != "$before" ] || return
	on_server --undo
	status_is 0 && equals "$(rows)" "$before"
}

named_as_xcat_does() {
	fresh || return
	XCATCFG=$(cfgloc) snmove "${move[@]}"
	status_is 0 || return
	XCATCFG=$(cfgloc) snmove --show=1
	status_is 0 && contains "$out" "database $product://" || return
	XCATCFG=$(cfgloc) snmove --undo
	status_is 0 && ! grep -rqs "$password" "$scratch/state"
}

no_password_on_the_command_line() {
	fresh || return
	local url
	for url in "$(cfgloc | sed 's/|$/|secret/')" "$product://snmove:secret@localhost/xcatdb" \
		"$product://snmove@localhost/xcatdb?password=secret"; do
		snmove --db "$url" "${move[@]}"
		status_is 1 && contains "$err" "--db has a password" && ! [[ $out$err == *secret* ]] || return
	done
}

down_at_the_start() {
	fresh || return
	server_say down
	on_server "${move[@]}"
	server_say up
	status_is 1 && contains "$err" "cannot open the database 'xcatdb'" && contains "$err" "nothing was changed"
}

# A move that waits before its rows are written until there is a file "go"; $first is its process.
begin_move() {
	mkdir -p "$scratch/hooks" && chmod 755 "$scratch/hooks"
	cat >"$scratch/hooks/wait.lua" <<-LUA
		local log = require "log"
		return { name = "wait", summary = "waits for the test", before = { servers = function()
			log.warn("it waits")
			while not io.open("$scratch/go") do end
		end } }
	LUA
	chmod 644 "$scratch/hooks/wait.lua"
	: >"$scratch/first"
	"$build/snmove" --config "$scratch/config" --db "$(server_url)" --hooks "$scratch/hooks" "${move[@]}" \
		>"$scratch/first" 2>&1 </dev/null &
	first=$!
	until grep -q "it waits" "$scratch/first"; do kill -0 "$first" || return; done
}

# The other one has a state and a runtime folder of its own: it is as if on another host.
two_management_nodes() {
	fresh || return
	local first
	begin_move
	unshare -m bash -c 'mount -t tmpfs none /run && exec "$@"' - "$build/snmove" --config "$scratch/config" \
		--state "$scratch/other" --db "$(server_url)" rack2 -d sn2 -D sn2-c -i --force=all \
		>"$scratch/stdout" 2>"$scratch/stderr" </dev/null
	status=$?
	out=$(cat "$scratch/stdout") err=$(cat "$scratch/stderr")
	: >"$scratch/go"
	wait "$first" || { cat "$scratch/first"; return 1; }
	rm -rf "$scratch/go" "$scratch/hooks" "$scratch/other"
	status_is 5 && contains "$err" "another run is at work on $product://"
}

gone_in_the_middle() {
	fresh || return
	local first before
	before=$(rows)
	begin_move
	server_say "$1"
	[ "$1" = down ] || server_say up
	: >"$scratch/go"
	wait "$first"
	status=$?
	out=$(cat "$scratch/first") err=
	rm -rf "$scratch/go" "$scratch/hooks"
	if [ "$1" = down ]; then
		server_say up
		status_is 1 && contains "$out" "nothing was changed" && equals "$(rows)" "$before"
	else
		status_is 0 && [ "$(rows)" != "$before" ]
	fi
}

listeners_are_told() {
	fresh || return
	server_ask <<<"CREATE TABLE notification (filename VARCHAR(128) PRIMARY KEY, tables TEXT, tableops TEXT,
		comments TEXT, disable TEXT);
		INSERT INTO notification (filename, tables) VALUES ('/opt/site/changed.pm', 'noderes,nodehm');"
	on_server "${move[@]}" --plan
	status_is 0 && contains "$out" \
		"not called: /opt/site/changed.pm, which xCAT's notification table has for noderes and nodehm"
}

# As the manual has them.
smallest_grants() {
	fresh || return
	local url
	case $product in
	postgresql)
		server_ask <<-SQL
			CREATE ROLE takeover LOGIN;
			GRANT USAGE ON SCHEMA public TO takeover;
			GRANT SELECT ON ALL TABLES IN SCHEMA public TO takeover;
			GRANT INSERT, UPDATE, DELETE ON noderes, nodehm TO takeover;
			GRANT UPDATE ON nodelist, site TO takeover;
		SQL
		;;
	mariadb)
		server_ask <<-SQL
			CREATE USER takeover@localhost;
			GRANT SELECT, CREATE TEMPORARY TABLES ON xcatdb.* TO takeover@localhost;
			GRANT INSERT, UPDATE, DELETE ON xcatdb.noderes TO takeover@localhost;
			GRANT INSERT, UPDATE, DELETE ON xcatdb.nodehm TO takeover@localhost;
		SQL
		;;
	esac >/dev/null || return
	url=$(server_url)
	snmove --db "${url/snmove@/takeover@}" "${move[@]}"
	status_is 0 || return
	snmove --db "${url/snmove@/takeover@}" --undo
	status_is 0
}

met_by_a_person() {
	[ "$product" != sqlite ] || return 0
	tap_expect "on $product a plan writes nothing, a move moves, an undo takes it back" there_and_back
	tap_expect "$product is found by xCAT's string, whose password is kept nowhere" named_as_xcat_does
	tap_expect "a password on the command line is refused, and not repeated, for $product" \
		no_password_on_the_command_line
	tap_expect "on $product that is down nothing is begun" down_at_the_start
	tap_expect_root "two management nodes do not work on one $product at a time" two_management_nodes
	tap_expect "a $product that was started again in the middle is gone on with" gone_in_the_middle kill
	tap_expect "a $product that has gone in the middle is told, and nothing was changed" gone_in_the_middle down
	tap_expect "on $product the grants of the manual are enough" smallest_grants
	tap_expect "who listens to xCAT's tables on $product is told by name" listeners_are_told
}
for_each_database met_by_a_person
tap_end
