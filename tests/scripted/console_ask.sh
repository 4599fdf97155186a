#!/usr/bin/env bash
# Where the REST interface of a goconserver is, as its host is asked: by the configuration that it
# was started with.  What runs here has its name, and no more.

. "$(dirname "$0")/../lib/tap.sh"
mkdir "$scratch/here"
printf '#!/bin/sh\nread -r line <"$WAITS"\n' >"$scratch/goconserver"
chmod +x "$scratch/goconserver"
mkfifo "$scratch/end"

conf() { # FILE HOST [PORT]
	printf 'global:\n  host: %s\napi:\n  port: "%s"\n' "$2" "${3:-12429}" >"$scratch/here/$1"
}
urls() { # WORD...: of one that is started with these words
	cd "$scratch/here" || return
	WAITS=$scratch/end "$scratch/goconserver" "$@" &
	local pid=$!
	await grep -qx goconserver "/proc/$pid/comm"
	cat "$source_tree"/core/services/console/{find,ask}.sh | (cd / && sh) | grep '^server\|^url'
	echo >"$scratch/end"
	wait "$pid"
}
says() { # URL WORD...
	local url=$1
	shift
	equals "$(urls "$@")" "server goconserver
url $url"
}
nothing() {
	equals "$(urls "$@")" "server goconserver"
}
equals() {
	[ "$1" = "$2" ] || { printf 'found: %s\nwanted: %s\n' "$1" "$2"; false; }
}

conf own.conf 127.0.0.2 4711
tap_expect "its configuration is what --config-file names" says http://127.0.0.2:4711 --config-file "$scratch/here/own.conf"
tap_expect "also in one word" says http://127.0.0.2:4711 --config-file="$scratch/here/own.conf"
tap_expect "or -c, from the folder that it runs in" says http://127.0.0.2:4711 -c own.conf
cp "$scratch/here/own.conf" "$scratch/here/own.yaml"
tap_expect "whatever the file is called" says http://127.0.0.2:4711 --config-file own.yaml
tap_expect "one that is not there tells nothing, and nothing is guessed" nothing -c none.conf
conf any.conf '"0.0.0.0"'
tap_expect "who listens on all addresses is asked on the first of its own host" says http://127.0.0.1:12429 -c any.conf
conf any6.conf '"::"'
tap_expect "also with those of IPv6" says 'http://[::1]:12429' -c any6.conf
conf six.conf '"fd00::12"'
tap_expect "such an address stands in brackets" says 'http://[fd00::12]:12429' -c six.conf
conf bracket.conf '"[fd00::12]"'
tap_expect "and in no more than one pair" says 'http://[fd00::12]:12429' -c bracket.conf

tap_end
