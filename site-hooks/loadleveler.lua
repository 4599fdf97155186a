--- LoadLeveler: a service node that is left without nodes is followed by the new one in the
-- lists of managers and in the machine stanzas, be they in files or in the database.
local cluster, remote = require "cluster", require "remote"
local LISTS = { CENTRAL_MANAGER_LIST = true, RESOURCE_MGR_LIST = true }
local ROLES = { "central_manager", "resource_manager", "schedd_host", "public_scheduler" }
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
local function in_list(value, follower) -- with who follows in it once
	local words = (" " .. value .. " "):gsub("[%s,\\]", " ")
	return (value:gsub("([^%s,\\]+)([%s,]*)", function(word, behind)
		local new = follower(word)
		return new and words:find(" " .. new .. " ", 1, true) and "" or (new or word) .. behind
	end))
end

--- LoadL_config: the lists, which go on behind a backslash.
local function in_config(text, follower)
	local goes_on
	return (text:gsub("[^\n]+", function(line)
		local key, value = line:match("^(%s*[%w_]+%s*=)(.*)$")
		local is_list = goes_on or key and LISTS[key:match("[%w_]+")]
		key, value = goes_on and "" or key, goes_on and line or value
		goes_on = is_list and line:find("\\%s*$")
		return is_list and key .. in_list(value, follower) or line
	end))
end

--- LoadL_admin: the stanza gets the new label; where that has a stanza, this gets its roles.
local function in_admin(text, follower)
	local label, has, gets = nil, {}, {}
	local function lines(act)
		label = ""
		return (text:gsub("[^\n]+", function(line)
			local begins = line:match("^%s*([%w_.-]+)%s*:")
			label = begins or label
			return act(line, begins, follower(label))
		end))
	end
	lines(function(_, begins) has[begins or 0] = begins end)
	lines(function(line, _, new)
		for _, role in ipairs(has[new or 0] and ROLES or {}) do
			local words = line:match("^[^#]*%f[%w_](" .. role .. "%s*=%s*[^%s#]+)")
			gets[new] = (gets[new] or "") .. (words and "\n\t" .. words or "")
		end
	end)
	return lines(function(line, begins, new)
		for _, role in ipairs(ROLES) do
			if has[new or 0] or (gets[label] or ""):find(role, 1, true) then
				line = line:gsub("^([^#]*)%f[%w_]" .. role .. "%s*=%s*[^%s#]+", "%1")
			end
		end
		if begins and new and not has[new] then
			return (line:gsub("[%w_.-]+", new, 1))
		end
		return line .. (begins and gets[label] or "")
	end)
end

local function in_database(move, host, follower)
	local answer, list = remote.query(host, LOOK)[host], {}
	for key, value in answer.stdout:gmatch("([%w_]+)%s*=%s*([^\n]*)") do
		local was = in_list(value, follower) ~= value and value or nil
		was = move.notes["loadleveler." .. key] or was -- a resume has to ask for the same
		move.notes["loadleveler." .. key] = was
		local env = { KEY = key, VALUE = in_list(was or "", follower) }
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
			for key, how in pairs { admin = in_admin, config = in_config } do
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
			if not it.ok or in_config(it.stdout, follower) ~= it.stdout then
				return false, "LoadLeveler's lists still name the old service node on " .. host
			end
		end
	end,
}
