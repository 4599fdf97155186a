--- LoadLeveler: a service node that is left without nodes is followed by the new one in the
-- lists of managers and in the machine stanzas, be they in files or in the database.
local cluster, remote = require "cluster", require "remote"
local files = require "loadleveler_files"
local SET = 'llconfig -c "$KEY=$VALUE" && llctl -g reconfig'
local IS_SET = 'llconfig -d "$KEY" | grep -qFx "$KEY = $VALUE"'
local LOOK = { "llconfig", "-d", "CENTRAL_MANAGER_LIST", "RESOURCE_MGR_LIST" }
--- A function that says who follows a name, also with a domain behind it; nil: nobody is left.
local function followers(move)
	local follow = {}
	for _, sn in ipairs(move:emptied()) do
		for _, group in ipairs(move:groups()) do
			local old, new = group.old, group.new
			for _, name in ipairs(old.sn == sn and cluster.names(sn, old.snn) or {}) do
				follow[name] = follow[name] or name == old.snn and new.snn or new.sn
			end
		end
	end
	return next(follow) and function(word)
		local short, domain = word:match("^([%w-]+)(%.%a.*)$")
		return follow[word] or follow[short or ""] and follow[short] .. domain
	end
end
local function in_database(move, host, follower)
	local answer, list = remote.query(host, LOOK)[host], {}
	for key, value in answer.stdout:gmatch("([%w_]+)%s*=%s*([^\n]*)") do
		local was = files.in_list(value, follower) ~= value and value or nil
		was = move.notes["loadleveler." .. key] or was -- a resume has to ask for the same
		move.notes["loadleveler." .. key] = was
		local env = { KEY = key, VALUE = files.in_list(was or "", follower) }
		list[#list + 1] = was and { host = host, command = SET, env = env, repeatable = true,
			says = ("llconfig -c '%s=%s'"):format(key, env.VALUE), undo_always = true,
			undo = { command = SET, env = { KEY = key, VALUE = was } },
			done = { command = IS_SET, env = env } }
	end
	return answer.ok and list or error("llconfig: " .. (answer.message or answer.stderr), 0)
end

return {
	name = "loadleveler", summary = "LoadLeveler: the new service node has the old one's places",
	settings = { managers = "", config = "/etc/LoadL_config", admin = "/etc/LoadL_admin",
		database = false },
	when = function(move) return move.settings.managers ~= "" end,
	after = { applications = function(move)
		local hosts, follower = cluster.elements(move.settings.managers), followers(move)
		if not follower then
			move:note("LoadLeveler is left as it is: each old service node still has nodes")
		elseif move.settings.database then
			remote.run(in_database(move, hosts[1], follower))
		else
			for key, how in pairs { admin = files.in_admin, config = files.in_config } do
				remote.edit(hosts, move.settings[key], function(text)
					return text and how(text, follower)
				end, { activate = { "llctl", "-g", "reconfig" } })
			end
		end
	end },
	verify = function(move) -- the database shows its lists as the file does
		local hosts, follower = cluster.elements(move.settings.managers), followers(move)
		local found = follower and (move.settings.database and remote.query(hosts[1], LOOK)
			or remote.get(hosts, move.settings.config)) or {}
		for host, it in pairs(found) do
			if not it.ok or files.in_config(it.stdout, follower) ~= it.stdout then
				return false, "LoadLeveler's lists still name the old service node on " .. host
			end
		end
	end,
}
