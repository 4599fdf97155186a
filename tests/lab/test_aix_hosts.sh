#!/usr/bin/env bash
# Hosts that have but what AIX has (tests/lib/aix_programs): commands, questions and files there, beside
# hosts that have GNU's programs.  cn002, cn004 and sn2 are such; AIX itself cannot be had.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
if ! command -v ksh93 >/dev/null; then
	tap_skip "hosts as AIX is" "no ksh93 (tests/lab/install installs it)"
	tap_end
fi
lab_up 4 || exit
# shellcheck disable=SC2034 # site.sh uses it
site_lines=('connect_time = 3')
site_lay || exit
. "$(dirname "$0")/moves.sh"
. "$(dirname "$0")/aix.sh"
aix_hosts cn002 cn004 sn2 || exit

conf=/etc/app.conf lite=/etc/app.lite # the second is a mount of its own
lay="mount -t proc proc /proc; umount $lite 2>/dev/null; umount /proc # which umount needs
	rm -rf /etc/app.* /root/log /tmp/begun /tmp/hold /var/lib/snmove; : >/tmp/mounts
	printf 'server sn1\nport 1\n' >$conf; chmod 640 $conf; chown root:mail $conf; touch -d 2001-01-01 $conf
	mkdir /etc/app.d; ln -s app.d /etc/app.link; echo old >/etc/app.gone; echo secret one >/etc/app.key; chmod 600 /etc/app.key
	printf 'server sn1\nlite\n' >$lite; chmod 640 $lite; chown root:mail $lite; touch -d 2001-01-01 $lite"
mounted="$lay; mount --bind $lite $lite; echo $lite rw >/tmp/mounts"
each() { # COMMAND: what it says on each of the four, with commas
	local node
	for node in $four; do
		lab_in "$node" sh -c "$1" 2>&1 | paste -sd ' '
	done | paste -sd ,
}
four_times() { # WORDS: said by each of them
	echo "$1,$1,$1,$1"
}
some="['$conf'] = { content = 'server sn2\nport 1\n' }, ['/etc/app.new'] = { content = string.rep('\\0\\xff\\n\\'', 5000), mode = '2750', owner = 'daemon:mail' },
	['$lite'] = { content = 'server sn2\nlite\n' }, ['/etc/app.link'] = { link = '/etc/other place' }"
all="$some, ['/etc/app. a\\'\$x*'] = 'odd', ['/etc/app.empty'] = '', ['/etc/app.gone'] = { absent = true },
	['/etc/app.key'] = { content = 'secret two\n', secret = true }"
put() { # FILES [OPTIONS]: on the nodes
	work "remote.put(move.nodes, { $1 }, { ${2:-} })"
}
as_laid="640 root:mail 2001-01-01 600 root:root  640 root:mail 2001-01-01 server sn1 port 1 secret one server sn1 lite old app.d"
look_at="stat -c '%a %U:%G %y' $conf | cut -c 1-24; stat -c '%a %U:%G ' /etc/app.key; stat -c '%a %U:%G %y' $lite | cut -c 1-24
	cat $conf /etc/app.key $lite; cat /etc/app.gone; readlink /etc/app.link; ls -A /etc/app.d"

# --- Commands ------------------------------------------------------------------------------

asked() {
	ask 'local text = string.rep("0123456789abcdef\0\255\n\x27\"\\$x", 4500)
		local hosts = { "cn001", "cn002", "sn2" }
		tell(query(hosts, "cksum | tr \" \" -; command -v base64 >/dev/null || exit 3", { stdin = text }), "stdout")
		for host, r in pairs(query(hosts, "cat", { stdin = text })) do assert(r.stdout == text, host) end
		local value = "it\x27s \"quoted\" $HOME `date` \\\n\nand \255\1 more\n"
		for host, r in pairs(query(hosts, "printf %s \"$A_VALUE\"", { env = { A_VALUE = value } })) do assert(r.stdout == value, host) end
		for host, r in pairs(query(hosts, "echo \"unclosed")) do assert(r.status ~= 0 and r.stdout == "", host) end
		tell(query(hosts, "read x; echo \"($x)\"; exit 4"), "stdout")'
	status_is 0 && equals "$err" '' && equals "$(grep -o '^[a-z0-9]* [0-9]*' <<<"$out" | paste -sd ,)" \
		"cn001 0,cn002 3,sn2 3,cn001 4,cn002 4,sn2 4" &&
		equals "$(sed -n 's/^[a-z0-9]* [03] //p' <<<"$out" | sort -u | grep -c .)" 1
}
tap_expect "what is read, the environment and the status are as on any host" asked

nothing_to_read_with() {
	mv "$site/aix_programs/perl" "$site/perl"
	ask 'tell(query({ "cn002" }, "cat; echo begun", { stdin = "x" }), "stdout", "stderr")'
	mv "$site/perl" "$site/aix_programs/perl"
	equals "$out" "cn002 127  base64 or perl is needed here, to have what a command reads"
}
tap_expect "where what it reads cannot be had, a command does not begin" nothing_to_read_with

ran() {
	anew "$lay"
	work 'remote.run(move.nodes, "read line; echo $line $WORD >/root/log", { stdin = "a line\n", env = { WORD = "it\x27s" }, undo = "rm /root/log" })'
	moved
	status_is 0 && equals "$(each 'cat /root/log')" "$(four_times "a line it's")" || return 1
	snmove --undo
	status_is 0 && equals "$(changed)" ''
}
tap_expect "commands of a move are run there, and taken back" ran

# --- Files ---------------------------------------------------------------------------------

planned() {
	anew "$mounted" && put "$all"
	moved --plan
	out=$(tr -s ' ' <<<"$out")
	status_is 0 && contains "$out" "$conf 18 -> 18 bytes cn[001-004]
 -server sn1
 +server sn2" && contains "$out" "/etc/app.link a link to 'app.d' -> a link to '/etc/other place' cn[001-004]" &&
		contains "$out" "$lite 16 -> 16 bytes, mount written in place cn[001-004]" && equals "$(changed)" ''
}
tap_expect "a plan looks at their files, and sees the same as elsewhere" planned

there() {
	put "$all" 'check = "[ $# = 7 ] && cat \"$1\" >>/root/log", activate = "cat /etc/app.key >>/root/log"'
	moved
	status_is 0 && as_recorded "cn001 /root/log" "cn002 /root/log" "cn003 /root/log" "cn004 /root/log" || return 1
	local states
	states=$(sqlite3 "$site/state/journal.db" "SELECT target, count(*), count(DISTINCT before), count(DISTINCT after)
		FROM changes JOIN files ON files.change = number GROUP BY target" | grep -c '|4|1|1$')
	equals "$states" 8
}
tap_expect "files, links, modes, owners, secrets and mounts are put there, with the states of any host" there

same_bytes() {
	local node
	for node in cn002 cn003 cn004; do
		equals "$(lab_in "$node" sh -c "cd /etc; stat -c '%n %a %U:%G %s' app*; cat app* | cksum; readlink app.link; cat /root/log")" \
			"$(lab_in cn001 sh -c "cd /etc; stat -c '%n %a %U:%G %s' app*; cat app* | cksum; readlink app.link; cat /root/log")" || return
	done
}
tap_expect "byte by byte" same_bytes

back() {
	snmove --undo
	status_is 0 && equals "$(changed | grep -v 'kept/\|/root/log$')" '' && equals "$(each "$look_at")" "$(four_times "$as_laid")"
}
tap_expect "an undo puts all back as it was, to the time and the owner" back

check_fails() {
	anew "$mounted" && put "$some" 'check = "exit 7"'
	moved
	status_is 3 && contains "$out" "check failed, the check of the new files ended with status 7" && equals "$(changed)" '' || return 1
	anew "$mounted" && put "$some" 'activate = "[ ! -e /etc/app.new ]"'
	moved
	status_is 3 && contains "$out" "activate failed, status 1, and the old files are back" && equals "$(each "$look_at")" "$(four_times "$as_laid")"
}
tap_expect "where the check or the new files fail, the old ones are there" check_fails

edited() {
	anew "$mounted"
	work "remote.edit(move.nodes, '$conf', function(text) return (text:gsub('sn1', 'sn2')) end)"
	moved
	status_is 0 && as_recorded && equals "$(each "cat $conf")" "$(four_times "server sn2 port 1")" && snmove --undo && status_is 0
}
tap_expect "a file is edited there" edited

hold='touch /tmp/begun; n=0; while [ -e /tmp/hold ] && [ $n -lt 100 ]; do n=$((n + 1)); sleep 0.1; done'
killed() { # check|activate
	anew "$mounted; touch /tmp/hold" && put "$some" "$1 = '$hold'"
	start "${move[@]}"
	signal KILL
	(
		sleep 1
		for node in $four; do lab_in "$node" rm /tmp/hold; done
	) &
	local later=$!
	snmove --resume
	wait "$later"
	status_is 0 && as_recorded && equals "$(each 'ls -A /etc | grep -c snmove-')" 0,0,0,0 || return 1
	snmove --undo=1
	status_is 0 && equals "$(each "$look_at")" "$(four_times "$as_laid")"
}
tap_expect "a put that is killed before it swaps is resumed behind the script that is at work yet, and taken back" killed check
tap_expect "so is one that is killed when all is in place" killed activate

killed_there() { # the shells of the put, on the host itself: KILL while the check runs
	anew "$mounted; touch /tmp/hold" && put "$some" "check = '$hold'"
	start "${move[@]}"
	for node in $four; do lab_in "$node" bash -c 'mount -t proc proc /proc; pkill -KILL -x "sh|ksh93"; umount /proc'; done
	wait "$mover"
	for node in $four; do lab_in "$node" rm -f /tmp/hold; done
	snmove --resume
	status_is 0 && as_recorded && same_bytes && snmove --undo=1
	status_is 0 && equals "$(each "$look_at")" "$(four_times "$as_laid")"
}
tap_expect "one whose script is killed on the hosts is done by a resume" killed_there

# --- Service nodes -------------------------------------------------------------------------

known() {
	anew "$lay" && work ''
	snmove cn001-cn004 -d sn2 -i
	status_is 0 && equals "$(lab_in mn sqlite3 /lab/site/cluster.db "SELECT DISTINCT xcatmaster FROM noderes WHERE node LIKE 'cn%'")" sn2-c
}
tap_expect "what the nodes call a new service node is found by its ifconfig" known
wrong_network() {
	lab_in sn2 sh -c 'sed -i "/10\.2\./d" /tmp/interfaces'
	snmove --undo && moved
	status_is 1 && contains "$out$err" "sn2 has no interface in their network" && contains "$out$err" "sn2-c is 10.2.0.12, and that is no address of sn2"
}
tap_expect "and so is that it is in another network" wrong_network
tap_end
