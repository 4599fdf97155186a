#!/usr/bin/env bash
# Holds one lab on the machine's side: keeper.sh FOLDER SCRIPT [ARGUMENT...]
#
# Starts the outer container, whose first process runs SCRIPT, and removes FOLDER when it has
# ended.  lab.sh starts it so that the kernel sends it TERM when the driver dies, however that
# dies; and should the keeper be killed, the kernel kills the container.

set -u
folder=${1:?the folder of the lab}
shift
container=

first_process() { # the container's process 1, as this machine numbers it
	pgrep -P "$container"
}

# When process 1 of a PID namespace has been waited for, all others in it have ended.
end_container() {
	local first
	if [ -n "$container" ]; then
		first=$(first_process) && kill -KILL "$first"
		[ -n "$first" ] || kill -KILL "$container"
		wait "$container"
	fi
	rm -rf --one-file-system "$folder"
} 2>/dev/null

trap '' HUP INT QUIT
trap exit TERM
trap end_container EXIT

echo $$ >"$folder/keeper.pid"
# A session of its own: what a terminal or `timeout` sends to the driver's group ends the keeper.
setsid setpriv --pdeathsig KILL \
	unshare -m -n -p -f --propagation private --mount-proc --kill-child \
	"$folder/share/labinit" "$@" >"$folder/log" 2>&1 </dev/null &
container=$!
until first=$(first_process) && [ -n "$first" ]; do
	kill -0 "$container" 2>/dev/null || exit 1
done
echo "$first" >"$folder/outer.pid.new"
mv "$folder/outer.pid.new" "$folder/outer.pid"
wait "$container"
