# conserver looks at the configuration as it would be, "$1".  One without any console it refuses to
# run with, and that is right: then it is stopped.  What it says names the file as it will be called.
# shellcheck shell=sh disable=SC2154 # $conf comes before this
check_consoles() {
	said=$(conserver -S -C "$1" 2>&1)
	status=$?
	[ $status != 0 ] || return 0
	faults=$(printf '%s\n' "$said" | sed -n 's/.*ERROR: //p')
	[ "$faults" != 'no consoles found in configuration file' ] || return 0
	printf '%s\n' "${faults:-$said}" | while read -r line; do
		case $line in
		*"$1"*) echo "${line%%"$1"*}$conf${line#*"$1"}" ;;
		*) echo "$line" ;;
		esac
	done
	return $status
}
