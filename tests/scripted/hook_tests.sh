#!/usr/bin/env bash
# The tests of tests/hooks, which are run as those of a site: snmove-lua --test.  Moves are killed
# at a few points, with MATRIX=all at each.

. "$(dirname "$0")/../lib/tap.sh"

quick=(--quick)
[ -z "${MATRIX:-}" ] || quick=()
for file in "$source_tree"/tests/hooks/*.lua; do
	name=$(basename "$file" .lua)
	run timeout 7200 "$build/snmove-lua" --test "${quick[@]}" "$file"
	grep -q '^not ok' <<<"$out" || tap_expect "$name is run to its end, and has cases" status_is 0
	while IFS= read -r line; do
		case $line in
		'ok '* | 'not ok '*)
			tap_count=$((tap_count + 1))
			[ "${line%% *}" = ok ] || tap_failed=$((tap_failed + 1))
			echo "${line%%ok *}ok $tap_count - $name: ${line#* - }"
			;;
		'# '*) echo "$line" ;;
		esac
	done <<<"$out"
done
tap_expect "there are tests" test "$tap_count" -gt 5

tap_end
