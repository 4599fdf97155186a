#!/usr/bin/env bash
# A service node that is dead, with all that it did for its nodes: nobody says so, and they have all of it from another one
# in seconds; after the look nothing is sent to the dead one.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
# shellcheck disable=SC2154,SC2034,SC2016 # variables of the files beside it; of shells in nodes
lab_up 4 || exit
for file in moves dhcp boot consoles nodes whole; do
	# shellcheck source=/dev/null
	. "$(dirname "$0")/$file.sh"
done
whole_lay 1 || exit

# As dead as it can be while its network still counts: no daemon answers, no ping, no shell.
die() {
	lab_in sn1 bash -c 'for name in dhcpd in.tftpd busybox conserver rsyslogd chronyd dnsmasq; do
		pkill -KILL -x $name; while pgrep -x $name >/dev/null; do sleep 0.02; done; done
		echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all'
	lab_stop_sshd sn1
}
# A line for each IP packet that comes for sn1 from the management node or a service node.  (Nodes go on to ask it for the
# time, and log there.)
listen() {
	cat >"$lab/share/heard.pl" <<-'PERL'
		use strict;
		$| = 1;
		socket my $socket, 17, 3, 0x0300 or die "$!";
		print "listening\n";
		while (recv $socket, my $frame, 2048, 0) {
			my ($to, $from, $type) = unpack 'H12 H12 n', $frame;
			print "$from $type\n" if $to =~ /^0200000[12]01?00?01$|^020000010001$|^020000020101$/ &&
				$from =~ /^02000001000[0-9]$|^02000002010[0-9]$/ && $from !~ /01$/ && ($type == 0x800 || $type == 0x86dd);
		}
	PERL
	lab_in_net sn1 perl "$lab/share/heard.pl" >"$scratch/heard" 2>&1 </dev/null &
	listener=$!
	lab_await grep -q listening "$scratch/heard"
}
cat >"$site/hooks/look.lua" <<'LUA'
-- The look is over: then the test counts.
return { name = "look", summary = "waits for the test", before = { check = function()
	while not io.open("/lab/site/go") do end
end } }
LUA
chmod 644 "$site/hooks/look.lua"

dies() {
	local begun mover before
	die && listen || return
	begun=${EPOCHREALTIME/./}
	lab_in mn timeout 100 snmove --config /lab/site/config -s sn1 -d sn2 >"$scratch/stdout" 2>"$scratch/stderr" </dev/null &
	mover=$!
	lab_await grep -q 'which is dead' "$scratch/stdout" || {
		cat "$scratch/stdout" "$scratch/stderr"
		return 1
	}
	sleep 1 # what the look had begun comes to its end
	before=$(wc -l <"$scratch/heard")
	touch "$site/go"
	wait "$mover"
	status=$? out=$(cat "$scratch/stdout") err=$(cat "$scratch/stderr")
	echo "seconds to the verdict: $(((${EPOCHREALTIME/./} - begun) / 1000000))" >"$scratch/seconds"
	kill "$listener"
	tail -n +"$((before + 1))" "$scratch/heard"
	equals "$(wc -l <"$scratch/heard")" "$before" || return
	[ "$before" -gt 1 ] || return
	status_is 3 && contains "$out" "move 4 nodes from sn1, which is dead, to sn2" && equals "$(grep -c '^  owed:' <<<"$out")" 1 &&
		contains "$out" "owed: sn1: cn[001-004]: dead when they left" && contains "$out" "once sn1 is back: $typed --reconcile=sn1"
}
tap_expect "nobody says that it is dead; the look is all that is sent to it, and only its own debts are owed" dies
sed 's/^/# /' "$scratch/seconds"

served() {
	local node
	for node in cn001 cn002 cn003 cn004; do
		equals "$(dhcp_client "$node")" 10.2.0.12 && contains "$(boot_fetched "$node" 10.2.0.12 "boot/grub2/$node")" XCAT=sn2-c &&
			resolves "$node" 10.2.0.12 && lab_await has_time_of "$node" 10.2.0.12 && lab_await logged_at_sn2 "$node" &&
			equals "$(default_routes "$node" | sed 's/ dev.*//')" "default via 10.2.0.12" || return
	done
	equals "$(consoles_answer cn002)" sn2
}
logged_at_sn2() { # NODE
	lab_in "$1" logger -t lab "served $1"
	lab_in sn2 grep -q "served $1" /var/log/nodes
}
tap_expect "lease, boot file, names, time, log, route and console come from the new one" served
well() {
	snmove --verify
	status_is 0 && contains "$out" "4 nodes: all that was looked at is as it should be" &&
		contains "$out" "note: nobody knows whether sn1 still has a DHCP entry of cn[001-004]"
}
tap_expect "and all is well, but for what nobody can know of the dead one" well
tap_end
