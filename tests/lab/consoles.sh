# consoles.sh - conserver on the management node and the service nodes: sourced after moves.sh.
#
# The program of a console says which host it is on, and takes the node's one session, as a
# service processor has it: a second one is written down.

# shellcheck shell=bash
# shellcheck disable=SC2154,SC2016 # variables of lab.sh, site.sh and tap.sh; of sh in nodes

consoles_cf=/etc/conserver/conserver.cf

consoles_lay() { # HOST: the program, and a configuration without consoles
	lab_in "$1" sh -ec '
		mkdir -p /opt/xcat/share/xcat/cons /lab/held
		cat >/opt/xcat/share/xcat/cons/ipmi <<-"END"
			#!/bin/sh
			mkdir "/lab/held/$1" || echo "$1 on $(hostname)" >>/lab/two
			hostname >"/lab/held/$1/by"
			trap "rm -rf /lab/held/$1" EXIT
			trap "exit 1" HUP INT TERM
			while read -r line; do echo "$(hostname) has heard $line"; done
		END
		chmod 755 /opt/xcat/share/xcat/cons/ipmi
		cat >/etc/conserver/conserver.cf <<-"END"
			# ours
			config * { sslrequired no; }
			access * { trusted 127.0.0.1, 10.1.0.0/24; }
			default * {
			  logfile /tmp/&.log;
			  timestamp 1lab;
			  rw *;
			  master localhost;
			}
		END
		: >/etc/conserver/conserver.passwd'
}
consoles_entry() { # NODE LINE: as makeconservercf writes it, to stdout
	printf '#xCAT BEGIN %s CONS\nconsole %s {\n  type exec;\n  %s\n}\n#xCAT END %s CONS\n' "$1" "$1" "$2" "$1"
}
consoles_own() { # NODE...: entries of their holder, to stdout
	local node
	for node; do consoles_entry "$node" "exec /opt/xcat/share/xcat/cons/ipmi $node;"; done
}
consoles_of() { # HOLDER NODE...: entries of the management node, to stdout
	local node holder=$1
	shift
	for node; do consoles_entry "$node" "master $holder;"; done
}
consoles_add() { # HOST: stdin, to its configuration
	lab_in "$1" sh -c "cat >>$consoles_cf"
}
consoles_start() { # HOST
	lab_in "$1" conserver -d -o -O1 >/dev/null 2>&1
}
consoles_listen() { # HOST
	lab_await lab_in "$1" bash -c ': <>/dev/tcp/127.0.0.1/782' 2>/dev/null
}
consoles_stop() { # HOST
	lab_in "$1" bash -c 'pkill -x conserver; while pgrep -x conserver >/dev/null; do sleep 0.02; done'
}
consoles_run_on() { # HOST...: on these alone
	local host running=''
	for host in mn sn1 sn2 sn3; do
		! lab_in "$host" pgrep -x conserver >/dev/null || running+=" $host"
	done
	equals "${running# }" "$*"
}

# Which host has the session of each of these nodes: lines "NODE HOST".
consoles_held() {
	(cd "$lab/share/held" && grep -r . . | sed 's|^\./\(.*\)/by:|\1 |' | LC_ALL=C sort)
}
consoles_held_by() { # HOST NODE...
	local node
	equals "$(consoles_held)" "$(for node in "${@:2}"; do echo "$node $1"; done)"
}
# Who answers on `console NODE`, as the management node's conserver tells the way.  One that has just
# been started listens only when its programs have been.
consoles_answer() { # NODE
	lab_in mn timeout 20 bash -c '
		trap "" PIPE
		folder=$(mktemp -d) && mkfifo "$folder/in" || exit
		exec 3<>"$folder/in"
		until grep -qs "Enter .^Ec" "$folder/out"; do
			kill -0 "$client" 2>/dev/null || {
				console -M 127.0.0.1 -p 782 -l root "$1" <"$folder/in" >"$folder/out" 2>&1 3>&- &
				client=$!
			}
			sleep 0.02
		done
		printf "this\n" >&3
		until grep -q "has heard" "$folder/out"; do sleep 0.02; done
		sed -n "s/\(.*\) has heard.*/\1/p" "$folder/out"
		kill "$client"
		rm -r "$folder"' answer "$1"
}

# --- Moves ---------------------------------------------------------------------------------

# Nothing has happened; sn1 has the four consoles, and the management node says so.  sn2 has none, and
# its conserver does not run.
fresh() {
	local host
	rm -rf "$site/state" "$site/cluster.db"
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null || return
	for host in mn sn1 sn2; do
		consoles_stop "$host"
		consoles_lay "$host"
	done
	rm -rf "$lab/share/held" "$lab/share/two"
	mkdir "$lab/share/held"
	# shellcheck disable=SC2086 # names
	{
		consoles_own $four | consoles_add sn1
		consoles_of sn1 $four | consoles_add mn
	}
	consoles_start sn1 && consoles_start mn && consoles_listen sn1 || return
	# shellcheck disable=SC2086
	lab_await consoles_held_by sn1 $four >/dev/null || return
	world >"$scratch/before"
	lab_snapshot mn sn1 sn2
}
world() {
	local host
	lab_in mn sqlite3 /lab/site/cluster.db 'SELECT * FROM noderes; SELECT * FROM nodehm'
	for host in mn sn1 sn2; do
		echo "--- $host"
		lab_in "$host" cat "$consoles_cf"
	done
}
never_two() {
	[ ! -e "$lab/share/two" ] || {
		echo "two have had the session: $(cat "$lab/share/two")"
		return 1
	}
}
held_by() { # HOST: all four, once it has begun them; and never by two
	# shellcheck disable=SC2086 # names
	lab_await consoles_held_by "$1" $four >/dev/null
	# shellcheck disable=SC2086
	consoles_held_by "$1" $four && never_two
}
has() { # HOST NODE...: just their entries
	local host=$1
	shift
	equals "$(lab_in "$host" sed -n 's/^console \(cn.*\) {/\1/p' "$consoles_cf" | paste -sd ' ')" "$*"
}
