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
# Names go by a pipe: a word of a command or of its environment holds 128 KiB alone.
has_any() { # WHAT
	{
		echo "$names"
		echo # behind it comes what is there
		"$1"
	} | awk '
		behind && $0 in asked { found = 1 }
		!behind { asked[$0] = 1 }
		$0 == "" { behind = 1 }
		END { exit !found }'
	case $? in
	0) ;;
	1) return 1 ;;
	*) exit 2 ;; # nobody knows
	esac
}
late=$(($(date +%s) + 10))
while has_any kept || has_any running; do
	[ "$(date +%s)" -lt $late ] || exit 1
	sleep 0.05
done
exit 0
