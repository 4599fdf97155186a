--- Who serves consoles: where conserver and others run, and whom the management node points at.

local cluster = require "cluster"
local remote  = require "remote"
local holders = require "holders"

local who = {}

--- The console servers that run on a host (in its own network), whether conserver is there and
-- has a configuration, and xCAT's programs of consoles, too ("ready").
local QUESTION = [[
PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin
for file in /proc/[0-9]*/comm; do
	read -r name <"$file" || continue
	case $name in
	conserver | goconserver | confluent) ;;
	*) continue ;;
	esac
	pid=${file#/proc/}
	net=$(readlink "/proc/${pid%/comm}/ns/net")
	[ "$net" != "$(readlink /proc/self/ns/net)" ] || echo "$name"
done 2>/dev/null
if [ -f /etc/conserver.cf ] || [ -f /etc/conserver/conserver.cf ]; then
	command -v conserver >/dev/null && echo there &&
		[ -d "${XCATROOT:-/opt/xcat}/share/xcat/cons" ] && echo ready
fi
:
]]

--- Does one run there that takes consoles from us?
function who.runs(state)
	return state.conserver or state.goconserver
end

--- Those of the shares whose host has an address; and the others, whose values are of any kind.
function who.with_address(shares)
	local good, bad = {}, {}
	for host, nodes in pairs(shares) do
		(cluster.address(host) and good or bad)[host] = nodes
	end
	return good, bad
end

--- host -> what was said of it there: {conserver = true, there = true}.
function who.ask(names)
	local states, hosts = {}, {}
	for _, host in ipairs(names) do
		hosts[#hosts + 1] = cluster.address(host) and host or nil
	end
	local results = #hosts > 0 and remote.query(hosts, QUESTION, { timeout = 10 }) or {}
	for host, result in pairs(results) do
		states[host] = {}
		for word in (result.error and "" or result.stdout):gmatch("%a+") do
			states[host][word] = true
		end
	end
	return states
end

local SERVERS, TAKEN = "console servers", "consoles are taken"
local CONFLUENT = "confluent has consoles"

--- What was seen when the move was checked: the move itself changes it.
function who.seen(move)
	local states = {}
	for host, words in (move.notes[SERVERS] or ""):gmatch("([^ \n]+)([^\n]*)") do
		states[host] = {}
		for word in words:gmatch("%a+") do
			states[host][word] = true
		end
	end
	return states
end

function who.any_runs(states)
	for _, state in pairs(states) do
		if who.runs(state) then
			return true
		end
	end
	return false
end

--- With the old one dead nobody may be left that runs one; the new ones can begin it.
local function can_begin(move, new, states)
	for host in pairs(move.mode == "dead" and new or {}) do
		if states[host] and states[host].ready and not states[host].confluent then
			return true
		end
	end
	return false
end

--- The management node, as one of these hosts or as site.master has it; nil: conserver does not
-- run there.
function who.pointing(states)
	local master = cluster.site("master")
	for host, state in pairs(master and states or {}) do
		if state.conserver and cluster.same(host, master) then
			return host
		end
	end
end

--- All that hold the nodes or have held them, and the management node.
function who.look_around(move, new, old)
	local hosts, master = {}, cluster.site("master")
	for _, shares in ipairs { new, old } do
		for host in pairs(shares) do
			hosts[host] = true
		end
	end
	local named = false
	for host in pairs(hosts) do
		named = named or master and cluster.same(host, master)
	end
	if master and not named then
		hosts[master] = true
	end
	local states, lines = who.ask(holders.sorted(hosts)), {}
	local takes = who.any_runs(states) or can_begin(move, new, states)
	for _, host in ipairs(holders.sorted(states)) do
		lines[#lines + 1] = host .. " " .. table.concat(holders.sorted(states[host]), " ")
	end
	move.notes[SERVERS] = table.concat(lines, "\n")
	move.notes[TAKEN] = takes
	for _, host in ipairs(takes and {} or holders.sorted(states)) do
		if states[host].confluent then
			move.notes[CONFLUENT] = host
		end
	end
	return states
end

--- Has look_around been called in this run?
function who.has_looked(move)
	return move.notes[SERVERS] ~= nil
end

--- Does one take consoles where it counts, or can it begin to, as was seen then?
function who.takes(move)
	return move.notes[TAKEN] == true
end

--- The host where confluent has them, which takes none from us; nil: nobody is known to.
function who.confluent(move)
	return move.notes[CONFLUENT]
end

--- What the management node is to have: whose the consoles are that it has not itself.
function who.pointers(nodes, shares, states)
	local host = who.pointing(states)
	local others = host and holders.minus(nodes, shares[host] or {}) or {}
	return #others > 0 and { [host] = others } or {}
end

--- The shares, and with them what the management node is to have: host -> nodes.
function who.with_pointers(nodes, shares, states)
	local all = {}
	for _, part in ipairs { shares, who.pointers(nodes, shares, states) } do
		for host, its in pairs(part) do
			all[host] = table.move(its, 1, #its, #(all[host] or {}) + 1, all[host] or {})
		end
	end
	return all
end

return who
