# conserver takes its new configuration $conf: by HUP, if it runs; without any console it is stopped,
# and started again with "$@" (or by systemd as $unit) when it gets one.  find.sh comes before it.
# shellcheck shell=sh disable=SC2154,SC2086 # $conf, $root, $unit, $folder come before this; pids are words
# master: the one that has this configuration
master() {
	for one in $(running conserver); do
		if [ "$(conf_of "$one")" = "$conf" ]; then
			echo "$one"
			return
		fi
	done
}
# below PID: all processes that it has started, and these, but for what has ended and is not fetched
below() {
	cat /proc/[0-9]*/status 2>/dev/null | awk -v top="$1" '
		/^State:/ { ended = $2 == "Z" }
		/^Pid:/ { pid = $2 }
		/^PPid:/ && !ended { parent[pid] = $2 }
		END {
			for (pid in parent)
				for (at = parent[pid]; at + 0 > 1; at = parent[at])
					if (at == top) {
						print pid
						break
					}
		}'
}
# await COMMAND...: for ten seconds
await() {
	late=$(($(date +%s) + 10))
	until "$@"; do
		[ "$(date +%s)" -lt $late ] || return
		sleep 0.05
	done
}
# Programs of consoles that the configuration has no more; and are there more than it has?  One that
# has become another by exec is seen only so.
left() {
	for pid in $(below "$1"); do
		line=$(tr '\0' ' ' <"/proc/$pid/cmdline")
		case $line in
		*"$root/share/xcat/cons/"*) ;;
		*) continue ;;
		esac
		line=$root/share/xcat/cons/${line#*"$root/share/xcat/cons/"}
		grep -qF -e "${line% };" -e "${line% }\"" "$conf" || echo "$pid"
	done 2>/dev/null
}
programs() {
	for pid in $(below "$1"); do
		read -r name <"/proc/$pid/comm" && [ "$name" != conserver ] &&
			read -r name <"/proc/$(parent_of "$pid")/comm" && [ "$name" = conserver ] && echo "$pid"
	done 2>/dev/null
}
none_left() {
	[ -z "$(left "$1")" ]
}
no_more() {
	[ "$(programs "$1" | wc -l)" -le "$(sed 's/^[[:blank:]]*#.*//' "$conf" | tr '{};' '\n' |
		grep -c '^[[:blank:]]*exec[[:blank:]]')" ]
}
ended() {
	case $(sed -n 's/^State:[[:blank:]]*//p' "/proc/$1/status" 2>/dev/null) in
	'' | Z*) ;;
	*) return 1 ;;
	esac
}
all_ended() {
	for pid; do
		ended "$pid" || return
	done
}
# Its words, until it is started again.
keep_words() {
	kept=$(start_file "$conf")
	(
		umask 077
		echo "conf $conf"
		keeper=$(unit_of "$1")
		[ -z "$keeper" ] || echo "unit $keeper"
		echo "folder $(readlink "/proc/$1/cwd")"
		words_of "$1" | sed 's/^/word /'
	) >"$kept"
}
stop() {
	keep_words "$1" || return
	all="$1 $(below "$1")"
	keeper=$(unit_of "$1")
	if [ -n "$keeper" ]; then systemctl stop "$keeper"; else kill -TERM "$1"; fi || return
	await all_ended $all || {
		echo "conserver ($1) or a program of its consoles does not end"
		return 1
	}
}
# listens PID
listens() {
	sockets=$(for file in "/proc/$1/fd"/*; do readlink "$file"; done 2>/dev/null | tr -dc '0-9\n' | tr '\n' ' ')
	cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v sockets="$sockets" '
		BEGIN { for (i = split(sockets, all, " "); i; i--) known[all[i]] = 1 }
		$4 == "0A" && $10 in known { found = 1 }
		END { exit !found }'
}
# One that is being started yet is ended by HUP.
reload() {
	await listens "$1" || :
	kill -HUP "$1" || return
	await none_left "$1" || {
		echo "conserver ($1) does not end the program of a console that it has no more: $(left "$1" | tr '\n' ' ')"
		return 1
	}
	await no_more "$1" || :
}
runs() {
	pid=$(master)
	[ -n "$pid" ] && listens "$pid"
}
# daemon WORD...: has it -d, alone or among other letters?
daemon() {
	for word; do
		case $word in
		-*) case ${word%%[abcCLmMOpPU]*} in *d*) return ;; esac ;;
		esac
	done
	return 1
}
start() {
	if [ -n "$unit" ]; then
		systemctl start "$unit" || return
	else
		cd "$folder" || return
		if daemon "$@"; then "$@" >/dev/null 2>&1; else setsid "$@" >/dev/null 2>&1 & fi
	fi
	await runs || [ -n "$(master)" ] || {
		echo 'conserver does not start'
		return 1
	}
	rm -f "$(start_file "$conf")"
}
activate_consoles() {
	pid=$(master)
	case $(conserver -S -C "$conf" 2>&1) in
	*'no consoles found'*) [ -z "$pid" ] || stop "$pid" ;;
	*) if [ -n "$pid" ]; then reload "$pid"; else start "$@"; fi ;;
	esac
}
