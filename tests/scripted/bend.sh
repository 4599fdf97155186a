#!/usr/bin/env bash
# A procedure of a site that bends the default one: steps are replaced, put in, and taken out; the rest stays what it is.

. "$(dirname "$0")/../lib/tap.sh"
use_example_site ''
make_hooks

fresh() {
	rm -rf "$scratch/cluster.db" "$scratch/state" "${hooks:?}"/*
	"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null
}
bent() { # LUA: behind the default steps
	cat >"$scratch/bent.lua" <<-LUA
		local takeover, cluster = require "takeover", require "cluster"
		require "linux"
		$1
	LUA
	chmod 600 "$scratch/bent.lua"
}
move() {
	run "$build/snmove" rack1 -d sn2 -D sn2-c -i --config "$scratch/config" --hooks "$hooks" --script "$scratch/bent.lua"
}
row() { # COLUMN NODE
	sqlite3 "$scratch/cluster.db" "SELECT $1 FROM noderes WHERE node = '$2'"
}
steps() { # as they are told
	sed -n 's/^\([a-z]*\) .* s   .*/\1/p' <<<"$err" | paste -sd ' '
}

replaced() {
	fresh
	bent 'takeover.replace("servers", function(move)
		for _, node in ipairs(move.nodes) do cluster.set(node, "noderes.comments", "bent for " .. move:new(node).sn) end
	end, "a comment instead")'
	move && status_is 0 && equals "$(row comments cn001)" "bent for sn2" && equals "$(row servicenode cn001)" "sn2,sn1" &&
		contains "$err" "a comment instead" && [[ $(row tftpserver cn001) != sn2-c ]]
}
tap_expect "a step does what the site says, and the others what they did" replaced
emptied() {
	fresh
	bent 'takeover.replace("servers", nil)'
	move && status_is 0 && equals "$(row servicenode cn001)" "sn2,sn1" && [[ $(row tftpserver cn001) != sn2-c ]]
}
tap_expect "or nothing" emptied

inserted() {
	fresh
	bent 'takeover.insert("announce", { before = "release" }, "tells people", function(move)
		move:note("announced " .. #move.nodes)
	end)
	takeover.insert("last", { after = "applications" }, "for hooks")'
	printf 'return { name = "people", summary = "people", after = { announce = function(move) move:note("heard") end } }' >"$hooks/people.lua"
	chmod 644 "$hooks/people.lua"
	move && status_is 0 && contains "$out" "note: announced 20" && contains "$out" "note: heard" &&
		contains "$(steps)" "servers announce release" && contains "$(steps)" "nodes verify"
}
tap_expect "a step is put before another one, hooks stand around it, and an empty one is there for hooks" inserted

joined() { # what is between joined steps belongs to their commit
	fresh
	bent 'takeover.insert("comment", { before = "xcatmaster" }, "who serves them", function(move)
		for _, node in ipairs(move.nodes) do cluster.set(node, "noderes.comments", "joined") end
	end)
	takeover.replace("servers", function() error("it fails") end)'
	move
	status_is 1 && contains "$err" "it fails" && equals "$(row comments cn001)" '' && equals "$(row servicenode cn001)" ''
}
tap_expect "between joined steps it is joined: a later one that fails takes its rows along" joined

removed() {
	fresh
	bent 'takeover.remove("servers") takeover.remove("monitoring")'
	move
	status_is 0 && equals "$(row servicenode cn001)" "sn2,sn1" && equals "$(row xcatmaster cn001)" "sn2-c" &&
		[[ $(row tftpserver cn001) != sn2-c ]] && [[ " $(steps) " != *" servers "* ]] || return
	printf 'return { name = "gone", summary = "gone", after = { monitoring = function() end } }' >"$hooks/gone.lua"
	chmod 644 "$hooks/gone.lua"
	snmove --undo
	move
	status_is 1 && contains "$err" "'monitoring' is no step"
}
tap_expect "a step that is taken out is no step: not for --only, nor for hooks" removed

undone() {
	fresh
	bent 'takeover.insert("comment", { after = "servers" }, "who serves them", function(move)
		for _, node in ipairs(move.nodes) do cluster.set(node, "noderes.comments", "bent") end
	end)'
	move && status_is 0 && equals "$(row comments cn001)" bent || return
	snmove --undo
	status_is 0 && equals "$(row comments cn001)" ''
}
tap_expect "what a bent procedure has changed is undone" undone

wrong() { # LUA WORDS
	fresh
	bent "$1"
	move
	status_is 1 && contains "$err" "$2" && contains "$err" bent.lua && equals "$(row servicenode cn001)" ''
}
tap_expect "a step that is not there is named" wrong 'takeover.replace("boots", function() end)' "there is no step 'boots'; did you mean 'boot'?"
tap_expect "so is a place that is none" wrong 'takeover.insert("a", { before = "x" }, "")' "there is no step 'x'"
tap_expect "it is so for what goes in batches" wrong 'takeover.batched("nodse")' "there is no step 'nodse'; did you mean 'nodes'?"
tap_expect "and for what runs at every end" wrong 'takeover.always("thaw", "finishd")' "there is no step 'finishd'; did you mean 'finished'?"
tap_expect "a place has no other fields" wrong 'takeover.insert("a", { before = "boot", afther = "dhcp" }, "")' "the place has no field 'afther'; did you mean 'after'?"
tap_expect "nor one without a name" wrong 'takeover.insert("a", { "boot" }, "")' "{ before = STEP } or { after = STEP } expected"
tap_expect "and one that is two" wrong 'takeover.insert("a", { before = "boot", after = "boot" }, "")' "{ before = STEP } or { after = STEP } expected"
tap_expect "a step that is there already" wrong 'takeover.insert("boot", { before = "dhcp" }, "")' "there is a step 'boot' already"
tap_expect "what is no function" wrong 'takeover.replace("boot", 1)' "function expected"
tap_end
