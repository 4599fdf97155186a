#!/usr/bin/env bash
# Hosts that do not answer, or not in time, or die: each has its reason, and none is in the way of
# the others.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up || exit
site_lines=('connect_time = 2' 'login_time = 4')
site_lay || exit

denied() {
	lab_in cn002 mv /root/.ssh/authorized_keys /root/.ssh/off
	lab_in cn003 sh -c 'kill -KILL $(cat /run/sshd.pid)'
	lab_in sn3 sh -c 'kill -KILL $(cat /run/sshd.pid)'
	lab_stop_sshd cn005 && lab_power_off cn006 && lab_stop_sshd sn2
}
tap_expect "(hosts are broken)" denied
answers() { # LINE...
	ask 'tell(query({"cn001", "cn002", "cn003", "cn005", "cn006", "sn2", "sn3", "nosuch", "mn"}, "true"))
		tell(query({"cn001"}, "true", {via = "direct"}), "message")'
	# Its service node knows after a while that it cannot reach it.
	out=${out/cn006 unreachable/cn006 timeout}
	status_is 0 && equals "$out" "$(printf '%s\n' "cn001 0" "cn002 login denied" "cn003 unreachable" \
		"cn005 timeout" "cn006 timeout" "mn 0" "nosuch unresolved" "sn2 timeout" "sn3 refused" "$@")"
}
openssh_answers() {
	other 'transport = "openssh"'
	answers "$@"
}
tap_expect "each host that does not answer has its reason, within the time to connect" \
	within 4 answers "cn001 unreachable 10.2.1.1 port 22: Network is unreachable"
tap_expect "and the same one by OpenSSH" within 5 openssh_answers \
	"cn001 unreachable no shell answered; it said: ssh: connect to host 10.2.1.1 port 22: Network is unreachable"

mended() {
	lab_cont_sshd sn2 && lab_cont_sshd cn005 && lab_sshd cn003 && lab_sshd sn3 && lab_power_on cn006 &&
		lab_in cn002 mv /root/.ssh/off /root/.ssh/authorized_keys && lab_in cn006 true
}
tap_expect "(hosts are mended)" mended

lost() {
	ask 'local r = query({"cn001", "cn002", "cn003", "sn2"}, "touch /tmp/began; [ $(hostname) = cn003 ] || sleep 2") tell(r, "message")' &
	local asking=$! node
	for node in cn001 cn002 cn003; do
		lab_await lab_in "$node" test -e /tmp/began
	done
	sleep 0.2 # until cn003 has said so
	lab_in sn1 pkill -KILL sshd
	wait "$asking"
	equals "$(cat "$scratch/stdout")" "$(printf '%s\n' "cn001 lost the connection ended while the command ran" \
		"cn002 lost the connection ended while the command ran" "cn003 0 nil" "sn2 0 nil")"
	local answer=$?
	lab_sshd sn1
	return "$answer"
}
tap_expect "when the service node dies, its nodes are lost, with what is known of them" lost

busy() { # NODES TRANSPORT
	lab_sshd sn1 'MaxStartups 2:100:4'
	lab_sshd sn2 'MaxStartups 2:100:4'
	other 'transport = "'"$2"'"' 'connect_time = 10' 'login_time = 15'
	ask 'count(query('"$1"', "true"), "transport")'
	local answer=$?
	lab_sshd sn1
	lab_sshd sn2
	return "$answer"
}
busy_hop() {
	busy 'all "cn001-cn014"' "$1"
	says "14	0 $1"
}
tap_expect "a service node that takes few logins is enough for all its nodes" busy_hop libssh2
tap_expect "and by OpenSSH" busy_hop openssh

busy_host() { # the same host by many names
	{
		printf 'Host one%s\n  HostName 10.1.0.11\n  HostKeyAlias sn1\n' {01..16}
	} >"$site/ssh_config"
	for i in {01..16}; do echo "10.1.0.11 one$i"; done >"$lab/share/names"
	lab_in mn sh -c 'cp /etc/hosts /tmp/hosts; cat /tmp/hosts /lab/names >/etc/hosts'
	lab_sshd sn1 'MaxStartups 2:100:4'
	other 'ssh_config = "/lab/site/ssh_config"' 'transport = "'"$1"'"' 'connect_time = 10' 'login_time = 15'
	ask 'local names = {} for i = 1, 16 do names[i] = string.format("one%02d", i) end
		count(query(names, "true", {via = "direct"}), "transport")'
	lab_sshd sn1
	lab_in mn cp /tmp/hosts /etc/hosts
	says "16	0 $1"
}
tap_expect "a host that hangs up on most who come at once is tried again" busy_host libssh2
tap_expect "and by OpenSSH" busy_host openssh

rack_off() {
	local node
	for node in cn00{1,2,3,4,5,6,7,8,9} cn01{0,1}; do
		lab_power_off "$node"
	done
	ask 'count(query(all "compute", "true"))'
	status_is 0 && contains "$out" "5	0" &&
		equals "$(echo "$out" | awk '/timeout|unreachable/ { n += $1 } END { print n }')" 11
}
tap_expect "many dead nodes are not in the way of those behind them" rack_off
tap_end
