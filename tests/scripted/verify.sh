#!/usr/bin/env bash
# --verify by its command line: which nodes, which parts, what is said where there are none, and a signal while hosts
# are asked.  What it finds is in tests/lab/test_verify.sh.

. "$(dirname "$0")/../lib/tap.sh"
# Who is asked by SSH never answers.
cat >"$scratch/proxy" <<-SH
	#!/bin/sh
	: >"$scratch/asked"
	exec sleep 60
SH
chmod 755 "$scratch/proxy"
printf 'Host *\n\tProxyCommand %s\n' "$scratch/proxy" >"$scratch/ssh_config"
sed 's/^10.1.0.11 /10.1.0.111 /' "$source_tree/docs/example-site/hosts" >"$scratch/hosts" # sn1 is not this machine
use_example_site "ssh_config = \"$scratch/ssh_config\", login_time = 60, connect_time = 60,"
sed -i "s|hosts_file = \"[^\"]*\"|hosts_file = \"$scratch/hosts\"|" "$scratch/config"
"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null
sqlite3 "$scratch/cluster.db" "CREATE TABLE mac (node TEXT PRIMARY KEY, interface TEXT, mac TEXT, disable TEXT);
	INSERT INTO mac (node, mac) VALUES ('cn001', '02:00:00:02:00:01')"

# ---- Which nodes, which parts ----

verify() { # STATUS ARGUMENTS...
	local wanted=$1
	shift
	snmove --verify "$@"
	status_is "$wanted"
}
nobody() { # WORDS ARGUMENTS...
	local words=$1
	shift
	verify 1 "$@" && equals "$out" '' && contains "$err" "$words" || return
	verify 1 "$@" --json && contains "$out" '{"verdict":"failed","status":1,"nodes":0,"faults":0,"missing":['
}
tap_expect "a service node that is none has no nodes, and that is no success" nobody \
	"error: no node has 'sn99' as its first service node (noderes.servicenode)" -s sn99
tap_expect "so it is with nodes of another one" nobody \
	"error: no node of the noderange has 'sn3' as its first service node (noderes.servicenode)" cn001 -s sn3
tap_expect "and with nodes that are none" nobody "error: no such node or group in the database: nosuch" nosuch
tap_expect "and with none at all" nobody "error: no node to look at has a service node" rack1,-rack1
excluded() {
	sqlite3 "$scratch/cluster.db" "INSERT INTO site (key, value) VALUES ('excludenodes', 'rack1')"
	nobody "warning: nothing is left: site.excludenodes takes out cn[001-020]" rack1
	local failed=$?
	sqlite3 "$scratch/cluster.db" "DELETE FROM site WHERE key = 'excludenodes'"
	return "$failed"
}
tap_expect "who is left out by the site is told" excluded
missing() {
	verify 1 nosuch --json && equals "$out" '{"verdict":"failed","status":1,"nodes":0,"faults":0,"missing":["nosuch"]}' || return
	verify 1 cn001,nosuch --only rows --json && contains "$(tail -n 1 <<<"$out")" '"nodes":1,' && contains "$out" '"missing":["nosuch"]}'
}
tap_expect "a verdict has the names that no node has" missing
malformed() {
	verify 2 '@@' --json && equals "$out" '{"verdict":"failed","status":2,"nodes":0,"faults":0,"missing":[]}'
}
tap_expect "there is one of a noderange that cannot be read, too" malformed
parts() { # WORDS ARGUMENTS...
	local words=$1
	shift
	verify 2 cn001 "$@" && equals "$out" '' && contains "$err" "$words" || return
	verify 2 cn001 "$@" --json && contains "$out" '{"verdict":"failed","status":2,'
}
tap_expect "a step of moves is none of its parts" parts "error: --only: no step is named 'thaw'; there are: rows dhcp boot console nodes" --only thaw
tap_expect "no part is none to look at" parts "error: --only leaves no step to run" --only ''
tap_expect "so it is if all are left out" parts "error: --skip leaves no step to run" --skip rows,dhcp,boot,console,nodes

# ---- What is told ----

counted() { # the same is wrong with nodes of sn1 and of sn3: each has its own line and command
	sqlite3 "$scratch/cluster.db" "INSERT INTO noderes (node, xcatmaster) VALUES ('cn001', 'nosuch'), ('cn041', 'nosuch')"
	local failed=0 line="  rows: noderes.xcatmaster is 'nosuch', which has no address"
	verify 3 cn001,cn041,cn002 --only rows && equals "$(grep -cxF "$line" <<<"$out")" 2 &&
		equals "$(tail -n 1 <<<"$out")" "1 of 3 nodes without a fault; 2 faults" &&
		verify 3 cn001,cn041,cn002 --only rows --json && equals "$(grep -c '^{"fault":' <<<"$out")" 2 &&
		contains "$(tail -n 1 <<<"$out")" '"nodes":3,"faults":2,' || failed=1
	sqlite3 "$scratch/cluster.db" "DELETE FROM noderes WHERE node IN ('cn001', 'cn041')"
	return "$failed"
}
tap_expect "as many faults are counted as are told" counted

# ---- A signal ----

interrupted() { # ARGUMENTS...: SIGINT once a host is asked; its status in $status
	local process begun=$SECONDS
	rm -f "$scratch/asked"
	timeout --foreground 50 "$build/snmove" --config "$scratch/config" "$@" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null &
	process=$!
	until [ -e "$scratch/asked" ] || [ $((SECONDS - begun)) -gt 20 ]; do sleep 0.05; done
	kill -INT "$process"
	wait "$process"
	status=$?
	out=$(cat "$scratch/stdout")
	err=$(cat "$scratch/stderr")
	status_is 130 && contains "$err" "finishing what has begun"
}
cut_short() {
	interrupted --verify cn001 --only nodes && contains "$out" "interrupted" && ! grep -E 'FAULT|fault|stopped' "$scratch/stdout"
}
tap_expect "one that is interrupted in its last part finds no faults" cut_short
cut_short_json() {
	interrupted --verify cn001 --only nodes --json && equals "$out" '{"verdict":"interrupted","status":130,"nodes":1,"faults":0,"missing":[]}'
}
tap_expect "nor as JSON" cut_short_json
cut_short_probe() {
	interrupted --explain cn001 --probe --json && equals "$(grep verdict <<<"$out")" \
		'{"verdict":"interrupted","status":130,"nodes":1,"groups":1,"differs":0,"missing":[]}' && ! grep differs\":\" <<<"$out"
}
tap_expect "nor does --explain --probe" cut_short_probe

tap_end
