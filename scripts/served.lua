--- What the new service nodes serve: boot files as nodes fetch them, and all that these name.

local cluster  = require "cluster"
local remote   = require "remote"
local services = require "services"
local holders  = require "holders"
local servers  = require "servers"

local served = {}

local function root_folder()
	return ((cluster.site("tftpdir") or "/tftpboot"):gsub("/+$", ""))
end

local function http_of(ip)
	local port = cluster.site("httpport")
	local host = ip:find(":", 1, true) and "[" .. ip .. "]" or ip
	return "http://" .. host .. (port and port ~= "80" and ":" .. port or "")
end

--- How the node calls the server: in an open pool whoever answers it.
local function address_of(move, node, host)
	return move:new(node).ip or cluster.address(host)
end

--- What lies on the management node for all is served by the new service node.
local function server_of(move, node, host)
	local master, sn = cluster.site("master"), move:new(node).sn
	return master and sn and cluster.same(host, master) and sn or host
end

--- texts (node -> text) by who serves them.
local function by_server(move, host, texts)
	local found = {}
	for node, text in pairs(texts) do
		local server = server_of(move, node, host)
		found[server] = found[server] or {}
		found[server][node] = text
	end
	return found
end

--- Nodes come one after the other.
local function add(to, key, node)
	local nodes = to[key] or {}
	to[key] = nodes
	if nodes[#nodes] ~= node then
		nodes[#nodes + 1] = node
	end
end

-- --- As the nodes fetch them -----------------------------------------------------------------

--- Loaders that read their files by HTTP.  By TFTP all can.
local BY_HTTP = { xnba = true, petitboot = true, ["grub2-http"] = true }

--- The content behind a path of the entry, also by a link; nil: it lies outside.
local function content_at(files, path)
	for _, file in ipairs(files) do
		if file.path == path then
			return file.content or
				content_at(files, file.link:sub(1, 1) == "/" and file.link or
					path:match("^.*/") .. file.link)
		end
	end
end

--- Adds the URLs of the files of a node: URL -> {node =, content =}.
local function add_files(urls, node, text, ip, by_http)
	local root, files = root_folder(), services.files(text)
	for _, file in ipairs(files) do
		local content = content_at(files, file.path)
		if content and file.path:sub(1, #root + 1) == root .. "/" then
			local host = ip:find(":", 1, true) and "[" .. ip .. "]" or ip
			urls["tftp://" .. host .. "/" .. file.path:sub(#root + 2)] = { node = node,
				content = content, way = "TFTP" }
			if by_http then
				urls[http_of(ip) .. file.path] = { node = node, content = content, way = "HTTP" }
			end
		end
	end
end

--- What a server gives is what lies there (node -> text).
local function verify(move, host, texts)
	local nodes, urls, wrong = holders.sorted(texts), {}, {}
	local loaders = cluster.get(nodes, { "noderes.netboot" })
	for _, node in ipairs(nodes) do
		local ip = address_of(move, node, host)
		if ip then
			add_files(urls, node, texts[node], ip, BY_HTTP[loaders[node]["noderes.netboot"]])
		end
	end
	local list = holders.sorted(urls)
	if #list == 0 then
		return
	end
	local result = remote.probe(host, "fetch", list)[host]
	for _, url in ipairs(result.fetched and list or {}) do
		local wanted, got = urls[url], result.fetched[url]
		if got.error then
			add(wrong, ("%s does not give their boot files by %s: %s"):format(host, wanted.way,
				got.error), wanted.node)
		elseif got.content ~= wanted.content then
			add(wrong, ("%s gives other boot files by %s than lie there"):format(host, wanted.way),
				wanted.node)
		end
	end
	for _, what in ipairs(holders.sorted(wrong)) do
		move:owe(wrong[what], what, host)
	end
	if not result.fetched then
		move:owe(nodes, "nobody knows whether their boot files can be fetched: " ..
			(result.message or result.error or (result.stderr:gsub("%s+$", ""))), host)
	end
end

--- What is served of a holder's files is what lies there (node -> text).
function served.verify(move, host, texts)
	for server, some in pairs(by_server(move, host, texts)) do
		verify(move, server, some)
	end
end

-- --- What they name --------------------------------------------------------------------------

--- What the loaders put in the place of their server.
local AS_SERVER = { ["${next-server}"] = true, ["%N"] = true, ["$net_default_server"] = true }

--- Loaders that DHCP names, and that are no part of any entry.
local LOADERS = { xnba = "xcat/xnba.kpxe", pxe = "pxelinux.0", yaboot = "yaboot" }

--- In front of files on the server.
local FILES = { "\n%s*KERNEL%s+(%S+)", "initrd=([^%s\"']+)", "\n%s*linux%w*%s+(%S+)",
	"\n%s*initrd%w*%s+(%S+)", "\n%s*image=([^%s\"']+)" }
local NFS = { "nfs:([^:%s/]+):(/[^%s\"',:]*)",
	"[Nn][Ff][Ss][Rr][Oo][Oo][Tt]=([^:%s]+):(/[^%s\"',:]*)",
	"nfs://([^/%s]+)(/[^%s\"',]*)" }

--- Things that are asked of a host: of each kind what -> nodes; `carried`: nodes whose files to
-- be installed by are on their way.
local function new_wanted(carried)
	return { urls = {}, files = {}, exports = {}, carried = carried }
end

local function add_url(wanted, node, host, path, is_server, ip)
	if wanted.carried[node] and path:find("/autoinst/" .. node, 1, true) then
		return
	end
	local name = host:match("^%[(.*)%]") or host:match("^(%$?{?[^:]*}?)")
	if AS_SERVER[name] or is_server(name) then
		add(wanted.urls, http_of(ip) .. "/" .. path:gsub("^/", ""):gsub("[),;]+$", ""), node)
	end
end

--- A path of the loader's is one below the TFTP folder, whether it says so or not.
local function add_file(wanted, node, path, root)
	if not path:find("://", 1, true) and not path:find("[$(]") then
		if path:sub(1, #root + 1) ~= root .. "/" then
			path = root .. "/" .. path:gsub("^/+", "")
		end
		add(wanted.files, path, node)
	end
end

local function add_content(wanted, node, content, is_server, ip)
	local root = root_folder()
	content = "\n" .. content
	for host, path in content:gmatch("https?://([^/%s\"']+)/([^%s\"']*)") do
		add_url(wanted, node, host, path, is_server, ip)
	end
	for _, pattern in ipairs(FILES) do
		for list in content:gmatch(pattern) do
			for path in list:gmatch("[^,]+") do
				add_file(wanted, node, path, root)
			end
		end
	end
	for _, pattern in ipairs(NFS) do
		for host, path in content:gmatch(pattern) do
			if is_server(host) then
				add(wanted.exports, path, node)
			end
		end
	end
end

--- Takes in what the entry of a node names on a host.
local function gather(wanted, move, host, node, text, loader)
	local new, ip, root = move:new(node), address_of(move, node, host), root_folder()
	local function is_server(name)
		return servers.points_at(name, new)
	end
	local files = services.files(text)
	for _, file in ipairs(files) do
		if file.link and not content_at(files, file.path) then
			local path = file.path:match("^.*/") .. file.link
			add(wanted.files, file.link:sub(1, 1) == "/" and file.link or path, node)
		elseif file.content and ip then
			add_content(wanted, node, file.content, is_server, ip)
		end
	end
	if LOADERS[loader] then
		add(wanted.files, root .. "/" .. LOADERS[loader], node)
	end
end

--- Why a host did not say.
local function why(result)
	local said = result.stderr:gsub("%s+$", "")
	return result.message or result.error or (said ~= "" and said or "status " .. result.status)
end

--- Asks of each path on stdin: is it there?  And of kind `exports`, is it exported, too?
local QUESTION = [[
exports=$({ exportfs; cat /etc/exports /etc/exports.d/*.exports; } 2>/dev/null |
	awk '/^\// { print $1 }')
while IFS= read -r path; do
	[ -e "$path" ] || { printf 'missing %s\n' "$path"; continue; }
	[ "$kind" = exports ] || continue
	found=
	for export in $exports; do
		case $path/ in "${export%/}"/*) found=1 ;; esac
	done
	[ "$found" ] || printf 'unexported %s\n' "$path"
done]]

local WORDS = { missing = "is not there", unexported = "is not exported by NFS" }

local function ask_for(host, kind, wanted, tell)
	local paths = holders.sorted(wanted)
	if #paths == 0 then
		return
	end
	local result = remote.query(host, QUESTION, { env = { kind = kind },
		stdin = table.concat(paths, "\n") .. "\n" })[host]
	if result.error or result.status ~= 0 then
		-- What nobody has looked at is not there.
		for _, path in ipairs(paths) do
			tell(("%s: nobody could look for what they boot: %s"):format(host, why(result)),
				wanted[path])
		end
		return
	end
	for what, path in result.stdout:gmatch("(%a+) ([^\n]+)\n") do
		tell(("%s: %s %s"):format(host, path, WORDS[what] or what), wanted[path] or {})
	end
end

--- A folder answers with the way into it, or that it is not to be listed: it is there.
local function is_there(got)
	return not got.error or got.error:find("^HTTP status 30[127]") or
		got.error:find("^HTTP status 403")
end

local function ask_http(host, wanted, tell)
	local list = holders.sorted(wanted)
	if #list == 0 then
		return
	end
	local result = remote.probe(host, "fetch", list, { heads = true })[host]
	for _, url in ipairs(not result.fetched and list or {}) do
		tell(("%s: nobody could ask HTTP for what they boot: %s"):format(host, why(result)),
			wanted[url])
	end
	for url, got in pairs(result.fetched or {}) do
		if not is_there(got) then
			-- Many a file has the name of its node.
			local name = url
			if #wanted[url] == 1 then
				name = url:gsub((wanted[url][1]:gsub("%p", "%%%0")), "NODE")
			end
			tell(("%s: %s: %s"):format(host, name, got.error), wanted[url])
		end
	end
end

--- Are the kernels and images there that these entries (host -> node -> text) name?  What nodes
-- in `carried` are installed by is not there yet.
function served.images(move, given, carried)
	local missing = {}
	local function tell(what, nodes)
		missing[what] = missing[what] or {}
		for _, node in ipairs(nodes) do
			missing[what][node] = true
		end
	end
	for _, host in ipairs(holders.sorted(given)) do
		for server, texts in pairs(by_server(move, host, given[host])) do
			local wanted, nodes = new_wanted(carried), holders.sorted(texts)
			local loaders = cluster.get(nodes, { "noderes.netboot" })
			for _, node in ipairs(nodes) do
				if texts[node] then
					gather(wanted, move, server, node, texts[node],
						loaders[node]["noderes.netboot"])
				end
			end
			ask_for(host, "files", wanted.files, tell)
			ask_for(server, "exports", wanted.exports, tell)
			ask_http(server, wanted.urls, tell)
		end
	end
	return missing
end

return served
