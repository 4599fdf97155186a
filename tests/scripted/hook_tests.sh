#!/usr/bin/env bash
# The tests of tests/hooks, which are run as those of a site: snmove-lua --test.  What they are
# told to leave to make matrix: cases whose name begins with "killed".

. "$(dirname "$0")/../lib/tap.sh"

for file in "$source_tree"/tests/hooks/*.lua; do
	name=$(basename "$file" .lua)
	run env ${MATRIX:+MATRIX="$MATRIX"} timeout 3000 "$build/snmove-lua" --test "$file"
	[ "$status" -le 1 ] && [[ $out == *1..* ]] || tap_expect "$name is run to its end" status_is 0
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
