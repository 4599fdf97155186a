# Status 0: the console server of this host has no console of the nodes that stdin names, one a line,
# and their programs have ended, for which it has ten seconds.
# shellcheck shell=sh
names=$(cat) || exit 2
# Blocks of conserver.cf, and the names in what goconserver keeps.
kept() {
	for file in /etc/conserver.cf /etc/conserver/conserver.cf; do
		[ ! -f "$file" ] || sed -n 's/^[[:blank:]]*console[[:blank:]]*\([^[:blank:]{]*\).*/\1/p' "$file"
	done
	[ ! -f /var/lib/goconserver/nodes.json ] ||
		tr ',' '\n' </var/lib/goconserver/nodes.json | sed -n 's/.*"name":[[:blank:]]*"\([^"]*\)".*/\1/p'
}
# Those of xCAT's programs of consoles that run.
running() {
	grep -a /share/xcat/cons/ /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ' | tr '\n' ' ' |
		grep -ao '/share/xcat/cons/[^ ]* [^ ]*' | sed 's/.* //'
}
has_any() { # WHAT
	"$1" | NAMES=$names awk '
		BEGIN { for (i = split(ENVIRON["NAMES"], all, "\n"); i; i--) asked[all[i]] = 1 }
		$0 in asked { found = 1 }
		END { exit !found }'
}
late=$(($(date +%s) + 10))
while has_any kept || has_any running; do
	[ "$(date +%s)" -lt $late ] || exit 1
	sleep 0.05
done
exit 0
