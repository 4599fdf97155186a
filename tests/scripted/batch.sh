#!/usr/bin/env bash
# Nodes in batches (--batch), and when so many have failed that no more is begun (--max-fail).

. "$(dirname "$0")/../lib/tap.sh"

site=$source_tree/docs/example-site
hooks=$scratch/hooks
db=$scratch/cluster.db
mkdir -m 755 "$hooks" "$scratch/scripts"
cat >"$scratch/config" <<CONFIGURATION
return { hosts_file = "$site/hosts", resolve_time = 0, connect_time = 2, db = "sqlite:$db", state = "$scratch/state",
	hooks = "$hooks" }
CONFIGURATION
chmod 600 "$scratch/config"

fresh() { # nothing has happened, no hooks
	rm -rf "$db" "$scratch/state" "${hooks:?}"/* "$scratch/bad" "$scratch/log" "$scratch/thawed"
	mkdir "$scratch/bad"
	: >"$scratch/log"
	"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null
}
hook() { # NAME: the text comes on standard input
	cat >"$hooks/$1.lua"
	chmod 644 "$hooks/$1.lua"
}
move() { # cn001-cn020, without the notes of what is not done yet
	snmove rack1 -d sn2 -D sn2-c -i "$@"
}
row() { # COLUMN NODE: its own cell in noderes
	sqlite3 "$db" "SELECT $1 FROM noderes WHERE node = '$2'"
}
lines() { # PATTERN: those lines of stdout
	grep -- "$1" <<<"$out"
}

# A command for each node, run on sn1, which is this machine: it says so in log, and fails if
# the node is in bad.
work() { # PLACE STEP [OPTIONS]: $extra is more of the hook
	hook work <<-LUA
		local remote = require "remote"
		return { name = "work", summary = "works on each node", ${extra:-}
			$1 = { $2 = function(move)
				for _, node in ipairs(move.nodes) do
					remote.run("sn1", "[ ! -e $scratch/bad/" .. node .. " ] && echo " .. node .. " >>$scratch/log",
						{ nodes = { node }, undo = "sed -i /" .. node .. "/d $scratch/log", ${3:-} })
				end
			end } }
	LUA
}
bad() { # NODE...: their commands fail
	local node
	for node in "$@"; do : >"$scratch/bad/$node"; done
}
mend() {
	rm -f "$scratch"/bad/*
}
worked() { # the nodes whose commands were run, in their order
	paste -sd ' ' <"$scratch/log"
}
nodes() { # FIRST LAST
	seq -f 'cn%03g' "$1" "$2" | paste -sd ' '
}

# What batches are.
turns() {
	hook turns <<-'LUA'
		local cluster = require "cluster"
		local function say(what)
			return function(move) print(what .. " " .. cluster.fold(move.nodes)) end
		end
		return { name = "turns", summary = "says whose turn it is",
			before = { nodes = say "before", applications = say "later" }, after = { nodes = say "after" } }
	LUA
}
all_at_once() {
	fresh && turns
	move
	status_is 0 && equals "$(lines '^before\|^after')" $'before cn[001-020]\nafter cn[001-020]'
}
tap_expect "without --batch there is one batch of all nodes" all_at_once

in_turn() {
	fresh && turns
	move --batch 1,50%
	status_is 0 && equals "$(lines '^before\|^after\|^later')" "$(printf '%s\n' 'before cn001' 'after cn001' \
		'before cn[002-011]' 'after cn[002-011]' 'before cn[012-020]' 'after cn[012-020]' 'later cn[001-020]')" &&
		contains "$err" "nodes        batch 1 of 3: 1 of 20 nodes, 0 failed" &&
		contains "$err" "nodes        batch 3 of 3: 20 of 20 nodes, 0 failed"
}
tap_expect "the nodes of each batch have their turn, with the hooks around it; other steps have all" in_turn

step_in_turn() {
	fresh && turns
	cat >"$scratch/scripts/own.lua" <<-'LUA'
		local cluster, takeover = require "cluster", require "takeover"
		takeover.step("nodes", "says who", function(move)
			print("step " .. cluster.fold(move.nodes))
			for _, node in ipairs(move.nodes) do
				cluster.set(node, "noderes.comments", move:new("cn001").sn .. " " .. move:new("cn020").sn)
			end
		end)
		takeover.step("applications", "for hooks")
		takeover.batched("nodes")
	LUA
	chmod 644 "$scratch/scripts/own.lua"
	move --batch 19 --script "$scratch/scripts/own.lua"
	status_is 0 && equals "$(lines '^before\|^step\|^after')" "$(printf '%s\n' 'before cn[001-019]' 'step cn[001-019]' \
		'after cn[001-019]' 'before cn020' 'step cn020' 'after cn020')" &&
		equals "$(row comments cn001)" "sn2 sn2" && equals "$(row comments cn020)" "sn2 sn2" &&
		contains "$err" "nodes        20 changes         20 nodes"
}
tap_expect "the step's function goes between, and old and new are known of all nodes; rows are one commit" step_in_turn

kept_move() {
	fresh
	hook kept <<-'LUA'
		local cluster, kept = require "cluster", nil
		return { name = "kept", summary = "keeps move", when = function(move) kept = move return #move.nodes > 0 end,
			before = { nodes = function(move) assert(#kept.nodes == #move.nodes) print("kept " .. cluster.fold(kept.nodes)) end,
				applications = function() print("kept " .. cluster.fold(kept.nodes)) end } }
	LUA
	move --batch 15
	status_is 0 && equals "$(lines ^kept)" $'kept cn[001-015]\nkept cn[016-020]\nkept cn[001-020]'
}
tap_expect "a move that a hook has kept has the nodes of the batch, too" kept_move

beyond() {
	fresh && turns
	move --batch 1,1000
	status_is 0 && equals "$(lines ^before)" $'before cn001\nbefore cn[002-020]'
}
tap_expect "a batch beyond the last node has what is left" beyond

left_out() { # STEP BATCH WHO...: said to have no name around that step
	local step=$1 batch=$2 whose
	shift 2
	fresh && turns
	hook names <<-LUA
		return { name = "names", summary = "finds problems", before = { $step = function(move)
			if move.nodes[1] == "cn001" then move:problem("names", { "cn002", "cn003" }, "no address", "one") end
		end } }
	LUA
	move --force=names --batch "$batch"
	printf -v whose 'before %s\n' "$@"
	status_is 3 && equals "$(lines ^before)" "${whose%$'\n'}"
}
tap_expect "nodes that were left out are in no batch, and percents are of the others" left_out check 2,50% \
	'cn[001,004]' 'cn[005-013]' 'cn[014-020]'
tap_expect "a node that leaves the move before its batch has its turn takes no other one with it" left_out nodes 1,1,1,4,100 \
	cn001 'cn[004-007]' 'cn[008-020]'

# The plan.
planned() {
	fresh && work after nodes
	move --batch 1,10,25% --plan
	status_is 0 && equals "$(sed -n 2p <<<"$out")" "in batches of 1, 10, 5, 4" && equals "$(worked)" '' &&
		contains "$out" "nothing written" && ! contains "$err" batch
}
tap_expect "--plan says in what batches the nodes will go, in its second line" planned

planned_fold() {
	fresh
	hook fold <<-'LUA'
		local cluster = require "cluster"
		return { name = "fold", summary = "sets a row", after = { nodes = function(move)
			for _, node in ipairs(move.nodes) do cluster.set(node, "noderes.comments", "x") end
		end } }
	LUA
	move --batch 3 --plan
	status_is 0 && contains "$out" "in batches of 3 each" && contains "$out" "(none) -> x" &&
		equals "$(lines 'noderes.comments' | wc -l)" 1 && contains "$(lines noderes.comments)" "cn[001-020]"
}
tap_expect "equal changes of several batches are one line of the plan" planned_fold

not_in_plan() { # ARGUMENTS...
	fresh
	move --plan "$@"
	status_is 0 && ! contains "$out" "batch"
}
tap_expect "without --batch the plan says nothing of batches" not_in_plan
tap_expect "nor does --max-fail alone" not_in_plan --max-fail 2
in_vain() {
	fresh
	move --batch 5 --skip nodes --plan
	status_is 0 && ! contains "$out" batch && contains "$err" "--batch does nothing: no step that will run goes in batches"
}
tap_expect "batches in which no step goes are a warning" in_vain
checked() {
	fresh
	move --batch 5 --check
	status_is 0 && ! contains "$out$err" batch
}
tap_expect "--check has no batches" checked

# Wrong usage.
wrong() { # OPTION TEXT SAYS
	snmove rack1 -d sn2 -D sn2-c -i "$1=$2"
	status_is 2 && contains "$err" "$1: $3" && contains "$err" "snmove --help"
}
fresh
for text in 0 1,0 101% 0% 1.5 ten -1 ' 1' 1%% 5x; do
	tap_expect "--batch '$text' is wrong usage" wrong --batch "$text" "'$text': '${text##*,}' is neither a number of nodes"
done
tap_expect "an empty element of --batch is wrong usage" wrong --batch 1,,2 "'1,,2': '' is neither"
tap_expect "an empty --batch is wrong usage" wrong --batch '' "it is empty"
for text in 0 0% 101% 1,2 ten ''; do
	tap_expect "--max-fail '$text' is wrong usage" wrong --max-fail "$text" "'$text' is neither a number of nodes"
done
wrong_resume() {
	snmove --resume --max-fail 0
	status_is 2 && contains "$err" "--max-fail: '0'"
}
tap_expect "a wrong --max-fail is wrong usage with --resume, too" wrong_resume

# Which steps may go in batches.
procedure() { # SAYS LINE...: what a procedure is refused with
	local says=$1
	shift
	fresh
	{
		echo 'local takeover = require "takeover"'
		for step in check freeze rows more nodes verify thaw last; do
			echo "takeover.step('$step', 'a step')"
		done
		printf '%s\n' "$@"
	} >"$scratch/scripts/own.lua"
	chmod 644 "$scratch/scripts/own.lua"
	snmove rack1 -d sn2 -D sn2-c -i --script "$scratch/scripts/own.lua"
	status_is 1 && contains "$err" "$says"
}
tap_expect "the first of joined steps may not go in batches" \
	procedure "the step 'rows' cannot go in batches (takeover.batched): it is joined with another one" \
	'takeover.batched("rows")' 'takeover.join("rows", "more")'
tap_expect "the last of them may not either" \
	procedure "the step 'more' cannot go in batches (takeover.batched): it is joined" \
	'takeover.join("rows", "more")' 'takeover.batched("nodes", "more")'
for step in check freeze thaw verify; do
	tap_expect "the step $step may not go in batches" \
		procedure "the step '$step' cannot go in batches (takeover.batched): it is for the move as a whole" \
		"takeover.batched('$step')"
done
tap_expect "a step of every end may not go in batches" \
	procedure "the step 'last' cannot go in batches (takeover.batched): it runs at every end" \
	'takeover.batched("last")' 'takeover.always("last")'
tap_expect "a step that is not there may not either" procedure "there is no step 'nodse'" 'takeover.batched("nodse")'

# Enough have failed.
canary() {
	fresh && work after nodes
	bad cn001
	move --batch 1,10 --max-fail 1
	status_is 4 && contains "$err" \
		"max-fail: 1 of 20 nodes failed (cn001), as many as --max-fail allows; not begun: cn[002-020]" &&
		equals "$(worked)" '' && contains "$out" "run 1 stopped part-way" && contains "$out" "$typed --resume=1" &&
		contains "$out" "$typed --undo=1" && ! contains "$err" traceback
}
tap_expect "a canary that fails leaves the others as they are, and the run stops part-way" canary

stays_open() {
	snmove --status
	contains "$out" "run 1 is open" || return 1
	move
	status_is 5
}
tap_expect "it is open then" stays_open

still_bad() {
	snmove --resume
	status_is 4 && contains "$err" "max-fail: 1 of 20 nodes failed (cn001)" && equals "$(worked)" ''
}
tap_expect "a resume before it is mended stops there again" still_bad

resumed() {
	mend
	snmove --resume
	status_is 0 && equals "$(worked)" "$(nodes 1 20)" && contains "$err" "batch 3 of 3: 20 of 20 nodes, 0 failed"
}
tap_expect "a resume after it is mended tries it again, counts it no more, and goes on with the rest" resumed

undone() {
	snmove --undo=1
	status_is 0 && equals "$(worked)" '' && equals "$(row servicenode cn001)" ''
}
tap_expect "an undo takes back all batches" undone

second_batch() {
	fresh && work after nodes
	bad cn003 cn005
	move --batch 1,4 --max-fail 2
	status_is 4 && contains "$err" "2 of 20 nodes failed (cn[003,005])" && contains "$err" "not begun: cn[006-020]" &&
		contains "$err" "nodes        batch 1 of 6: 1 of 20 nodes, 0 failed" && ! contains "$err" "batch 2 of" &&
		equals "$(worked)" "cn001 cn002 cn004" || return 1
	mend
	snmove --resume
	status_is 0 && equals "$(worked)" "cn001 cn002 cn004 cn003 $(nodes 5 20)"
}
tap_expect "a resume does not repeat what is done, neither in the batch that failed nor before it" second_batch

undone_part() {
	fresh && work after nodes
	bad cn002
	move --batch 1 --max-fail 1
	status_is 4 && equals "$(worked)" cn001 || return 1
	snmove --undo=1
	status_is 0 && equals "$(worked)" '' && equals "$(row servicenode cn020)" '' || return 1
	snmove --status
	contains "$out" "no run is open"
}
tap_expect "an undo takes back the part that was done" undone_part

percent() {
	fresh && work after nodes
	bad cn001 cn002 cn003
	move --batch 2 --max-fail 11% # of 20: 2.2, so the third
	status_is 4 && contains "$err" "3 of 20 nodes failed (cn[001-003])" && equals "$(worked)" ''
}
tap_expect "a percentage is of all nodes of the move, rounded up" percent

fewer() {
	fresh && work after nodes
	bad cn001 cn002 cn003
	move --batch 2 --max-fail 4
	status_is 3 && equals "$(worked)" "$(nodes 4 20)" && contains "$out" "owed: sn1: cn003: " && contains "$err" "batch 10 of 10: 20 of 20 nodes, 3 failed"
}
tap_expect "fewer failures do not stop it" fewer

no_limit() {
	fresh && work after nodes
	for node in $(nodes 1 20); do bad "$node"; done
	move --batch 2
	status_is 3 && contains "$err" "batch 10 of 10: 20 of 20 nodes, 20 failed"
}
tap_expect "without --max-fail any number may fail" no_limit

once_each() {
	fresh
	hook twice <<-LUA
		local remote = require "remote"
		return { name = "twice", summary = "fails three times for a node", after = { nodes = function(move)
			for i = 1, 3 do remote.run("sn1", "exit " .. i, { nodes = { move.nodes[1] } }) end
			remote.run("sn1", "exit 1")
			remote.run("sn1", "exit 2", { nodes = { "cn040" } })
			remote.query("sn1", "exit 3", { nodes = { "cn002" } })
		end } }
	LUA
	move --max-fail 2
	status_is 3 && contains "$out" "run 1 done, with work owed"
}
tap_expect "a node counts once; hosts that are for no node, and questions, do not count" once_each

over_steps() {
	fresh
	hook steps <<-LUA
		local remote = require "remote"
		local function fail(node)
			return function() remote.run("sn1", "exit 1", { nodes = { node } }) end
		end
		return { name = "steps", summary = "fails in several steps", before = { dhcp = fail "cn001" },
			after = { nodes = fail "cn002", monitoring = fail "cn003", hardware = function() print("too late") end } }
	LUA
	move --max-fail 3 --batch 10
	status_is 4 && contains "$err" "3 of 20 nodes failed (cn[001-003]), as many as" && ! contains "$out" "too late" &&
		! contains "$err" "not begun"
}
tap_expect "nodes that fail in several steps are counted together" over_steps

# Nodes without an sshd cannot be reached, and one command is for all of them.
unreachable() { # STEP
	hook all <<-LUA
		local remote = require "remote"
		return { name = "all", summary = "is for all nodes", ${extra:-}
			after = { $1 = function(move)
				remote.run(move.nodes, "true", { fanout = 1, via = "direct" })
				print("went on")
			end } }
	LUA
}
in_call() {
	fresh && unreachable applications
	move --max-fail 3
	status_is 4 && contains "$err" \
		"max-fail: 3 of 20 nodes failed (cn[001-003]), as many as --max-fail allows; not begun: cn[004-020]" &&
		! contains "$out" "went on" && ! contains "$err" traceback || return 1
	snmove --status
	contains "$out" "run 1 is open"
}
tap_expect "nodes that cannot be reached count, in every step, and the call itself stops" in_call

in_call_batched() {
	fresh && unreachable nodes
	move --batch 2 --max-fail 3
	status_is 4 && contains "$err" "batch 1 of 10: 2 of 20 nodes, 2 failed" &&
		contains "$err" "failed (cn[001-003]), as many as --max-fail allows; not begun: cn[004-020]" && equals "$(lines '^went on')" "went on"
}
tap_expect "those of later batches are told as not begun" in_call_batched

other_limit() {
	snmove --resume --max-fail 100%
	status_is 4 && contains "$err" "20 of 20 nodes failed" || return 1
	snmove --resume=1 --max-fail 21
	status_is 3 && contains "$out" "went on"
}
tap_expect "a resume can be given another --max-fail" other_limit

goes_on_itself() { # what a script makes of the error does not matter
	fresh
	hook stubborn <<-LUA
		local remote = require "remote"
		return { name = "stubborn", summary = "goes on", after = { applications = function(move)
			for _, node in ipairs(move.nodes) do
				pcall(remote.run, "sn1", "echo " .. node .. " >>$scratch/log; exit 1", { nodes = { node } })
			end
		end } }
	LUA
	move --max-fail 2
	status_is 4 && equals "$(worked)" "cn001 cn002" && contains "$err" "not begun: cn[003-020]"
}
tap_expect "a script that catches the error begins no more" goes_on_itself

own_error() {
	fresh
	hook judges <<-LUA
		local remote = require "remote"
		return { name = "judges", summary = "says why", after = { applications = function(move)
			local result = remote.run("sn1", "exit 1", { nodes = { "cn007" } }).sn1
			if result.status ~= 0 then error("cn007 has no disk") end
		end } }
	LUA
	move --max-fail 1
	status_is 4 && contains "$err" "warning: hook 'judges', after.applications" && contains "$err" "cn007 has no disk" &&
		contains "$err" "error: max-fail: 1 of 20 nodes failed (cn007)"
}
tap_expect "what a script itself says of the failure is told" own_error

rows_of_stopped() {
	fresh && work after nodes
	hook rows <<-'LUA'
		local cluster = require "cluster"
		return { name = "rows", summary = "sets rows", before = { nodes = function(move)
			for _, node in ipairs(move.nodes) do cluster.set(node, "noderes.comments", "x") end
		end } }
	LUA
	bad cn003
	move --batch 2 --max-fail 1
	status_is 4 && equals "$(row comments cn001)" '' || return 1
	mend
	snmove --resume
	status_is 0 && equals "$(row comments cn001)$(row comments cn020)" xx
}
tap_expect "rows that hooks set in batches are written when all are through" rows_of_stopped

nothing_begun() {
	fresh && unreachable nodes
	move --only nodes --max-fail 1
	status_is 1 && contains "$err" "max-fail:" && contains "$out" "nothing changed"
}
tap_expect "where nothing was begun nothing is open" nothing_begun

thaws() {
	fresh
	thaw="thaw = function() require('remote').run('sn1', 'echo yes >>$scratch/thawed') end,"
	hook work <<-LUA
		local remote = require "remote"
		return { name = "work", summary = "stops, and thaws", after = { $thaw nodes = function(move)
			$1
		end } }
	LUA
	move --max-fail 1 --batch 1
	status_is "$2" && equals "$(cat "$scratch/thawed")" yes && contains "$out" "$typed --resume=1"
}
tap_expect "commands of the last steps are run when too many have failed" thaws \
	'remote.run("sn1", "exit 1", { nodes = { move.nodes[1] } })' 4

# Interrupted: the command sends the signal to snmove, which is its shell's parent.
tap_expect "and after an interrupt" thaws 'remote.run("sn1", "kill -INT $PPID")' 130

interrupted() {
	fresh
	turns
	hook signal <<-LUA
		local remote = require "remote"
		return { name = "signal", summary = "sends one", after = { nodes = function(move)
			remote.run("sn1", "echo " .. move.nodes[1] .. " >>$scratch/log")
			if move.nodes[1] == "cn003" and move.attempt == "first" then remote.run("sn1", "kill -INT \$PPID") end
		end } }
	LUA
	move --batch 2
	status_is 130 && contains "$out" "interrupted, state saved" && equals "$(lines ^after | tail -n 1)" "after cn[003-004]" &&
		equals "$(worked)" "cn001 cn003" || return 1
	sed -i 's/move.attempt == "first"/false/' "$hooks/signal.lua"
	snmove --resume --force=changed
	status_is 0 && equals "$(worked)" "$(seq -f 'cn%03g' 1 2 19 | paste -sd ' ')"
}
tap_expect "an interrupt stops between two batches, and a resume goes on with the rest" interrupted

same_text() { # one text on one host for all batches: counted through them
	fresh
	hook same <<-LUA
		local remote = require "remote"
		return { name = "same", summary = "one command a batch", after = { nodes = function(move)
			remote.run("sn1", 'echo "\$NODE" >>$scratch/log; [ ! -e "$scratch/bad/\$NODE" ]',
				{ nodes = { move.nodes[1] }, env = { NODE = move.nodes[1] } })
		end } }
	LUA
	bad cn007
	move --batch 3 --max-fail 1
	status_is 4 && equals "$(worked)" "cn001 cn004 cn007" || return 1
	mend
	snmove --resume
	status_is 0 && equals "$(worked)" "cn001 cn004 cn007 cn007 cn010 cn013 cn016 cn019"
}
tap_expect "one text that is run once in each batch is known by its batch in a resume" same_text

# A command that kills snmove: nobody knows how it ended.
killed() { # OPTIONS
	fresh
	hook kills <<-LUA
		local remote = require "remote"
		return { name = "kills", summary = "ends the program the first time", after = { applications = function(move)
			if move.attempt == "resume" and not io.open("$scratch/mended") then
				pcall(remote.run, "sn1", "exit 1", { nodes = { "cn005" } })
			end
			remote.run("sn1", "kill -KILL \$PPID", { nodes = { "cn002" }, ${1:-} })
			remote.run("sn1", "echo behind it >>$scratch/log")
		end } }
	LUA
	move --max-fail 1
	status_is 137 || return 1
	snmove --resume
}
not_asked() {
	rm -f "$scratch/mended"
	killed 'done = "true"'
	status_is 4 && contains "$err" "1 of 20 nodes failed (cn005)" && contains "$err" "not begun: cn002" || return 1
	snmove --show
	! contains "$out" unknown || return 1
	touch "$scratch/mended"
	snmove --resume
	status_is 0 && equals "$(worked)" "behind it"
}
tap_expect "a host that a resume does not get to ask is not begun, and not unknown" not_asked

unknown() {
	touch "$scratch/mended"
	killed
	status_is 4 && contains "$err" "1 of 20 nodes failed (cn002), as many as" && equals "$(worked)" '' || return 1
	snmove --resume --max-fail 2
	status_is 3 && contains "$out" "owed: sn1: cn002: " && equals "$(worked)" "behind it"
}
tap_expect "a node of which a resume does not know how its command ended counts" unknown

options_seen() {
	fresh
	hook options <<-'LUA'
		return { name = "options", summary = "tells", before = { nodes = function(move)
			print(move.options.batch, move.options["max-fail"]) end } }
	LUA
	move --batch 100% --max-fail 5% --plan
	status_is 0 && contains "$out" $'100%\t5%' && contains "$out" "in one batch of 20"
}
tap_expect "a hook sees what was typed" options_seen
tap_end
