# shellcheck shell=sh
# Tells xCAT's own scripts on the node which service node is theirs: /opt/xcat/xcatinfo.
# SERVICEGROUP, if it is given and the file has it, becomes that.
# shellcheck disable=SC2154 # of common.sh

xcatinfo_file=/opt/xcat/xcatinfo

do_xcatinfo() {
	[ -f "$xcatinfo_file" ] || ok "no $xcatinfo_file: nothing to change"
	all=1 switched xcatinfo "$xcatinfo_file" >"$work/switched" || failed "$xcatinfo_file cannot be read"
	named xcatinfo "$xcatinfo_file" | grep -q . || failed "$xcatinfo_file has no XCATSERVER"
	if [ -n "${SERVICEGROUP:-}" ]; then
		ends=$(tail -c 1 "$work/switched") awk '
			NR > 1 { print line }
			{ line = $0 }
			/^SERVICEGROUP=/ { line = "SERVICEGROUP=" ENVIRON["SERVICEGROUP"] }
			END { printf "%s%s", line, ENVIRON["ends"] == "" ? "\n" : "" }' "$work/switched" >"$work/group"
	else
		cp "$work/switched" "$work/group"
	fi
	put_text "$xcatinfo_file" <"$work/group"
	case $? in
	0) ok "XCATSERVER is $(named xcatinfo "$xcatinfo_file")" ;;
	1) ok "XCATSERVER is $(named xcatinfo "$xcatinfo_file") already" ;;
	*) unwritable "$xcatinfo_file" ;;
	esac
}
ask_xcatinfo() {
	word=$(named xcatinfo "$xcatinfo_file" | tail -n 1)
	if [ -n "$word" ]; then
		echo "server $(address_of "$word")"
	else
		echo "none no XCATSERVER in $xcatinfo_file"
	fi
}
