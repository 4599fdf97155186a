#!/bin/sh
# Runs scripts on the node, one after the other, and says of each how it went: README.md.
#
#     run.sh NAME...         NAME STATUS WORDS, a line each, when it has ended
#     run.sh ask NAME...     NAME ANSWER, a line or more each: what is in force
#
# NAME is a script of this folder, or post:SCRIPT ARGUMENT... as one word: a postscript of the site.
# shellcheck disable=SC1090,SC1091,SC2154 # the scripts beside it; variables of common.sh

case $0 in
*/run.sh)
	for script in common syslog setupntp mkresolvconf xcatinfo defaultroute dhcpclient left; do
		[ ! -f "${0%/*}/$script.sh" ] || . "${0%/*}/$script.sh"
	done
	;;
esac

# The last line of what it said, without what a terminal would do.
run_told() {
	awk '{ gsub(/\r/, ""); gsub(/[\001-\011\013-\037\177]/, "?") } NF { line = $0 } END { print substr(line, 1, 400) }' "$work/said"
}
run_script() { # NAME
	case $1 in
	post:*)
		(run_postscript "${1#post:}") >"$work/said" 2>&1 </dev/null
		;;
	*)
		if ! command -v "do_$1" >/dev/null 2>&1; then
			echo "$1 2 no script of this name was sent"
			return 2
		fi
		("do_$1") >"$work/said" 2>&1 </dev/null
		;;
	esac
	run_status=$?
	printf '%s %s %s\n' "${1%% *}" "$run_status" "$(run_told)"
	if [ "$run_status" -ne 0 ]; then
		run_failed="$run_failed${run_failed:+, }${1%% *}"
		run_why=${run_why:-$(run_told | cut -c 1-120)}
	fi
	return "$run_status"
}
run_ask() { # NAME
	if ! command -v "ask_$1" >/dev/null 2>&1; then
		echo "$1 unknown no script of this name was sent"
		return 2
	fi
	("ask_$1") 2>/dev/null </dev/null | sed "s/^/$1 /"
}

# As xCAT runs it: in /xcatpost, which comes first in PATH, by bash, and with its log.  What the last
# run of xCAT's had in its environment is there, too, where we have nothing else to say.
run_postscript() { # "NAME ARGUMENT..."
	set -f
	# shellcheck disable=SC2086 # into words
	set -- $1
	set +f
	case ${1:-} in
	'' | /* | -* | *..*) wrong "'${1:-}' is no postscript" ;;
	esac
	cd /xcatpost 2>/dev/null || failed "no /xcatpost on the node: run updatenode -P once"
	[ -f "./$1" ] || failed "no /xcatpost/$1 on the node: run updatenode -P $1 once"
	run_environment
	PATH=/xcatpost:$PATH
	export PATH
	unset LC_ALL
	trap - HUP PIPE
	mkdir -p /var/log/xcat
	echo "$(date) Running postscript: $*" >>/var/log/xcat/xcat.log
	script=./$1
	shift
	if [ -x "$script" ]; then "$script" "$@"; else bash "$script" "$@"; fi >"$work/output" 2>&1
	status=$?
	cat "$work/output"
	{
		cat "$work/output"
		echo "postscript: $script exited with code $status"
	} >>/var/log/xcat/xcat.log
	exit "$status"
}
run_environment() {
	[ -f /xcatpost/mypostscript ] || return 0
	awk 'BEGIN { plain = "^(export )?[A-Za-z_][A-Za-z0-9_]*=(\047[^\047]*\047|\"[^\"$`\\\\]*\"|[A-Za-z0-9_.,:/@%+-]*)$" }
		/^# *postscripts-start-here|^run_ps / { exit }
		{ sub(/[ \t;]+$/, "") }
		$0 ~ plain {
			sub(/^export /, "")
			name = $0
			sub(/=.*/, "", name)
			if (name != "PATH" && name != "LC_ALL" && !(name in ENVIRON)) print "export " $0
		}' /xcatpost/mypostscript >"$work/environment"
	. "$work/environment"
}

run_main() {
	umask 022
	work=$(mktemp -d "${TMPDIR:-/tmp}/snmove.XXXXXX") || exit 2
	trap 'rm -rf "$work"' EXIT
	trap '' HUP PIPE # the one who asked may be gone by now
	trap 'exit 143' TERM INT
	# A daemon that a run which was killed has ended is being started.
	[ ! -e "$reviving" ] || flock -w 60 "$reviving" true 2>/dev/null || :
	worst=0 run_failed='' run_why=''
	run=run_script
	if [ "${1:-}" = ask ]; then
		run=run_ask
		shift
	fi
	if ! problem=$(environment); then
		for script; do
			echo "${script%% *} 2 $problem"
		done
		exit 2
	fi
	environment
	for script; do
		$run "$script" || worst=1
	done
	[ -z "$run_failed" ] || echo "$run_failed: $run_why" >&2 # for who sees no more of it
	exit $worst
}
run_main "$@"
