# xcat.sh - stand-ins of xCAT's own commands on the management node: sourced after moves.sh.
#
# tests/lab/xcat says what they do, and how they are made to lie, to fail and to wait.

# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of lab.sh, site.sh and tap.sh

xcat_lay() { # COMMAND...: these are there, below xCAT's folder, which is not in PATH
	lab_in mn rm -rf /opt/xcat/sbin /opt/xcat/bin
	lab_in mn mkdir -p /opt/xcat/sbin /opt/xcat/bin
	local command
	for command; do lab_in mn cp "$lab_source/tests/lab/xcat" "/opt/xcat/sbin/$command"; done
	lab_in mn sh -c 'rm -f /root/how-* /root/calls /tmp/slow-* /tmp/begun'
}
xcat_does() { # COMMAND lie|fail|late|well
	lab_in mn sh -c "echo $2 >/root/how-$1"
}
called() { # LINE...: just that was typed since the last time
	local calls
	calls=$(lab_in mn sh -c 'cat /root/calls 2>/dev/null; rm -f /root/calls')
	equals "$calls" "$(printf '%s\n' "$@")"
}
