# shellcheck shell=sh
# What else on the node names the service node that it leaves: told, and never touched.
#
# Repositories, NFS mounts, where a dump goes, and routes: they were made for that server, and only
# the site knows whether another one has the same.
# shellcheck disable=SC2154 # of common.sh

left_most=20 # lines

# left_lines LABEL FILE|-: its lines that name the old server as a whole word, each once.  Comments do
# not count, and what may be a password is not shown.
left_lines() {
	label=$1 awk '
		BEGIN { olds = split(ENVIRON["SNMOVE_OLD"], old, " ") }
		# sn1 is not in sn1-c, nor 10.2.0.1 in 10.2.0.11; a port or a path may follow.
		function names(line, word,    rest, at, before, after, part) {
			part = word ~ /:/ ? "[0-9a-f:.]" : "[a-z0-9_-]"
			rest = line
			before = ""
			while ((at = index(rest, word)) > 0) {
				if (at > 1) before = substr(rest, at - 1, 1)
				after = substr(rest, at + length(word))
				if (before !~ part && before != "." && after !~ "^" part && after !~ /^\.[a-z0-9]/) return 1
				before = substr(rest, at, 1)
				rest = substr(rest, at + 1)
			}
			return 0
		}
		/^[ \t]*[#;]/ { next }
		{
			for (i = 1; i <= olds; i++) {
				if (!names(tolower($0), tolower(old[i]))) continue
				gsub(/[ \t]+/, " ")
				sub(/^ /, "")
				sub(/ $/, "")
				gsub(/\/\/[^\/@ ]*@/, "//...@")
				gsub(/([Pp]ass(word|wd)?|[Ss]ecret|psk)[ ]*=[ ]*[^ ,;]+/, "password=...")
				if (!seen[$0]++) print ENVIRON["label"] ": " substr($0, 1, 200)
				break
			}
		}' "$2"
}
left_all() {
	for file in /etc/yum.conf /etc/dnf/dnf.conf /etc/yum.repos.d/*.repo /etc/zypp/repos.d/*.repo \
		/etc/apt/sources.list /etc/apt/sources.list.d/* /etc/apt/apt.conf.d/* \
		/etc/fstab /etc/auto.* /etc/auto.master.d/* /etc/kdump.conf /etc/sysconfig/kdump /etc/default/kdump-tools \
		/etc/sysconfig/network /etc/sysconfig/network/routes /etc/sysconfig/network/ifroute-* \
		/etc/sysconfig/network-scripts/ifcfg-* /etc/sysconfig/network-scripts/route*-* /etc/network/interfaces \
		/etc/network/interfaces.d/* /etc/systemd/network/*.network /etc/NetworkManager/system-connections/*; do
		[ ! -f "$file" ] || left_lines "$file" "$file"
	done
	awk '$3 ~ /^nfs/ { print $1, "on", $2 }' /proc/mounts | left_lines "NFS mount" -
	{
		ip -4 route show
		ip -6 route show
	} 2>/dev/null | left_lines route -
}

do_left() {
	ok "nothing is changed"
}
ask_left() {
	left_all | tr -d '\r' | tr '\001-\011\013-\037\177' '?' >"$work/left"
	head -n $left_most "$work/left"
	lines=$(wc -l <"$work/left")
	[ "$lines" -le $left_most ] || echo "and $((lines - left_most)) more lines"
}
