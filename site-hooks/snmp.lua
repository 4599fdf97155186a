--- SNMP: where snmpd on the nodes names the old service node, as who gets traps or may
-- ask, it names the new one.

local cluster = require "cluster"
local follow  = require "follow"
local remote  = require "remote"

--- Which word of a line names a host; behind the options, as of `com2sec -Cn CONTEXT`.
local HOST_AT = {
	trapsink = 2, trap2sink = 2, informsink = 2, com2sec = 3, com2sec6 = 3,
	rocommunity = 3, rwcommunity = 3, rocommunity6 = 3, rwcommunity6 = 3,
}

--- The words of a line, with where they stand: {text, first, last}.
local function words_of(line)
	local words, at = {}, 1
	while true do
		local first, last = line:find('^"[^"]*"', at)
		if not first then
			first, last = line:find("^[^%s#]+", at)
		end
		if first then
			words[#words + 1] = { line:sub(first, last), first, last }
		else
			first, last = line:find("^%s+", at)
			if not first then
				return words -- the end, or a comment
			end
		end
		at = last + 1
	end
end

--- The word that names a host; nil: this line has none.
local function host_word(line)
	local words = words_of(line)
	local key = words[1] and words[1][1]:lower()
	if key == "trapsess" then
		return words[#words] -- snmptrap's options, and the host
	end
	local at = HOST_AT[key]
	while at and key:find("^com2sec") and words[2] and words[2][1] == "-Cn" do
		table.remove(words, 2)
		table.remove(words, 2)
	end
	return at and words[at]
end

--- The text with what `see` says of each host in its place: of udp:HOST:162, HOST/32, [HOST].
local function with_hosts(text, see)
	return (text:gsub("[^\n]+", function(line)
		local word = host_word(line)
		if not word then
			return nil
		end
		local changed = word[1]:gsub("[%w._-]+", function(part) return see(part:lower()) end)
		return line:sub(1, word[2] - 1) .. changed .. line:sub(word[3] + 1)
	end))
end

return {
	name = "snmp", summary = "traps go to the new service node, and it may ask",
	settings = { always = false, file = "/etc/snmp/snmpd.conf", reload = "", port = 162 },
	when = function(move)
		return not move.options.ignorenodes and follow.monitored(move, "snmpmon")
	end,
	after = { nodes = function(move)
		local settings, nodes = move.settings, follow.nodes(move)
		move.notes.snmpmon = true
		remote.edit(move.nodes, settings.file, function(text, node)
			local one = nodes[node]
			return text and with_hosts(text, function(host)
				return one.old[host] and follow.instead(host, one.server.snn, one.server.ip) or nil
			end)
		end, { activate = follow.activate("snmpd", "snmpd", "reload", settings.reload) })
	end },
	verify = function(move)
		local problems, texts = {}, remote.get(move.nodes, move.settings.file)
		for _, group in ipairs(move:groups()) do
			local old, new = follow.left(group), follow.names(group.new)
			local behind, sends = {}, false
			for _, node in ipairs(group.nodes) do
				local left = false
				with_hosts(texts[node].ok and texts[node].stdout or "", function(host)
					left, sends = left or old[host], sends or new[host]
				end)
				behind[#behind + 1] = left and node or nil
			end
			if #behind > 0 then
				problems[#problems + 1] = ("snmpd.conf still names %s on %s"):format(group.old.sn,
					cluster.fold(behind))
			end
			-- A trap is sent into the dark: nobody says whether it has come.
			local sn = group.new.sn
			local result = sends and remote.query(sn, "cat /proc/net/udp /proc/net/udp6")[sn]
			if result and not (result.ok and
				result.stdout:find((":%04X %%x+:0000 "):format(move.settings.port))) then
				problems[#problems + 1] = ("nothing listens for traps on %s, port %d"):format(sn,
					move.settings.port)
			end
		end
		return #problems == 0, table.concat(problems, "; ")
	end,
}
