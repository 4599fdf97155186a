#!/usr/bin/env bash
# What a hook notes is on disk when it is set, for every later attempt; and how a run has ended is
# told to its last steps.  The service nodes are this machine, in a network of the test's own.

. "$(dirname "$0")/../lib/tap.sh"
make_hooks
use_example_site "hooks = \"$hooks\""

move=(rack1 -d sn2 -D sn2-c -i)

# Jobs are drained in freeze and resumed in thaw; the drain is noted, and not repeated.  Where the
# file named `kill` is, the program is killed right behind it.
fresh() { # [LUA to run in the step servicenode]
	rm -rf "$scratch/cluster.db" "$scratch/state" "$scratch"/drained "$scratch"/kill*
	"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null || return
	cat >"$hooks/drain.lua" <<-LUA
		local remote = require "remote"
		local function sh(command) remote.run("sn1", command, { repeatable = true }) end
		local function kill_if(name) sh("[ ! -e $scratch/kill-" .. name .. " ] || { rm $scratch/kill-" .. name .. "; kill -KILL \$PPID; sleep 5; }") end
		local function drain(move)
			if not move.notes.drained then
				sh("echo x >>$scratch/drained")
				move.notes.drained = "sn1"
			end
			kill_if("freeze")
		end
		local function undrain(move)
			log.warn("%s: %s", move.attempt, tostring(move.outcome))
			if move.notes.drained then
				sh("rm $scratch/drained")
				move.notes.drained = nil
			end
		end
		local function work(move) $* end
		return { name = "drain", summary = "drains jobs", after = { freeze = drain, thaw = undrain,
			servicenode = work, nodes = function(move) kill_if("nodes") end } }
	LUA
	chmod 644 "$hooks/drain.lua"
}
drained() { # once, and still so
	equals "$(cat "$scratch/drained")" x
}
running_again() {
	[ ! -e "$scratch/drained" ] || {
		echo "the jobs are still drained"
		return 1
	}
}
told() { # "ATTEMPT: OUTCOME", by the last steps
	contains "$err" "$1"
}
killed_in() { # STEP
	fresh && touch "$scratch/kill-$1" || return
	snmove "${move[@]}"
	status_is 137 && drained
}

resumed() { # STEP
	killed_in "$1" || return
	snmove --resume --force=changed
	status_is 0 && running_again && told "resume: done"
}
undone() { # STEP
	killed_in "$1" || return
	snmove --undo
	status_is 0 && running_again && told "undo: undone"
}
closed() { # STEP
	killed_in "$1" || return
	snmove --close=1
	status_is 0 && running_again && told "undo: stopped"
}
for step in freeze nodes; do
	tap_expect "a kill in $step does not lose what a hook has paused: a resume goes on with it" resumed $step
	tap_expect "after a kill in $step an undo knows what is paused" undone $step
	tap_expect "after a kill in $step a close knows what is paused" closed $step
done

undo_killed() { # the undo's own freeze drains, and is killed
	fresh
	snmove "${move[@]}"
	status_is 0 && running_again || return
	touch "$scratch/kill-freeze"
	snmove --undo
	status_is 137 && drained || return
	snmove --resume
	status_is 0 && running_again && told "undo: undone"
}
tap_expect "what an undo has noted before it was killed is known to the next one" undo_killed

# A queue is closed in freeze and open again behind thaw, by a file; each attempt does both.
undo_killed_in_thaw() {
	fresh
	cat >"$hooks/queue.lua" <<-LUA
		local remote = require "remote"
		local function is(state) return function() remote.put("sn1", { ["$scratch/queue"] = state }) end end
		local function open(move)
			is("open")()
			remote.run("sn1", "[ ! -e $scratch/kill ] || { rm $scratch/kill; kill -KILL \$PPID; sleep 5; }", { repeatable = true })
		end
		return { name = "queue", summary = "closes a queue", after = { freeze = is("closed"), thaw = open } }
	LUA
	chmod 644 "$hooks/queue.lua"
	echo open >"$scratch/queue"
	snmove "${move[@]}"
	status_is 0 && equals "$(cat "$scratch/queue")" open || return
	touch "$scratch/kill"
	snmove --undo
	status_is 137 && equals "$(cat "$scratch/queue")" open || return
	snmove --resume
	rm "$hooks/queue.lua"
	status_is 0 && equals "$(cat "$scratch/queue")" open
}
tap_expect "what an undo's freeze has closed its thaw opens, though one that was killed had opened it before" undo_killed_in_thaw

outcomes() { # LUA, STATUS, OUTCOME [ARGUMENTS...]
	local lua=$1 wanted=$2 outcome=$3
	shift 3
	fresh "$lua"
	snmove "${move[@]}" "$@"
	status_is "$wanted" && told "first: $outcome"
}
tap_expect "the last steps are told of a run that is done" outcomes '' 0 'done'
tap_expect "and of work that is owed" outcomes 'move:owe({ "cn001" }, "call the owner")' 3 owed
tap_expect "and that it stopped part-way" outcomes 'error("no")' 4 stopped
tap_expect "and that it was interrupted" outcomes 'sh("kill -INT $PPID")' 130 interrupted
refused() { # nothing was begun
	fresh 'move:refuse("not today")'
	sed -i 's/after = { freeze = drain, /after = { /' "$hooks/drain.lua"
	snmove "${move[@]}"
	status_is 1 && told "first: refused"
}
tap_expect "and that it was refused" refused
before_the_end() {
	fresh 'log.warn("outcome %s", tostring(move.outcome))'
	snmove "${move[@]}"
	status_is 0 && contains "$err" "outcome nil"
}
tap_expect "before the last steps there is no outcome" before_the_end

in_a_plan() {
	fresh 'log.warn("drained %s", tostring(move.notes.drained))'
	snmove "${move[@]}" --plan
	status_is 0 && contains "$err" "drained sn1" && [ ! -e "$scratch/state" ]
}
tap_expect "a plan notes nothing on disk, and its later steps read what it has noted" in_a_plan

tap_end
