--- The cluster of a test: its tables, and the hosts that follow from them.

local world = require "world"

local made = {}

--- Columns as xCAT has them; a table that is not here has those of its rows.
local COLUMNS = {
	nodelist = "node groups status statustime appstatus appstatustime primarysn hidden " ..
		"updatestatus updatestatustime zonename comments disable",
	noderes = "node servicenode netboot tftpserver tftpdir nfsserver monserver nfsdir " ..
		"installnic primarynic discoverynics cmdinterface xcatmaster current_osimage " ..
		"next_osimage nimserver routenames nameservers proxydhcp syslog comments disable",
	nodehm = "node power mgt cons termserver termport conserver serialport serialspeed " ..
		"serialflow getmac cmdmapping consoleondemand consoleenabled comments disable",
	nodetype = "node os arch profile provmethod supportedarchs nodetype comments disable",
	hosts = "node ip hostnames otherinterfaces comments disable",
	mac = "node interface mac comments disable",
	chain = "node currstate currchain chain ondiscover comments disable",
	networks = "netname net mask mgtifname gateway dhcpserver tftpserver nameservers " ..
		"ntpservers logservers dynamicrange staticrange staticrangeincrement nodehostname " ..
		"ddnsdomain vlanid domain mtu comments disable",
	servicenode = "node nameserver dhcpserver tftpserver nfsserver conserver monserver " ..
		"ldapserver ntpserver ftpserver nimserver ipforward dhcpinterfaces proxydhcp " ..
		"comments disable",
	site = "key value comments disable",
	passwd = "key username password cryptmethod authdomain comments disable",
	nodepos = "node rack u chassis slot room height comments disable",
	monitoring = "name nodestatmon comments disable",
}

--- So many compute nodes behind sn1, with sn2 beside it: the tables, name -> rows.
function made.small(nodes)
	local list = {
		{ node = "sn1", groups = "service,all" }, { node = "sn2", groups = "service,all" },
	}
	for i = 1, nodes do
		list[#list + 1] = { node = ("cn%02d"):format(i), groups = "compute,all" }
	end
	return {
		nodelist = list,
		hosts = {
			{ node = "compute", ip = "|cn(\\d+)|10.2.1.($1+0)|" },
			{ node = "sn1", ip = "10.1.0.11", otherinterfaces = "sn1-c:10.2.0.11" },
			{ node = "sn2", ip = "10.1.0.12", otherinterfaces = "sn2-c:10.2.0.12" },
		},
		networks = {
			{ netname = "management", net = "10.1.0.0", mask = "255.255.255.0" },
			{ netname = "cluster", net = "10.2.0.0", mask = "255.255.0.0", gateway = "10.2.0.1" },
		},
		noderes = { { node = "compute", servicenode = "sn1,sn2", xcatmaster = "sn1-c",
			tftpserver = "sn1-c", nfsserver = "sn1-c", netboot = "xnba" } },
		nodetype = { { node = "all", os = "rocky9.4", arch = "x86_64" } },
		servicenode = { { node = "service", nameserver = "1", dhcpserver = "1", tftpserver = "1",
			nfsserver = "1", conserver = "1", monserver = "1", ntpserver = "1" } },
		site = {
			{ key = "master", value = "10.1.0.1" }, { key = "domain", value = "cluster.test" },
			{ key = "tftpdir", value = "/tftpboot" }, { key = "installdir", value = "/install" },
		},
	}
end

local function columns_of(name, rows)
	local list, known = {}, {}
	local function add(column)
		if not known[column] then
			known[column] = true
			list[#list + 1] = column
		end
	end
	for column in (COLUMNS[name] or "node"):gmatch "%S+" do
		add(column)
	end
	for _, row in ipairs(rows) do
		for column in pairs(row) do
			add(column)
		end
	end
	return list
end

local function csv(name, rows)
	local columns = columns_of(name, rows)
	local lines = { "#" .. table.concat(columns, ",") }
	for _, row in ipairs(rows) do
		local cells = {}
		for i, column in ipairs(columns) do
			cells[i] = row[column] and '"' .. tostring(row[column]):gsub('"', '""') .. '"' or ""
		end
		lines[#lines + 1] = table.concat(cells, ",")
	end
	return table.concat(lines, "\n") .. "\n"
end

--- Its database, from tables or from a folder of a dump.
function made.import(folder, tables)
	if type(tables) == "string" then
		world.import(folder, tables)
		return
	end
	for name, rows in pairs(tables) do
		world.put(folder, "tables/" .. name .. ".csv", csv(name, rows), 420)
	end
	world.import(folder, folder .. "/tables")
end

--- What is asked of the tables: a line each, KIND, and words.
local QUESTION = [[
	local function number(text)
		local value = 0
		for part in text:gmatch "%d+" do value = value * 256 + tonumber(part) end
		return value
	end
	local function bits(address)
		for _, network in ipairs(cluster.rows "networks") do
			local mask = number(network.mask)
			if number(address) & mask == number(network.net) & mask then
				local n = 0
				for i = 0, 31 do n = n + (mask >> i & 1) end
				return n
			end
		end
		return 24
	end
	local domain = cluster.site "domain"
	local function place(host, name, address)
		if address and address:find "^%d+%.%d+%.%d+%.%d+$" then
			print("address", host, address .. "/" .. bits(address),
				name .. (domain and " " .. name .. "." .. domain or ""))
		end
	end
	local nodes = {}
	for i, row in ipairs(cluster.rows "nodelist") do nodes[i] = row.node end
	local values = cluster.get(nodes, { "hosts.ip", "hosts.hostnames", "hosts.otherinterfaces" })
	for _, node in ipairs(nodes) do
		local has = values[node]
		print("host", node)
		place(node, node, has["hosts.ip"] or cluster.address(node))
		for alias in (has["hosts.hostnames"] or ""):gmatch "[^%s,]+" do
			print("alias", node, alias)
		end
		for alias, address in (has["hosts.otherinterfaces"] or ""):gmatch "([^,:%s]+):([^,%s]+)" do
			alias = alias:find "^%-" and node .. alias or alias
			print("alias", node, alias)
			place(node, alias, address)
		end
	end
	local master = cluster.site "master"
	place("mn", "mn", master and (cluster.address(master) or master))
]]

local etc = {} -- what every host has of this machine's /etc

for _, name in ipairs { "passwd", "group", "services", "protocols" } do
	local file = io.open("/etc/" .. name)
	if file then
		etc[name] = file:read "a"
		file:close()
	end
end

local function begin_host(folder, name)
	world.host(folder, name)
	for file, text in pairs(etc) do
		world.put(folder, ("hosts/%s/etc/%s"):format(name, file), text, 420)
	end
	world.put(folder, ("hosts/%s/etc/hostname"):format(name), name .. "\n", 420)
end

--- The hosts that it has: name -> {aliases =, addresses =}.  mn is the management node.
function made.hosts(folder)
	local hosts = { mn = { aliases = { "localhost" }, addresses = {} } }
	local status, out, err = world.lua(folder, "setup", QUESTION)
	if status ~= 0 then
		error("the tables of the test: " .. err, 0)
	end
	local lines = {} -- of the hosts file
	local line = "(%w+)\t([^\t\n]+)\t?([^\t\n]*)\t?([^\t\n]*)\n"
	for kind, host, word, name in out:gmatch(line) do
		hosts[host] = hosts[host] or { aliases = {}, addresses = {} }
		if kind == "alias" then
			table.insert(hosts[host].aliases, word)
		elseif kind == "address" then
			table.insert(hosts[host].addresses, word)
			lines[#lines + 1] = word:gsub("/.*", " ") .. name .. "\n"
		end
	end
	world.put(folder, "hosts.txt", table.concat(lines), 420)
	for name, host in pairs(hosts) do
		world.put(folder, "hosts/" .. name .. ".addresses",
			table.concat(host.addresses, "\n") .. "\n", 420)
		begin_host(folder, name)
	end
	return hosts
end

--- How its hosts answer: `faults` has name -> list of {fault, contacts}.
function made.answers(folder, hosts, faults)
	local lines, n = {}, 0
	local function add(name, files, fault, contacts)
		n = n + 1
		lines[#lines + 1] = ("[%d]\nhost=%s\nfiles=%s\nfault=%s\ncontacts=%d\n"):format(n, name,
			files, fault, contacts)
	end
	for files, host in pairs(hosts) do
		local names = { files, table.unpack(host.aliases) }
		for _, address in ipairs(host.addresses) do
			names[#names + 1] = address:match("[^/]+")
		end
		for _, name in ipairs(names) do
			local last
			for _, one in ipairs(faults[files] or {}) do
				add(name, files, one[1], one[2])
				last = one
			end
			if not last or last[2] > 0 then
				add(name, files, "", 0)
			end
		end
	end
	world.put(folder, "answers", table.concat(lines), 420)
end

--- Hosts answer as a recording has it, and names have the addresses that they had then.
function made.recorded(folder, recording)
	local lines = {}
	for i, one in ipairs(recording.answers) do
		lines[#lines + 1] = ("[%d]\nhost=%s\nscript=%s\nerror=%s\nstatus=%d\nout=%s\nerr=%s\n")
			:format(i, one.host, one.script or "", one.error, one.status or 0, one.out or "",
				one.err or "")
	end
	world.put(folder, "recorded", table.concat(lines), 384)
	world.put(folder, "hosts.txt", table.concat(recording.names), 420)
end

return made
