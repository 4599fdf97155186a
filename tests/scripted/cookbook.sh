#!/usr/bin/env bash
# docs/hook-cookbook.md: what it quotes from shipped hooks stands in them, and its recipes pass
# their tests and luacheck.
#
# A block "-- FROM: FILE" is lines that stand there so, but for how far they are to the right; "..."
# between them stands for any lines.  A block "-- FILE: hooks/NAME.lua" or tests/NAME.lua is a file.

. "$(dirname "$0")/../lib/tap.sh"

umask 022
work=$scratch/work
mkdir "$work" "$work/hooks" "$work/tests"

unindented() { sed 's/^[[:blank:]]*//'; }
stands_in() { # FILE: the block comes on standard input
	local whole part='' line
	whole=$'\n'$(unindented <"$source_tree/$1")$'\n'
	while IFS= read -r line; do
		if [ "$line" != ... ]; then
			part+=$line$'\n'
			continue
		fi
		take_part || return
	done < <(unindented && echo ...)
}
take_part() { # of stands_in: it is there, and the rest is behind it
	[[ $whole == *$'\n'"$part"* ]] || {
		echo "these lines are not there, or not in this order:"
		echo "$part"
		return 1
	}
	whole=$'\n'${whole#*$'\n'"$part"}
	part=''
}

quotes=() recipes=()
end_block() { # BLOCK
	local first=${1%%$'\n'*} rest=${1#*$'\n'}
	case $first in
	'-- FROM: '*)
		quotes+=("${first#-- FROM: }")
		tap_expect "quote ${#quotes[@]} stands in ${first#-- FROM: }" stands_in "${first#-- FROM: }" <<<"$rest"
		;;
	'-- FILE: tests/'*)
		recipes+=("$(basename "${first#-- FILE: }" .lua)")
		echo "$rest" >"$work/${first#-- FILE: }"
		;;
	'-- FILE: hooks/'*) echo "$rest" >"$work/${first#-- FILE: }" ;;
	*) tap_expect "every block names its file" equals "$first" "-- FROM: or -- FILE: ..." ;;
	esac
}
inside='' block=''
while IFS= read -r line; do
	case $inside,$line in
	,'```lua') inside=yes block='' ;;
	yes,'```') end_block "$block" && inside='' ;;
	yes,*) block+=${block:+$'\n'}$line ;;
	esac
done <"$source_tree/docs/hook-cookbook.md"

each_hook() {
	equals "$(printf '%s\n' "${quotes[@]}" | sort -u)" "$(cd "$source_tree" && printf '%s\n' site-hooks/*.lua)"
}
tap_expect "it quotes all shipped hooks" each_hook
passes() { # NAME
	run timeout 300 "$build/snmove-lua" --test "$work/tests/$1.lua"
	[ "$status" = 0 ] || echo "$out$err"
	status_is 0
}
for name in "${recipes[@]}"; do
	tap_expect "the recipe $name passes its test" passes "$name"
done
tap_expect "there are five recipes" equals "${#recipes[@]} $(cd "$work/hooks" && echo *.lua)" \
	"5 assets.lua restart.lua telegraf.lua whose.lua working_hours.lua"
linted() {
	run luacheck --no-color --no-cache --config "$source_tree/lua/luacheckrc" "$work/hooks" "$work/tests"
	[ "$status" = 0 ] || echo "$out"
	status_is 0
}
if command -v luacheck >/dev/null; then
	tap_expect "luacheck finds nothing in them" linted
else
	tap_skip "luacheck finds nothing in them" "there is no luacheck"
fi

tap_end
