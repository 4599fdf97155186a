#!/usr/bin/env bash
# Consoles in a move that is killed while conserver takes its new file: on the old service node, the
# new one, the management node; resumed, or taken back.  Nobody ever has two holders.  And one that was
# stopped is started as it was.

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

# conserver's look at the file in its place waits where there is /tmp/slow: what is in front of it in
# PATH.
killed_on() { # HOST
	fresh || return
	lab_in "$1" sh -ec '
		rm -f /tmp/begun
		touch /tmp/slow
		mkdir -p /usr/local/sbin
		cat >/usr/local/sbin/conserver <<-"END"
			#!/bin/sh
			if [ "$1 $3" = "-S /etc/conserver/conserver.cf" ]; then
				touch /tmp/begun
				while [ -e /tmp/slow ]; do sleep 0.02; done
			fi
			exec /usr/sbin/conserver "$@"
		END
		chmod 755 /usr/local/sbin/conserver'
	# shellcheck disable=SC2034 # moves.sh uses it
	begin_on=$1
	start "${move[@]}"
	signal KILL
	lab_in "$1" rm -f /tmp/slow /usr/local/sbin/conserver
	snmove --status
	contains "$out" "run 1 is open"
}
resumed() { # HOST
	killed_on "$1" || return
	snmove --resume
	status_is 0 && held_by sn2 && consoles_run_on mn sn2 && has sn1 || return
	snmove --undo
	status_is 0 && held_by sn1 && equals "$(world)" "$(cat "$scratch/before")"
}
undone() { # HOST
	killed_on "$1" || return
	snmove --undo
	status_is 0 && held_by sn1 && consoles_run_on mn sn1 && equals "$(world)" "$(cat "$scratch/before")"
}
for host in sn1 sn2 mn; do
	tap_expect "killed while conserver on $host takes its file, a resume ends it, and an undo has it back" resumed $host
	tap_expect "killed there, an undo has it back" undone $host
done

elsewhere() { # conserver has its configuration where nobody would look for it
	fresh || return
	consoles_stop sn1
	rm -rf "$lab/share/held"/*
	lab_in sn1 sh -c 'mkdir -p /opt/c && mv /etc/conserver/conserver.cf /opt/c/c.cf && cd /opt/c && conserver -do -O1 -Cc.cf >/dev/null 2>&1'
	consoles_listen sn1 && held_by sn1 || return
	lab_in sn1 cp /opt/c/c.cf /tmp/before
	# shellcheck disable=SC2119 # no more words than the move has
	moved
	status_is 0 && held_by sn2 && consoles_run_on mn sn2 || return
	snmove --undo
	status_is 0 && held_by sn1 && lab_in sn1 cmp /opt/c/c.cf /tmp/before &&
		equals "$(lab_in sn1 sh -c 'tr "\0" " " <"/proc/$(pgrep -ox conserver)/cmdline"')" "conserver -do -O1 -Cc.cf "
}
tap_expect "one that was stopped is started with its own words, wherever its configuration lies" elsewhere
tap_end
