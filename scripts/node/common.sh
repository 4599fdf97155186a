# shellcheck shell=sh
# What the scripts of a node have in common (README.md): this comes first, run.sh last.
#
# A script NAME is two functions, do_NAME and ask_NAME.  Each runs in a subshell, with nothing on
# its standard input, and ends by `ok`, `failed` or `wrong`, whose words are its one line; ask_NAME
# prints its lines and ends.  Values are data: they come from the environment, are looked at by
# `environment` before anything is done, and reach awk by ENVIRON.
# shellcheck disable=SC2034 # variables of other files

LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin
work=${TMPDIR:-/tmp} # run.sh makes a folder for it
reviving=/run/snmove.lock # held while a daemon is between its end and its start
pending=/run/snmove # a file NAME in it: the configuration was changed, and not yet taken over

ok() { # WORDS
	echo "$*"
	exit 0
}
failed() { # WORDS
	echo "$*"
	exit 1
}
wrong() { # WORDS: of the environment; nothing was touched
	echo "$*"
	exit 2
}

# --- The environment -----------------------------------------------------------------------

is_address() { # WORD: an IPv4 or IPv6 address?
	case $1 in
	*[!0-9a-fA-F:.]*) return 1 ;;
	*:*:*) ;;
	*[!0-9.]*) return 1 ;;
	*.*.*.*) ;;
	*) return 1 ;;
	esac
}
is_6() {
	case $1 in
	*:*) ;;
	*) return 1 ;;
	esac
}
is_host() { # WORD: an address, or a name?
	case $1 in
	'' | -* | .* | *[!A-Za-z0-9_.:-]*) return 1 ;;
	*:*) is_address "$1" ;;
	esac
}

# MASTER, MASTER_IP: the server that a node has from now on; SNMOVE_NEW has all its addresses.
# SNMOVE_OLD has all names and addresses of the one that it leaves, as nodes know it.
environment() {
	[ -n "${MASTER_IP:-}" ] || ! is_address "${MASTER:-}" || MASTER_IP=$MASTER
	MASTER=${MASTER:-${MASTER_IP:-}}
	is_host "$MASTER" || wrong "MASTER is '$MASTER': not the name or address of a server"
	is_address "${MASTER_IP:-}" || wrong "MASTER_IP is '${MASTER_IP:-}': not an address"
	set -f
	for word in ${SNMOVE_OLD:-}; do
		is_host "$word" || wrong "SNMOVE_OLD has '$word': not the name or address of a server"
	done
	for word in ${SNMOVE_NEW:-}; do
		is_address "$word" || wrong "SNMOVE_NEW has '$word': not an address"
	done
	set +f
	export MASTER MASTER_IP SNMOVE_OLD SNMOVE_NEW
}

# servers_wanted LIST: the servers of a site's list, in words, where <xcatmaster>, or none at all,
# is the service node.  Fails if the service node is not among them.
servers_wanted() (
	set -f
	found=1 servers=
	given=$(printf '%s' "$1" | sed 's/&lt;/</g; s/&gt;/>/g; s/,/ /g')
	for word in ${given:-'<xcatmaster>'}; do
		case $word in
		'<xcatmaster>' | "$MASTER" | "$MASTER_IP")
			word=$MASTER_IP
			found=0
			;;
		esac
		servers="$servers${servers:+ }$word"
	done
	echo "$servers"
	return $found
)

is_in() { # WORD LIST
	case " $2 " in
	*" $1 "*) ;;
	*) return 1 ;;
	esac
}

# address_of HOST: its address; MASTER_IP if that is one of them, and HOST if it has none.
address_of() (
	if is_address "$1"; then
		echo "$1"
		return
	fi
	if [ "$1" = "$MASTER" ]; then
		echo "$MASTER_IP"
		return
	fi
	known=$(bounded 10 getent ahosts "$1" | awk '!seen[$1]++ { printf "%s ", $1 }')
	if is_in "$MASTER_IP" "$known"; then
		echo "$MASTER_IP"
	else
		echo "${known:-$1}" | sed 's/ .*//'
	fi
)

is_new() { # HOST: the new server, by whatever name?
	[ "$(address_of "$1")" = "$MASTER_IP" ] || is_in "$1" "${SNMOVE_NEW:-}"
}

# bounded SECONDS COMMAND...
bounded() {
	if command -v timeout >/dev/null 2>&1; then
		timeout "$@"
	else
		shift
		"$@"
	fi
}

nap() { # a moment
	sleep 0.05 2>/dev/null || sleep 1
}

# await SECONDS COMMAND...: until it succeeds.
await() (
	read -r up _ </proc/uptime
	end=$((${up%.*} + $1))
	shift
	until "$@"; do
		read -r up _ </proc/uptime
		[ "${up%.*}" -lt $end ] || return 1
		nap
	done
)

# --- Texts ---------------------------------------------------------------------------------

# switched SYNTAX FILE: its text with the new server in place of the old one, each as it was
# written: an address of its family for an address, a name for a name.  SYNTAX says where servers stand in it.
# With $all each is taken for the old one; with $own only xCAT's block is looked at; with $list
# the servers are printed, one a line, and not the text.
switched() {
	[ -n "${list:-}" ] || switched_end=$(tail -c 1 "$2") # nothing: a line's end
	syntax=$1 own=${own:-} all=${all:-} list=${list:-} ends=${switched_end:-} awk '
		function renewed(word,    i, is_old) {
			if (ENVIRON["list"]) {
				print word
				return word
			}
			is_old = ENVIRON["all"]
			for (i = 1; i <= olds; i++) if (tolower(word) == tolower(old[i])) is_old = 1
			if (!is_old) return word
			if (word !~ /^[0-9.]+$/ && word !~ /:/) return ENVIRON["MASTER"]
			for (i = 1; i <= news; i++) if ((word ~ /:/) == (new[i] ~ /:/)) return new[i]
			return ENVIRON["MASTER_IP"]
		}
		# A server stands behind each place that matches.  Where a port may follow it, an IPv6
		# address stands in brackets.
		function one_each(line, place,    out, word, port, taken, become) {
			while (match(line, place)) {
				out = out substr(line, 1, RSTART + RLENGTH - 1)
				line = substr(line, RSTART + RLENGTH)
				port = out ~ /[@:\/)]$/
				if (match(line, /^\[[0-9a-fA-F:.]+\]/)) word = substr(line, 2, RLENGTH - 2)
				else if (match(line, port ? "^[A-Za-z0-9_.-]+" : "^[A-Za-z0-9_.:-]+")) word = substr(line, 1, RLENGTH)
				else continue
				taken = substr(line, 1, RLENGTH)
				line = substr(line, RLENGTH + 1)
				become = renewed(word)
				if (become == word) out = out taken
				else out = out (port && become ~ /:/ ? "[" become "]" : become)
			}
			return out line
		}
		# All words behind the place are servers.
		function several(line, place,    out) {
			if (!match(line, place)) return line
			out = substr(line, 1, RLENGTH)
			line = substr(line, RLENGTH + 1)
			while (match(line, /[^ \t]+/)) {
				out = out substr(line, 1, RSTART - 1) renewed(substr(line, RSTART, RLENGTH))
				line = substr(line, RSTART + RLENGTH)
			}
			return out line
		}
		BEGIN {
			olds = split(ENVIRON["SNMOVE_OLD"], old, " ")
			news = split(ENVIRON["SNMOVE_NEW"], new, " ")
			one["rsyslog"] = "([ \t]@@?(\\([^)]*\\))?|:omrelp:|[Tt]arget=\")"
			one["syslog-ng"] = "(udp6?|tcp6?|network|syslog)[ \t]*\\([ \t]*\""
			one["url"] = "^URL=[a-z]+://"
			one["chrony"] = "^[ \t]*(server|pool|peer)[ \t]+"
			one["xcatinfo"] = "^XCATSERVER="
			one["resolv"] = "^[ \t]*nameserver[ \t]+"
			more["NTP"] = "^(Fallback)?NTP="
			more["DNS"] = "^(Fallback)?DNS="
			more["interfaces"] = "^[ \t]*dns-nameservers?[ \t]+"
			syntax = ENVIRON["syntax"]
		}
		NR > 1 && !ENVIRON["list"] { print line }
		/# xCAT settings/ { inside = !/ END/ }
		{ line = $0 }
		/^[ \t]*#/ || ENVIRON["own"] && !inside { next }
		syntax in one { line = one_each(line, one[syntax]) }
		syntax in more { line = several(line, more[syntax]) }
		END { if (NR && !ENVIRON["list"]) printf "%s%s", line, ENVIRON["ends"] == "" ? "\n" : "" }' "$2"
}

# named SYNTAX FILE...: the servers that these name, one a line.
named() (
	syntax=$1
	shift
	for file; do
		[ ! -f "$file" ] || list=1 switched "$syntax" "$file"
	done
)
names_old() { # SYNTAX FILE
	named "$@" | while read -r word; do
		! is_in "$word" "${SNMOVE_OLD:-}" || echo "$word"
	done | grep -q .
}

# put_text FILE <TEXT: makes it so, and fails if it is so already.  $owing is who is owed then: that is
# written down before, as who is killed meanwhile leaves something to take over.  Its owner, mode and
# label stay.
# What is mounted over a file (statelite) is written into.  2: it is as it was, and $work/why says
# why.
put_text() (
	file=$(readlink -f "$1") || file=$1
	cat >"$work/text"
	if [ -e "$file" ] && cmp -s "$work/text" "$file"; then
		return 1
	fi
	new=$file.snmove-new
	rm -f "$new" "$work/kept"
	# Where nothing can be made beside it, and on a mount; but not where there is no room.
	into=
	if (: >"$new") 2>"$work/why"; then
		if [ -e "$file" ]; then
			cp "$file" "$work/kept" || return 2
			cp -p "$file" "$new" 2>"$work/why" || into=no
			cp --attributes-only --preserve=all "$file" "$new" 2>/dev/null || :
		fi
		if [ -z "$into" ] && cat "$work/text" 2>"$work/why" >"$new"; then
			[ -z "${owing:-}" ] || owe "$owing"
			mv -f "$new" "$file" 2>"$work/why" || into=1
		else
			into=no
		fi
		rm -f "$new"
		[ "$into" != no ] || return 2
	else
		[ ! -e "$file" ] || cp "$file" "$work/kept" || return 2
		[ -z "${owing:-}" ] || owe "$owing"
		into=1
	fi
	if [ -n "$into" ] && ! (cat "$work/text" >"$file") 2>"$work/why"; then
		[ ! -f "$work/kept" ] || cmp -s "$work/kept" "$file" || cat "$work/kept" >"$file"
		return 2
	fi
	cmp -s "$work/text" "$file" || return 2
)
unwritable() { # FILE: what put_text has left as it was
	failed "$1 cannot be written, and is as it was: $(sed 's/.*: //' "$work/why" 2>/dev/null | tail -n 1)"
}

# change SYNTAX FILE: puts the new server in the place of the old one there; 0 changed, 1 nothing to
# change, 2 it cannot be written.
change() {
	switched "$1" "$2" >"$work/changed" || return 2
	put_text "$2" <"$work/changed"
}

# --- Daemons -------------------------------------------------------------------------------

# pid_of NAME: the process of that name, on the node itself (not in a container on it).
pid_of() (
	mine=$(readlink /proc/self/ns/pid)
	for folder in /proc/[0-9]*; do
		{ read -r name <"$folder/comm"; } 2>/dev/null || continue
		# The kernel keeps 15 characters.
		case $1 in
		"$name"*) ;;
		*) continue ;;
		esac
		if [ "$name" != "$1" ]; then
			program=$(readlink "$folder/exe")
			program=${program% (deleted)}
			[ "${program##*/}" = "$1" ] || continue
		fi
		if [ "$(readlink "$folder/ns/pid")" = "$mine" ] && is_alive "${folder#/proc/}"; then
			echo "${folder#/proc/}"
			return 0
		fi
	done
	return 1
)
is_alive() { # PID: and not a zombie
	[ -e "/proc/$1" ] && awk '{ sub(/.*\) /, ""); exit $1 == "Z" || $1 == "X" }' "/proc/$1/stat" 2>/dev/null
}
is_gone() { # PID
	! is_alive "$1"
}
arguments_of() { # PID: one a line
	tr '\0' '\n' <"/proc/$1/cmdline"
}

# is_older PID FILE: was the process started before the file was written?  (A second is not seen.)
is_older() (
	tick=$(getconf CLK_TCK 2>/dev/null) || tick=100
	written=$(stat -c %Y "$2") || return 1
	began=$(awk -v tick="${tick:-100}" 'FILENAME == "/proc/uptime" { up = $1; next }
		{ sub(/.*\) /, ""); printf "%d", up - $20 / tick }' /proc/uptime "/proc/$1/stat") || return 1
	now=$(date +%s)
	[ "$written" -le "$now" ] && [ $((now - began + 1)) -lt "$written" ]
)

# unit_of PID: the systemd service that it is of.
unit_of() {
	[ -d /run/systemd/system ] &&
		sed -n 's|^[^:]*:[^:]*:.*/\([^/]*\.service\)$|\1|p' "/proc/$1/cgroup" | head -n 1 | grep .
}

# join_cgroup PID: what is started from now on lies where that process does, and not in the
# session of whoever has logged in.  Only what helps is done.
join_cgroup() {
	while IFS=: read -r number controllers path; do
		case $number$controllers in
		0) folder=/sys/fs/cgroup ;;
		*name=systemd) folder=/sys/fs/cgroup/systemd ;;
		*) continue ;;
		esac
		[ ! -w "$folder$path/cgroup.procs" ] || sh -c 'echo $PPID' >"$folder$path/cgroup.procs" || :
	done <"/proc/$1/cgroup" 2>/dev/null
}

# revive PID [SIGNAL]: ends that process and starts the same command, with its own environment.  That goes
# on when whoever has asked for it is gone; $work/ended is there when the command is at its end, or
# has gone into the background.
revive() {
	program=$(readlink "/proc/$1/exe") || return
	program=${program% (deleted)}
	called=$(arguments_of "$1" | head -n 1)
	# A program that goes by another name (busybox) is called by that.
	[ "${called##*/}" = "${program##*/}" ] || program=$called
	{
		cat "/proc/$1/environ" && printf '%s\0' "$program" && tail -c "+$((${#called} + 2))" "/proc/$1/cmdline"
	} >"$work/command" || return
	revive_now "$@"
}
revive_now() { # what $work/command has; a process that is gone need not be ended
	rm -f "$work/ended"
	join_cgroup "$1"
	detached=
	! command -v setsid >/dev/null || detached=setsid
	# shellcheck disable=SC2016 # of the other shell
	(trap - HUP PIPE TERM INT && cd / && $detached sh -c 'exec 3<"$0/command" 9>"$3"
		flock -w 30 9
		kill "-$2" "$1"
		tries=0
		while [ -e "/proc/$1" ] && ! grep -q "^State:.*Z" "/proc/$1/status" 2>/dev/null; do
			tries=$((tries + 1))
			[ $tries -ne 200 ] || kill -KILL "$1"
			sleep 0.05 2>/dev/null || sleep 1
		done
		{ sleep 0.2 2>/dev/null || sleep 1; } & # holds the lock until the new one is there
		exec 9>&-
		xargs -0 env -i <&3 3<&-
		[ ! -d "$0" ] || : >"$0/ended"' "$work" "$1" "${2:-TERM}" "$reviving" >/dev/null 2>&1 &)
}

# restart PID NAME: stops that daemon and starts it as it was; a new one runs when this is 0.
restart() (
	if unit=$(unit_of "$1"); then
		systemctl restart "$unit" >/dev/null 2>&1
	else
		revive "$1" || return
	fi
	await 15 is_another "$1" "$2" && return
	# One that was being started by a run that was killed may have been in the way.
	[ -z "$unit" ] && ! pid_of "$2" >/dev/null && revive_now "$1" && await 10 is_another "$1" "$2"
)
is_another() { # PID NAME: another one of that name runs, and that one no more
	is_gone "$1" && another=$(pid_of "$2") && [ "$another" != "$1" ]
}

# owe NAME, owes NAME, paid NAME: what was written is still to be taken over by a daemon.
owe() {
	mkdir -p "$pending" && : >"$pending/$1"
}
owes() {
	[ -e "$pending/$1" ]
}
paid() {
	rm -f "$pending/$1"
	rmdir "$pending" 2>/dev/null || :
}
