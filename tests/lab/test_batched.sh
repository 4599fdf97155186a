#!/usr/bin/env bash
# Batches and --max-fail on real nodes: a canary that fails, a call that stops early, nodes that
# are switched off, resumes and undos of what was done.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 8 || exit
site_lines=('connect_time = 3')
site_lay || exit
eight=$(seq -f 'cn%03g' 1 8 | paste -sd ' ')

snmove() {
	run lab_in mn timeout 90 snmove --config /lab/site/config "$@"
}
moved() { # ARGUMENTS...: cn001-cn008 go from sn1 to sn2
	snmove cn001-cn008 -d sn2 -D sn2-c -i "$@"
}
# Its command leaves a mark, and a line for each time that it was run; it fails where somebody
# has left the file /root/bad.
hook() { # PLACE STEP [OPTIONS]
	cat >"$site/hooks/work.lua" <<-LUA
		local remote = require "remote"
		return { name = "work", summary = "does its work on the nodes", $1 = { $2 = function(move)
			remote.run(move.nodes, "echo x >>/root/count; [ ! -e /root/bad ] && echo new >/root/mark",
				{ undo = "rm -f /root/mark /root/count", ${3:-} })
		end } }
	LUA
	chmod 644 "$site/hooks/work.lua"
}
fresh() { # PLACE STEP [OPTIONS]: nothing has happened yet
	local node
	rm -rf "$site/state" "$site/cluster.db"
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null || return
	for node in $eight; do
		lab_in "$node" rm -f /root/bad /root/count /root/mark
	done
	hook "$@"
}
bad() { # NODE...
	local node
	for node in "$@"; do lab_in "$node" touch /root/bad; done
}
mend() { # NODE...
	local node
	for node in "$@"; do lab_in "$node" rm -f /root/bad; done
}
marked() { # the nodes that have the mark
	local node
	for node in $eight; do
		lab_in "$node" test -e /root/mark && echo "$node"
	done | paste -sd ' '
}
counts() { # how often it was run on each
	local node
	for node in $eight; do
		lab_in "$node" sh -c 'cat /root/count 2>/dev/null | wc -l'
	done | paste -sd ' '
}
rows() { # the nodes whose rows are moved
	lab_in mn sqlite3 /lab/site/cluster.db "SELECT count(*) FROM noderes WHERE servicenode LIKE 'sn2%' AND node LIKE 'cn%'"
}
plan_line() {
	sed -n 2p <<<"$out"
}

plan() {
	fresh after nodes
	local before=0 node
	for node in $eight; do before=$((before + $(lab_addressed "$node"))); done
	moved --batch 1,2,50% --max-fail 1 --plan
	status_is 0 && equals "$(plan_line)" "in batches of 1, 2, 4, 1" && contains "$out" "cn[001-008]" || return 1
	for node in $eight; do before=$((before - $(lab_addressed "$node"))); done
	equals "$before" 0 && equals "$(marked)" ''
}
tap_expect "a plan says in what batches the nodes go, and talks to none of them" plan

all_go() {
	fresh after nodes
	moved --batch 1,2,50% --max-fail 1
	status_is 0 && equals "$(marked)" "$eight" && equals "$(counts)" "1 1 1 1 1 1 1 1" &&
		contains "$err" "batch 1 of 4: 1 of 8 nodes, 0 failed" && contains "$err" "batch 3 of 4: 7 of 8 nodes, 0 failed" &&
		contains "$err" "batch 4 of 4: 8 of 8 nodes, 0 failed" && contains "$err" "nodes        8 changes"
}
tap_expect "batch after batch goes until all nodes are done" all_go

canary() {
	fresh after nodes
	bad cn001
	moved --batch 1,25% --max-fail 1
	status_is 4 && equals "$(counts)" "1 0 0 0 0 0 0 0" && equals "$(rows)" 8 && contains "$err" \
		"max-fail: 1 of 8 nodes failed (cn001), as many as --max-fail allows; not begun: cn[002-008]" &&
		contains "$out" "$typed --resume=1" && contains "$out" "$typed --undo=1"
}
tap_expect "a canary that fails leaves the others alone" canary

canary_resumed() {
	mend cn001
	snmove --resume
	status_is 0 && equals "$(marked)" "$eight" && equals "$(counts)" "2 1 1 1 1 1 1 1" &&
		contains "$err" "batch 5 of 5: 8 of 8 nodes, 0 failed"
}
tap_expect "mended, a resume tries it again and goes on with the rest" canary_resumed

all_undone() {
	snmove --undo=1
	status_is 0 && equals "$(marked)" '' && equals "$(rows)" 0
}
tap_expect "an undo takes it back on all of them" all_undone

percent() {
	fresh after nodes
	bad cn002 cn004
	moved --batch 50% --max-fail 25%
	# Both may have failed before the other two of their batch were begun.
	status_is 4 && contains "$err" "2 of 8 nodes failed (cn[002,004])" &&
		equals "$(counts | sed 's/^[01] 1 [01] 1/. 1 . 1/')" ". 1 . 1 0 0 0 0"
}
tap_expect "percents are of all nodes: a half in a batch, a quarter too many" percent

percent_resumed() {
	mend cn002
	snmove --resume
	status_is 3 && contains "$out" "owed: cn004: 'echo x" && equals "$(marked)" "${eight/ cn004/}" && equals "$(counts)" "1 2 1 2 1 1 1 1"
}
tap_expect "a resume repeats what failed alone, and stays below the limit with one that fails still" percent_resumed

early() {
	fresh after applications 'fanout = 1'
	bad cn003
	moved --max-fail 1
	status_is 4 && equals "$(counts)" "1 1 1 0 0 0 0 0" && equals "$(marked)" "cn001 cn002" &&
		contains "$err" "1 of 8 nodes failed (cn003), as many as --max-fail allows; not begun: cn[004-008]"
}
tap_expect "a call stops early, in a step without batches, too" early

early_resumed() {
	mend cn003
	snmove --resume
	status_is 0 && equals "$(marked)" "$eight" && equals "$(counts)" "1 1 2 1 1 1 1 1"
}
tap_expect "and a resume begins what it had not" early_resumed

part_undone() {
	fresh after nodes 'fanout = 1'
	bad cn006
	moved --batch 4 --max-fail 1
	status_is 4 && equals "$(counts)" "1 1 1 1 1 1 0 0" && contains "$err" "not begun: cn[007-008]" || return 1
	snmove --undo=1 --plan
	status_is 0 && contains "$out" "cn[001-005]" || return 1
	snmove --undo=1
	status_is 0 && equals "$(marked)" '' && equals "$(counts)" "0 0 0 0 0 1 0 0" && equals "$(rows)" 0 || return 1
	snmove --status
	contains "$out" "no run is open"
}
tap_expect "the part that was done is taken back, and nothing else" part_undone

off() {
	fresh after nodes
	lab_power_off cn002
	moved --batch 1,2 --max-fail 1
	status_is 4 && equals "$(marked)" "cn001 cn003" && contains "$err" "1 of 8 nodes failed (cn002)" &&
		contains "$err" "not begun: cn[004-008]" || return 1
	snmove --show
	contains "$out" "owed: cn002"
}
tap_expect "a node that is off counts" off

off_again() {
	snmove --resume
	status_is 4 && contains "$err" "1 of 8 nodes failed (cn002)" && equals "$(marked)" "cn001 cn003"
}
tap_expect "a resume while it is still off stops there again" off_again

off_allowed() {
	snmove --resume --max-fail 2
	lab_power_on cn002
	status_is 3 && contains "$out" "owed: cn002" && equals "$(marked)" "cn001 ${eight#* cn002 }"
}
tap_expect "unless it is given another --max-fail" off_allowed

off_and_bad() {
	fresh before nodes
	lab_power_off cn001
	bad cn005
	moved --batch 50% --max-fail 2
	lab_power_on cn001
	status_is 4 && contains "$err" "2 of 8 nodes failed (cn[001,005])" && contains "$err" "batch 1 of 2: 4 of 8 nodes, 1 failed"
}
tap_expect "those that are off and those whose command fails are counted together" off_and_bad

interrupted() {
	fresh after nodes
	sed -i 's/echo x >>/sleep 1; &/' "$site/hooks/work.lua"
	lab_in mn snmove --config /lab/site/config cn001-cn008 -d sn2 -D sn2-c -i --batch 2 >"$scratch/out1" 2>"$scratch/err1" &
	local mover=$!
	lab_await grep -q 'batch 1 of 4' "$scratch/err1" || return
	lab_in mn pkill -INT -x snmove
	wait "$mover"
	status=$? out=$(cat "$scratch/out1") err=$(cat "$scratch/err1")
	status_is 130 && contains "$out" "state saved" && equals "$(counts | cut -d ' ' -f 1,2,5-8)" "1 1 0 0 0 0" || return 1
	snmove --resume
	status_is 0 && equals "$(counts)" "1 1 1 1 1 1 1 1"
}
tap_expect "an interrupt begins no further batch, and a resume goes on with the rest" interrupted

killed() {
	fresh after nodes 'repeatable = true'
	sed -i 's/echo x >>/sleep 1; &/' "$site/hooks/work.lua"
	lab_in mn snmove --config /lab/site/config cn001-cn008 -d sn2 -D sn2-c -i --batch 2 >"$scratch/out1" 2>"$scratch/err1" &
	local mover=$!
	lab_await grep -q 'batch 2 of 4' "$scratch/err1" || return
	lab_in mn pkill -KILL -x snmove
	wait "$mover"
	snmove --resume
	status_is 0 && equals "$(marked)" "$eight" && equals "$(counts | cut -d ' ' -f 1-4,7,8)" "1 1 1 1 1 1"
}
tap_expect "a run that is killed in a batch goes on in it, and repeats none of those before" killed
tap_end
