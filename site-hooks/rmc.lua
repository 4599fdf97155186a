--- RMC, the monitoring of RSCT: each node joins the management domain of its new service node,
-- as by xCAT's configrmcnode, and leaves that of the old one, which configrmcnode does not do.

local cluster = require "cluster"
local follow  = require "follow"
local remote  = require "remote"
local rmc     = require "rmc_resources"

--- The words of lines that begin with a host: its first word, and the set of all.
local function sets(text)
	local said = {}
	for host, rest in text:gmatch("(%S+)([^\n]*)\n") do
		said[host] = { rest:match("%S+") }
		for word in rest:gmatch("%S+") do
			said[host][word] = true
		end
	end
	return said
end

--- What hosts say, noted in one: a resume has to ask for the same changes, and asks just those
-- that were silent.  Who is, is owed.
local function ask(move, note, hosts, command, options)
	local lines, silent = { move.notes[note] }, {}
	local said = sets(lines[1] or "")
	for _, host in ipairs(hosts) do
		silent[#silent + 1] = not said[host] and host or nil
	end
	for host, answer in pairs(remote.query(silent, command, options)) do
		if answer.ok and not answer.lost then
			lines[#lines + 1] = host .. " " .. answer.stdout:gsub("%s+", " ") .. "\n"
		else
			move:owe(nil, "RMC does not answer: " .. (answer.message or answer.lost and "too much"
				or answer.stderr), host, true)
		end
	end
	move.notes[note] = table.concat(lines)
	return sets(move.notes[note])
end

local function change(move)
	local servers, id, bin, lists = {}, {}, move.settings.bin, { [true] = {}, [false] = {} }
	for _, group in ipairs(move:groups()) do
		servers[#servers + 1] = group.new.sn
		servers[#servers + 1] = move.mode ~= "dead" and group.old.sn or nil
	end
	local on_server = ask(move, "rmc servers", servers, rmc.SERVER,
		{ env = { BIN = bin }, stdin = table.concat(move.nodes, "\n") .. "\n" })
	for _, group in ipairs(move:groups()) do
		for _, sn in ipairs { group.new.sn, group.old.sn } do -- of a dead one it is of its MAC
			local mac = (cluster.get(sn, "mac.mac") or "none"):match("^[^|!]*"):gsub(":", "")
			id[sn] = on_server[sn] and on_server[sn][1] or "EA" .. mac:upper() .. "EA"
			id[#id + 1] = id[sn]
		end
	end
	local address = cluster.addresses(move.nodes)
	local of_node = ask(move, "rmc nodes", move.nodes, rmc.NODE,
		{ env = { BIN = bin, IDS = table.concat(id, " ") } })
	local function add(node, server, joins)
		local list, managed, known = lists[joins], on_server[server.sn], of_node[node]
		if managed and (managed[node] or false) ~= joins then
			list[#list + 1] = rmc.entry(move, server.sn, node, joins, { CLASS = "IBM.MngNode",
				FIELD = "Name", KEY = node, IP = address[node], ID = known[1] })
		end
		if (known[id[server.sn]] or false) ~= joins then
			list[#list + 1] = rmc.entry(move, node, node, joins, { CLASS = "IBM.MCP",
				FIELD = "MNName", KEY = server.snn, IP = server.ip, ID = id[server.sn] })
		end
	end
	for _, group in ipairs(move:groups()) do
		local new, old = group.new, group.old
		for _, node in ipairs(on_server[new.sn] and group.nodes or {}) do
			if of_node[node] then
				add(node, new, true)
				if old.sn and id[old.sn] ~= id[new.sn] then -- else it is there already
					add(node, old, false)
				end
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
		local answer = ask_them(group.new.sn, rmc.NOT_UP, options)[group.new.sn]
		if not answer.ok then
			return false, ("RMC: on %s these are not up: %s"):format(group.new.sn,
				answer.message or (answer.stderr .. answer.stdout):gsub("%s+", " "))
		end
	end
end

return {
	name = "rmc", summary = "RMC: nodes leave the old service node's domain for the new one's",
	settings = { always = false, bin = "/usr/sbin/rsct/bin", wait = 60 },
	when = function(move) return follow.monitored(move, "rmcmon") end,
	after = { monitoring = function(move)
		move.notes.rmcmon = true
		change(move)
		up(move, remote.await, { ["for"] = move.settings.wait, says = "RMC is up" })
	end },
	verify = function(move) return up(move, remote.query, {}) end,
}
