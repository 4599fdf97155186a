#!/usr/bin/env bash
# The command line: as people type it, and each way to type it wrong.  What is wrong is found before
# anything is opened: no lock, no journal, no database.

. "$(dirname "$0")/../lib/tap.sh"
use_example_site ''
"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null

# ---- As people type it ----

same_plan() { # OPTIONS: they mean the same as the long ones
	local wanted
	snmove rack1 --dest sn2 --destn sn2-c --ignorenodes --plan
	status_is 0 || return
	wanted=$out
	snmove "$@"
	status_is 0 && equals "$out" "$wanted"
}
tap_expect "a short option may have its value joined" same_plan rack1 -dsn2 -Dsn2-c -i --plan
tap_expect "short options may stand together, the last one with a value" same_plan rack1 -idsn2 -D sn2-c --plan
tap_expect "a long option may have its value joined" same_plan rack1 --dest=sn2 --destn=sn2-c -i --plan
tap_expect "the noderange may stand anywhere" same_plan -d sn2 -i rack1 -D sn2-c --plan
tap_expect "behind -- it is a noderange whatever it begins with" same_plan -d sn2 -i -D sn2-c --plan -- -cn055,rack1
help_wins() {
	snmove --help --nonsense
	status_is 2 || return
	snmove rack1 rack2 --undo --status --help
	status_is 0 && contains "$out" "usage: snmove"
}
tap_expect "who asks for help gets it, but for an option that is none" help_wins

# ---- Typed wrong ----

rm -rf "$scratch/state" "$scratch/cluster.db"
wrong() { # MESSAGE OPTIONS...
	local message=$1
	shift
	snmove "$@"
	status_is 2 && contains "$err" "snmove: error: $message" && contains "$err" "try: snmove --help" &&
		equals "$(ls "$scratch")" "$(printf '%s\n' config stderr stdout)"
}
move=(rack1 -d sn2 -D sn2-c -i)

tap_expect "an option that is none" wrong "no option is named --nonsense" "${move[@]}" --nonsense
tap_expect "one that is nearly one" wrong "no option is named --paln; did you mean 'plan'?" "${move[@]}" --paln
tap_expect "one of other programs" wrong "no option is named --dry-run; here --plan" "${move[@]}" --dry-run
tap_expect "the beginning of one" wrong "no option is named --pla; did you mean 'plan'?" "${move[@]}" --pla
tap_expect "a letter that is none" wrong "no option is named -x ('-ix')" rack1 -d sn2 -ix
tap_expect "a value that is missing" wrong "--dest needs a value: --dest SN2" rack1 -D sn2-c -d
tap_expect "a value where there is none" wrong "--plan takes no value: '--plan=yes'" "${move[@]}" --plan=yes
tap_expect "an option as the value of another" wrong "--reason: '--plan' looks like an option; if you mean it: --reason=--plan" "${move[@]}" --reason --plan
tap_expect "also behind a letter" wrong "--dest: '-D' looks like an option; if you mean it: --dest=-D" rack1 -d -D sn2-c
tap_expect "a number that is none" wrong "--fanout is a number from 1 to 1024, and not 'abc'" "${move[@]}" --fanout=abc
tap_expect "a number that is too large" wrong "--timeout is a number from 1 to 86400, and not '86401'" "${move[@]}" --timeout 86401
tap_expect "a number below" wrong "--fanout is a number from 1 to 1024, and not '0'" "${move[@]}" --fanout 0
tap_expect "batches that are none" wrong "--batch: 'ten'" "${move[@]}" --batch ten
tap_expect "a check that is none" wrong "--force: no check is named 'pol'; did you mean 'pool'?; there are: all pool" "${move[@]}" --force=pol
tap_expect "a place that is none" wrong "--old must be keep, last or drop, not 'first'" "${move[@]}" --old first
tap_expect "a setting of two lines, which would be two" wrong "--set is one line, and not 'people.list=ops\\npeople.times=7'" \
	"${move[@]}" --set $'people.list=ops\npeople.times=7'
tap_expect "a run that is no number" wrong "'last' is not the number of a run" --undo=last
tap_expect "a run with a value too large" wrong "'99999999999999999999' is not the number of a run" --resume=99999999999999999999
tap_expect "a run whose number is not joined" wrong "--undo 1: the number of a run is joined: --undo=1" --undo 1
tap_expect "the same of a resume" wrong "--resume 7: the number of a run is joined: --resume=7" --resume 7
tap_expect "two commands" wrong "--undo and --status are two commands: give one of them" --status --undo
tap_expect "two commands, one with a value" wrong "--expand and --history are two commands" --history --expand rack1
tap_expect "a noderange for a command without" wrong "--status takes no noderange: 'rack1'" rack1 --status
tap_expect "a plan of a command without" wrong "--plan is for a move, for --undo and --reconcile: --resume has no plan" --resume --plan
tap_expect "an option of moves with another command" wrong "--batch is for a move, and not for --undo" --undo --batch 5
tap_expect "--check with --undo" wrong "--check is for a move, and not for --undo" --undo --check
tap_expect "another destination with a resume" wrong "--dest is for a move, and not for --resume" --resume -d sn3
tap_expect "a source with an undo" wrong "--source is for a move, and not for --undo" --undo -s sn1
tap_expect "-i with an undo" wrong "--ignorenodes is for a move, and not for --undo" --undo -i
only_looks() { # COMMAND OPTIONS-THAT-IT-HAS: each of the others is refused
	local option value words command=${1#--}
	read -ra words <<<"$1"
	while read -r option value; do
		[[ " $2 " == *" $option "* ]] ||
			wrong "$option is for a move, and not for --${command%%[ =]*}" "${words[@]}" "$option" "$value" || return
	done <<-'OPTIONS'
		--script site.lua
		--hooks hooks
		--without people
		--set people.times=7
		--postscripts syslog
		--force pool
		--reason disk
		--max-fail 5%
		--fanout 8
		--timeout 30
	OPTIONS
}
tap_expect "--verify has no procedure, no hooks, and changes nothing" only_looks --verify "--fanout --timeout"
tap_expect "--explain neither" only_looks "--explain cn001" "--fanout --timeout"
tap_expect "nor --expand" only_looks "--expand cn001" ""
tap_expect "nor --status" only_looks --status ""
tap_expect "nor --history" only_looks --history ""
tap_expect "nor --show" only_looks --show ""
tap_expect "--hooks-list has procedure and hooks, and runs none" only_looks --hooks-list "--script --hooks --without --set"
tap_expect "--fold of a move" wrong "--fold is for --expand, and not for a move" "${move[@]}" --fold
tap_expect "--json of a move" wrong "--json is for --explain, --verify, --status, --history and --show in this version" "${move[@]}" --json
tap_expect "two that exclude each other" wrong "--alive and --dead: give one of them" "${move[@]}" --alive --dead
tap_expect "two noderanges" wrong "one noderange at a time, not 2: join them with commas" rack1 rack2 -d sn2
tap_expect "nothing at all" wrong "name the nodes to move, or with -s the service node they leave"
tap_expect "-P with -i" wrong "-i does nothing on the nodes, so -P has nothing to run" "${move[@]}" -P syslog
tap_expect "-l of a run by steps" wrong "--liteonly and --only: give one of them" cn001 -d sn2 -l --only rows
tap_expect "an option of a later version" wrong "--color is not in this version yet" cn001 -d sn2 --color never
tap_expect "control characters are not sent to the terminal" wrong 'no option is named --\x1b[2J' $'--\x1b[2J'

# ---- Rows alone look at no other host ----

"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null
untouched() { # OPTIONS: no program is started, and no packet is sent
	strace -f -qq -e trace=execve,connect,sendto,socket -o "$scratch/trace" \
		env ASAN_OPTIONS=detect_leaks=0 "$build/snmove" --config "$scratch/config" "$@" >"$scratch/stdout" 2>"$scratch/stderr" || return
	! grep -E 'execve\("[^"]*(ssh|ping|/sh)"|AF_INET' "$scratch/trace"
}
tap_expect "--only rows asks no other host" untouched rack1 -d sn2 -D sn2-c --only rows
no_destination() {
	snmove rack2 -d sn2 --only rows
	status_is 2 && contains "$err" "with rows alone no host is asked: name the new service node as the nodes know it, with -D"
}
tap_expect "and wants -D, for the same reason" no_destination

tap_end
