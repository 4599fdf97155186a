#!/usr/bin/env bash
# docs/when-what-runs.svg shows what is so: its steps are those of the procedure, and its columns
# what a hook with all functions sees of a move, a refusal, a resume and an undo.

. "$(dirname "$0")/../lib/tap.sh"

picture=$source_tree/docs/when-what-runs.svg
use_example_site ''
make_hooks
"$build/snmove-lua" --config "$scratch/config" --import "$site/tables" >/dev/null

"$build/snmove-lua" --config "$scratch/config" "$source_tree/docs/when-what-runs.lua" >"$scratch/drawn"
tap_expect "the picture is as its script draws it" diff "$scratch/drawn" "$picture"

drawn_steps=$(sed -n 's/.*class="name middle step">\([a-z]*\)<.*/\1/p' "$picture")
steps=$(sed -n 's/^[[:blank:]]*takeover.\(step\|insert\)("\([a-z_]*\)".*/\2/p' "$source_tree/scripts/linux.lua")
in_order() { # release has two places, by what the site has chosen: the usual one is behind the rows
	grep -vx release <<<"$1"
}
tap_expect "its steps are those of the procedure, in their order" equals "$(in_order "$drawn_steps")" \
	"$(in_order "$steps")"

# What is called by the picture: a step's before and after, and the questions.
cell() { sed -n "s/.* id=\"$1-$2\">\([^<]*\)<.*/\1/p" "$picture"; }
called() { # COLUMN ANSWERS: a line for each call, of the rows that have one of these answers
	local step
	[[ " $2 " != *" $(cell when "$1") "* ]] || echo when
	for step in $drawn_steps; do
		[[ " $2 " == *" $(cell "$step" "$1" | tr ' ' _) "* ]] || continue
		echo "before $step"
		[ "$step" != check ] || echo check
		echo "after $step"
		[ "$step" != verify ] || echo verify
	done
}
outcomes() { # of a column
	sed -n 's/.*<text x="\([0-9]*\)".*class="small middle outcome">\([a-z]*\)<.*/\1 \2/p' "$picture" |
		sed -n "s/^$(sed -n "s/.*<text x=\"\([0-9]*\)\".* id=\"thaw-$1\".*/\1/p" "$picture") //p"
}

{
	cat <<-'LUA'
		local function say(what)
			return function(move)
				print(("CALL %s %s %s"):format(what, move.attempt, move.outcome))
				while what == "before hardware" and move.options.reason == "hang" and
					move.attempt == "first" do
				end
				if what == "check" and move.options.reason == "no" then
					return false, "no"
				end
				return true
			end
		end
		return { name = "all", summary = "tells what is called", when = say "when",
			check = say "check", verify = say "verify",
	LUA
	for place in before after; do
		echo "$place = {"
		for step in $drawn_steps; do echo "$step = say '$place $step',"; done
		echo "},"
	done
	echo "}"
} >"$hooks/all.lua"
move=(rack1 -d sn2 -D sn2-c -i --hooks "$hooks")

seen() { sed -n 's/^CALL \(.*\) [a-z]* [a-z]*$/\1/p' <<<"$out"; }
shows() { # COLUMN ANSWERS ATTEMPT OUTCOME
	equals "$(seen)" "$(called "$1" "$2")" || return
	equals "$(sed -n 's/^CALL.* \([a-z]*\) [a-z]*$/\1/p' <<<"$out" | sort -u)" "$3" || return
	equals "$(sed -n 's/^CALL.* \(before\|after\) \(thaw\|finished\) [a-z]* \([a-z]*\)$/\3/p' <<<"$out" | sort -u)" "$4" || return
	equals "$(sed -n 's/^CALL.* \([a-z]*\)$/\1/p' <<<"$out" | sort -u | grep -vx "$4")" nil || return
	contains "$(outcomes "$1")" "$4"
}

first() {
	snmove "${move[@]}"
	status_is 0 && shows first yes first "done"
}
tap_expect "a first attempt calls what the picture has" first
undone() {
	snmove --hooks "$hooks" --undo
	status_is 0 && shows undo yes undo undone
}
tap_expect "so does an undo" undone
planned() {
	snmove "${move[@]}" --plan
	status_is 0 && equals "$(seen)" "$(called first yes | grep -vx verify)"
}
tap_expect "a plan calls the same as a move, without verify" planned
refused() {
	snmove "${move[@]}" --reason no
	status_is 1 && equals "$(seen)" "$(
		called first yes | sed '/^check$/q'
		called early yes
	)" && contains "$(outcomes early)" refused
}
tap_expect "a refusal calls what the picture has for an early end" refused
resumed() {
	run timeout -s KILL 3 "$build/snmove" --config "$scratch/config" "${move[@]}" --reason hang
	snmove --resume
	status_is 0 || return
	# What stands before the step that had begun was done.
	equals "$(seen)" "$(
		called resume again | sed '/^before verify$/,$d'
		called resume "if_not_done" | sed -n '/^before hardware$/,$p'
		called resume again | sed -n '/^before verify$/,$p'
	)" && contains "$(outcomes resume)" "done"
}
tap_expect "a resume calls anew what the picture says, and what was not done" resumed
closed() {
	run timeout -s KILL 3 "$build/snmove" --config "$scratch/config" cn021 -d sn2 -D sn2-c -i --hooks "$hooks" --reason hang
	snmove --status
	snmove --hooks "$hooks" --close="$(sed -n 's/^run \([0-9]*\) is open.*/\1/p' <<<"$out")"
	status_is 0 && equals "$(seen)" "$(called early yes)" && contains "$out" "CALL before thaw undo stopped"
}
tap_expect "a close calls thaw and finished, as it says" closed

tap_end
