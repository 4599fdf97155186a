# shellcheck shell=sh
# What is seen of a host's files; tools.sh and state.sh come before it.  The C file gives $most.
# shellcheck disable=SC2154

# can_change PATH STATE: may what is there become something else?  A folder that is not there
# says nothing yet: who is planning may be about to make it.
can_change() {
	case $2 in
	*' mount '*)
		is_mount "$1" || return
		case ,$options, in
		*,ro,*) return 1 ;;
		esac
		[ -w "$1" ]
		;;
	*) [ ! -d "${1%/*}/" ] || [ -w "${1%/*}/" ] ;;
	esac
}

# look PATH COPY: five lines, state, owner, content in base64, the state of the copy, and whether
# it is read-only, each empty where there is nothing to say.
look() {
	s=$(state "$1")
	echo "$s"
	case $s in
	file*)
		$status '%U:%G' "$1"
		[ "$($status %s "$1")" -gt "$most" ] || encode <"$1"
		echo
		;;
	*)
		echo
		echo
		;;
	esac
	if [ -n "$2" ]; then state "$2"; else echo; fi
	if can_change "$1" "$s"; then echo; else echo read-only; fi
}
