--- RSCT's commands, as texts for hosts: for the hook rmc.

local rmc = {}

-- One resource, IBM.MCP on a node or IBM.MngNode on a server, is made or taken away, as $wanted
-- says, or only looked at.  2612-023 is RSCT's word for there is none; all else is a failure.
local CHANGE = [[
export CT_MANAGEMENT_SCOPE=1
said=$("$BIN/lsrsrc-api" -s "$CLASS::NodeID=0x$ID::$FIELD" 2>&1) && now=there || now=$said
case $now in there) ;; *2612-023*) now=gone ;; *) printf '%s\n' "$said" >&2; exit 2 ;; esac
[ "$now" = "$wanted" ] && exit; [ -z "$look" ] || exit 1
[ "$wanted" = there ] || exec "$BIN/rmrsrc-api" -s "$CLASS::NodeID=0x$ID"
set -- "$CLASS::$FIELD::$NAME::KeyToken::$KEY::IPAddresses::{\"$IP\"}::NodeID::0x$ID"
exec "$BIN/mkrsrc-api" "$1"
]]
local MAKE, TAKE = "wanted=there look=\n" .. CHANGE, "wanted=gone look=\n" .. CHANGE
local IS_MADE, IS_TAKEN = "wanted=there look=1\n" .. CHANGE, "wanted=gone look=1\n" .. CHANGE

--- A question for a node: its id, and those of $IDS that manage it.
rmc.NODE = [["$BIN/lsnodeid" && for id in $IDS; do
	said=$("$BIN/lsrsrc-api" -s "IBM.MCP::NodeID=0x$id::MNName" 2>&1) && echo "$id" ||
	case $said in *2612-023*) ;; *) echo "$said" >&2; exit 1 ;; esac
done]]
local LIST = [[export CT_MANAGEMENT_SCOPE=1
said=$("$BIN/lsrsrc-api" -s IBM.MngNode::::Name::Status 2>&1) ||
	case $said in *2612-023*) ;; *) printf '%s\n' "$said" >&2; exit 2 ;; esac
{ printf '%s\n' "$said" --; cat; } | awk -F:: '$0 == "--" { asked = 1; next }
	!asked { state[$1] = $2 } asked && ]]
--- A question for a server: its id, and whom of the input it manages.
rmc.SERVER = '"$BIN/lsnodeid" || exit\n' .. LIST .. "$0 in state'"
--- Another one: who of the input is not up; status 0: all are.
rmc.NOT_UP = LIST .. "state[$0] != 1 { print; bad = 1 } END { exit bad }'"

--- An entry for remote.run: on this host there is a resource (`joins`), or none.  `env` has
-- CLASS, FIELD, KEY, IP and ID.
function rmc.entry(move, host, node, joins, env)
	env.BIN, env.NAME = move.settings.bin, node
	return { host = host, node = node, env = env, undo_always = true, repeatable = true,
		says = ("RMC: %s%s %s"):format(joins and "" or "no ", env.CLASS, env.KEY),
		command = joins and MAKE or TAKE, undo = { command = joins and TAKE or MAKE, env = env },
		done = { command = joins and IS_MADE or IS_TAKEN, env = env } }
end

return rmc
