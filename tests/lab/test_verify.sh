#!/usr/bin/env bash
# --verify on any day, on a site with all services: nothing is wrong before and after a move; then each fault that is
# planted is named, and the command that it ends with mends it.  `make matrix` plants all of them, a check some.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up 4 || exit
# shellcheck disable=SC2034 # site.sh uses it
site_lines=('connect_time = 3')
. "$(dirname "$0")/moves.sh"
. "$(dirname "$0")/dhcp.sh"
. "$(dirname "$0")/boot.sh"
. "$(dirname "$0")/consoles.sh"
. "$(dirname "$0")/nodes.sh"
. "$(dirname "$0")/whole.sh"
whole_lay 0 || exit

verify() { # STATUS ARGUMENTS...
	local wanted=$1
	shift
	snmove --verify "$@"
	echo "$out$err"
	status_is "$wanted"
}
well() {
	verify 0 && contains "$out" "4 nodes: all that was looked at is as it should be" && contains "$(tr -s ' ' <<<"$out")" \
		"rows dhcp boot console nodes
ok ok ok ok ok cn[001-004]"
}
untouched() {
	equals "$(lab_changes mn sn1 sn2 sn3 cn001 cn002 cn003 cn004 | grep -v ' /var/l\| /root/\|/\.ssh/\| /tmp')" '' && [ ! -e "$site/state" ]
}
before() {
	# shellcheck disable=SC2086 # names
	lab_snapshot mn sn1 sn2 sn3 $four
	well && untouched
}
tap_expect "before a move all is well, and nothing is changed by looking" before
after() {
	snmove -s sn1 -d sn2
	status_is 0 && well
}
tap_expect "after a move all is well, too" after
json() {
	verify 0 --json &&
		contains "$out" '{"nodes":["cn001","cn002","cn003","cn004"],"results":{"rows":"ok","dhcp":"ok","boot":"ok","console":"ok","nodes":"ok"}}' &&
		equals "$(tail -n 1 <<<"$out")" '{"verdict":"done","status":0,"nodes":4,"faults":0,"missing":[]}'
}
tap_expect "the same as JSON" json
chosen() {
	verify 1 -s sn1 && contains "$err" "no node has 'sn1' as its first service node (noderes.servicenode)" || return
	verify 0 cn002 -i --only rows,nodes && contains "$(tr -s ' ' <<<"$out")" "rows nodes
ok - cn002" || return
	verify 1 cn002,cn9 && contains "$err" "no such node or group in the database: cn9"
}
tap_expect "nodes and parts can be chosen" chosen

# Planted, told, mended by the command that is suggested, well again.
mend() { # the commands of the last look, one after the other
	local line command
	grep '^  to mend it: snmove' <<<"$out" >"$scratch/mends"
	while read -r line; do
		command=${line#to mend it: }
		run lab_in mn timeout 60 bash -c "$command"
		[ "$status" = 0 ] || [ "$status" = 3 ] || {
			echo "$command: $status: $out$err"
			return 1
		}
	done <"$scratch/mends"
}
told() { # PART LINE MEND: one fault in cn003, and what mends it
	local part parts=("$1") results=''
	[ "${MATRIX:-}" != all ] || parts=(rows dhcp boot console nodes)
	look_again=(--only "$(IFS=,; echo "${parts[*]}")")
	verify 3 "${look_again[@]}" && contains "$out" "  $1: $2" || return
	for part in "${parts[@]}"; do
		if [ "$part" = "$1" ]; then results+='FAULT '; else results+='ok '; fi
	done
	contains "$(tr -s ' ' <<<"$out")" "${results}cn003" || return
	[ -z "$3" ] || contains "$out" "  to mend it: $typed cn003 $3"
}
faults=()
fault() { # NAME SENTENCE: a function plant_NAME, and one say_NAME that calls `told`
	faults+=("$1"$'\t'"$2")
}
try_fault() { # NAME
	look_again=()
	"plant_$1" && "say_$1" && mend && verify 0 "${look_again[@]}"
}

plant_row() { lab_in mn sqlite3 /lab/site/cluster.db "INSERT INTO noderes (node, xcatmaster) VALUES ('cn003', 'sn1-c')
	ON CONFLICT (node) DO UPDATE SET xcatmaster = 'sn1-c'"; }
say_row() {
	verify 3 && contains "$out" "  rows: noderes.xcatmaster is 'sn1-c', which is no address of sn2, their service node" &&
		contains "$out" "$typed cn003 -d sn2 --only xcatmaster"
}
fault row "a row with the name of another service node"
plant_entry() { lab_in sn2 sh -c 'echo "[]" >/etc/kea/hosts.json; pkill -HUP -x kea-dhcp4'; }
say_entry() {
	verify 3 && contains "$out" "  dhcp: sn2: it has no DHCP entry of them, and should by the tables" &&
		contains "$out" "  to mend it: $typed 'cn[001-004]' -d sn2 --only dhcp"
}
fault entry "DHCP entries that are gone"
plant_left_entry() { dhcp_include 10.2.0.11 cn003 | lab_in sn1 tee "$dhcp_hosts" >/dev/null && dhcp_stop_isc sn1 && dhcp_start_isc sn1; }
say_left_entry() { told dhcp "sn1: their DHCP entry is still there, and it does not hold it by the tables" "-s sn1 -d sn2 --only release,dhcp"; }
fault left_entry "a DHCP entry that is left on the old service node"
plant_file() { lab_in sn2 sh -c 'cd /tftpboot/boot/grub2 && mkdir /lab/away && mv cn003 grub2-cn003 /lab/away'; }
say_file() { # what nodeset would do
	told boot "sn2: it has no boot file of them, and should by the tables" '' && contains "$out" "  to mend it: nodeset cn003 enact" &&
		lab_in sn2 sh -c 'mv /lab/away/* /tftpboot/boot/grub2'
}
fault file "a boot file that is gone"
plant_named() { lab_in sn2 sed -i 's/10.2.0.12/10.2.0.11/; s/sn2-c/sn1-c/' /tftpboot/boot/grub2/cn003; }
say_named() { told boot "sn2: their boot file there names sn1, another service node" "-s sn1 -d sn2 --only boot"; }
fault named "a boot file that names the old service node"
plant_left_file() { whole_boot_file cn003 1 | lab_in sn1 tee /tftpboot/boot/grub2/cn003 >/dev/null; }
say_left_file() { told boot "sn1: their boot file is still there, and it does not hold it by the tables" "-s sn1 -d sn2 --only boot"; }
fault left_file "a boot file that is left on the old service node"
plant_tftp() { lab_in sn2 bash -c 'pkill -x in.tftpd; while pgrep -x in.tftpd; do sleep 0.02; done' >/dev/null; }
say_tftp() {
	verify 3 && contains "$out" "  boot: sn2: sn2 does not give their boot files by TFTP: "
	local failed=$?
	lab_in sn2 in.tftpd -l -4 -a 10.2.0.12:69 -u tftp -s /tftpboot
	return "$failed"
}
fault tftp "a TFTP server that is dead"
plant_console() { lab_in sn2 sed -i '/BEGIN cn003/,/END cn003/d' "$consoles_cf"; }
say_console() { told console "sn2: their console on sn2 is not as the tables have it" "-d sn2 --only console"; }
fault console "a console that is gone"
plant_left_console() { consoles_own cn003 | consoles_add sn1; }
say_left_console() { told console "sn1: their console is still there, and it does not hold it by the tables" "-s sn1 -d sn2 --only release,console"; }
fault left_console "a console that is left on the old service node"
plant_log() { lab_in cn003 sh -c 'sed -i s/sn2-c/sn1-c/ /etc/rsyslog.d/remote.conf
	kill $(cat /run/rsyslogd.pid); while [ -e /run/rsyslogd.pid ]; do sleep 0.02; done; rsyslogd -i /run/rsyslogd.pid'; }
say_log() { told nodes "syslog has 10.2.0.11, another service node" "-d sn2 --only nodes"; }
fault log "a log that goes to the old service node"
plant_names() { lab_in cn003 sed -i s/10.2.0.12/10.2.0.11/ /etc/resolv.conf; }
say_names() { told nodes "mkresolvconf has 10.2.0.11, another service node" "-d sn2 --only nodes"; }
fault names "names that are asked of the old service node"
plant_time() { lab_in cn003 sh -c 'sed -i s/10.2.0.12/10.2.0.11/ /etc/chrony/chrony.conf
	chronyc delete 10.2.0.12 >/dev/null; chronyc add server 10.2.0.11 >/dev/null'; }
say_time() { told nodes "setupntp has 10.2.0.11, another service node" "-d sn2 --only nodes"; }
fault time "a clock that is set by the old service node"
plant_route() { lab_in cn003 ip route replace default via 10.2.0.11 dev eth0 metric 50; }
say_route() { told nodes "defaultroute has 10.2.0.11, another service node" "-d sn2 --only nodes"; }
fault route "a default route by the old service node"
plant_info() { lab_in cn003 sed -i s/10.2.0.12/10.2.0.11/ /opt/xcat/xcatinfo; }
say_info() { told nodes "xcatinfo has 10.2.0.11, another service node" "-d sn2 --only nodes"; }
fault info "an xcatinfo with the old service node"

for line in "${faults[@]}"; do
	name=${line%%$'\t'*}
	if [ "${MATRIX:-}" = all ] || [[ " left_entry named left_console log " == *" $name "* ]]; then
		tap_expect "${line#*$'\t'} is named, and what is suggested mends it" try_fault "$name"
	fi
done

mount_left() {
	lab_in cn003 sh -c 'echo "sn1-c:/install /install nfs ro 0 0" >/etc/fstab'
	verify 0 && contains "$out" "note: cn003: still names another service node, and is left: /etc/fstab: sn1-c:/install /install nfs ro 0 0"
	local failed=$?
	lab_in cn003 sh -c ': >/etc/fstab'
	return "$failed"
}
tap_expect "a mount of another service node is told" mount_left
down() {
	lab_power_off cn002
	verify 3 && contains "$out" "  nodes: what they use now could not be looked at: " && [[ $out != *"to mend"* ]]
	local failed=$?
	lab_power_on cn002
	return "$failed"
}
tap_expect "a node that is down is told" down
dead() {
	lab_power_off sn1
	verify 0 && contains "$out" "note: nobody knows whether sn1 still has a DHCP entry of cn[001-004]: "
	local failed=$?
	lab_power_on sn1
	return "$failed"
}
tap_expect "an old service node that is dead is noted" dead

tap_end
