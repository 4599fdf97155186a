# Which console servers run in this network: other networks of the host (containers) are not looked
# at.
# shellcheck shell=sh
PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin
parent_of() {
	sed -n 's/^PPid:[[:blank:]]*//p' "/proc/$1/status"
}
# running NAME: the pids of those that are nobody's children of the same name
running() {
	for file in /proc/[0-9]*/comm; do
		pid=${file#/proc/}
		pid=${pid%/comm}
		{ read -r name <"$file" && [ "$name" = "$1" ]; } || continue
		[ "$(readlink "/proc/$pid/ns/net")" = "$(readlink /proc/self/ns/net)" ] || continue
		{ read -r name <"/proc/$(parent_of "$pid")/comm" && [ "$name" = "$1" ]; } || echo "$pid"
	done 2>/dev/null
}
words_of() {
	tr '\0' '\n' <"/proc/$1/cmdline"
}
# usual: the configuration that conserver has where nobody names one
usual() {
	built_in=$(conserver -V 2>/dev/null | sed -n 's/.*default configuration in .\(.*\).$/\1/p')
	for path in "$built_in" /etc/conserver.cf /etc/conserver/conserver.cf; do
		if [ -f "$path" ]; then
			echo "$path"
			return
		fi
	done
}
# conf_of PID: what it was started with by -C, also among other letters
conf_of() {
	path=$(words_of "$1" | awk '
		NR == 1 { next }
		takes { if (takes == "C") conf = $0; takes = ""; next }
		/^-/ {
			for (i = 2; i <= length($0); i++) {
				letter = substr($0, i, 1)
				if (!index("abcCLmMOpPU", letter))
					continue
				rest = substr($0, i + 1)
				if (rest == "")
					takes = letter
				else if (letter == "C")
					conf = rest
				break
			}
		}
		END { print conf }')
	case $path in
	'') usual ;;
	/*) echo "$path" ;;
	*) echo "$(readlink "/proc/$1/cwd")/$path" ;;
	esac
}
# start_file CONF: what has the words of a conserver that was stopped, beside its configuration; where
# nobody would look for that, in /etc
start_file() {
	case $1 in
	/etc/*) echo "${1%/*}/.${1##*/}.snmove-start" ;;
	*) echo "/etc/.${1##*/}.snmove-start" ;;
	esac
}
# unit_of PID: who keeps it, if systemd does
unit_of() {
	[ ! -d /run/systemd/system ] ||
		sed -n 's|.*/\([^/]*\.service\)$|\1|p' "/proc/$1/cgroup" | head -n 1
}
