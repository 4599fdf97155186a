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
for name in goconserver confluent; do
	[ -z "$(running $name)" ] || {
		echo "server $name"
		exit 0
	}
done
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
