#!/usr/bin/env bash
# Every recorded move ends with the rows of xCAT's own run, on every kind of database.  Where our rules say otherwise,
# tests/cases/snmove/decisions.tsv says why, and NAME/ours/ has the rows that we write.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/databases.sh"
cases=$source_tree/tests/cases/snmove
# Nodes of the cases have addresses that are this machine's in other tests.
ip address flush dev lo to 10.1.0.0/24

rows_of() { # FILE.sql: its INSERT lines
	grep '^INSERT' "$1" | sort
}

rows_in() { # DIRECTORY TABLE: what the database has now
	[ -e "$1/$2.sqlite" ] || return 0
	sqlite3 "$1/$2.sqlite" ".dump $2" | grep '^INSERT' | sort
}

expected_file() { # CASE TABLE: ours, else xCAT's, else unchanged
	local file
	for file in "$cases/$1/ours/$2.sql" "$cases/$1/after/$2.sql" "$cases/$1/before/$2.sql"; do
		[ -e "$file" ] && echo "$file" && return
	done
}

set_up() { # CASE
	world=$scratch/$product-$1
	mkdir -p "$world/db"
	local sql table
	for sql in "$cases/$1"/before/*.sql; do
		table=$(basename "$sql" .sql)
		sqlite3 "$world/db/$table.sqlite" <"$sql"
	done
	printf 'return { hosts_file = "%s", resolve_time = 0, state = "%s/state" }\n' "$cases/$1/hosts" "$world" \
		>"$world/config"
	chmod 600 "$world/config"
}

column() { # CASE NUMBER: of decisions.tsv
	awk -F '\t' -v name="$1" -v number="$2" '$1 == name { print $number }' "$cases/decisions.tsv"
}

# Where it was recorded nobody answered as sn2; here all service nodes are this machine.
silence() { # add|delete CASE
	if grep -qs 'Could not get IP addresses from service node sn2' "$cases/$2"/std*; then
		ip address "$1" 10.0.0.12/16 dev lo
	fi
}

check_case() { # CASE
	silence delete "$1"
	compare_case "$1"
	local result=$?
	silence add "$1"
	return "$result"
}

compare_case() { # CASE
	local name=$1 words want table db
	set_up "$name"
	db=xcat:$world/db
	# The recorded command line, as the shell that recorded it read it.
	eval "words=($(cut -d ' ' -f 2- "$cases/$name/cmd"))"
	[ "$product" = sqlite ] || db=$(server_url)
	database_push "$world"/db/*.sqlite || return 1
	# Rows are what is compared: no DHCP server is there.
	run "$build/snmove" "${words[@]}" --config "$world/config" --db "$db" --force=all --skip dhcp,boot
	database_pull "$world"/db/*.sqlite || return 1
	want=$(column "$name" 2)
	status_is "$want" || return 1
	for table in "$world"/db/*.sqlite; do
		table=$(basename "$table" .sqlite)
		diff <(rows_of "$(expected_file "$name" "$table")") <(rows_in "$world/db" "$table") ||
			return 1
	done
}

all_cases() {
	local directory name
	for directory in "$cases"/*/; do
		name=$(basename "$directory")
		tap_expect "move $name on $product: $(cat "$directory/cmd")" check_case "$name"
	done
}
for_each_database all_cases
tap_end
