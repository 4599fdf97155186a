--- RMC, the monitoring of RSCT: each node joins the management domain of its new service node,
-- as by xCAT's configrmcnode, and leaves that of the old one, which configrmcnode does not do.
local cluster, remote = require "cluster", require "remote"

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

-- A node's id, and those of $IDS that manage it.  A server's, and whom of the input it manages.
local NODE = [["$BIN/lsnodeid" && for id in $IDS; do
	said=$("$BIN/lsrsrc-api" -s "IBM.MCP::NodeID=0x$id::MNName" 2>&1) && echo "$id" ||
	case $said in *2612-023*) ;; *) echo "$said" >&2; exit 1 ;; esac
done]]
local LIST = [[export CT_MANAGEMENT_SCOPE=1
said=$("$BIN/lsrsrc-api" -s IBM.MngNode::::Name::Status 2>&1) ||
	case $said in *2612-023*) ;; *) printf '%s\n' "$said" >&2; exit 2 ;; esac
{ printf '%s\n' "$said" --; cat; } | awk -F:: '$0 == "--" { asked = 1; next }
	!asked { state[$1] = $2 } asked && ]]
local SERVER = '"$BIN/lsnodeid" || exit\n' .. LIST .. "$0 in state'"
local NOT_UP = LIST .. "state[$0] != 1 { print; bad = 1 } END { exit bad }'"

--- What hosts say, noted: a resume has to ask for the same changes.  Who is silent is owed.
local function ask(move, hosts, command, options)
	local said = {}
	for host, answer in pairs(remote.query(hosts, command, options)) do
		local noted = "rmc." .. host
		move.notes[noted] = move.notes[noted] or answer.ok and "\n" .. answer.stdout or nil
		said[host] = move.notes[noted]
		if not said[host] then
			move:owe(nil, "RMC does not answer: " .. (answer.message or answer.stderr), host, true)
		end
	end
	return said
end

local function has(text, word) return text:find("\n" .. word .. "\n", 1, true) ~= nil end
local function entry(move, host, node, joins, env)
	env.BIN, env.NAME = move.settings.bin, node
	return { host = host, node = node, env = env, undo_always = true, repeatable = true,
		says = ("RMC: %s%s %s"):format(joins and "" or "no ", env.CLASS, env.KEY),
		command = joins and MAKE or TAKE, undo = { command = joins and TAKE or MAKE, env = env },
		done = { command = joins and IS_MADE or IS_TAKEN, env = env } }
end

local function change(move)
	local servers, id, bin, lists = {}, {}, move.settings.bin, { [true] = {}, [false] = {} }
	for _, group in ipairs(move:groups()) do
		servers[#servers + 1] = group.new.sn
		servers[#servers + 1] = move.mode ~= "dead" and group.old.sn or nil
	end
	local on_server = ask(move, servers, SERVER,
		{ env = { BIN = bin }, stdin = table.concat(move.nodes, "\n") .. "\n" })
	for _, group in ipairs(move:groups()) do
		for _, sn in ipairs { group.new.sn, group.old.sn } do -- of a dead one it is of its MAC
			local mac = (cluster.get(sn, "mac.mac") or "none"):match("^[^|!]*"):gsub(":", "")
			id[sn] = (on_server[sn] or "EA" .. mac:upper() .. "EA"):match("%w+")
			id[#id + 1] = id[sn]
		end
	end
	local address, env = cluster.addresses(move.nodes), { BIN = bin, IDS = table.concat(id, " ") }
	local of_node = ask(move, move.nodes, NODE, { env = env })
	for _, node in ipairs(move.nodes) do
		local new, old, known = move:new(node), move:old(node), of_node[node]
		for _, server in ipairs(known and on_server[new.sn] and { new, old.sn and old } or {}) do
			local joins = server == new
			local list, managed = lists[joins], on_server[server.sn]
			if managed and has(managed, node) ~= joins then
				list[#list + 1] = entry(move, server.sn, node, joins, { CLASS = "IBM.MngNode",
					FIELD = "Name", KEY = node, IP = address[node], ID = known:match("%x+") })
			end
			if has(known, id[server.sn]) ~= joins then
				list[#list + 1] = entry(move, node, node, joins, { CLASS = "IBM.MCP",
					FIELD = "MNName", KEY = server.snn, IP = server.ip, ID = id[server.sn] })
			end
		end
	end
	local failed, leaves = {}, {} -- who has not joined stays where it is
	for _, result in ipairs(remote.run(lists[true])) do
		failed[result.node] = failed[result.node] or not result.ok
	end
	for _, leave in ipairs(lists[false]) do
		leaves[#leaves + 1] = not failed[leave.node] and leave or nil
	end
	remote.run(leaves)
end

local function up(move, ask_them, options)
	for _, group in ipairs(move:groups()) do
		options.env = { BIN = move.settings.bin }
		options.stdin = table.concat(group.nodes, "\n") .. "\n"
		local answer = ask_them(group.new.sn, NOT_UP, options)[group.new.sn]
		if not answer.ok then
			return false, ("RMC: on %s these are not up: %s"):format(group.new.sn,
				answer.message or (answer.stderr .. answer.stdout):gsub("%s+", " "))
		end
	end
end

return {
	name = "rmc", summary = "RMC: nodes leave the old service node's domain for the new one's",
	settings = { always = false, bin = "/usr/sbin/rsct/bin", wait = 60 },
	when = function(move)
		return move.settings.always or #cluster.rows("monitoring", { name = "rmcmon" }) > 0
	end,
	after = { monitoring = function(move)
		change(move)
		up(move, remote.await, { ["for"] = move.settings.wait, says = "RMC is up" })
	end },
	verify = function(move) return up(move, remote.query, {}) end,
}
