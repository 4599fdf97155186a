--- Ganglia: gmond on the nodes sends to the new service node, and gmetad here asks it.
--
-- xCAT's confGang writes gmond.conf once and never again, so rerunning it moves no node.  HUP
-- makes both daemons exit: they are restarted.

local cluster = require "cluster"
local files   = require "ganglia_files"
local follow  = require "follow"
local remote  = require "remote"

--- Of the nodes whose gmond sends to the new one, those that are not heard there; and an error.
local function unheard(move, group, sends)
	local addresses, words = cluster.addresses(group.nodes), {}
	for _, node in ipairs(group.nodes) do
		words[#words + 1] = sends[node] and
			("%s %s %s\n"):format(node, addresses[node] or "-", sends[node]) or nil
	end
	if #words == 0 then
		return {}
	end
	local settings, server = move.settings, group.new
	local result = remote.query(server.sn, files.unheard, {
		timeout = settings.wait + 60, stdin = table.concat(words), env = {
			ADDRESSES = server.ip or "",
			PORT = tostring(settings.port), WAIT = tostring(settings.wait),
		},
	})[server.sn]
	return follow.words(result.stdout), not result.ok and (result.message or result.stderr) or nil
end

return {
	name = "ganglia", summary = "gmond on the nodes sends to the new service node, gmetad asks it",
	settings = {
		always = false, port = 8649, wait = 30, restart_gmond = "", restart_gmetad = "",
		gmond = "/etc/ganglia/gmond.conf", gmetad = "/etc/ganglia/gmetad.conf",
	},
	when = function(move)
		return not move.options.ignorenodes and follow.monitored(move, "gangliamon")
	end,
	after = { nodes = function(move)
		local settings, nodes = move.settings, follow.nodes(move)
		move.notes.gangliamon = true
		remote.edit(move.nodes, settings.gmond, function(text, node)
			local one = nodes[node]
			return text and files.with_hosts(text, function(host)
				return one.old[host] and follow.instead(host, one.server.snn, one.server.ip)
			end)
		end, { activate = follow.activate("gmond", "gmond ganglia-monitor", "restart",
			settings.restart_gmond) })
	end, monitoring = function(move)
		local settings, gone = move.settings, {}
		move.notes.gangliamon = true
		for _, server in ipairs(move:emptied()) do
			gone[server] = true
		end
		remote.edit("mn", settings.gmetad, function(text)
			for _, group in ipairs(text and move:groups() or {}) do
				text = files.with_sources(text, group, gone[group.old.sn])
			end
			return text
		end, { activate = follow.activate("gmetad", "gmetad", "restart", settings.restart_gmetad) })
	end },
	verify = function(move)
		local problems, texts = {}, remote.query(move.nodes, files.file_and_age,
			{ env = { FILE = move.settings.gmond } })
		for _, group in ipairs(move:groups()) do
			local old, new = follow.left(group), follow.names(group.new)
			local sends, behind = {}, {}
			for _, node in ipairs(group.nodes) do
				local text = texts[node].ok and texts[node].stdout or ""
				files.with_hosts(text, function(host)
					behind[#behind + 1] = old[host] and node or nil
					sends[node] = new[host] and text:match("# (%d+)\n$") or sends[node]
				end)
			end
			if #behind > 0 then
				problems[#problems + 1] = ("gmond still sends to %s on %s"):format(group.old.sn,
					cluster.fold(behind))
			end
			local silent, why = unheard(move, group, sends)
			if why or #silent > 0 then
				problems[#problems + 1] = ("gmond on %s has not heard of %s"):format(group.new.sn,
					why and "them: " .. why or cluster.fold(silent))
			end
		end
		return #problems == 0, table.concat(problems, "; ")
	end,
}
