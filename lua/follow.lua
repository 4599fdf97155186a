--- What the hooks share whose product has a file that names the old service node.

local cluster = require "cluster"

local follow = {}

--- Is this product used: by the setting `always`, or as xCAT has its plug-in started?  Or was
-- it when the move began to change something of it, and noted that under the plug-in's name: a
-- resume has to ask for the same.
function follow.monitored(move, plugin)
	return move.notes[plugin] or move.settings.always or
		#cluster.rows("monitoring", { name = plugin }) > 0
end

--- All names and addresses of a server (of move:old, move:new) as a set, in small letters;
-- names with the domain, too.
function follow.names(server)
	local set, domain = {}, cluster.site("domain")
	for _, name in ipairs(server.sn and cluster.names(server.sn, server.snn) or {}) do
		set[name:lower()] = true
		if domain and not name:find("[.:]") then
			set[name:lower() .. "." .. domain:lower()] = true
		end
	end
	return set
end

--- The names of a group's old server, as a set, that are none of the new one's.  A move of a
-- part may have nodes that are on the new one already: those leave nothing.
function follow.left(group)
	local left = follow.names(group.old)
	for name in pairs(follow.names(group.new)) do
		left[name] = nil
	end
	return left
end

--- node -> { old = names of the old one, server = the new one }.
function follow.nodes(move)
	local all = {}
	for _, group in ipairs(move:groups()) do
		local one = { old = follow.left(group), server = group.new }
		for _, node in ipairs(group.nodes) do
			all[node] = one
		end
	end
	return all
end

--- In place of `host`: an address for an address, and a name for a name.
function follow.instead(host, name, address)
	return host:find("^[%d.]+$") and address or name
end

--- A command that makes a daemon take its new file, if it runs: by what has started it, systemd
-- or a script in /etc/init.d, under one of these names.  `verb`: restart, or
-- reload where it can.  `command`: words of the site, instead.  The others are words of a hook,
-- and never of a table.
function follow.activate(process, services, verb, command)
	if command ~= "" then
		return follow.words(command)
	end
	local text = [[
cat /proc/[0-9]*/comm 2>/dev/null | grep -qx PROCESS || exit 0
for service in SERVICES; do
	systemctl is-active --quiet "$service" 2>/dev/null || continue
	systemctl SYSTEMD "$service"
	exit
done
for service in SERVICES; do
	[ -x "/etc/init.d/$service" ] || continue
	"/etc/init.d/$service" SCRIPT
	exit
done
echo "PROCESS runs, and neither systemd nor /etc/init.d has started it: set the command" >&2
exit 1
]]
	local restart = verb == "restart"
	return (text:gsub("%u+", {
		PROCESS = process, SERVICES = services,
		SYSTEMD = restart and verb or "reload-or-restart",
		SCRIPT = restart and verb or "force-reload",
	}))
end

--- The words of a setting.
function follow.words(text)
	local words = {}
	for word in text:gmatch("%S+") do
		words[#words + 1] = word
	end
	return words
end

--- The words of both settings, each once.
function follow.together(one, other)
	local words, there = {}, {}
	for _, word in ipairs(follow.words(one .. " " .. other)) do
		words[#words + 1] = not there[word] and word or nil
		there[word] = true
	end
	return table.concat(words, " ")
end

--- Calls the function for a thousand of the move's nodes at a time, as words have their bounds,
-- with those of them that are in the set.
function follow.by_thousands(move, set, act)
	for first = 1, #move.nodes, 1000 do
		local some = {}
		for i = first, math.min(first + 999, #move.nodes) do
			some[#some + 1] = set[move.nodes[i]] and move.nodes[i]
		end
		act(table.concat(some, ","), #some > 0 and cluster.fold(some))
	end
end

--- A question: who of those on standard input does not answer; some dozens are asked at a time.
follow.SILENT = [[
command -v ping >/dev/null || { echo "there is no ping" >&2; exit 127; }
while read -r name address; do
	{ ping -q -c 2 -i 0.5 -W "$WAIT" "$address" >/dev/null 2>&1 || echo "$name ($address)"; } &
	[ $(((i = i + 1) % 50)) -ne 0 ] || wait
done
wait]]

--- Has any row a value in one of these columns?  Most clusters have none: then not all their
-- nodes are looked at.
function follow.any(columns)
	for _, column in ipairs(columns) do
		local name, field = column:match "^(.-)%.(.*)$"
		for _, row in ipairs(cluster.rows(name)) do
			if row[field] then
				return true
			end
		end
	end
	return false
end

return follow
