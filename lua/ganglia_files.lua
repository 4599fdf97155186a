--- The files of Ganglia, and what its daemons tell: for the hook of that name.

local cluster = require "cluster"
local follow  = require "follow"

local ganglia = {}

--- A question for a node: its FILE, and in a last line how many seconds ago that was written.
ganglia.file_and_age = 'cat "$FILE" && echo "# $(($(date +%s) - $(stat -c %Y "$FILE")))"'

--- A question for a host, with PORT, ADDRESSES (its own) and WAIT: of which nodes on its input
-- (NAME ADDRESS AGE each, as an environment has no room for many) has its gmond not heard
-- lately, and since their files were written?  It tells TN, the seconds since a node was heard,
-- and TMAX, how often that should be.
ganglia.unheard = [[
nodes=$(cat)
unheard() {
	{
		printf '%s\n' "$nodes"
		for address in localhost $ADDRESSES; do
			bash -c 'exec 3<>"/dev/tcp/$0/$1" && cat <&3' "$address" "$PORT" 2>/dev/null &&
				break
		done
	} | awk 'function value(key) {
			if (!match($0, " " key "=\"[^\"]*\"")) return ""
			return substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 4)
		}
		BEGIN { RS = "<" }
		NR == 1 { words = split($0, word, " "); next }
		/^HOST / && value("TN") + 0 <= 2 * value("TMAX") {
			name = value("NAME"); heard[name] = heard[value("IP")] = value("TN") + 0
			sub(/[.].*/, "", name); heard[name] = value("TN") + 0
		}
		function is_heard(name, age) { return name in heard && heard[name] <= age + 1 }
		END {
			for (i = 1; i < words; i += 3)
				if (!is_heard(word[i], word[i + 2]) && !is_heard(word[i + 1], word[i + 2]))
					print word[i]
		}'
}
second=0
while [ -n "$(unheard)" ] && [ $((second += 1)) -le "$WAIT" ]; do sleep 1; done
unheard
]]

--- The text of gmond.conf; what `see` says of each host that it sends to stands in its place.
function ganglia.with_hosts(text, see)
	return (text:gsub("(udp_send_channel%s*)(%b{})", function(head, body)
		return head .. body:gsub("[^\n]+", function(line)
			local code, comment = line:match("^([^#]*)(.*)$")
			return code:gsub('(%f[%w_]host%s*=%s*"?)([^%s"}]+)', function(key, host)
				return key .. (see(host:lower()) or host)
			end) .. comment
		end)
	end))
end

--- The text of gmetad.conf.  A source that asks the old one asks the new one, if no node is
-- left on the old one (`gone`); else the new one gets a source of its own.  None twice.
function ganglia.with_sources(text, group, gone)
	local old, new = follow.left(group), follow.names(group.new)
	local name = group.new.sn
	local address, asked = cluster.address(name), false
	local function named(words, names)
		for word in words:lower():gmatch("[^%s:]+") do
			if names[word] then return true end
		end
	end
	for words in ("\n" .. text):gmatch('\n%s*data_source%s+"[^"]*"([^\n]*)') do
		asked = asked or named(words, new)
	end
	return (text:gsub("[^\n]+\n?", function(line)
		local head, title, words = line:match('^(%s*data_source%s+)"([^"]*)"(.*)$')
		if not head or not named(words, old) or not gone and asked then
			return nil
		elseif gone and named(words, new) then
			return head .. '"' .. title .. '"' .. words:gsub("[ \t]+[^%s]+", function(word)
				return old[word:lower():match("[^%s:]+")] and "" or nil
			end)
		elseif asked then
			return ""
		end
		asked = true
		title = (not gone or old[title:lower()]) and name or title
		return (gone and "" or line:gsub("\n?$", "\n", 1)) .. head .. '"' .. title .. '"' ..
			words:gsub("[^%s:]+", function(word)
				return old[word:lower()] and follow.instead(word, name, address) or nil
			end)
	end))
end

return ganglia
