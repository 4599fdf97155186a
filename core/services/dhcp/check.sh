# The checker looks at the configuration $conf as it would be: each of $paths is one of "$@".  What
# it says names the files as they will be called.
# shellcheck disable=SC2154 # $conf comes before this, $paths from who puts files
PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin
# in_place FROM TO BEFORE AFTER: the lines of a text with each name of the list FROM, that stands
# between BEFORE and AFTER, as the one of TO
in_place() {
	from=$1 to=$2 before=$3 after=$4 awk '
		BEGIN {
			n = split(ENVIRON["from"], from, "\n")
			split(ENVIRON["to"], to, "\n")
			before = ENVIRON["before"]
			after = ENVIRON["after"]
		}
		{
			line = ""
			for (rest = $0; rest != ""; rest = substr(rest, found + length(name))) {
				found = 0
				for (i = 1; i <= n; i++) {
					at = from[i] == "" ? 0 : index(rest, before from[i] after)
					if (at && (!found || at < found)) {
						found = at
						name = before from[i] after
						new = before to[i] after
					}
				}
				if (!found)
					break
				line = line substr(rest, 1, found - 1) new
			}
			print line rest
		}'
}
candidate=${conf%/*}/.${conf##*/}.snmove-$$
files=$(printf '%s\n' "$@")
(
	trap 'rm -f "$candidate"' EXIT
	trap 'exit 1' HUP INT TERM
	umask 077
	in_place "$paths" "$files" '"' '"' <"$conf" >"$candidate" || exit
	said=$(check_configuration "$candidate" 2>&1)
	status=$?
	[ $status = 0 ] || printf '%s\n' "$said" | only_faults |
		in_place "$files
$candidate" "${paths%?}
$conf" '' ''
	exit $status
)
