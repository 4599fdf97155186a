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
	run "$build/snmove" rack1 -d sn2 -D sn2-c -i --config "$scratch/config" --hooks "$hooks" --script "$scratch/bent.lua" "$@"
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

selected() {
	fresh
	bent 'takeover.insert("some", { before = "release" }, "for some", function(move)
		move:note("some: " .. cluster.fold(move.nodes))
	end)
	takeover.select("some", { "nodetype.os" }, function(has, old, new) return has["nodetype.os"] == "rocky9" and new.sn == "sn2" end)'
	printf 'return { name = "people", summary = "people", before = { some = function(move) move:note("hears " .. #move.nodes) end } }' >"$hooks/people.lua"
	chmod 644 "$hooks/people.lua"
	sqlite3 "$scratch/cluster.db" "UPDATE nodetype SET os = NULL;
		INSERT INTO nodetype (node, os) VALUES ('cn003', 'rocky9'), ('cn004', 'rocky9'), ('cn005', 'rocky9')
		ON CONFLICT (node) DO UPDATE SET os = 'rocky9'"
	move
	status_is 0 && contains "$out" "note: some: cn[003-005]" && contains "$out" "note: hears 3" &&
		contains "$err" "     3 nodes" && equals "$(row servicenode cn001)" "sn2,sn1" || return
	snmove --undo
	move --batch 2
	contains "$out" "note: some: cn[003-005]"
}
tap_expect "a step is for some nodes, and so are the hooks around it" selected
selected_batches() {
	fresh
	bent 'takeover.select("applications", {}, function() return false end)
	takeover.replace("monitoring", function(move) move:note("batch " .. cluster.fold(move.nodes)) end)
	takeover.batched("monitoring")
	takeover.select("monitoring", { "noderes.servicenode" }, function() return true end)'
	printf 'return { name = "people", summary = "people", after = { applications = function(move) move:note("heard") end } }' >"$hooks/people.lua"
	chmod 644 "$hooks/people.lua"
	move --batch 12
	status_is 0 && contains "$out" "note: batch cn[001-012]" && contains "$out" "note: batch cn[013-020]" && [[ $out != *heard* ]] &&
		contains "$err" "     0 nodes"
}
tap_expect "it goes in batches all the same; for none no hook is asked" selected_batches
tap_expect "what belongs to the move as a whole is for all nodes" wrong 'takeover.select("check", {}, print)' "the step 'check' cannot be for some nodes only (takeover.select): it is for the move as a whole"
tap_expect "so is what runs at every end" wrong 'takeover.select("finished", {}, print)' "cannot be for some nodes only (takeover.select): it runs at every end"

own='takeover.option("announce", nil, "says whom to tell, for this test", "WHOM")
	takeover.option("quiet", "q", "tells nobody")
	takeover.insert("tell", { before = "release" }, "tells people", function(move)
		move:note("told " .. tostring(move.options.announce) .. ", quiet " .. tostring(move.options.quiet))
	end)'
own_options() {
	fresh
	bent "$own"
	move --announce ops -q
	status_is 0 && contains "$out" "note: told ops, quiet true" || return
	snmove --undo && move --announce=-ops
	status_is 0 && contains "$out" "note: told -ops, quiet nil" || return
	snmove --undo && move
	status_is 0 && contains "$out" "note: told nil, quiet nil"
}
tap_expect "a procedure has options of its own, long and short, with and without a value" own_options
own_in_help() {
	bent "$own"
	run "$build/snmove" --help --script "$scratch/bent.lua"
	status_is 0 && contains "$out" "Of the procedure $scratch/bent.lua:" &&
		contains "$out" "      --announce WHOM         says whom to tell, for this test" && contains "$out" "  -q, --quiet " || return
	printf 'return { script = "%s/bent.lua" }\n' "$scratch" >"$scratch/named"
	chmod 600 "$scratch/named"
	run "$build/snmove" --help --config "$scratch/named"
	status_is 0 && contains "$out" "--announce WHOM" || return
	run "$build/snmove" --help
	status_is 0 && [[ $out != *announce* ]]
}
tap_expect "they stand in --help, wherever the procedure is named" own_in_help
own_wrong() { # ARGUMENTS... WORDS
	fresh
	bent "$own"
	move "${@:1:$#-1}"
	contains "$err" "${*: -1}" && equals "$(row servicenode cn001)" ''
}
tap_expect "one that is nearly so is named" own_wrong --anounce ops "no option is named --anounce; did you mean 'announce'?"
tap_expect "one without its value is told" own_wrong --announce "--announce needs a value: --announce WHOM"
tap_expect "and a value too much" own_wrong --quiet=yes "--quiet takes no value: '--quiet=yes'"
own_elsewhere() {
	bent "$own"
	run "$build/snmove" --hooks-list --quiet --config "$scratch/config" --script "$scratch/bent.lua"
	status_is 2 && contains "$err" "--quiet is an option of the procedure's moves, and not for --hooks-list"
}
tap_expect "they are for its moves alone" own_elsewhere
own_resumed() {
	fresh
	bent "$own
	takeover.insert('stops', { after = 'tell' }, 'stops', function(move) if move.attempt == 'first' then error 'stops here' end end)
	takeover.insert('again', { after = 'stops' }, 'tells again', function(move) move:note('again ' .. move.options.announce) end)"
	move --announce ops
	status_is 4 || return
	snmove --resume
	status_is 0 && contains "$out" "note: again ops"
}
tap_expect "a resume goes on with them" own_resumed
in_the_way() {
	fresh
	bent 'takeover.option("plan", nil, "another plan")'
	move
	status_is 2 && contains "$err" "bent.lua: its option --plan is in the way of --plan, which is snmove's own" || return
	bent 'takeover.option("deep", "d", "another -d")'
	move --deep
	status_is 2 && contains "$err" "its option --deep is in the way of --dest, which is snmove's own"
}
tap_expect "none is in the way of snmove's own" in_the_way
tap_expect "two are not called the same" wrong 'takeover.option("a-b", nil, "") takeover.option("a-b", nil, "")' "there is an option --a-b already"
tap_expect "nor have the same letter" wrong 'takeover.option("aa", "x", "") takeover.option("bb", "x", "")' "there is an option with the letter -x already"
tap_expect "a name is one of an option" wrong 'takeover.option("Dump", nil, "")' "an option's name is of small letters, digits and dashes, two at least"
tap_expect "a letter is one" wrong 'takeover.option("dump", "xy", "")' "one letter, or nil"
no_cluster_yet() { # whatever is called while there is nothing to work with, it is an error of Lua
	bent 'for _, name in ipairs { "cluster", "remote", "services", "takeover", "log" } do
		for function_name, f in pairs(require(name)) do
			if type(f) == "function" and function_name ~= "option" then
				pcall(f) pcall(f, "cn001") pcall(f, { "cn001" }, "true") pcall(f, "dhcp", { sn1 = { "cn001" } }) pcall(f, function() end, function() end)
			end
		end
	end
	takeover.option("late", nil, "for this test")'
	run "$build/snmove" --help --script "$scratch/bent.lua"
	status_is 0 && contains "$out" "--late" || return
	bent 'cluster.site("domain") takeover.option("late", nil, "for this test")'
	run "$build/snmove" --help --script "$scratch/bent.lua"
	status_is 0 && contains "$err" "the procedure's own options are not known: $scratch/bent.lua:" || return
	move --late
	status_is 2 && contains "$err" "no option is named --late" && contains "$err" "the procedure's own options are not known: $scratch/bent.lua:"
}
tap_expect "for its options it is loaded with no cluster to be asked" no_cluster_yet
tap_end
