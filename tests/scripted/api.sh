#!/usr/bin/env bash
# The Lua API on the example cluster: api.lua prints TAP; and snmove-lua itself.

. "$(dirname "$0")/../lib/tap.sh"
use_example_site ''
lua() {
	run "$build/snmove-lua" --config "$scratch/config" "$@"
}
lua --import "$site/tables"

"$build/snmove-lua" --config "$scratch/config" "$source_tree/tests/scripted/api.lua" 2>"$scratch/err" |
	grep -v '^1\.\.' | tee "$scratch/api"
tap_count=$(grep -c '^ok\|^not ok' "$scratch/api")
tap_failed=$(grep -c '^not ok' "$scratch/api")

sorted_rows() { # DIRECTORY: all its tables, without the order of their rows
	(cd "$1" && sort -- *.csv)
}

# What was written by hand comes back as well, but for the order of its rows.
export_import() {
	rm -rf "$scratch/csv" "$scratch/again.db" "$scratch/csv2"
	lua --export "$scratch/csv"
	status_is 0 && contains "$out" "8 tables with 88 rows" || return 1
	lua --db "sqlite:$scratch/again.db" --import "$scratch/csv"
	status_is 0 || return 1
	lua --db "sqlite:$scratch/again.db" --export "$scratch/csv2"
	diff -r "$scratch/csv" "$scratch/csv2" &&
		diff <(sorted_rows "$site/tables") <(sorted_rows "$scratch/csv")
}
tap_expect "what is exported is imported again, byte for byte" export_import

says() { # STATUS TEXT ARGUMENTS...
	local want=$1 text=$2
	shift 2
	lua "$@"
	status_is "$want" && contains "$out$err" "$text"
}
mkdir -p "$scratch/bad"
printf '#node,groups\n"cn001","all"\n"cn002","all\n' >"$scratch/bad/nodelist.csv"
tap_expect "malformed CSV is refused with file and line" says 1 "nodelist.csv', line 3" --db "sqlite:$scratch/new.db" --import "$scratch/bad"
tap_expect "-e runs a text" says 0 "cn[001-060]" -e 'print(cluster.fold(cluster.noderange("compute")))'
tap_expect "an error has file and line" says 1 "-e:1: no" -e 'error("no")'
tap_expect "a syntax error is told" says 1 "-e:1:" -e 'print('
tap_expect "a script that is missing is told" says 1 nowhere.lua "$scratch/nowhere.lua"
repl() {
	printf '1 + 1\nx = {\n3 }\n#x\nerror("oh")\ncluster.site("domain")\n' |
		"$build/snmove-lua" --config "$scratch/config" >"$scratch/stdout" 2>"$scratch/stderr"
	status=$? out=$(cat "$scratch/stdout") err=$(cat "$scratch/stderr")
	status_is 0 && equals "$out" $'2\n1\ncluster.test' && contains "$err" "oh"
}
tap_expect "lines are read, shown, and go on over several" repl
tap_end
