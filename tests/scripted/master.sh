#!/usr/bin/env bash
# The MASTER rule of the seed, for each list of service nodes with noderes.xcatmaster set and blank: what postscripts of
# a node are told, before a move, after it, and after its undo.

. "$(dirname "$0")/../lib/tap.sh"
use_example_site "hosts_file = \"$scratch/hosts\","
{
	cat "$site/hosts"
	for n in 1 2 3 4 5 6; do echo "10.2.9.$n m$n"; done
} >"$scratch/hosts"

# m1-m6: a list, one service node, none; xcatmaster set and blank.
fresh() {
	rm -rf "$scratch/cluster.db" "$scratch/state"
	"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null || return
	sqlite3 "$scratch/cluster.db" "INSERT INTO nodelist (node, groups) VALUES
		('m1', 'all'), ('m2', 'all'), ('m3', 'all'), ('m4', 'all'), ('m5', 'all'), ('m6', 'all');
		INSERT INTO noderes (node, servicenode, xcatmaster) VALUES
		('m1', 'sn1,sn2', 'sn1-c'), ('m2', 'sn1,sn2', NULL), ('m3', 'sn1', 'sn1-c'), ('m4', 'sn1', NULL),
		('m5', NULL, 'sn1-c'), ('m6', NULL, NULL)"
}
masters() { # "m1=... m2=..."
	"$build/snmove-lua" --config "$scratch/config" -e 'local words = {}
		for n = 1, 6 do words[n] = ("m%d=%s"):format(n, cluster.master("m" .. n) or "whoever-answers") end
		print(table.concat(words, " "))'
}
move() { # NODE ARGUMENTS...
	run "$build/snmove" --config "$scratch/config" "$@" -d sn2 -D sn2-c --only rows
}

before() {
	fresh && equals "$(masters)" "m1=sn1-c m2=whoever-answers m3=sn1-c m4=whoever-answers m5=sn1-c m6=whoever-answers"
}
tap_expect "MASTER is xcatmaster, whatever the list; without it, it is the DHCP server that answers" before
moves() {
	fresh && move m1 && status_is 0 && equals "$(masters)" "m1=sn2-c m2=whoever-answers m3=sn1-c m4=whoever-answers m5=sn1-c m6=whoever-answers"
}
tap_expect "a list with xcatmaster moves, and MASTER is the new service node as nodes know it" moves
back() {
	snmove --undo
	status_is 0 && equals "$(masters)" "m1=sn1-c m2=whoever-answers m3=sn1-c m4=whoever-answers m5=sn1-c m6=whoever-answers"
}
tap_expect "and back" back
refused() { # NODE WORDS...
	local node=$1 words
	shift
	fresh && move "$node"
	status_is 1 || return
	for words; do contains "$out" "$words" || return; done
	contains "$(masters)" "m2=whoever-answers"
}
tap_expect "a list without xcatmaster is refused: nobody knows whom nodes have asked" \
	refused m2 "xcatmaster m2: noderes.xcatmaster is blank"
tap_expect "one service node is no pool, with xcatmaster" refused m3 "pool       m3: noderes.servicenode is 'sn1', without sn2"
tap_expect "and without it" refused m4 "pool       m4: noderes.servicenode is 'sn1', without sn2" "xcatmaster m4: noderes.xcatmaster is blank"
tap_expect "without any list there is nobody to leave, with xcatmaster" refused m5 "pool       m5: noderes.servicenode is blank"
tap_expect "and without it, likewise" refused m6 "pool       m6: noderes.servicenode is blank" "xcatmaster m6: noderes.xcatmaster is blank"
forced() {
	fresh && move m2,m4 --force=pool,xcatmaster && status_is 0 && contains "$(masters)" "m2=sn2-c" && contains "$(masters)" "m4=sn2-c" || return
	snmove --undo
	status_is 0 && contains "$(masters)" "m2=whoever-answers" && contains "$(masters)" "m4=whoever-answers"
}
tap_expect "forced they are of the new one alone from then on, and an undo makes xcatmaster blank again" forced
tap_end
