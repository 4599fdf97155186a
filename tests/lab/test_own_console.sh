#!/usr/bin/env bash
# Consoles by xCAT's own makeconservercf, where the site has chosen it: nobody ever has two holders,
# and what it has not done is found, and owed.  The command is a stand-in (tests/lab/xcat), conserver
# is real.  `make matrix` goes through all of it.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 4 || exit
site_lines=('connect_time = 3' 'own = { console = "makeconservercf" }')
site_lay || exit
. "$(dirname "$0")/moves.sh"
. "$(dirname "$0")/consoles.sh"
. "$(dirname "$0")/xcat.sh"
range="cn[001-004]"

begin() {
	fresh && xcat_lay makeconservercf
}
as_before() { # blocks may have changed their places among themselves, but not the rest
	equals "$(world | LC_ALL=C sort)" "$(LC_ALL=C sort "$scratch/before")"
}

there_and_back() {
	begin || return
	moved --plan
	status_is 0 && contains "$(tr -s ' ' <<<"$out")" "makeconservercf -d $range" && held_by sn1 || return
	moved
	status_is 0 && held_by sn2 && has sn1 && called "makeconservercf -d $range" "makeconservercf $range" &&
		equals "$(consoles_answer cn001)" sn2 || return
	snmove --undo
	status_is 0 && held_by sn1 && has sn2 && as_before && called "makeconservercf -d $range" "makeconservercf $range"
}
tap_expect "makeconservercf takes them there, and an undo has them back" there_and_back

keeps() { # what sn1 has not given up, sn2 does not begin
	begin || return
	xcat_does makeconservercf lie
	moved
	status_is 3 && contains "$out" "owed: sn1: $range: makeconservercf ended well, and their console is still on sn1" &&
		contains "$out" "their consoles are not begun before the old one has given them up" &&
		held_by sn1 && has sn2 && called "makeconservercf -d $range" || return
	xcat_does makeconservercf well
	snmove --resume
	status_is 0 && held_by sn2 && has sn1 || return
	snmove --undo
	status_is 0 && held_by sn1 && has sn2
}
tap_expect "what it has not taken from sn1 is not begun on sn2, and a resume pays" keeps

undo_waits() { # an undo that does not take them from sn2 does not begin them on sn1
	begin || return
	moved
	status_is 0 || return
	xcat_does makeconservercf lie
	lab_in sn2 sh -c 'mount --bind /etc/conserver /etc/conserver && mount -o remount,ro,bind /etc/conserver'
	snmove --undo
	local failed=0
	status_is 3 && held_by sn2 && has sn1 && contains "$out" "on sn2 said no" || failed=1
	lab_in sn2 umount /etc/conserver
	return "$failed"
}
tap_expect "an undo begins none on sn1 that sn2 has not given up" undo_waits

[ "${MATRIX:-}" = all ] || tap_end

dead() {
	begin || return
	lab_power_off sn1
	rm -rf "$lab/share/held"/*
	moved
	status_is 3 && held_by sn2 && called "makeconservercf $range" || return
	lab_power_on sn1
	rm -f "$lab/share/two"
	snmove --undo
	status_is 0 && has sn2 && has sn1 cn001 cn002 cn003 cn004 &&
		called "makeconservercf -d $range" "makeconservercf $range"
}
killed_in() { # WHICH resume|undo: the first call is -d
	begin || return
	lab_in mn sh -c "echo $1 >/tmp/slow-makeconservercf"
	lab_in mn snmove --config /lab/site/config "${move[@]}" >"$scratch/out1" 2>"$scratch/err1" &
	mover=$!
	lab_await lab_in mn test -e /tmp/begun || return
	signal KILL
	lab_in mn rm -f /tmp/slow-makeconservercf
	lab_await lab_in mn sh -c '! pgrep -f [/]opt/xcat/sbin/ >/dev/null' || return
	if [ "$2" = resume ]; then
		snmove --resume
		status_is 0 && held_by sn2 && has sn1 || return
	fi
	snmove --undo
	status_is 0 && held_by sn1 && has sn2
}
for n in 1 2; do
	tap_expect "killed in its call $n, a resume ends it, and an undo has them back" killed_in $n resume
	tap_expect "killed in its call $n, an undo has them back" killed_in $n undo
done
tap_expect "with sn1 dead nothing is taken from it, and an undo gives them to it again" dead
tap_end
