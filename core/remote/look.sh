# shellcheck shell=sh
# What is seen of a host's files; state.sh comes before it.  The C file gives $most.
# shellcheck disable=SC2154

# look PATH COPY: four lines, state, owner, content in base64 and the state of the copy, each
# empty where there is nothing to say.
look() {
	s=$(state "$1")
	echo "$s"
	case $s in
	file*)
		stat -c '%U:%G' "$1"
		[ "$(stat -c %s "$1")" -gt "$most" ] || base64 <"$1" | tr -d '\n'
		echo
		;;
	*)
		echo
		echo
		;;
	esac
	if [ -n "$2" ]; then state "$2"; else echo; fi
}
