#!/usr/bin/env bash
# Consoles in a move, with conserver on the management node and the service nodes: who has the one
# session of each node before, after, and after it was taken back; what is refused and owed.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 4 || exit
# shellcheck disable=SC2034 # site.sh uses it
site_lines=('connect_time = 1')
site_lay || exit
. "$(dirname "$0")/moves.sh"
. "$(dirname "$0")/consoles.sh"

plan() {
	fresh || return
	local plain
	moved --plan
	plain=$(tr -s ' ' <<<"$out")
	status_is 0 && contains "$plain" "console on sn1 removed cn[001-004]" &&
		contains "$plain" "console on sn2 added cn[001-004]" &&
		contains "$out" "+  master sn2;" && equals "$(lab_changes mn sn1 sn2)" '' && held_by sn1
}
tap_expect "a plan shows the entries, and changes nothing" plan

there() {
	equals "$(consoles_answer cn001)" sn1 || return
	moved
	status_is 0 && held_by sn2 && equals "$(consoles_answer cn001)" sn2 || return
	consoles_run_on mn sn2 && has sn1 && has sn2 cn001 cn002 cn003 cn004 &&
		contains "$out" "note: sn1 has no console any more: its conserver was stopped, and is started when it gets one"
}
tap_expect "consoles are reached through the new service node, and the old one has none and ends" there

back() {
	snmove --undo
	status_is 0 && held_by sn1 && consoles_run_on mn sn1 && equals "$(world)" "$(cat "$scratch/before")" &&
		equals "$(consoles_answer cn002)" sn1 || return
	snmove --explain cn001-cn004 --probe
	status_is 0 && contains "$out" "0 differences" || return
	# With the words that it had.
	equals "$(lab_in sn1 sh -c 'tr "\0" " " <"/proc/$(pgrep -ox conserver)/cmdline"; ls -A /etc/conserver | grep snmove')" \
		"conserver -d -o -O1 "
}
tap_expect "after an undo the old one has them, all files as before byte for byte" back

# All of them on sn1 as it is now, as nothing is ever changed.
refused() { # WORDS...: the move is, with nothing done
	local words
	moved
	status_is 1 || return
	for words; do contains "$out$err" "$words" || return; done
	equals "$(world)" "$(cat "$scratch/before")" && held_by sn1
}
broken() {
	echo 'nonsense {' | consoles_add sn2
	world >"$scratch/before"
	refused "console    cn[001-004]: sn2: " "invalid keyword 'nonsense' [/etc/conserver/conserver.cf:"
}
tap_expect "a file that conserver does not take refuses the move, with its words" broken
no_program() {
	consoles_lay sn2
	lab_in sn2 rm /opt/xcat/share/xcat/cons/ipmi
	world >"$scratch/before"
	refused "sn2 has no console program /opt/xcat/share/xcat/cons/ipmi"
}
tap_expect "so does a new service node without the program of the consoles" no_program
other_server() {
	consoles_lay sn2
	lab_in sn2 sh -c 'cp /bin/sleep /tmp/confluent && { /tmp/confluent 100 >/dev/null 2>&1 & }'
	refused "confluent runs on sn2, and takes no consoles from snmove" "run makeconfluentcfg"
	local failed=$?
	lab_in sn2 sh -c 'pkill -x confluent; rm /tmp/confluent'
	return "$failed"
}
tap_expect "so does one with another console server, by its name" other_server

kept_back() { # its conserver does not take the file without them
	fresh || return
	echo 'nonsense {' | consoles_add sn1
	moved
	status_is 3 && held_by sn1 && has sn1 cn001 cn002 cn003 cn004 && has sn2 &&
		contains "$out" "owed: sn1: cn[001-004]: sn1 has not given up their consoles, so they stay there" || return
	lab_in sn1 sed -i '/nonsense/d' /etc/conserver/conserver.cf
	snmove --resume
	status_is 0 && held_by sn2 && has sn1
}
tap_expect "what the old one does not give up is not begun by the new one, until it has" kept_back

undo_waits() {
	lab_link sn2 eth0 down
	snmove --undo
	lab_link sn2 eth0 up
	status_is 3 && held_by sn2 && has sn1 && contains "$out" "the entry of console is not put back before sn2 has given it up" || return
	snmove --undo=1
	status_is 0 && held_by sn1 && has sn2
}
tap_expect "an undo begins none on the old one that the new one has not given up" undo_waits

others_stay() { # the program of a console that stays is not started again
	fresh || return
	printf 'console byhand { type exec; exec /opt/xcat/share/xcat/cons/ipmi byhand; }\n' | consoles_add sn1
	lab_in sn1 pkill -HUP -o -x conserver
	lab_await test -e "$lab/share/held/byhand/by" || return
	local pid
	pid=$(lab_in sn1 pgrep -f 'cons/ipmi byhand' | paste -sd ' ')
	snmove cn001-cn003 -d sn2 -D sn2-c -i
	status_is 0 && never_two || return
	lab_await test -e "$lab/share/held/cn003/by"
	equals "$(consoles_held | paste -sd ' ')" "byhand sn1 cn001 sn2 cn002 sn2 cn003 sn2 cn004 sn1" &&
		equals "$(lab_in sn1 pgrep -f 'cons/ipmi byhand' | paste -sd ' ')" "$pid"
}
tap_expect "consoles that do not move go on" others_stay

# Somebody puts an entry back, and ends the new conserver.
found() {
	fresh || return
	work "remote.run('sn1', [[printf '#xCAT BEGIN cn003 CONS\nconsole cn003 { master sn2; }\n#xCAT END cn003 CONS\n' >>$consoles_cf]])
		remote.run('sn2', 'pkill -x conserver')"
	moved
	rm -f "$site/hooks/work.lua"
	status_is 3 && contains "$out" "owed: sn1: cn003: their console is still on sn1" &&
		contains "$out" "owed: sn2: cn[001-004]: conserver does not run on sn2"
}
tap_expect "verify finds an entry on the old one, and a conserver that does not run" found

dead() {
	fresh || return
	lab_power_off sn1
	rm -rf "$lab/share/held"/*
	moved
	status_is 3 && held_by sn2 && equals "$(consoles_answer cn001)" sn2 &&
		contains "$out" "dead when they left, it may still have their DHCP, boot and console entries" || return
	lab_power_on sn1
	snmove --reconcile sn1
	status_is 0 && has sn1 && consoles_run_on mn sn2
}
tap_expect "those of a dead one are taken over, and it gives its own up when it is back" dead

alone() { # no conserver but that of the dead one: the new one begins its own
	fresh || return
	consoles_stop mn
	lab_in mn rm /etc/conserver/conserver.cf
	lab_power_off sn1
	rm -rf "$lab/share/held"/*
	moved
	status_is 3 && held_by sn2 && consoles_run_on sn2 || return
	lab_power_on sn1
}
tap_expect "so are those of a dead one where no other conserver runs" alone

many() { # rendered, and looked at by the real conserver
	{
		echo '#node,groups,status,comments,disable'
		seq -f '"big%04g","compute,all",,,' 2000
		for node in sn1 sn2 sn3; do echo "\"$node\",\"service,all\",,,"; done
	} >"$site/tables/nodelist.csv"
	sed -i 's/"ipmi","sn1"/"ipmi","sn2"/' "$site/tables/nodehm.csv"
	rm -rf "$site/state" "$site/cluster.db"
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null || return
	consoles_stop sn2
	consoles_lay sn2
	ask '
		local services = require "services"
		local nodes, count = all "big[0001-2000]", 0
		for _ in pairs(services.text("console", "sn2", nodes)) do count = count + 1 end
		local result = services.check("console", { sn2 = nodes }).sn2
		print(count, #result.problems, result.error, result.stdout)'
	says $'2000\t0\tnil\t' || return
	echo 'nonsense {' | consoles_add sn2
	ask 'print(require("services").check("console", { sn2 = all "big[0001-2000]" }).sn2.error)'
	says "check failed"
}
tap_expect "2,000 consoles are taken by conserver's own check, and a fault among them is not" within 20 many
tap_end
