#!/usr/bin/env bash
# Runs inside the outer container: outer.sh FOLDER [NODE...] lays the bridges and the keys and
# starts all nodes; with names it starts these again (power on).  FOLDER/up says that all is up.

set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
lab=${1:?the folder of the lab}
shift
share=$lab/share
. "$here/lab.sh"
trap '[ $? -eq 0 ] || touch "$share/failed"' EXIT

# The bridges have no uplink, and no addresses: what is on them is the nodes' traffic alone.
lay_bridges() {
	echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
	echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
	ip -batch - <<-BATCH
		link set lo up
		link add brm type bridge mcast_snooping 0
		link add brc type bridge mcast_snooping 0
		link set brm up
		link set brc up
	BATCH
}

new_key() { # FILE TYPE [OPTION...]
	local file=$1
	shift
	ssh-keygen -q -N '' -C lab -f "$file" -t "$@" </dev/null
}

new_host_keys() { # NODE
	local folder=$share/keys/$1
	mkdir -p "$folder"
	if [ "$1" = "$LAB_RSA_NODE" ]; then
		new_key "$folder/rsa" rsa -b 2048
	else
		new_key "$folder/ed25519" ed25519
		new_key "$folder/ecdsa" ecdsa
	fi
}

lay_keys() {
	local node
	mkdir -p "$share/ed25519" "$share/rsa"
	new_key "$share/rsa/id_rsa" rsa -b 2048 &
	new_key "$share/ed25519/id_ed25519" ed25519 &
	for node in $(lab_nodes); do
		new_host_keys "$node" &
	done
	wait
	cat "$share"/{ed25519,rsa}/*.pub >"$share/authorized_keys"
	known_hosts >"$share/known_hosts"
}

# Every name and address that a node has, with each of its keys.
known_hosts() {
	awk '
		FILENAME ~ /rows$/ {
			sub("/.*", "", $5)
			sub("/.*", "", $6)
			names[$1] = names[$1] (names[$1] == "" ? "" : ",") $7 "," $8 "," $5 "," $6
			next
		}
		{ node = FILENAME; sub(".*/keys/", "", node); sub("/.*", "", node) }
		{ print names[node], $1, $2 }
	' "$share/rows" "$share"/keys/*/*.pub
}

hosts_file() {
	printf '127.0.0.1 localhost\n::1 localhost ip6-localhost\n'
	lab_rows | sed 's|/[0-9]*||g' | awk '{ print $5, $7; print $6, $8 }'
}

start_node() { # NODE
	unshare -m -n -u -i -p -f --propagation private --kill-child \
		bash "$here/node.sh" "$lab" "$1" &
}

await_nodes() { # NODE...
	local node tries=0
	for node; do
		until [ -e "$share/ready/$node" ]; do
			tries=$((tries + 1))
			if [ $tries -ge 6000 ] || [ -e "$share/failed" ]; then
				echo "node $node is not ready"
				return 1
			fi
			sleep 0.02
		done
	done
}

start_all() {
	local node
	mount -t tmpfs -o mode=755 lab "$lab/nodes"
	mkdir -p "$share/ready"
	hosts_file >"$share/hosts"
	lay_bridges
	lay_keys
	for node in $(lab_nodes); do
		start_node "$node"
	done
	# shellcheck disable=SC2046 # names without spaces
	await_nodes $(lab_nodes)
	# shellcheck disable=SC2046 # names without spaces
	lab_take_picture $(lab_nodes | sed "s|^|$lab/nodes/|")
	touch "$lab/up"
}

if [ $# -eq 0 ]; then
	start_all
else
	for node; do
		rm -f "$share/ready/$node"
		start_node "$node"
	done
	await_nodes "$@"
fi
