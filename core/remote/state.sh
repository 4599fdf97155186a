# shellcheck shell=sh
# What is at a path of a host: for look.sh and put.sh, which come behind it; tools.sh
# comes before.
# shellcheck disable=SC2016,SC2154

newline='
'
tab=$(printf '\t')
# Each mount in a line, its point as the kernel writes it and its options; nothing where that
# cannot be read.  The mount of AIX has a column for a node, which may be empty, and the date, of
# three words, before the options.
if is_aix; then
	mounts=$(LC_ALL=C mount | awk '{ point = /^ / ? 2 : 3; print $point, $(point + 5) }')
else
	mounts=$(cut -d ' ' -f 5,6 /proc/self/mountinfo 2>/dev/null)
fi
mounts=$newline$mounts$newline

# replace FROM TO: in $text.
replace() {
	rest=$text
	text=
	while :; do
		case $rest in
		*"$1"*) ;;
		*) break ;;
		esac
		text=$text${rest%%"$1"*}$2
		rest=${rest#*"$1"}
	done
	text=$text$rest
}

# escape: $text as the kernel writes it.
escape() {
	replace "\\" '\134'
	replace ' ' '\040'
	replace "$tab" '\011'
	replace "$newline" '\012'
}

# is_mount PATH: is it a mount of its own?  Its options are in $options then.  Its folder may be
# reached by links; few paths have the name of a mount.
is_mount() {
	text=${1##*/}
	escape
	case $mounts in
	*"/$text "*) ;;
	*) return 1 ;;
	esac
	text=$(cd -P "${1%/*}/" && pwd && echo .) || return
	text=${text%??}
	text=${text%/}/${1##*/}
	escape
	case $mounts in
	*"$newline$text "*) ;;
	*) return 1 ;;
	esac
	options=${mounts##*"$newline$text "}
	options=${options%%"$newline"*}
}

# state PATH: in one line, as core/remote.h has it.
state() {
	if [ -h "$1" ]; then
		echo "link $(link_target "$1")"
	elif [ -f "$1" ]; then
		how=
		! is_mount "$1" || how='mount '
		echo "file $($status '%a %u:%g %s' "$1") $how$(sum <"$1")"
	elif [ -e "$1" ]; then
		echo other
	else
		echo absent
	fi
}
