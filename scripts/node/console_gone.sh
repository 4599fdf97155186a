# Status 0: the console server of this host has no console of the nodes that stdin names, one a line.
# shellcheck shell=sh
names=$(cat) || exit 2
# Blocks of conserver.cf, and the names in what goconserver keeps.
has=$(
	for file in /etc/conserver.cf /etc/conserver/conserver.cf; do
		[ ! -f "$file" ] || sed -n 's/^[[:blank:]]*console[[:blank:]]*\([^[:blank:]{]*\).*/\1/p' "$file"
	done
	if [ -f /var/lib/goconserver/nodes.json ]; then
		tr ',{' '\n\n' </var/lib/goconserver/nodes.json | sed -n 's/.*"name":[[:blank:]]*"\([^"]*\)".*/\1/p'
	fi
) || exit 2
for name in $names; do
	printf '%s\n' "$has" | grep -qxF -e "$name" && exit 1
done
exit 0
