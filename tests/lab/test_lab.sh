#!/usr/bin/env bash
# The lab itself: it comes up, its nodes see of each other what they should, its faults are what
# they claim to be, and nothing of it is outside or stays.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
lab_need

outside() { # what the machine shows of links, namespaces, mounts and scratch folders of ours
	ip -o link | sed 's/ state .*//'
	ip netns list
	cat /proc/mounts
}

same_outside() {
	equals "$(outside)" "$outside_before"
}

mn_ssh() { # ARGUMENT...
	lab_in mn timeout 20 ssh -o BatchMode=yes "$@" </dev/null
}

ssh_says() { # TEXT ARGUMENT...
	local text=$1
	shift
	equals "$(mn_ssh "$@" 2>&1)" "$text"
}

ssh_fails() { # TEXT ARGUMENT...
	local text=$1
	shift
	run mn_ssh "$@"
	status_is 255 && contains "$err" "$text"
}

# When a process was started; nothing if it has ended, be it that nobody asked for its status.
start_of() { # PID
	awk '$3 != "Z" { print $22 }' "/proc/$1/stat" 2>/dev/null
}

# A process and all below it, by pid and start: "pid start" a line.
processes_from() { # PID
	local child
	echo "$1 $(start_of "$1")"
	for child in $(pgrep -P "$1"); do
		processes_from "$child"
	done
}

all_ended() { # FILE of what processes_from said
	local pid start
	while read -r pid start; do
		[ "$(start_of "$pid")" != "$start" ] || return 1
	done <"$1"
}

nothing_is_left() { # FOLDER FILE
	lab_await all_ended "$2" || {
		echo "processes are left"
		return 1
	}
	lab_await test ! -e "$1" || {
		echo "$1 is left"
		return 1
	}
	same_outside
}

# --- Up ---

outside_before=$(outside)
lab_up 16
tap_expect "the lab comes up" test -n "$lab_outer"
[ -n "$lab_outer" ] || tap_end

all_nodes_listen() {
	local node
	equals "$(lab_nodes | wc -l)" 20 || return
	for node in $(lab_nodes); do
		lab_in_net "$node" ss -ltnH 'sport = :22' | grep -q LISTEN || {
			echo "$node does not listen"
			return 1
		}
	done
}
tap_expect "its 20 nodes each listen for ssh" all_nodes_listen
tap_expect "nothing of it is visible outside" same_outside

no_way_out() {
	equals "$(lab_in_outer sh -c 'ip -4 -o addr show scope global; ip route')" ""
}
tap_expect "its bridges have no address and no way out" no_way_out

# --- Who reaches whom ---

tap_expect "mn reaches sn1, whose host key it knows" ssh_says sn1 sn1 hostname
tap_expect "by its name in IPv6, too" ssh_says sn1 sn1-v6 hostname
tap_expect "and with the RSA key" ssh_says sn2 -F none -i /lab/rsa/id_rsa -o IdentitiesOnly=yes \
	sn2 hostname
tap_expect "an sn has no key to go anywhere" ssh_fails "Permission denied" \
	sn1 ssh -o BatchMode=yes -o StrictHostKeyChecking=no \
	-o UserKnownHostsFile=/dev/null sn2 true
tap_expect "mn has no route to cn001" ssh_fails "Network is unreachable" cn001 true
tap_expect "but reaches it by a jump over sn1" ssh_says cn001 -J sn1 cn001 hostname
tap_expect "cn016 has but an RSA host key, and mn knows it" ssh_says cn016 -J sn1 \
	-o HostKeyAlgorithms=rsa-sha2-512 cn016 hostname
tap_expect "which is all it has" ssh_fails "no matching host key type" -J sn1 \
	-o HostKeyAlgorithms=ssh-ed25519 cn016 true

only_one_was_addressed() {
	local here there
	here=$(lab_addressed cn001)
	there=$(lab_addressed cn002)
	mn_ssh -J sn1 cn001 true || return
	[ "$(lab_addressed cn001)" -gt "$here" ] || {
		echo "cn001 got no packet"
		return 1
	}
	equals "$(lab_addressed cn002)" "$there"
}
tap_expect "one who was not talked to, was sent no packet" only_one_was_addressed

packets_count() {
	local to from to_after from_after
	read -r to from < <(lab_packets sn1 eth0)
	lab_in sn1 ping -c 1 -W 1 mn >/dev/null || mn_ssh sn1 true || return
	read -r to_after from_after < <(lab_packets sn1 eth0)
	[ "$to_after" -gt "$to" ] && [ "$from_after" -gt "$from" ]
}
tap_expect "packets to and from a node are counted" packets_count

routed_mode() {
	lab_route sn2 && ssh_says cn001 cn001 hostname && ssh_says cn003 cn003-v6 hostname
}
tap_expect "in routed mode mn reaches cn001 itself" routed_mode
hop_mode() {
	lab_unroute && ssh_fails "Network is unreachable" cn001 true &&
		ssh_fails "Network is unreachable" cn003-v6 true
}
tap_expect "and back in hop mode no longer" hop_mode

project_in_path() {
	equals "$(lab_in mn bash -c 'echo "${PATH%%:*}"')" "$build" &&
		lab_in sn1 test -x "$source_tree/tests/run" &&
		! lab_in sn1 touch "$source_tree/tests/lab/written" 2>/dev/null
}
tap_expect "nodes can read the project, and not write there" project_in_path

# --- Files ---

nothing_changed() {
	equals "$(lab_changed sn1)$(lab_changed cn001)$(lab_changed mn)" ""
}
tap_expect "what was done so far changed no file on a node" nothing_changed

write_some() {
	lab_in sn1 sh -c 'echo new >/etc/written; chmod 600 /etc/services
		echo "10.9.9.9 more" >>/etc/hosts; rm /etc/shells; mkdir -p /var/lib/one; ln -s x /var/lib/one/link'
	equals "$(lab_changed sn1)" "$(printf '%s\n' /etc/hosts /etc/services /etc/shells /etc/written \
		/var/lib/one/link)" || return
	equals "$(lab_changed sn2)" "" || return
	if [ -e /etc/written ] || [ ! -e /etc/shells ]; then
		echo "the machine itself was changed"
		return 1
	fi
	lab_snapshot sn1 && equals "$(lab_changed sn1)" ""
}
tap_expect "a file that is written, and no other, is listed as changed" write_some

# --- Others beside it: they come up while the faults below take their time ---

other_lab() { # DRIVER [VARIABLE=VALUE]: another shell with a lab of its own
	env LAB_SNS=1 "${@:2}" bash -c 'build=$1; . "$2/tests/lab/lab.sh"; lab_up 1 || exit
		echo "$lab" >"$3.new"; mv "$3.new" "$3"; wait "$lab_keeper"' \
		"$1" "$build" "$source_tree" "$scratch/$1.lab" >"$scratch/$1.log" 2>&1 &
}

in_other() { # DRIVER FUNCTION [ARGUMENT...]
	LAB=$(cat "$scratch/$1.lab") "$source_tree/tests/lab/lab.sh" "$build" "${@:2}"
}
first_lab=$lab
other_lab beside
beside_driver=$!
other_lab copied LAB_COPY=1
copied_driver=$!
trap 'kill "$beside_driver" "$copied_driver" 2>/dev/null; lab_down; rm -rf "$scratch"' EXIT

# --- Faults: three at once, as each takes the client's two seconds ---

timed_ssh() { # NODE: its error and the seconds it took lie in files
	local start=$SECONDS
	mn_ssh -o ConnectTimeout=2 "$1" true 2>"$scratch/$1.err"
	echo "$? $((SECONDS - start))" >"$scratch/$1.status"
}
mn_ssh sn1 true # so that sn1's address is known: silence, not a failing search for it
lab_link sn1 eth0 down
lab_stop_sshd sn2
lab_power_off sn3
clients=()
for node in sn1 sn2 sn3; do
	timed_ssh "$node" &
	clients+=($!)
done
wait "${clients[@]}"

fails_in_time() { # NODE PATTERN
	local code seconds
	read -r code seconds <"$scratch/$1.status"
	echo "status $code after $seconds s:"
	cat "$scratch/$1.err"
	[ "$code" = 255 ] && [ "$seconds" -le 4 ] && grep -qE "$2" "$scratch/$1.err"
}
tap_expect "a pulled cable is silence" fails_in_time sn1 'timed out|No route to host'
tap_expect "a stopped sshd takes connections and says nothing" \
	fails_in_time sn2 'timed out during banner exchange'
tap_expect "a node that is off is silence" fails_in_time sn3 'timed out|No route to host'

node_is_off() {
	run lab_in sn3 true
	status_is 1 && contains "$err" "not on"
}
tap_expect "nothing can be run on it" node_is_off
lab_link sn1 eth0 up
lab_cont_sshd sn2
lab_power_on sn3
tap_expect "with its cable back sn1 answers" ssh_says sn1 sn1 hostname
tap_expect "with its sshd going on sn2 answers" ssh_says sn2 sn2 hostname
tap_expect "sn3 comes up again, the one it was" ssh_says sn3 sn3 hostname

few_startups() {
	lab_sshd sn1 'MaxStartups 10:30:100' &&
		lab_in sn1 sh -c '$(command -v sshd) -T -f /run/lab/sshd_config' |
		grep -x 'maxstartups 10:30:100' && ssh_says sn1 sn1 hostname && lab_sshd sn1
}
tap_expect "an sshd can be given other settings" few_startups
tap_expect "a node's host key can change" lab_new_host_key sn1
tap_expect "and mn refuses the new one" \
	ssh_fails "REMOTE HOST IDENTIFICATION HAS CHANGED" sn1 true

# --- The others, and the end ---

other_answers() { # DRIVER
	local lab
	lab_await test -s "$scratch/$1.lab" || return
	lab=$(cat "$scratch/$1.lab")
	[ "$lab" != "$first_lab" ] && equals "$(in_other "$1" nodes | paste -sd ' ')" "mn sn1 cn001" &&
		equals "$(in_other "$1" in mn ssh -o BatchMode=yes -J sn1 cn001 hostname)" cn001
}
tap_expect "another lab beside it is one by itself" other_answers beside
tap_expect "where there are no overlays, copies serve" other_answers copied

copies_are_private() {
	in_other copied in sn1 sh -c 'echo new >/etc/written; echo new >/root/written'
	equals "$(in_other copied changed sn1)" "$(printf '%s\n' /etc/written /root/written)" &&
		[ ! -e /etc/written ] && [ ! -e /root/written ]
}
tap_expect "and what is written there is listed, and not on the machine" copies_are_private
tap_expect "such a lab can be ended by its folder" in_other copied down

# A driver that is killed cannot tidy up.
beside=$(cat "$scratch/beside.lab")
processes_from "$(cat "$beside/keeper.pid")" >"$scratch/beside.processes"
kill -KILL "$beside_driver"
wait "$beside_driver" 2>/dev/null
tap_expect "when its driver is killed, nothing of a lab is left" \
	nothing_is_left "$beside" "$scratch/beside.processes"
tap_expect "and the first one is as it was" ssh_says sn2 sn2 hostname

processes_from "$lab_keeper" >"$scratch/first.processes"
kill -KILL "$lab_outer"
tap_expect "when its outer process is killed, neither" \
	nothing_is_left "$first_lab" "$scratch/first.processes"

tap_end
