#!/usr/bin/env bash
# The first process of a node: node.sh FOLDER NODE, in namespaces of its own.
#
# Gives it a private view of this machine's files, plugs it into the bridges, starts its sshd, and
# becomes labinit.  The files lie in FOLDER/nodes/NODE and outlive it, as a disk would.

set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
lab=$1
node=$2
share=$lab/share
disk=$lab/nodes/$node
root=$disk/root
. "$here/lab.sh"

# The whole machine, and what is written lies in upper.
overlaid_root() {
	mount -t overlay overlay -o "lowerdir=/,upperdir=$disk/upper,workdir=$disk/work" "$root"
}

# Where an overlay cannot be mounted: copies of what is written to, the rest read-only.
copied_root() {
	local path
	mount --bind "$disk/upper" "$root"
	for path in /* /var/* /var/lib/*; do
		if [ -e "$root$path" ] || [ -L "$root$path" ]; then
			continue
		fi
		case $path in
		/proc | /sys | /dev | /run | /tmp | /root | /lab | /var | /var/lib | /var/tmp | /var/log)
			mkdir -p "$root$path"
			;;
		/etc | /var/spool | /var/lib/dhcp | /var/lib/kea | /var/lib/chrony)
			cp -a "$path" "$root$path"
			;;
		*)
			[ -L "$path" ] || [ -d "$path" ] || continue
			if [ -L "$path" ]; then
				cp -a "$path" "$root$path"
			else
				mkdir -p "$root$path"
			fi
			;;
		esac
	done
	for path in /* /var/* /var/lib/*; do
		case $path in
		/proc | /sys | /dev | /run | /tmp | /root | /lab | /etc | /var | /var/lib | /var/tmp) ;;
		/var/log | /var/spool | /var/lib/dhcp | /var/lib/kea | /var/lib/chrony) ;;
		*)
			if [ -d "$path" ] && [ ! -L "$path" ]; then
				mount --bind "$path" "$root$path"
				mount -o remount,bind,ro "$root$path"
			fi
			;;
		esac
	done
}

lay_files() {
	if [ -n "${LAB_COPY:-}" ] || ! overlaid_root; then
		copied_root
	fi
	mkdir -p "$root"/{proc,sys,dev,run,tmp,lab,tftpboot}
}

# /dev is the node's own, or all would share one /dev/log.
lay_devices() {
	mount -t tmpfs -o mode=755 dev "$root/dev"
	cp -a /dev/{null,zero,full,random,urandom,tty} "$root/dev/"
	mkdir "$root/dev/pts" "$root/dev/shm"
	ln -s pts/ptmx "$root/dev/ptmx"
	ln -s /proc/self/fd "$root/dev/fd"
	mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
	mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
}

lay_mounts() {
	local folder
	mount -t proc proc "$root/proc"
	mount -t sysfs -o ro sysfs "$root/sys"
	mount -t tmpfs -o mode=755 run "$root/run"
	mount -t tmpfs -o mode=1777 tmp "$root/tmp"
	mkdir -p "$root"/run/{lab,sshd,conserver,kea}
	mount --bind "$share" "$root/lab"
	# The project as it is now, for reading: what is built while the lab is up is there, too.
	for folder in "$lab_source" "$lab_build"; do
		mkdir -p "$root$folder"
		mount --bind "$folder" "$root$folder"
		mount -o remount,bind,ro "$root$folder"
	done
}

# The machine's own /root is nobody's business here: its profile costs time in each command that
# sshd starts, and its keys would open what they should not.
lay_home() {
	rm -rf "$root/root/.ssh" "$root/root/.xcat"
	mkdir -p "$root/root/.ssh"
	chmod 700 "$root/root/.ssh"
	: >"$root/root/.bashrc"
	: >"$root/root/.profile"
	cp "$share/authorized_keys" "$root/root/.ssh/"
	if [ "$node" = mn ]; then
		cp "$share"/ed25519/* "$share/known_hosts" "$root/root/.ssh/"
	fi
	# sshd lets nobody in whose password is locked with a "!".
	if grep -q '^root:!' "$root/etc/shadow"; then
		sed -i 's/^root:![^:]*/root:*/' "$root/etc/shadow"
	fi
}

lay_names() {
	echo "$node" >"$root/etc/hostname"
	echo '# the lab has no name server' >"$root/etc/resolv.conf"
	cp "$share/hosts" "$root/etc/hosts"
}

# The bridges are in the container's network namespace: that of process 1 in the /proc which is
# still the container's, where this node's first process has another number than 1.
plug_in() {
	local outer_pid interface bridge mac
	read -r outer_pid _ </proc/self/stat
	echo "$outer_pid" >"$disk/pid"
	lab_rows | awk -v node="$node" '$1 == node' | while read -r _ interface bridge mac _; do
		echo "link add $node-$interface type veth peer name $interface" \
			"netns 1 address $mac"
		echo "link set $node-$interface master $bridge up"
	done | nsenter --net=/proc/1/ns/net ip -batch -
}

# No address is probed for duplicates, no router asked for: addresses can be used at once.
set_addresses() {
	local interface address4 address6
	lab_rows | awk -v node="$node" '$1 == node' |
		while read -r _ interface _ _ address4 address6 _; do
			echo "link set $interface up"
			echo "addr add $address4 dev $interface"
			echo "addr add $address6 dev $interface nodad"
		done | sed '1i link set lo up' | ip -batch -
}

set_defaults() { # of the interfaces to come; lab_announce is why they shall tell their address
	echo 0 >/proc/sys/net/ipv6/conf/default/accept_ra
	echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
	echo 1 >/proc/sys/net/ipv6/conf/default/ndisc_notify
	echo 1 >/proc/sys/net/ipv4/conf/default/arp_notify
}

trap 'touch "$share/failed" 2>/dev/null || touch /lab/failed' EXIT
mount --make-rprivate /
mkdir -p "$disk/upper" "$disk/work" "$root"
set_defaults
plug_in
set_addresses
if [ ! -e "$disk/upper/etc/hosts" ]; then # else it was on before, and has its files
	lay_files
	lay_home
	lay_names
else
	lay_files
fi
lay_mounts
lay_devices
hostname "$node"
cd "$root"
pivot_root . .
umount -l .
"$here/sshd.sh"
touch "/lab/ready/$node"
exec /lab/labinit </dev/null
