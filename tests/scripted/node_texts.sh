#!/usr/bin/env bash
# What scripts of nodes make of texts that name the old server (tests/cases/node/texts.tsv): each row
# in each shell and with each awk that is here, with and without a newline at its end.
. "$(dirname "$0")/../lib/tap.sh"
export SNMOVE_OLD='sn1-c 10.2.0.11 fd00:2::11' MASTER=sn2-c

shells=()
for shell in dash bash "busybox sh"; do
	command -v "${shell%% *}" >/dev/null && shells+=("$shell")
done
awks=()
for awk in mawk gawk "busybox awk" original-awk; do
	command -v "${awk%% *}" >/dev/null && awks+=("$awk")
done
[ ${#awks[@]} -gt 0 ] || awks=(awk)

for awk in "${awks[@]}"; do
	mkdir -p "$scratch/${awk// /-}"
	ln -s "$(command -v "${awk%% *}")" "$scratch/${awk// /-}/awk" # busybox goes by its name
done

# All of a row at once: who is named, and the texts for both servers, with and without an end of line.
is_row() { # SHELL AWK
	# shellcheck disable=SC2086 # two words
	PATH=$scratch/${2// /-}:$PATH own=$own $1 -c '. "$0"
		named "$1" "$2" | tr "\n" " "
		for text in "$2" "$2.whole"; do
			for MASTER_IP in 10.2.0.12 fd00:2::12; do
				export MASTER_IP
				switched "$1" "$text"
			done
		done' "$source_tree/scripts/node/common.sh" "$syntax" "$scratch/text" >"$scratch/got" 2>&1
	diff "$scratch/expected" "$scratch/got"
}
everywhere() {
	local shell awk end
	printf '%b' "$before" >"$scratch/text"
	printf '%b\n' "$before" >"$scratch/text.whole"
	{
		[ "$named" = - ] || printf '%s ' "$named"
		for end in '' '\n'; do
			printf "%b$end" "${after/#=/$before}" "${ipv6/#=/$before}"
		done
	} >"$scratch/expected"
	for shell in "${shells[@]}"; do
		for awk in "${awks[@]}"; do
			# Each shell with one, and each of these with one shell.
			[ "$shell" = "${shells[0]}" ] || [ "$awk" = "${awks[0]}" ] || continue
			is_row "$shell" "$awk" || {
				echo "with $shell and $awk"
				return 1
			}
		done
	done
}
# A blank field is one: a tab is no blank to `read`.
while IFS=$'\x1f' read -r syntax own before named after ipv6 what; do
	tap_expect "$syntax: $what" everywhere
done < <(sed 1d "$source_tree/tests/cases/node/texts.tsv" | tr '\t' '\037')

wanted() { # LIST SERVERS STATUS
	run env MASTER_IP=10.2.0.12 "${shells[0]}" -c '. "$0"; servers_wanted "$1"' "$source_tree/scripts/node/common.sh" "$1"
	status_is "$3" && equals "$out" "$2"
}
tap_expect "no list is the service node" wanted '' 10.2.0.12 0
tap_expect "so is <xcatmaster>" wanted '<xcatmaster>' 10.2.0.12 0
tap_expect "it may be one of several, and be written as xCAT's database does" wanted '&lt;xcatmaster&gt;,10.2.9.9' "10.2.0.12 10.2.9.9" 0
tap_expect "a list without it is the site's own" wanted '10.2.9.9, *' "10.2.9.9 *" 1

tap_end
