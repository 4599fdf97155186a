# What an AIX node is told of its service node, a part after the other: /bin/sh -s -- PART...
# Each says "PART STATUS WORDS" when it has ended; the status is 1 if one of them did not.
#
#     ask          what is in force, a line each: route ADDRESS, bserver ADDRESS, dump DEVICE
#     dump         the dump device, on the disk that the server exports (DUMP_TARGET, DUMP_LUN)
#     niminit      NIM's client, of a node that boots from its own disk (NODE, MASTER)
#     route        the default route, if it goes by the old server and none by the new one
#     bootlist     the boot list: where it names the old server, it names the new one
#
# What names neither stays as it is, and a second time nothing is done.  SERVER and OLD_SERVER are
# addresses of the servers, and GATEWAY and OLD_GATEWAY, where these are the node's gateways; CLIENT is
# the node's own, BOOT_GATEWAY what firmware boots by; CONFIGDUMP is selective or full.  Said with the two
# servers changed round, it puts all back.
#
# shellcheck shell=sh
# shellcheck disable=SC2154 # the environment

PATH=$PATH:/usr/bin:/usr/sbin:/usr/lpp/bos.sysmgt/nim/methods
export PATH
port=32600 # of the dump target, as xCAT has it

routes() { netstat -rn | awk '$1 == "default" { print $2 }'; }

# en0 is on the adapter ent0, hf0 on hfi0.
adapter() {
	netstat -in | awk -v address="$CLIENT" '$4 == address { sub(/\*$/, "", $1); print $1; exit }' |
		sed 's/^hf\([0-9]\)/hfi\1/; s/^e[nt]\([0-9]\)/ent\1/'
}

do_dump() {
	if [ -z "$DUMP_TARGET" ] || [ -z "$DUMP_LUN" ]; then
		echo "it is not known what disk $SERVER has for dumps"
		return 1
	fi
	set -- -a target="$DUMP_TARGET" -a dump_port="$port" -a ipaddr="$SERVER" -a lun_id="$DUMP_LUN"
	disk=$(c_disc_target -a operation=discover "$@") || { echo "c_disc_target: $disk"; return 1; }
	disk=$(echo "$disk" | tr -d ' \t\n')
	case ${disk#hdisk} in
	"$disk" | '' | *[!0-9]*) echo "c_disc_target names no disk: $disk"; return 1 ;;
	esac
	mkdev -l "$disk" && c_config_dump -a configdump="$CONFIGDUMP" "$@" && sysdumpdev -p "/dev/$disk" &&
		echo "/dev/$disk"
}

do_niminit() {
	niminit -a name="$NODE" -a master="$MASTER" && echo "$MASTER"
}

do_route() {
	has=$(routes | tr '\n' ' ')
	case " $has" in
	*" $GATEWAY "*) echo "by $GATEWAY already" ;;
	*" $OLD_GATEWAY "*) route change default "$GATEWAY" && echo "by $GATEWAY" ;;
	*) echo "left as it is: not by $OLD_GATEWAY" ;;
	esac
}

# Each line of `bootlist -o` is a device with its attributes.
do_bootlist() {
	device=$(adapter)
	[ -n "$device" ] || { echo "no interface has $CLIENT"; return 1; }
	list=$(bootlist -m normal -o) || { echo "bootlist: $list"; return 1; }
	new=$(echo "$list" | awk -v device="$device" -v old="bserver=$OLD_SERVER" \
		-v words="$device gateway=$BOOT_GATEWAY bserver=$SERVER client=$CLIENT" '
		{ is = 0; for (i = 2; i <= NF; i++) is = is || $i == old }
		is && $1 == device { print words; next }
		{ print }')
	if [ "$new" = "$list" ]; then
		echo "left as it is: $device boots from no server $OLD_SERVER"
		return 0
	fi
	# shellcheck disable=SC2086 # into words
	bootlist -m normal $new && echo "$device boots from $SERVER"
}

ask() {
	routes | sed 's/^/route /'
	bootlist -m normal -o | tr ' ' '\n' | sed -n 's/^bserver=/bserver /p'
	sysdumpdev -l | awk '$1 == "primary" { print "dump", $2 }'
}

status=0
for part; do
	case $part in
	ask)
		ask
		continue
		;;
	esac
	said=$(do_"$part" 2>&1 </dev/null)
	ended=$?
	echo "$part $ended $(echo "$said" | tail -n 1)"
	[ $ended -eq 0 ] || status=1
done
exit $status
