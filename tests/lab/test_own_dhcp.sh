#!/usr/bin/env bash
# DHCP and boot files by xCAT's own makedhcp and nodeset, where the site has chosen them: what is run,
# in which order; what they have not done is found, and owed; killed at each, resumed and taken back.
# The commands are stand-ins (tests/lab/xcat), the servers are real.  `make matrix` goes through all of it.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 4 || exit
site_lines=('connect_time = 3' 'own = { dhcp = "makedhcp", boot = "nodeset" }')
site_lay || exit
. "$(dirname "$0")/moves.sh"
. "$(dirname "$0")/dhcp.sh"
. "$(dirname "$0")/boot.sh"
. "$(dirname "$0")/xcat.sh"

tables() { # DISJOINTDHCPS SHAREDTFTP
	site_tables
	dhcp_tables "$1"
	sed -i 's/xnba/pxe/' "$site/tables/noderes.csv"
	printf '#node,currstate,currchain,chain,ondiscover,comments,disable\n"compute","netboot rocky9.4-x86_64-compute",,,,,\n' \
		>"$site/tables/chain.csv"
	echo "\"sharedtftp\",\"$2\",," >>"$site/tables/site.csv"
}
for sn in sn1 sn2 sn3; do
	dhcp_lay_isc "$sn" omapi
	lab_in "$sn" sh -c 'mkdir -p /tftpboot/xcat/osimage/compute /install && touch /tftpboot/pxelinux.0 /tftpboot/xcat/osimage/compute/kernel /install/x.gz'
	boot_start "$sn" "10.2.0.1${sn#sn}"
done
xcat_lay makedhcp nodeset

# Nothing has happened; xCAT has given them to sn1 (with 0: to all).
fresh() { # DISJOINTDHCPS SHAREDTFTP
	local sn
	tables "$1" "$2"
	rm -rf "$site/state" "$site/cluster.db"
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null || return
	for sn in sn1 sn2 sn3; do
		dhcp_stop_isc "$sn"
		lab_in "$sn" sh -c ": >$dhcp_leases; mkdir -p /tftpboot/pxelinux.cfg; rm -f /tftpboot/pxelinux.cfg/*"
		dhcp_start_isc "$sn" || return
	done
	xcat_lay makedhcp nodeset
	lab_in mn /opt/xcat/sbin/makedhcp cn001-cn004 && lab_in mn /opt/xcat/sbin/nodeset cn001-cn004 enact || return
	lab_in mn rm /root/calls
	world >"$scratch/before"
}
world() {
	local sn
	lab_in mn sqlite3 /lab/site/cluster.db 'SELECT * FROM noderes; SELECT * FROM nodehm; SELECT * FROM chain'
	for sn in sn1 sn2 sn3; do
		dhcp_leased "$sn"
		lab_in "$sn" sh -c 'cd /tftpboot && find pxelinux.cfg -type f 2>/dev/null | LC_ALL=C sort | while read -r file; do echo "$file"; cat "$file"; done'
	done
}
as_before() {
	diff "$scratch/before" <(world)
}
answer() { # SERVER: it alone does, to the first and the last
	offered "cn001 $1 $1" "cn004 $1 $1"
}
range="cn[001-004]"

plan() {
	fresh 1 0 || return
	moved --plan
	local plain
	plain=$(tr -s ' ' <<<"$out")
	status_is 0 && contains "$plain" "makedhcp -d $range" && contains "$plain" "nodeset $range enact" &&
		as_before && equals "$(lab_in mn ls /root/calls 2>&1 | grep -c cannot)" 1 || return
	# What is given up goes before the rows.
	equals "$(sed -n 's/^\(release\|servicenode\|dhcp\|boot\)$/\1/p' <<<"$out" | paste -sd ' ')" "release servicenode dhcp boot"
}
tap_expect "a plan shows the commands in their order, and runs none" plan

there_and_back() {
	fresh 1 0 && answer 10.2.0.11 || return
	moved
	status_is 0 && answer 10.2.0.12 && called "makedhcp -d $range" "makedhcp $range" "nodeset $range enact" || return
	contains "$(lab_in sn2 cat /tftpboot/pxelinux.cfg/cn003)" "10.2.0.12" &&
		equals "$(lab_in sn1 ls /tftpboot/pxelinux.cfg)" '' && equals "$(dhcp_leased sn1)" '' || return
	snmove --undo
	status_is 0 && as_before && answer 10.2.0.11 &&
		called "makedhcp -d $range" "makedhcp $range" "nodeset $range enact"
}
tap_expect "makedhcp and nodeset take them there, and an undo has them back" there_and_back

all_hold() { # xCAT's default: nothing is given up
	fresh 0 0 || return
	moved
	status_is 0 && called "makedhcp $range" "nodeset $range enact" &&
		offered "cn002 10.2.0.11 10.2.0.12" "cn002 10.2.0.12 10.2.0.12" "cn002 10.2.0.13 10.2.0.12" || return
	snmove --undo
	status_is 0 && as_before && called "nodeset $range enact" "makedhcp $range"
}
tap_expect "where all hold them nothing is taken away, and an undo gives them again behind the rows" all_hold

# --- Lies ----------------------------------------------------------------------------------

lies() { # lie|fail WORDS WORDS: makedhcp does nothing
	fresh 1 0 || return
	xcat_does makedhcp "$1"
	moved
	status_is 3 && contains "$out" "owed: sn1: $range: $2 their DHCP entry is still on sn1: it asks the rows" &&
		contains "$out" "owed: sn2: $range: $3 their DHCP entry on sn2 is not as it was given: look at what it says, and then: makedhcp '$range'" || return
	xcat_does makedhcp well
	lab_in mn rm /root/calls
	snmove --resume
	# By the rows as they are now -d would take them from sn2.
	status_is 0 && called "makedhcp $range" && answer 10.2.0.12 && equals "$(dhcp_leased sn1)" '' || return
	snmove --undo
	status_is 0 && as_before && answer 10.2.0.11
}
tap_expect "a makedhcp that does nothing and ends well is found, and owed; a resume pays" \
	lies lie "makedhcp ended well, and" "makedhcp ended well, and"

[ "${MATRIX:-}" = all ] || tap_end

nodeset_lies() {
	fresh 1 0 || return
	xcat_does nodeset lie
	moved
	status_is 3 && contains "$out" "owed: sn2: $range: nodeset ended well, and they have no boot file on sn2: look at what it says, and then: nodeset '$range' enact" &&
		contains "$(lab_in sn1 ls /tftpboot/pxelinux.cfg)" cn001 || return
	xcat_does nodeset well
	snmove --resume
	status_is 0 && equals "$(lab_in sn1 ls /tftpboot/pxelinux.cfg)" '' && contains "$(lab_in sn2 cat /tftpboot/pxelinux.cfg/cn003)" "10.2.0.12" || return
	snmove --undo
	status_is 0 && as_before
}
tap_expect "a nodeset that does nothing is found, sn1 keeps the files, and a resume pays" nodeset_lies

late() {
	fresh 1 0 || return
	xcat_does makedhcp late
	moved
	status_is 0 && contains "$out" "note: makedhcp $range ended with status 1: makedhcp: it has done all, and says that it has failed; all that it was to do is done" &&
		answer 10.2.0.12
}
tap_expect "one that fails and has done all is a note" late

# --- Killed --------------------------------------------------------------------------------

killed_in() { # COMMAND resume|undo
	fresh 1 0 || return
	lab_in mn touch "/tmp/slow-$1"
	lab_in mn snmove --config /lab/site/config "${move[@]}" >"$scratch/out1" 2>"$scratch/err1" &
	mover=$!
	lab_await lab_in mn test -e /tmp/begun || return
	signal KILL
	lab_in mn rm -f "/tmp/slow-$1"
	lab_await lab_in mn sh -c '! pgrep -f [/]opt/xcat/sbin/ >/dev/null' || return
	if [ "$2" = resume ]; then
		snmove --resume
		status_is 0 && answer 10.2.0.12 && equals "$(dhcp_leased sn1)" '' || return
	fi
	snmove --undo
	status_is 0 && as_before && answer 10.2.0.11
}
tap_expect "killed in makedhcp, a resume ends it, and an undo has them back" killed_in makedhcp resume


# --- The rest ------------------------------------------------------------------------------

some_back() {
	fresh 1 0 || return
	moved
	status_is 0 || return
	called "makedhcp -d $range" "makedhcp $range" "nodeset $range enact" || return
	snmove --undo=1 cn002-cn003
	status_is 0 && offered "cn001 10.2.0.12 10.2.0.12" "cn002 10.2.0.11 10.2.0.11" "cn003 10.2.0.11 10.2.0.11" &&
		called "makedhcp cn[002-003]" && equals "$(lab_in sn2 ls /tftpboot/pxelinux.cfg | paste -sd ' ')" "cn001 cn004"
}
tap_expect "of some nodes the undo runs them for these, and takes away what they leave" some_back

tap_expect "a makedhcp that fails is found, too" lies fail "makedhcp -d $range ended with status 1: makedhcp: it does not work:" \
	"makedhcp $range ended with status 1: makedhcp: it does not work:"
tap_expect "killed in makedhcp, an undo has them back" killed_in makedhcp undo
tap_expect "killed in nodeset, a resume ends it, and an undo has them back" killed_in nodeset resume
tap_expect "killed in nodeset, an undo has them back" killed_in nodeset undo

forgotten() { # makedhcp -d takes longer than it may, and ends behind the rows
	fresh 1 0 || return
	lab_in mn sh -c 'echo 1 >/tmp/slow-makedhcp'
	lab_in mn snmove --config /lab/site/config "${move[@]}" --timeout 4 >"$scratch/out1" 2>"$scratch/err1" &
	mover=$!
	lab_await lab_in mn test -e /tmp/begun && wait "$mover"
	lab_in mn rm -f /tmp/slow-makedhcp /root/calls
	lab_await lab_in mn sh -c '! pgrep -f [/]opt/xcat/sbin/ >/dev/null' || return
	snmove --resume
	# A second -d would have taken them from sn2.
	status_is 0 && answer 10.2.0.12 && equals "$(dhcp_leased sn1)" '' && called ''
}
tap_expect "one that takes too long before the rows is not run again behind them" forgotten

undo_lies() { # what the old one lacks then is owed, what the new one still has is taken out
	fresh 1 0 || return
	moved
	status_is 0 || return
	xcat_does makedhcp lie
	snmove --undo
	status_is 3 && equals "$(dhcp_leased sn2)" '' &&
		contains "$out" "owed: sn1: $range: their DHCP entry on sn1 is not as it was given, after the undo: makedhcp '$range'"
}
tap_expect "one that does nothing in an undo is found, too" undo_lies

other_state() { # nodeset would write what chain.currstate says
	fresh 1 0 || return
	lab_in sn1 sed -i 's/#netboot/#install/' /tftpboot/pxelinux.cfg/cn002
	world >"$scratch/before"
	moved
	status_is 1 && contains "$out" "cn002: their boot files are not of the state that chain.currstate names" && as_before &&
		called ''
}
tap_expect "files of another state refuse the move, for nodeset would change what the node boots" other_state

not_there() {
	fresh 1 0 || return
	xcat_lay nodeset
	moved
	status_is 1 && contains "$out" "the configuration leaves dhcp to xCAT's makedhcp (own.dhcp), and it is not on the management node" && as_before
}
tap_expect "a command that is not there refuses the move" not_there

dead() {
	fresh 1 0 || return
	lab_power_off sn1
	lab_in mn rm -f /root/calls
	moved
	status_is 3 && called "makedhcp $range" "nodeset $range enact" && answer 10.2.0.12 || return
	lab_power_on sn1
	dhcp_start_isc sn1
	boot_start sn1 10.2.0.11
	snmove --undo
	status_is 0 && as_before && answer 10.2.0.11
}
tap_expect "with sn1 dead nothing is taken from it, and an undo gives them to it again" dead

# snmove, at the Nth time that it writes its journal.
killed_at() { # N DISJOINTDHCPS
	fresh "$2" 0 || return
	run lab_in mn env ASAN_OPTIONS=detect_leaks=0 timeout 60 strace -qqq -o /dev/null -e trace=fdatasync -e inject="fdatasync:signal=KILL:when=$1" \
		snmove --config /lab/site/config "${move[@]}"
	[ "$status" = 137 ] || {
		status_is 0 && return 2 # it came to its end before
		return
	}
	lab_await lab_in mn sh -c '! pgrep -f [/]opt/xcat/sbin/ >/dev/null' || return
	snmove --status
	[[ $out == *"run 1 is open"* ]] || {
		as_before
		return
	}
	if [ $(($1 % 2)) -ne 0 ]; then
		snmove --resume
		status_is 0 && contains "$(dhcp_leased sn2)" "host cn004" || return 1
	fi
	snmove --undo=1
	status_is 0 && as_before
}
killed_everywhere() { # DISJOINTDHCPS
	local n
	for ((n = 1; ; n += 2)); do
		killed_at "$n" "$1"
		case $? in
		0) ;;
		2) break ;;
		*)
			echo "killed at fdatasync $n"
			return 1
			;;
		esac
	done
	echo "$n" >>"$scratch/points"
	[ "$n" -gt 4 ]
}
# Release before the rows (1: it is makedhcp's), and nothing to release (0).
tap_expect "killed anywhere, what is given up before the rows goes on, or back" killed_everywhere 1
tap_expect "killed anywhere where all hold them, it goes on, or back" killed_everywhere 0
sed 's/^/# points of /' "$scratch/points"
tap_end
