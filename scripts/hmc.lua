--- What is said to an HMC: by ssh on the management node, as hscroot.
--
-- Its shell is a restricted one, without /bin/sh and redirections, so nothing but its own
-- commands can be given to it.  One that is busy is asked a second time.

local cluster = require "cluster"
local remote  = require "remote"

local hmc = {}

--- A name that is nothing else for ssh or a shell.
function hmc.is_name(text)
	return text:find("^%w[%w._:-]*$") ~= nil
end

--- The command for the HMC as one text, each word for itself.
function hmc.text(words)
	local quoted = {}
	for i, word in ipairs(words) do
		quoted[i] = word:find("^[%w%-_./:]+$") and word or remote.quote(word)
	end
	return table.concat(quoted, " ")
end

--- The words of ssh on the management node that give it to the HMC.
local function ssh(move, name, words)
	local list = { "ssh", "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10",
		"-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4" }
	if move.options.ssh_config then
		table.insert(list, "-F")
		table.insert(list, move.options.ssh_config)
	end
	table.insert(list, "hscroot@" .. name)
	table.insert(list, hmc.text(words))
	return list
end

local ASK = [[
for try in 1 2; do
	[ $try = 1 ] || sleep 2
	said=$("$@" </dev/null)
	status=$?
	[ $status != 0 ] || break
done
printf '%s\n' "$said"
exit $status
]]

--- What the HMC says to a question; or nil, why not in its own words, and whether it could not
-- be reached at all.
function hmc.ask(move, name, words)
	local command = { "sh", "-c", ASK, "hmc", table.unpack(ssh(move, name, words)) }
	local result = remote.query("mn", command, { timeout = 120 }).mn
	if result.error then
		return nil, result.message or result.error
	elseif result.status ~= 0 then
		return nil, (result.stderr .. result.stdout):match("[^\r\n]+") or
			("status %d"):format(result.status), result.status == 255
	end
	return result.stdout
end

--- lpar_netboot's exit status is 0 also where it has failed: a line with Finished says that it
-- has not.  Where the connection ends while it is at work nobody knows: the shell is killed, so
-- that it is lost as well, and not a failure, which would be tried again.
local BOOT = [=[
for try in 1 2; do
	[ $try = 1 ] || sleep 2
	said=$("$@" </dev/null 2>&1)
	status=$?
	printf '%s\n' "$said"
	printf '%s\n' "$said" | grep -q '^[[:blank:]#]*Finished' && exit 0
	if [ $status = 255 ] && printf '%s\n' "$said" | grep -q '^#'; then
		kill -KILL $$
		exit 1
	fi
	case $said in
	*"can not find mac address"* | *"Permission denied"* | *"Host key verification"*) break ;;
	esac
done
why=$(printf '%s\n' "$said" | grep -v '^[[:blank:]]*#' | grep . | tail -n 1)
printf '%s\n' "${why:-it has not said that it has Finished}" >&2
exit 1
]=]

--- The command for the management node that has the HMC boot a partition: twice at most.
function hmc.boot(move, name, words)
	local quoted = {}
	for i, word in ipairs(ssh(move, name, words)) do
		quoted[i] = remote.quote(word)
	end
	return "set -- " .. table.concat(quoted, " ") .. "\n" .. BOOT
end

--- How many partitions an HMC boots at once: site.maxssh, as xCAT has it.
function hmc.most()
	local most = math.tointeger(tonumber(cluster.site("maxssh") or ""))
	return most and most > 0 and most or 8
end

return hmc
