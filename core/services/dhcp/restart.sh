# dhcpd takes its new files only when it is started: it is ended, and started with its own words.
# shellcheck disable=SC2154 # $folder comes before this
# shellcheck disable=SC2086 # $old are numbers
PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin
# running: the pids of those in this network that were started with these words
running() {
	for file in /proc/[0-9]*/comm; do
		pid=${file#/proc/}
		pid=${pid%/comm}
		read -r name <"$file" && [ "$name" = dhcpd ] &&
			[ "$(readlink "/proc/$pid/ns/net")" = "$(readlink /proc/self/ns/net)" ] &&
			[ "$(tr '\0' '\n' <"/proc/$pid/cmdline")" = "$words" ] && echo "$pid"
	done 2>/dev/null
}
start_again() {
	words=$(printf '%s\n' "$@")
	old=$(running)
	[ -z "$old" ] || kill $old || return
	# Until its process is gone, dhcpd says that one is running already.
	tries=0
	while [ -n "$old" ] && kill -0 $old 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || {
			echo "dhcpd ($old) does not end"
			return 1
		}
		sleep 0.05
	done
	cd "$folder" || return
	case " $* " in
	*" -f "* | *" -d "*) # it stays in the foreground
		nohup "$@" >/dev/null 2>&1 </dev/null &
		sleep 0.5
		kill -0 $!
		;;
	*) "$@" </dev/null ;;
	esac
}
