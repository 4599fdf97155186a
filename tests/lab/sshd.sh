#!/usr/bin/env bash
# Starts the sshd of the node it is run in, or starts it anew: sshd.sh [LINE...], with these lines
# in its configuration, in place of ours that begin with the same word.  Configuration, log and
# pid file lie in /run: none of them is a change to the node's files.

set -eu
configuration=/run/lab/sshd_config
pid_file=/run/sshd.pid

stop_sshd() { # sessions stay
	local pid
	[ -s $pid_file ] || return 0
	read -r pid <$pid_file
	rm -f $pid_file
	kill -KILL "$pid" 2>/dev/null || return 0
	while [ -e "/proc/$pid" ]; do sleep 0.005; done
}

configure() { # LINE...
	local given
	given=$(printf '%s\n' "$@" | sed 's/[ =].*//' | paste -sd '|')
	[ $# -eq 0 ] || printf '%s\n' "$@"
	our_lines | grep -viE "^(${given:-no line}) "
}

our_lines() {
	local key
	for key in "/lab/keys/$(hostname)"/*.pub; do
		echo "HostKey ${key%.pub}"
	done
	cat <<-LINES
		Port 22
		PidFile $pid_file
		UsePAM no
		UseDNS no
		StrictModes no
		PasswordAuthentication no
		KbdInteractiveAuthentication no
		PermitRootLogin prohibit-password
		AuthorizedKeysFile .ssh/authorized_keys
		MaxStartups 1000
		MaxSessions 1000
		AcceptEnv LANG LC_*
		Subsystem sftp internal-sftp
	LINES
}

stop_sshd
configure "$@" >$configuration
"$(PATH=$PATH:/usr/sbin command -v sshd)" -f $configuration -E /run/lab/sshd.log
tries=0
until [ -s $pid_file ]; do # it is written once sshd listens
	tries=$((tries + 1))
	[ $tries -lt 1000 ] || {
		echo "sshd of $(hostname) does not start:" >&2
		cat /run/lab/sshd.log >&2
		exit 1
	}
	sleep 0.01
done
