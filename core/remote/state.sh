# shellcheck shell=sh
# What is at a path of a host: for look.sh and put.sh, which come behind it.

newline='
'
tab=$(printf '\t')
# Each mount in a line, its point as the kernel writes it and its options; nothing where that
# cannot be read.
mounts=$newline$(cut -d ' ' -f 5,6 /proc/self/mountinfo 2>/dev/null)$newline

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

# sum: the SHA-256 of what is read.
sum() {
	if command -v sha256sum >/dev/null; then
		s=$(sha256sum)
	else
		s=$(openssl dgst -sha256 -r)
	fi
	echo "${s%% *}"
}

# state PATH: in one line, as core/remote.h has it.
state() {
	if [ -h "$1" ]; then
		echo "link $(readlink -n "$1" | base64 | tr -d '\n')"
	elif [ -f "$1" ]; then
		how=
		! is_mount "$1" || how='mount '
		echo "file $(stat -c '%a %u:%g %s' "$1") $how$(sum <"$1")"
	elif [ -e "$1" ]; then
		echo other
	else
		echo absent
	fi
}
