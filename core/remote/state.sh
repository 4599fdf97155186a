# shellcheck shell=sh
# What is at a path of a host: for look.sh and put.sh, which come behind it.

# sum FILE: its SHA-256.
sum() {
	if command -v sha256sum >/dev/null; then
		s=$(sha256sum <"$1")
	else
		s=$(openssl dgst -sha256 -r <"$1")
	fi
	echo "${s%% *}"
}

# state PATH: in one line, as core/remote.h has it.
state() {
	if [ -h "$1" ]; then
		echo "link $(readlink -n "$1" | base64 | tr -d '\n')"
	elif [ -f "$1" ]; then
		echo "file $(stat -c '%a %u:%g %s' "$1") $(sum "$1")"
	elif [ -e "$1" ]; then
		echo other
	else
		echo absent
	fi
}
