#!/usr/bin/env bash
# The hooks that come with it, where no host is needed: those of products that the site does not use do nothing; what gmetad.conf
# becomes; notify and pause.

. "$(dirname "$0")/../lib/tap.sh"
use_example_site ''
make_hooks

monitors() { # PLUG-IN or '': nothing has happened, and xCAT has it started
	rm -rf "$scratch/cluster.db" "$scratch/state" "$scratch/tables"
	cp -r "$site/tables" "$scratch/tables"
	echo '#name,nodestatmon,comments,disable' >"$scratch/tables/monitoring.csv"
	[ -z "$1" ] || printf '"%s",,,\n' "$1" >>"$scratch/tables/monitoring.csv"
	"$build/snmove-lua" --config "$scratch/config" --import "$scratch/tables" >/dev/null
}
move() { # ARGUMENTS...
	run "$build/snmove" rack1 -d sn2 -D sn2-c --config "$scratch/config" --hooks "$hooks" "$@"
}

# --- What is not used ----------------------------------------------------------------------

# shellcheck disable=SC2120 # its arguments come by tap_expect
unused() { # ARGUMENTS...: no step is there for a hook
	monitors ''
	move -i "$@"
	status_is 0 && equals "$(grep -c '^monitoring\|^freeze\|^thaw\|^finished\|(hook' <<<"$err$out")" 0
}
tap_expect "hooks of what a site does not use take no part" unused
tap_expect "nor do they in a plan" unused --plan
unused_undo() {
	unused || return
	snmove --undo
	status_is 0 && equals "$(grep -c '^freeze\|^thaw\|^finished' <<<"$err$out")" 0
}
tap_expect "nor in an undo" unused_undo
stopped_plugin() { # as xCAT has it after monadd: the row is there, and disabled
	monitors ''
	sqlite3 "$scratch/cluster.db" "INSERT INTO monitoring (name, disable) VALUES ('gangliamon', '1'), ('snmpmon', '1')"
	move --plan --only nodes,monitoring,verify
	status_is 0 && equals "$(grep -c 'hook' <<<"$err$out")" 0
}
tap_expect "nor those of a plug-in that is not started" stopped_plugin

without_steps() {
	monitors gangliamon
	printf '%s\n' 'require "linux"' 'local takeover = require "takeover"' 'takeover.remove("monitoring")' \
		'takeover.remove("nodes")' 'takeover.remove("freeze")' >"$scratch/bent.lua"
	chmod 644 "$scratch/bent.lua"
	move -i --script "$scratch/bent.lua"
	status_is 0
}
tap_expect "what stands around a step that the site has taken out is left out" without_steps

# --- gmetad --------------------------------------------------------------------------------

gmetad() { # RACKS LINES WANTED: its sources, before and after
	monitors gangliamon
	printf '%b' "$2" >"$scratch/gmetad.conf"
	run "$build/snmove" "$1" -d sn2 -D sn2-c --config "$scratch/config" --hooks "$hooks" --only monitoring \
		--set "ganglia.gmetad=$scratch/gmetad.conf" --set ganglia.restart_gmetad=true
	status_is 0 && equals "$(cat "$scratch/gmetad.conf")" "$(printf '%b' "$3")" || return
	[ "$2" != "$3" ] || return 0
	snmove --undo
	status_is 0 && equals "$(cat "$scratch/gmetad.conf")" "$(printf '%b' "$2")"
}
tap_expect "nodes stay on the old one: the new one becomes a source" gmetad rack1 \
	'# data_source "sn1" sn1\ndata_source "sn1" 15 sn1:8651\nport 1\n' \
	'# data_source "sn1" sn1\ndata_source "sn1" 15 sn1:8651\ndata_source "sn2" 15 sn2:8651\nport 1\n'
tap_expect "it is one already: nothing is added" gmetad rack1 \
	'data_source "sn1" sn1\ndata_source "b" 10.1.0.12' 'data_source "sn1" sn1\ndata_source "b" 10.1.0.12'
tap_expect "no node stays: the new one is asked in place of the old one" gmetad rack1,rack2,rack3 \
	'data_source "sn1" sn1 # old\n data_source  "all" 10.1.0.11:8649 far' 'data_source "sn2" sn2 # old\n'
tap_expect "in a list with both the old one goes" gmetad rack1,rack2,rack3 \
	'data_source "all" 9 sn1:8649 sn2:8649 far\n' 'data_source "all" 9 sn2:8649 far\n'
tap_expect "an address becomes an address, and a title stays" gmetad rack1,rack2,rack3 \
	'data_source "all" 10.1.0.11:8649 far' 'data_source "all" 10.1.0.12:8649 far'
tap_expect "where nobody asks the old one, nothing changes" gmetad rack1 'data_source "a" far sn11\n' 'data_source "a" far sn11\n'

# --- notify --------------------------------------------------------------------------------

cat >"$scratch/tell" <<'SH'
#!/bin/sh
{ echo "$*: $SNMOVE_OUTCOME $SNMOVE_RUN $SNMOVE_OLD $SNMOVE_NEW $SNMOVE_NODES"; cat; } >>"${0%/*}/told"
[ ! -e "${0%/*}/broken" ]
SH
chmod 755 "$scratch/tell"
told() { # WANTED: since the last time
	equals "$(cat "$scratch/told" 2>/dev/null)" "$1" && rm -f "$scratch/told"
}
by_command() {
	monitors ''
	move -i --set "notify.command=$scratch/tell the people"
	status_is 0 && told "the people: done 1 sn1 sn2 cn[001-020]
run 1 done: 20 nodes from sn1 to sn2
cn[001-020]"
}
tap_expect "notify: a command gets the verdict" by_command
undo_told() {
	config="hook = { notify = { command = '$scratch/tell' } },"
	use_example_site "$config"
	monitors ''
	move -i
	told ": done 1 sn1 sn2 cn[001-020]
run 1 done: 20 nodes from sn1 to sn2
cn[001-020]" || return
	snmove --undo --hooks "$hooks"
	use_example_site ''
	status_is 0 && told ": undone 2 sn1 sn2 cn[001-020]
run 2 undone: 20 nodes from sn1 to sn2
cn[001-020]"
}
tap_expect "so it does of an undo" undo_told
by_mail() {
	monitors ''
	move -i --set "notify.mail=ops@example.org" --set "notify.mailer=$scratch/tell -t"
	status_is 0 && told "-t: done 1 sn1 sn2 cn[001-020]
To: ops@example.org
Subject: snmove: run 1 done: 20 nodes from sn1 to sn2

run 1 done: 20 nodes from sn1 to sn2
cn[001-020]"
}
tap_expect "a mail has it, too" by_mail
refused_told() {
	monitors ''
	move -i -s sn3 --set "notify.command=$scratch/tell"
	status_is 1 && contains "$(cat "$scratch/told")" ": refused" && rm "$scratch/told" || return
	move -i -s sn3 --set "notify.command=$scratch/tell" --set "notify.outcomes=done undone"
	status_is 1 && [ ! -e "$scratch/told" ]
}
tap_expect "a refusal is told, unless only others are wanted" refused_told
planned_not_told() {
	monitors ''
	move -i --plan --set "notify.command=$scratch/tell"
	status_is 0 && contains "$out" "note: nobody is told in a plan; else by $scratch/tell" && [ ! -e "$scratch/told" ]
}
tap_expect "a plan tells nobody" planned_not_told
cannot_tell() {
	monitors ''
	: >"$scratch/broken"
	move -i --set "notify.command=$scratch/tell"
	rm "$scratch/broken" "$scratch/told"
	status_is 3 && contains "$out" "owed: mn: it was not told how it has ended: '$scratch/tell': status 1"
}
tap_expect "what cannot be told is owed" cannot_tell

# --- pause ---------------------------------------------------------------------------------

mkdir "$scratch/bin" "$scratch/units" "$scratch/cron"
cat >"$scratch/bin/systemctl" <<'SH'
#!/bin/sh
# A unit is active while its file is there.
units=$(dirname "$0")/../units
for unit; do :; done
case $1 in
is-active) [ -e "$units/$unit" ] ;;
start) [ -e "$units/../broken" ] || : >"$units/$unit" ;;
stop) rm -f "$units/$unit" ;;
esac
SH
chmod 755 "$scratch/bin/systemctl"
PATH=$scratch/bin:$PATH
world() {
	ls -A "$scratch/units" "$scratch/cron"
	[ ! -e "$scratch/paused" ] || echo "noted as paused"
}
rm -f "$scratch/broken"
: >"$scratch/units/puppet.timer"
: >"$scratch/units/other.timer"
echo '* * * * * root true' >"$scratch/cron/health"
world >"$scratch/world"
cat >"$hooks/10-look.lua" <<'LUA'
return { name = "look", summary = "waits in the middle", limits = { time = 600 }, before = { applications = function(move)
	if move.options.dest and io.open(move.settings.wait) then
		while move.attempt == "first" do end
	end
end }, settings = { wait = "/nonexistent" } }
LUA
chmod 644 "$hooks/10-look.lua"
paused() { # ARGUMENTS...: a move, with these paused
	move -i --set pause.hosts=mn --set "pause.units=puppet.timer off.timer" --set "pause.cron=$scratch/cron/health $scratch/cron/none" \
		--set "pause.state=$scratch/paused" "$@"
}
as_before() {
	equals "$(world)" "$(cat "$scratch/world")"
}
middle() { # while it waits: what is stopped, and what is not
	equals "$(world)" "$scratch/cron:
.health.snmove

$scratch/units:
other.timer
noted as paused"
}
killed() { # in the middle
	monitors ''
	: >"$scratch/wait"
	"${begin:-paused}" --set "look.wait=$scratch/wait" &
	local shell=$!
	until sqlite3 "$scratch/state/journal.db" "SELECT 1 FROM runs" >/dev/null 2>&1 &&
		snmove --status && [[ $out == *'step applications'* ]]; do sleep 0.02; done
	middle
	local seen=$?
	pkill -KILL -P "$shell"
	wait "$shell" 2>/dev/null
	rm "$scratch/wait"
	return "$seen"
}
there_and_back() {
	monitors ''
	paused
	status_is 0 && as_before && contains "$err" "freeze       1 change" || return
	snmove --undo --hooks "$hooks"
	status_is 0 && as_before
}
tap_expect "pause: all runs again after a move, and after its undo" there_and_back
resumed() {
	killed || return
	snmove --resume
	status_is 0 && as_before
}
tap_expect "in the middle just what runs is stopped; killed there, a resume starts it again" resumed
closed() {
	killed || return
	snmove --close=1
	status_is 0 && as_before
}
tap_expect "so does a close" closed
given_up() {
	killed || return
	snmove --undo
	status_is 0 && as_before
}
tap_expect "and an undo" given_up
pause_refused() {
	monitors ''
	paused -s sn3
	status_is 1 && as_before || return
	paused --set pause.hosts=cn999
	status_is 1 && contains "$out" "pause: the setting pause.hosts has 'cn999', which is no noderange" || return
	paused --set pause.cron=health
	status_is 1 && contains "$out" "pause: the setting pause.cron is no list of paths: 'health'" && as_before
}
tap_expect "a move that is refused pauses nothing" pause_refused
stays_off() {
	monitors ''
	: >"$scratch/broken"
	paused
	rm "$scratch/broken"
	status_is 3 && contains "$err" "puppet.timer does not run again: systemctl start puppet.timer" || return
	snmove --resume
	status_is 0 && as_before
}
tap_expect "what does not start again is owed, and a resume starts it" stays_off
configured() { # ARGUMENTS...: a move, with what is paused in the configuration
	move -i "$@"
}
other_settings() { # for the resume
	local begin=configured
	use_example_site "hook = { pause = { hosts = 'mn', units = 'puppet.timer', cron = '$scratch/cron/health', state = '$scratch/paused' } },"
	killed || return
	: >"$scratch/units/other.timer"
	use_example_site "hook = { pause = { hosts = 'mn', units = 'other.timer', state = '/nonexistent/state' } },"
	snmove --resume
	use_example_site ''
	status_is 0 && as_before
}
tap_expect "a resume with other settings starts what was stopped by the first ones" other_settings
tap_end
