#!/usr/bin/env bash
# A secret that a hook asks for is nowhere to be seen: not in the plan, the journal, a message or a
# list of processes.  The service nodes are this machine, in a network of the test's own.

. "$(dirname "$0")/../lib/tap.sh"
make_hooks
use_example_site "hooks = \"$hooks\""
secret='S3cr3t:with$odd"bytes'
mkdir "$scratch/tables"
cp "$site"/tables/*.csv "$scratch/tables"
{
	echo '#key,username,password,cryptmethod,authdomain,comments,disable'
	echo '"omapi","xcat_key","old",,,,"1"'
	printf '"omapi","xcat","%s",,,,\n' "${secret//\"/\"\"}"
	echo '"pin","x","123",,,,'
} >"$scratch/tables/passwd.csv"

hook() { # LUA: in the step dhcp, with the secret in `key`
	rm -rf "$scratch/cluster.db" "$scratch/state" "$scratch/file"
	"$build/snmove-lua" --config "$scratch/config" --import "$scratch/tables" >/dev/null || return
	cat >"$hooks/key.lua" <<-LUA
		local remote, takeover, log, cluster = require "remote", require "takeover", require "log", require "cluster"
		local function work(move)
			local key = takeover.secret("passwd", "omapi")
			$1
		end
		return { name = "key", summary = "uses a secret", ${fields:-} after = { dhcp = work } }
	LUA
	chmod 644 "$hooks/key.lua"
}
unseen() { # the secret is in nothing that was said or kept
	! grep -rqF "$secret" "$scratch/stdout" "$scratch/stderr" "$scratch/state" || {
		grep -rlF "$secret" "$scratch/stdout" "$scratch/stderr" "$scratch/state"
		return 1
	}
}
move=(cn001 -d sn2 -D sn2-c -i)

found() {
	hook 'print(#key, takeover.secret("passwd", "nothing")); print(key, takeover.secret("passwd", "pin"))
		print(takeover.secret("site", "master") == cluster.site("master"), takeover.secret("passwd", "omapi", "username"))'
	snmove "${move[@]}" --plan
	status_is 0 && contains "$out" "${#secret}	nil	table 'passwd' has no value for 'nothing'" &&
		contains "$out" "{secret passwd.omapi}	123" && contains "$out" "true	{secret passwd.omapi}" && unseen
}
tap_expect "a secret is the value of the first row that is not disabled" found

no_column() {
	hook 'takeover.secret("nodelist", "cn001")'
	snmove "${move[@]}" --plan
	contains "$err" "table 'nodelist' has neither a password nor a value: name the column"
}
tap_expect "a table without a usual column wants one to be named" no_column

told() {
	hook 'log.warn("the key is %s", key); print("key", key); move:note("note " .. key); move:owe(move.nodes, "owed " .. key)
		move.notes.key = key'
	snmove "${move[@]}"
	status_is 3 && contains "$err" "the key is {secret passwd.omapi}" && contains "$out" "key	{secret passwd.omapi}" &&
		contains "$out" "note: note {secret passwd.omapi}" && contains "$out" "owed {secret passwd.omapi}" && unseen || return 1
	snmove --show --json
	contains "$out" "{secret passwd.omapi}" && unseen
}
tap_expect "what a hook tells, owes or notes names the secret, and does not have it" told

error() {
	hook 'error("it fails with " .. key)'
	snmove "${move[@]}"
	contains "$err" "it fails with {secret passwd.omapi}" && unseen
}
tap_expect "an error with it in it does not show it" error

given() {
	hook 'local r = remote.run("sn2", "read key; cat; printf %s \"$key\"; printf %s \"$KEY\" >&2; cat /proc/[0-9]*/cmdline 2>/dev/null | tr \"\\0\" \"\\n\" | " ..
			"{ n=0; while IFS= read -r line; do case $line in *\"${KEY%:*}\"*) n=$((n + 1));; esac; done; echo $n >&2; }",
			{ stdin = key .. "\n", env = { KEY = key } })
		assert(r.sn2.stdout == key and r.sn2.stderr == key .. "0\n", r.sn2.stderr)'
	snmove "${move[@]}"
	status_is 0 && unseen || return 1
	snmove --show --json
	contains "$out" '"stdout":"{secret passwd.omapi}"' && unseen
}
tap_expect "a command gets it by stdin or env; no process shows it, and what it prints is kept without it" given

file() {
	hook "remote.put('sn2', { ['$scratch/file'] = 'secret ' .. key .. '\n' }, { check = 'cat \"\$1\"' })"
	snmove "${move[@]}" --plan
	status_is 0 && contains "$out" "absent -> a file of" && unseen || return 1
	snmove "${move[@]}"
	status_is 0 && unseen && equals "$(stat -c %a "$scratch/file"; cat "$scratch/file")" "600
secret $secret"
}
tap_expect "a file with it in it is for its owner alone, and its content is not shown" file

refused() { # LUA WORDS
	hook "$1"
	snmove "${move[@]}"
	contains "$err" "the secret passwd.omapi is in $2" && unseen
}
tap_expect "a command with it in it is refused" refused 'remote.run("sn2", { "echo", key })' "a command"
tap_expect "so is the way back of a command" refused 'remote.run("sn2", "true", { undo = "echo " .. key })' "the undo of a command"
tap_expect "so is a question" refused 'remote.query("sn2", "echo " .. key)' "a question"
tap_expect "so is what activates a file" refused "remote.put('sn2', { ['$scratch/file'] = '' }, { activate = { 'echo', key } })" "what activates files"
tap_expect "so is a row" refused 'cluster.set("cn001", "noderes.comments", "x" .. key)' "a row"
tap_end
