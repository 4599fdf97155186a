#!/usr/bin/env bash
# Commands that a move runs on its nodes: planned, recorded, taken back; and what is made of them
# when nodes, service nodes or snmove itself die on the way.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 5 || exit
site_lines=('connect_time = 3')
site_lay || exit
. "$(dirname "$0")/moves.sh"

hook() { # COMMAND [OPTIONS]: that is run on the nodes, in the step applications; $hook_fields
	work "remote.run(move.nodes, [==[$1]==], { ${2:-} })"
}
fresh() { # COMMAND [OPTIONS]: nothing has happened yet
	anew 'rm -rf /root/count /root/mark /root/go /tmp/begun' && hook "$@"
}
counts() { # what each of the four has in /root/count
	local node
	for node in $four; do
		lab_in "$node" cat /root/count 2>/dev/null | paste -sd ' '
	done | paste -sd ,
}

# --- Planned, done, taken back -------------------------------------------------------------

plan() {
	fresh 'echo new >/root/mark' 'undo = "rm /root/mark"'
	local before=0 node
	for node in $four; do before=$((before + $(lab_addressed "$node"))); done
	moved --plan
	status_is 0 && contains "$out" "cn[001-004]" && contains "$out" "echo new >/root/mark" &&
		equals "$(changed)" '' || return 1
	for node in $four; do before=$((before - $(lab_addressed "$node"))); done
	equals "$before" 0 && contains "$out" "nothing written"
}
tap_expect "a plan shows the command with its hosts, and talks to none of them" plan

plan_without_undo() {
	fresh 'echo new >/root/mark'
	moved --plan
	status_is 0 && contains "$out" "echo new >/root/mark      cannot be taken back        cn[001-004]"
}
tap_expect "a plan says that a command cannot be taken back" plan_without_undo

done_and_recorded() {
	fresh 'echo new >/root/mark; echo "I am $(hostname)"' 'undo = "rm /root/mark"'
	moved
	status_is 0 && equals "$(changed)" "$(on_all /root/mark)" || return 1
	snmove --show
	contains "$out" "echo new >/root/mark" && contains "$out" "cn[001-004]" || return 1
	snmove --show --json
	contains "$out" '"host":"cn003"' && contains "$out" "I am cn003"
}
tap_expect "a move changes what its command writes, and nothing else, and records it" done_and_recorded

undo_part() {
	snmove --undo=1 cn002
	status_is 0 && equals "$(changed)" "$(on_all /root/mark | grep -v cn002)"
}
tap_expect "an undo of one node takes the command back there alone" undo_part

undo_rest() {
	snmove --undo=1
	status_is 0 && equals "$(changed)" ''
}
tap_expect "an undo takes the command back on the others" undo_rest

without_undo() {
	fresh 'echo new >/root/mark'
	moved
	snmove --undo
	contains "$out" "cannot be taken back" && equals "$(changed)" "$(on_all /root/mark)"
}
tap_expect "an undo says which command cannot be taken back" without_undo

failing_undo() {
	fresh 'echo new >/root/mark' 'undo = "[ $(hostname) != cn003 ] && rm /root/mark"'
	moved
	snmove --undo
	status_is 3 && equals "$(changed)" "cn003 /root/mark" && contains "$out" "cn003: left as it is" &&
		equals "$(lab_in mn sqlite3 /lab/site/cluster.db "SELECT node FROM noderes WHERE servicenode LIKE 'sn2%'")" cn003
}
tap_expect "a node where that fails is left as it is, with its rows" failing_undo

failing() {
	fresh 'echo new >/root/mark; [ $(hostname) != cn003 ]' 'undo = "rm /root/mark"'
	moved
	[ "$status" = 0 ] || [ "$status" = 3 ] || status_is 0 || return 1
	snmove --show --json
	contains "$out" '"status":1'
}
tap_expect "a command that fails somewhere is recorded with its status" failing

# --- Nodes that die ------------------------------------------------------------------------

powered_off() {
	fresh 'echo new >/root/mark' 'undo = "rm /root/mark"'
	lab_power_off cn003
	moved
	lab_power_on cn003
	status_is 3 && contains "$out" "done, with work owed" && contains "$out" "owed: cn003" &&
		equals "$(changed)" "$(on_all /root/mark | grep -v cn003)" || return 1
	[[ $out == *timeout* || $out == *unreachable* ]] || return 1
	snmove --status
	contains "$out" "owed: cn003"
}
tap_expect "a node that is off is owed its command, and the others have it" powered_off

undo_of_never() {
	snmove --undo=1
	equals "$(changed)" ''
}
tap_expect "and where it never ran nothing is taken back" undo_of_never

dies_on_the_way() {
	fresh 'echo x >>/root/count; touch /tmp/begun; sleep 1' 'undo = "rm /root/count"'
	start "${move[@]}"
	lab_power_off cn004
	lab_in cn003 pkill -KILL sshd
	wait "$mover"
	status=$? out=$(cat "$scratch/out1") err=$(cat "$scratch/err1")
	lab_power_on cn004
	lab_sshd cn003
	status_is 3 && contains "$out" lost && contains "$out" "owed: cn" &&
		equals "$(counts)" x,x,x,x || return 1
	snmove --show --json
	equals "$(echo "$out" | grep -c '"error":"lost"\|"error":"timeout"')" 2
}
site_config 'command_time = 3'
tap_expect "nodes that die while it runs are owed, with what is known" dies_on_the_way
site_config

# --- snmove that dies ----------------------------------------------------------------------

killed() { # OPTIONS
	fresh 'echo x >>/root/count; touch /tmp/begun; sleep 3' "undo = \"rm /root/count\"${1:+, $1}"
	start "${move[@]}"
	signal KILL
	snmove --status
	contains "$out" "run 1 is open" || return 1
	snmove --resume
}
unknown() {
	killed
	status_is 3 && contains "$out" "unknown" && contains "$out" "cn[001-004]" && equals "$(counts)" x,x,x,x
}
tap_expect "what was begun by a snmove that was killed is not run again, but owed" unknown

undo_unknown() {
	snmove --undo=1
	equals "$(counts)" x,x,x,x
}
tap_expect "nor taken back, for nobody knows" undo_unknown

undo_always() {
	killed 'undo_always = true'
	snmove --undo=1
	equals "$(counts)" ,,,
}
tap_expect "but with undo_always it is" undo_always

repeatable() {
	killed 'repeatable = true'
	status_is 0 && equals "$(counts)" "x x,x x,x x,x x" || return 1
	snmove --status
	contains "$out" "no run is open"
}
tap_expect "a repeatable command is run again" repeatable

asked() {
	killed 'done = "grep -q x /root/count && [ $(hostname) != cn002 ]"'
	status_is 0 && equals "$(counts)" "x,x x,x,x"
}
tap_expect "one that can be asked for is run again only where it was not done" asked

interrupted() {
	fresh 'echo x >>/root/count; touch /tmp/begun; sleep 3' 'fanout = 2'
	begin_on='cn001 cn002' start "${move[@]}"
	signal INT
	status_is 130 && contains "$out" "state saved" && equals "$(counts)" x,x,, || return 1
	snmove --resume
	status_is 0 && equals "$(counts)" x,x,x,x
}
tap_expect "an interrupt lets end what is begun, begins no more, and a resume goes on with the rest" interrupted

killed_in_undo() {
	fresh 'echo x >>/root/count' 'undo = "touch /tmp/begun; sleep 3; rm /root/count"'
	moved
	start --undo=1
	signal KILL
	snmove --resume
	status_is 0 && contains "$out" "nobody knows whether" || return 1
	snmove --status
	contains "$out" "no run is open"
}
tap_expect "an undo that is killed while it takes back is resumed, and takes nothing back twice" killed_in_undo

refused() {
	fresh 'true'
	cat >"$site/hooks/work.lua" <<-'LUA'
		local remote = require "remote"
		return { name = "work", summary = "asks first", before = { servicenode = function(move)
			local r = remote.run("sn2", "exit 4")
			if r.sn2.status ~= 0 then error("sn2 is not ready: " .. r.sn2.status) end
		end } }
	LUA
	moved
	status_is 4 && contains "$err" "sn2 is not ready: 4" &&
		equals "$(lab_in mn sqlite3 /lab/site/cluster.db "SELECT count(*) FROM noderes WHERE node LIKE 'cn%'")" 0
}
tap_expect "a command that fails before the rows keeps them from being written" refused
tap_end
