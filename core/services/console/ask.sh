# Which console server this host has: lines "WORD VALUE".  find.sh comes before it.
# shellcheck shell=sh
exec 2>/dev/null
root=${XCATROOT:-$(sed -n 's/^[[:blank:]]*\(export[[:blank:]]*\)*XCATROOT=\([^ ;]*\).*/\2/p' /etc/profile.d/xcat.sh | head -n 1)}
root=${root:-/opt/xcat}
echo "root $root"
for program in "$root"/share/xcat/cons/*; do
	[ ! -f "$program" ] || [ ! -x "$program" ] || echo "method ${program##*/}"
done
# by_systemd: the unit that would start it
by_systemd() {
	[ -d /run/systemd/system ] || return
	for unit in conserver.service conserver-server.service; do
		if systemctl cat "$unit" >/dev/null; then
			echo "unit $unit"
			return
		fi
	done
	return 1
}
# stopped CONF: how one is started that does not run: as it was when it was stopped, else as xCAT does
stopped() {
	kept=$(start_file "$1")
	if [ -f "$kept" ]; then
		cat "$kept"
		return
	fi
	by_systemd && return
	echo 'folder /'
	printf 'word %s\n' conserver -o -O1 -d -C "$1"
}
pid=$(running conserver | head -n 1)
if [ -n "$pid" ]; then
	echo 'server conserver'
	echo "conf $(conf_of "$pid")"
	echo "pid $pid"
	unit=$(unit_of "$pid")
	[ -z "$unit" ] || echo "unit $unit"
	echo "folder $(readlink "/proc/$pid/cwd")"
	words_of "$pid" | sed 's/^/word /'
	exit 0
fi
# conf_of_go PID: what it was started with by -c or --config-file
conf_of_go() {
	path=$(words_of "$1" | awk '
		takes { conf = $0; takes = 0; next }
		$0 == "-c" || $0 == "--config-file" { takes = 1; next }
		/^--config-file=/ { conf = substr($0, 15); next }
		/^-c=/ { conf = substr($0, 4); next }
		/^-c/ { conf = substr($0, 3) }
		END { print conf == "" ? "/etc/goconserver/server.conf" : conf }')
	case $path in
	/*) echo "$path" ;;
	*) echo "$(readlink "/proc/$1/cwd")/$path" ;;
	esac
}
# goconserver PID: its REST interface, as the configuration that it runs with has it.  Nothing is
# told of one that cannot be read: what it would be without it is only a guess.
goconserver() {
	conf=$(conf_of_go "$1")
	{ [ -f "$conf" ] && [ -r "$conf" ]; } || return
	awk '
		function value() {
			sub(/^[^:]*:[[:blank:]]*/, "")
			gsub(/["\047]|[[:blank:]]*(#.*)?$/, "")
			return $0
		}
		/^[[:blank:]]*#/ { next }
		/^[[:alpha:]]/ { section = $1 }
		/^[[:blank:]]+ssl_cert_file:/ { cert = value() }
		/^[[:blank:]]+ssl_key_file:/ { key = value() }
		section == "global:" && /^[[:blank:]]+host:/ { host = value() }
		section == "api:" && /^[[:blank:]]+port:/ { port = value() }
		END {
			gsub(/[][]/, "", host)
			if (host == "" || host == "0.0.0.0")
				host = "127.0.0.1"
			if (host == "::")
				host = "::1"
			if (index(host, ":"))
				host = "[" host "]"
			print "url " (cert != "" ? "https" : "http") "://" host ":" (port != "" ? port : 12429)
			if (cert != "")
				print "cert " cert "\nkey " key
		}' "$conf"
}
pid=$(running goconserver | head -n 1)
if [ -n "$pid" ]; then
	echo 'server goconserver'
	goconserver "$pid"
	exit 0
fi
[ -z "$(running confluent)" ] || {
	echo 'server confluent'
	exit 0
}
command -v conserver >/dev/null || exit 0
conf=$(usual)
for kept in /etc/.*.snmove-start /etc/*/.*.snmove-start; do # its configuration may lie elsewhere
	[ ! -f "$kept" ] || conf=$(sed -n 's/^conf //p' "$kept")
done
[ -n "$conf" ] || exit 0
echo 'server conserver'
echo "conf $conf"
stopped "$conf"
exit 0
