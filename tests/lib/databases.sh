# databases.sh - the same test on every kind of database: sourced after tap.sh, or where $scratch
# and $source_tree are set.
#
# A test keeps its tables in SQLite files, and looks at them there.  Where it is to run on a server,
# they are sent there before a command (database_push) and fetched back behind it (database_pull).
#
#     for_each_database FUNCTION    with $product sqlite, postgresql, mariadb, and a server for it
#
# The server is stopped when the test ends, however that comes: it holds the other end of a pipe.

# Who sources this has set $scratch and $source_tree.
# shellcheck disable=SC2154
product=sqlite
server_folder=

server_start() { # PRODUCT
	product=$1
	server_folder=$scratch/$product
	chmod 711 "$scratch" # the server is another user
	coproc server { exec "$source_tree/tests/lib/database_server" "$product" "$server_folder" 2>"$scratch/server_log"; }
	# The names of a coprocess go when it ends.
	exec {server_say}>&"${server[1]}" {server_answer}<&"${server[0]}"
	# shellcheck disable=SC2154
	server_pid=$!
	server_await ready
}
server_await() { # WORD
	local line
	if read -r line <&"$server_answer" && [ "$line" = "$1" ]; then
		return 0
	fi
	echo "the $product server did not say $1"
	cat "$scratch/server_log"
	return 1
}
server_say() { # down|up|kill
	echo "$1" >&"$server_say"
	server_await "done"
}
server_stop() {
	exec {server_say}>&- {server_answer}<&-
	# The shell has ends of its own.
	eval "exec ${server[0]}<&- ${server[1]}>&-" 2>/dev/null
	wait "$server_pid" 2>/dev/null
	rm -rf "$server_folder"
	product=sqlite
}

server_url() {
	case $product in
	postgresql) echo "postgresql://snmove@/xcatdb?host=$server_folder" ;;
	mariadb) echo "mariadb://snmove@/xcatdb?socket=$server_folder/socket" ;;
	esac
}

# SQL from standard input; rows as lines.
server_ask() {
	case $product in
	postgresql) PGOPTIONS="-c client_min_messages=warning" psql -X -q -A -t -v ON_ERROR_STOP=1 -h "$server_folder" -U snmove -d xcatdb ;;
	mariadb)
		{ echo "SET sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES';" && cat; } |
			mariadb --no-defaults -S "$server_folder/socket" -u root -N -B --raw xcatdb
		;;
	esac
}

# An SQLite file as SQL that all of them take.  Keys have a length, as xCAT gives them.
sql_of() { # FILE
	local table columns
	for table in $(sqlite3 "$1" "SELECT name FROM sqlite_master WHERE type = 'table'"); do
		echo "DROP TABLE IF EXISTS \"$table\";"
		sqlite3 "$1" "SELECT 'CREATE TABLE \"$table\" (' || group_concat('\"' || name || '\" ' ||
				CASE WHEN pk > 0 THEN 'VARCHAR(128) NOT NULL' ELSE 'TEXT' END, ', ') ||
				coalesce((SELECT ', PRIMARY KEY (' || group_concat('\"' || name || '\"') || ')'
					FROM (SELECT name FROM pragma_table_info('$table') WHERE pk > 0 ORDER BY pk)
					HAVING count(*) > 0), '') || ');'
			FROM pragma_table_info('$table')"
		columns=$(sqlite3 "$1" "SELECT group_concat('quote(' || CASE WHEN pk > 0
				THEN 'coalesce(\"' || name || '\", '''')' ELSE '\"' || name || '\"' END || ')',
				' || '','' || ') FROM pragma_table_info('$table')")
		sqlite3 "$1" "SELECT 'INSERT INTO \"$table\" VALUES (' || $columns || ');' FROM \"$table\""
	done
}

# What the server has of the tables in an SQLite file, into that file.
fetch_into() { # FILE
	local table columns
	for table in $(sqlite3 "$1" "SELECT name FROM sqlite_master WHERE type = 'table'"); do
		columns=$(sqlite3 "$1" "SELECT group_concat('coalesce('''''''' || replace(\"' || name ||
			'\", '''''''', '''''''''''') || '''''''', ''NULL'')', ' || '','' || ')
			FROM pragma_table_info('$table')")
		{
			echo "BEGIN; DELETE FROM \"$table\";"
			server_ask <<<"SELECT 'INSERT INTO \"$table\" VALUES (' || $columns || ');' FROM \"$table\";" || return
			echo "COMMIT;"
		} | sqlite3 "$1" || return
	done
}

database_push() { # FILE...
	local file
	[ "$product" != sqlite ] || return 0
	for file in "$@"; do sql_of "$file"; done | server_ask >/dev/null
}
database_pull() { # FILE...
	local file
	[ "$product" != sqlite ] || return 0
	for file in "$@"; do fetch_into "$file" || return; done
}

# Whoever was killed has been noticed, and what he has begun is at its end.
server_settled() {
	local sessions end=$((SECONDS + 60)) count=
	case $product in
	sqlite) return ;;
	postgresql) sessions="SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()" ;;
	mariadb) sessions="SELECT VARIABLE_VALUE - 1 FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'Threads_connected'" ;;
	esac
	until [ "$count" = 0 ]; do
		[ $SECONDS -lt $end ] || {
			echo "a minute later the $product server has other sessions: ${count:-it does not say how many}"
			return 1
		}
		count=$(server_ask <<<"$sessions;")
	done
}

# Is there such a server, and can this build talk to it?
database_is_there() {
	case $("$build/snmove" --version) in
	*no\ PostgreSQL*) [ "$product" != postgresql ] || return ;;
	esac
	case $("$build/snmove" --version) in
	*no\ MariaDB*) [ "$product" != mariadb ] || return ;;
	esac
	"$source_tree/tests/lib/database_server" there "$product"
}

for_each_database() { # FUNCTION
	"$1"
	for product in postgresql mariadb; do
		if ! database_is_there; then
			tap_skip "on $product" "no such server or library here: make deps lab-deps"
		elif server_start "$product"; then
			"$1"
			server_stop
		else
			tap_expect "a $product server starts" false
		fi
	done
	product=sqlite
}
