--- AIX nodes themselves: dump device, NIM, xcatinfo, default route, boot list, postscripts.
--
-- What runs on them is scripts/node/aix.sh: it looks first, and may be run again.

local cluster  = require "cluster"
local remote   = require "remote"
local takeover = require "takeover"
local holders  = require "holders"
local nim      = require "aix_nim"
local own      = require "own"
local servers  = require "servers"
local tables   = require "tables"
local typed    = require "typed"

local nodes = {}

local OWN = takeover.own("nodes")

-- --- What a node is told ---------------------------------------------------------------------

--- The dump target and disk of an image on a service node, as its NIM says; the same in each
-- attempt.  Empty, and why: unknown.
local known_dumps = {}
local function dump_of(move, sn, image)
	local note = ("dump %s on %s"):format(image.dump, sn)
	local known, why = move.notes[note] or known_dumps[note], nil
	if not known then
		local found
		found, why = nim.attributes(sn, image.dump, { "dump_target", "dump_lunid" })
		known = found and found.dump_target .. " " .. found.dump_lunid or " "
		known_dumps[note] = known
		move.notes[note] = found and not move.planning and known or nil
	end
	local target, lun = known:match("^(%S*) (%S*)$")
	return target, lun, why
end

--- The parts of the script for a node.
local function parts_of(move, image, gateway)
	local parts = {}
	local dumps = nim.shared() == "sns" and image.dump and not move.options.noretarget
	for _, part in ipairs { { "dump", dumps }, { "niminit", image.nimtype == "standalone" },
		{ "route", gateway == "<xcatmaster>" }, { "bootlist", true } } do
		parts[#parts + 1] = part[2] and part[1] or nil
	end
	return parts
end

--- The gateway that firmware boots by: where the network has none of its own, the server.
local function boot_gateway(gateway, server)
	return gateway and gateway ~= "<xcatmaster>" and cluster.address(gateway) or server
end

--- What it is told when it goes from one server to another.
local function environment(move, node, parts, image, gateway, from, to)
	local env = { NODE = node, CLIENT = cluster.address(node), MASTER = to.sn,
		SERVER = to.ip, OLD_SERVER = from.ip, GATEWAY = to.ip, OLD_GATEWAY = from.ip,
		BOOT_GATEWAY = boot_gateway(gateway, to.ip), DUMP_TARGET = "", DUMP_LUN = "",
		CONFIGDUMP = image.configdump or "selective" }
	if parts[1] == "dump" then
		local why
		env.DUMP_TARGET, env.DUMP_LUN, why = dump_of(move, to.sn, image)
		if why then
			move:note(("dump devices on %s: %s"):format(to.sn, why))
		end
	end
	return env
end

-- --- The step --------------------------------------------------------------------------------

--- All nodes of a group, one command each.
local function run(move, group, images)
	local rows, entries = tables.network_rows(group.nodes), {}
	local text = takeover.file("node/aix.sh")
	for _, node in ipairs(group.nodes) do
		local image, gateway = images[node], tables.gateway(rows[node])
		local parts = parts_of(move, image, gateway)
		local command = table.move(parts, 1, #parts, 4, { "/bin/sh", "-s", "--" })
		local back = group.old.ip and { command = command, stdin = text,
			env = environment(move, node, parts, image, gateway, group.new, group.old) }
		entries[#entries + 1] = { host = node, node = node, command = command, stdin = text,
			env = environment(move, node, parts, image, gateway, group.old, group.new),
			says = table.concat(parts, ", "), repeatable = true, undo_always = true,
			undo = back or nil }
	end
	return remote.run(entries)
end

--- The words of parts that failed are owed beside the call, which a resume runs again.
local function tell(move, results)
	local said = {}
	for _, result in ipairs(results) do
		for part, status, words in (result.stdout or ""):gmatch("(%l+) (%d+) ([^\n]*)\n") do
			local what = part .. ": " .. words
			if status ~= "0" then
				said[what] = said[what] or {}
				table.insert(said[what], result.node)
			end
		end
	end
	for _, what in ipairs(holders.sorted(said)) do
		move:owe(said[what], what, nil, true)
	end
end

--- xCAT's own scripts on the node ask this server.
local function tell_xcatinfo(group)
	remote.edit(group.nodes, "/etc/xcatinfo", function(text)
		local line = "XCATSERVER=" .. group.new.ip
		local new, n = ("\n" .. (text or "")):gsub("\nXCATSERVER=[^\n]*", "\n" .. line)
		return n > 0 and new:sub(2) or line .. "\n" .. (text or "")
	end)
end

--- The postscripts that xCAT's snmove runs again, of those that the tables have for a node, and
-- what was asked for: names -> nodes.
local function postscripts(move, list)
	local default = tables.rows("postscripts", { node = "xcatdefaults" })[1] or {}
	local columns = { "postscripts.postscripts", "postscripts.postbootscripts" }
	local values, found, asked = tables.values(list, columns), {}, move.options.postscripts
	for _, node in ipairs(list) do
		local has, names = {}, {}
		for _, text in pairs { default.postscripts or "", default.postbootscripts or "",
			values[node][columns[1]] or "", values[node][columns[2]] or "" } do
			for _, name in ipairs(servers.elements(text)) do
				has[name] = true
			end
		end
		for _, name in ipairs { "syslog", "setupntp", "mkresolvconf" } do
			local runs = asked ~= "all" and has[name] and
				not (name == "mkresolvconf" and nim.shared() == "sns")
			names[#names + 1] = runs and name or nil
		end
		if asked == "all" then
			names = holders.sorted(has)
		elseif asked then
			names[#names + 1] = asked
		end
		local key = table.concat(names, ",")
		found[key] = found[key] or {}
		table.insert(found[key], node)
	end
	found[""] = nil
	return found
end

--- What runs on AIX are xCAT's scripts: by updatenode, if the site has left them to it.
local function run_postscripts(move, list)
	local found = postscripts(move, list)
	for _, names in ipairs(holders.sorted(found)) do
		local function words(range)
			return { "updatenode", range, "-P", names, "-s" }
		end
		if OWN then
			own.run(move, ("updatenode %s of %s"):format(names, found[names][1]), found[names],
				{ words = words, back = words, last = true })
		else
			move:note("not done by this version, and with xCAT: updatenode " ..
				typed.nodes(found[names]) .. " -P " .. names .. " -s")
		end
	end
end

--- For the nodes of a batch.
function nodes.turn(move)
	local images = nim.images(move.nodes)
	for _, group in ipairs(move:groups()) do
		if not group.new.ip then
			move:owe(group.nodes, ("nothing was done on them: %s has no address that is known"):format(
				group.new.snn or group.new.sn), nil, true)
		else
			local results = run(move, group, images)
			if not move.planning then
				tell(move, results)
			end
			tell_xcatinfo(group)
		end
	end
	run_postscripts(move, move.nodes)
end

--- In the step check.
function nodes.check(move)
	if OWN then
		own.check(move, "nodes", move.nodes)
	end
	local images, without = nim.images(move.nodes), {}
	for _, node in ipairs(move.nodes) do
		without[#without + 1] = not images[node].nimtype and node or nil
	end
	if #without > 0 then
		move:note("no image of the table nimimage says (nodetype.provmethod) whether these boot " ..
			"from their own disk, so NIM is not told of them there: " .. cluster.fold(without))
	end
end

-- --- What is in force ------------------------------------------------------------------------

--- What a node says that still is the old server, in words.
local function wrong_of(text, group)
	local wrong = {}
	for what, address in text:gmatch("(%l+) (%S+)\n") do
		if what ~= "dump" and servers.points_at(address, group.old) then
			wrong[#wrong + 1] = ({ route = "its default route goes by ",
				bserver = "its boot list names " })[what] .. address
		end
	end
	local server = text:match("XCATSERVER=([^\n]*)")
	if not server or not servers.points_at(server, group.new) then
		wrong[#wrong + 1] = "XCATSERVER in /etc/xcatinfo is " .. (server or "not there")
	end
	return table.concat(wrong, "; ")
end

--- Only nodes that answer: of the others it is owed already that they were not turned.
function nodes.verify(move)
	local text = takeover.file("node/aix.sh")
	local wrong = {}
	for _, group in ipairs(move:groups()) do
		local results = remote.query(group.nodes,
			"grep '^XCATSERVER=' /etc/xcatinfo; /bin/sh -s -- ask", { stdin = text })
		for node, result in pairs(results) do
			local what = not result.error and wrong_of(result.stdout, group) or ""
			if what ~= "" then
				wrong[what] = wrong[what] or {}
				table.insert(wrong[what], node)
			end
		end
	end
	for _, what in ipairs(holders.sorted(wrong)) do
		table.sort(wrong[what])
		move:owe(wrong[what], what)
	end
end

return nodes
