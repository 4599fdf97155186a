# shellcheck shell=sh
# Puts files on a host, all or none; tools.sh and state.sh come before it, and the steps,
# which put.c makes for the files of one call, behind.
#
# For one path each: NEW is the file beside it, KEPT the copy of what it was ('' if that was
# nothing), BEFORE and AFTER are states.  The steps set $log and $again, and read $why.
#
# Nothing can be swapped into the place of a file that is a mount: that one is written into, and
# whoever is killed meanwhile leaves it half done.
# shellcheck disable=SC2154,SC2034

# content STATE: file DIGEST, or link TARGET.
content() { echo "${1%% *} ${1##* }"; }

tell() { cat "$log" >&2; }

# end WORD...: the last word of all.
end() {
	rm -f "$log" ${mine:+"$turn"}
	echo "$@"
	exit 0
}

# take_turn: a lock, where the host has locks.  Else whoever makes the link $turn, to its process,
# has the turn; one that does not live any more has it no more.
take_turn() {
	if [ -n "$locked" ]; then
		flock -n 0 <&9
		return
	fi
	if ln -s "$me" "$turn" 2>/dev/null; then
		mine=1
		return
	fi
	holder=$(ls -l "$turn" 2>/dev/null)
	holder=${holder##* }
	[ -z "$holder" ] || kill -0 "$holder" 2>/dev/null || rm -f "$turn"
	return 1
}

# The script of a run that was killed may be at work yet, and not every flock can wait for a
# time.
wait_for_turn() {
	turn=${log%/*}/turn tries=0
	[ -n "$locked" ] || me=$(exec sh -c 'echo $PPID') || return
	until take_turn; do
		tries=$((tries + 1))
		[ $tries -lt 60 ] || return
		sleep 1 || return
	done
}

# is_whole PATH AFTER: has it this content?
is_whole() { [ "$(content "$(state "$1")")" = "$(content "$2")" ]; }

# begins PATH FROM: has it the first bytes of that, or all of them?
begins() {
	[ -f "$2" ] && [ "$($first_bytes "$($status %s "$1")" "$2" | sum)" = "$(sum <"$1")" ]
}

# is_half PATH BEFORE AFTER NEW KEPT: has an earlier try begun to write into it?  Then what it was
# is kept, and it has the first bytes of one or the other.
is_half() {
	[ -f "$1" ] && [ -n "$5" ] && is_whole "$5" "$2" || return
	is_whole "$1" "$3" || begins "$1" "$4" || begins "$1" "$5"
}

# at PATH BEFORE AFTER NEW KEPT: where it is: before, after or half (of an earlier try) or other.
at() {
	now=$(state "$1")
	if [ "$now" = "$2" ]; then
		echo before
		return
	fi
	case $again$2 in
	1*' mount '*) if is_half "$@"; then echo half; else echo other; fi ;;
	1*) if [ "$(content "$now")" = "$(content "$3")" ]; then echo after; else echo other; fi ;;
	*) echo other ;;
	esac
}

# whole NEW AFTER: has it arrived as it shall be?
whole() {
	is_whole "$@" || {
		echo 'it does not arrive whole' >&2
		return 1
	}
}

# make_file NEW PATH MODE OWNER AFTER <BASE64: takes along what else PATH has (ACLs, a label),
# if it can be had, and lets nobody read it before it has the mode that it shall have.
make_file() {
	rm -f "$1" || return
	[ -h "$2" ] || [ ! -f "$2" ] ||
		$take_along "$2" "$1" 2>/dev/null || :
	(umask 077; : >>"$1") && chmod 600 "$1" && decode >"$1" || return
	[ -z "$4" ] || chown "$4" "$1" || return
	chmod "$3" "$1" && whole "$1" "$5"
}

# make_link NEW TARGET AFTER
make_link() {
	rm -f "$1" && ln -s "$2" "$1" && whole "$1" "$3"
}

# make_copy NEW FROM AFTER
make_copy() {
	rm -f "$1" && $copy "$2" "$1" && whole "$1" "$3"
}

# keep PATH KEPT BEFORE
keep() {
	[ -d "${2%/*}" ] || (umask 077; mkdir -p "${2%/*}")
	$copy "$1" "$2.new" && whole "$2.new" "$3" && $rename "$2.new" "$2"
}

# swap PATH NEW BEFORE: says in $why why it failed.
swap() {
	why=conflict
	[ "$(state "$1")" = "$3" ] || return
	why=failed
	if [ -z "$2" ]; then
		rm -f "$1"
		return
	fi
	$rename "$2" "$1" || return
	# Where SELinux labels files, what was not there has no label of its own yet.
	[ -e /sys/fs/selinux/enforce ] || return 0
	case $3 in
	file*) ;;
	*) PATH=$PATH:/usr/sbin:/sbin restorecon "$1" 2>/dev/null || : ;;
	esac
}

# write_into PATH FROM STATE: what is in FROM, with its mode, owner and time.  Nobody reads it
# before it has the mode that it shall have.
write_into() {
	about=$($status '%a %u:%g' "$2") || return
	same=
	[ "$($status '%a %u:%g' "$1")" != "$about" ] || same=1
	[ -n "$same" ] || chmod 600 "$1" || return
	cat "$2" >"$1" || return
	[ -n "$same" ] || { chown "${about#* }" "$1" && chmod "${about%% *}" "$1"; } || return
	touch -r "$2" "$1" 2>/dev/null || :
	whole "$1" "$3"
}

# put_back PATH NEW KEPT
put_back() {
	if [ -z "$3" ]; then
		rm -f "$1"
		return
	fi
	rm -f "$2" && $copy "$3" "$2" && $rename "$2" "$1"
}
