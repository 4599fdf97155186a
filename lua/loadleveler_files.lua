--- The files of LoadLeveler: for the hook of that name.

local files = {}

local LISTS = { CENTRAL_MANAGER_LIST = true, RESOURCE_MGR_LIST = true }
local ROLES = { "central_manager", "resource_manager", "schedd_host", "public_scheduler" }

--- A list, with who follows in it once: be it there, or follow several, or as NAME.DOMAIN.
function files.in_list(value, follower)
	local function short(word) return word:match("^([%w-]+)%.%a.*$") or word end
	local there, ends = {}, nil
	for word in value:gmatch("[^%s,\\\0]+") do
		there[short(word)] = not follower(word) or nil
	end
	value = value:gsub("([^%s,\\\0]+)([%s,]*)", function(word, behind)
		local new = follower(word)
		ends = new and there[short(new)]
		there[short(new or word)] = true
		return ends and "" or (new or word) .. behind
	end)
	return ends and value:gsub("[%s,\\\0]+$", "") or value
end

--- LoadL_config: the lists, which go on behind a backslash.
function files.in_config(text, follower)
	local lines = text:gsub("(\\[ \t]*)\n", "%1\0") -- a list in one line
	lines = lines:gsub("[^\n]+", function(line)
		local key, value = line:match("^(%s*[%w_]+%s*=)(.*)$")
		return key and LISTS[key:match("[%w_]+")] and key .. files.in_list(value, follower) or nil
	end)
	return (lines:gsub("\0", "\n"))
end

--- LoadL_admin: the stanza gets the new label; where that has a stanza, this gets its roles.
function files.in_admin(text, follower)
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

return files
