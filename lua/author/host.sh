# shellcheck shell=sh
# host.sh ROOT NAME ADDRESS...: a host of a test runs the script that comes on standard input.
#
# Its files are those of ROOT, and it has the programs of this machine, which it cannot change;
# its network, processes and name are its own, and nothing goes from there to anybody.  It is
# root there, and may do what makes files; the machine is out of its reach.  Programs that the
# test tells of are in ROOT/told, and come before all others.
#
# unshare(1) has made the namespaces.
set -eu
root=$1
name=$2
shift 2

# What is the machine's: its folders, read-only, or the links that stand for them.
share() {
	for each in usr bin sbin lib lib32 lib64 etc/alternatives; do
		[ -e "/$each" ] || continue
		if [ -h "/$each" ]; then
			[ -h "$root/$each" ] || cp -P "/$each" "$root/$each"
			continue
		fi
		[ -d "$root/$each" ] || mkdir -p "$root/$each"
		# Who is not root has to take along what is mounted below.
		mount --bind "/$each" "$root/$each" 2>/dev/null || mount --rbind "/$each" "$root/$each"
		mount -o remount,bind,ro "$root/$each"
	done
}
give_devices() {
	# Not sticky: who is not root could write to no device in such a folder.
	mount -t tmpfs -o mode=755 none "$root/dev"
	for each in null zero full random urandom; do
		: >"$root/dev/$each"
		mount --bind "/dev/$each" "$root/dev/$each"
	done
	ln -s /proc/self/fd "$root/dev/fd"
}
# Nothing in /proc is to reach the kernel of this machine.
give_processes() {
	mount -t proc none "$root/proc"
	for each in sys sysrq-trigger; do
		[ -e "$root/proc/$each" ] || continue
		mount --bind "$root/proc/$each" "$root/proc/$each"
		mount -o remount,bind,ro "$root/proc/$each"
	done
}
give_addresses() {
	ip link set lo up
	[ $# -gt 0 ] || return 0
	ip link add eth0 type veth peer name cable
	for each; do
		ip address add "$each" dev eth0
	done
	ip link set cable up
	ip link set eth0 up
}

hostname "$name"
share
give_devices
give_processes
mount -t tmpfs -o mode=755 none "$root/run"
give_addresses "$@"
exec chroot "$root" /usr/bin/setpriv --no-new-privs \
	--bounding-set -all,+chown,+dac_override,+fowner,+fsetid,+kill,+setuid,+setgid,+net_bind_service \
	/usr/bin/env -i HOME=/root LC_ALL=C \
	PATH=/told:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin /bin/sh
