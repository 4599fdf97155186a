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
