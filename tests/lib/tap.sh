# tap.sh - tests in shell: sourced by tests/scripted/*.sh, which the runner calls with the
# build folder as $1.  Prints TAP; every test is a sentence that is true when it passes.
#
#     tap_expect "what is true" command arguments...   the command succeeds
#     tap_expect_root ...                               the same; skipped if not root
#     tap_end                                           the plan line, and the exit status
#
# What a failing command printed is shown as comments.  $scratch is a directory that is removed
# at the end, however that comes.

set -u
# snmove looks for service nodes: nothing of that may leave this machine.  The lab has networks
# of its own.
if [ -z "${SNMOVE_ALONE:-}" ] && [[ $(dirname "$(realpath "$0")") != */tests/lab ]]; then
	exec "$(dirname "${BASH_SOURCE[0]}")/alone" bash "$0" "$@"
fi
build=$(cd "${1:?the build folder}" && pwd)
source_tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export LC_ALL=C
unset XCATCFG XCAT_NODE_PREFIX XCAT_NODE_SUFFIX
scratch=$(mktemp -d "${TMPDIR:-/tmp}/snmove-test-XXXXXX")
chmod 700 "$scratch"
trap 'rm -rf "$scratch"' EXIT
tap_count=0
tap_failed=0

tap_expect() {
	local name=$1 output
	shift
	tap_count=$((tap_count + 1))
	if output=$("$@" 2>&1); then
		echo "ok $tap_count - $name"
	else
		echo "not ok $tap_count - $name"
		printf '%s\n' "$output" | sed 's/^/# /'
		tap_failed=$((tap_failed + 1))
	fi
}

tap_skip() { # NAME REASON
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

tap_expect_root() { # the same, for what only root can set up
	if [ "$(id -u)" = 0 ]; then
		tap_expect "$@"
	else
		tap_skip "$1" "needs root"
	fi
}

tap_end() {
	echo "1..$tap_count"
	exit $((tap_failed > 0))
}

# Runs a command; its output lies in $out and $err, its exit status in $status.
run() {
	"$@" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
	status=$?
	out=$(cat "$scratch/stdout")
	err=$(cat "$scratch/stderr")
}

# Waits until a command succeeds, a minute at most; what it waits for is shown then.
await() { # COMMAND ARGUMENTS...
	local until=$((SECONDS + 60))
	until "$@"; do
		[ $SECONDS -lt $until ] || {
			echo "this has not become so within a minute: $*"
			return 1
		}
		sleep 0.02
	done
}

# The site of the documentation: its folder is $site, a configuration for it $scratch/config.
use_example_site() { # FIELDS: more of the configuration, in Lua; or ''
	site=$source_tree/docs/example-site
	cat >"$scratch/config" <<-LUA
		return { hosts_file = "$site/hosts", resolve_time = 0, db = "sqlite:$scratch/cluster.db",
			state = "$scratch/state", kept = "$scratch/kept", $1 }
	LUA
	chmod 600 "$scratch/config"
}

# Where hooks of a test may lie.
make_hooks() {
	hooks=$scratch/hooks
	mkdir -m 755 "$hooks"
}

snmove() {
	run "$build/snmove" --config "$scratch/config" "$@"
}
# What every command begins with that it suggests.
# shellcheck disable=SC2034
typed="snmove --config $scratch/config"

# status_is N; says FILE-ish text: for use inside a test's function.
status_is() {
	[ "$status" = "$1" ] || {
		echo "exit status $status, not $1"
		echo "stdout: $out"
		echo "stderr: $err"
		return 1
	}
}

contains() {
	case $1 in
	*"$2"*) ;;
	*)
		echo "this does not say \"$2\":"
		echo "$1"
		return 1
		;;
	esac
}

equals() {
	[ "$1" = "$2" ] || {
		echo "this:"
		echo "$1"
		echo "is not this:"
		echo "$2"
		return 1
	}
}
