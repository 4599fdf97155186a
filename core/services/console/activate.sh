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
# processes WHAT PID: those below it that have not ended, or how many of them are programs of consoles:
# what is no conserver, and a child of one
processes() {
	cat /proc/[0-9]*/status 2>/dev/null | awk -v what="$1" -v top="$2" '
		/^Name:/ { name = $2 }
		/^State:/ { ended = $2 == "Z" }
		/^Pid:/ { pid = $2 }
		/^PPid:/ && !ended {
			parent[pid] = $2
			server[pid] = name == "conserver"
		}
		END {
			for (pid in parent) {
				for (at = parent[pid]; at in parent && at != top;)
					at = parent[at]
				if (at != top)
					continue
				if (what == "below")
					print pid
				programs += !server[pid] && server[parent[pid]]
			}
			if (what == "programs")
				print programs + 0
		}'
}
# await COMMAND...: for ten seconds, or $patience
await() {
	late=$(($(date +%s) + ${patience:-10}))
	until "$@"; do
		[ "$(date +%s)" -lt $late ] || return
		sleep 0.05
	done
}
# left PID: programs of consoles below it that the configuration has no more
left() {
	grep -a '' /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ' |
		below=$(processes below "$1") at=$root/share/xcat/cons/ awk '
			# the program and its node, from where the path begins
			function program(text) {
				text = substr(text, index(text, at))
				sub(/[";].*/, "", text)
				sub(/ *$/, "", text)
				return text
			}
			BEGIN {
				at = ENVIRON["at"]
				for (i = split(ENVIRON["below"], all, "\n"); i; i--)
					below[all[i]] = 1
			}
			!index($0, at) { next }
			NR == FNR { has[program($0)] = 1; next }
			{
				split($0, path, "/")
				if (path[3] in below && !(program($0) in has))
					print path[3]
			}' "$conf" -
}
none_left() {
	[ -z "$(left "$1")" ]
}
# One that has become another by exec is seen only so.
no_more() {
	[ "$(processes programs "$1")" -le "$(sed 's/^[[:blank:]]*#.*//' "$conf" | tr '{};' '\n' |
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
	all="$1 $(processes below "$1")"
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
	rm -f "$(start_file "$conf")"
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
	# It listens when the programs of all consoles have been started: with many, later.
	(patience=3 && await runs) || [ -n "$(master)" ] || {
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
