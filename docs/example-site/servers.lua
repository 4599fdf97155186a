--- Who serves these nodes: a line each.  snmove-lua servers.lua NODERANGE

local names, missing = cluster.noderange(arg[1])
if not names then
	error(missing, 0)
end
local columns = { "noderes.servicenode", "noderes.xcatmaster", "noderes.tftpserver",
	"noderes.nfsserver", "nodehm.conserver" }
local line = "%-8s %-14s %-12s %-12s %-12s %s"
print(line:format("node", "servicenode", "xcatmaster", "tftpserver", "nfsserver", "conserver"))
local values = cluster.get(names, columns)
for _, node in ipairs(names) do
	local shown = {}
	for i, column in ipairs(columns) do
		shown[i] = values[node][column] or "-"
	end
	print(line:format(node, table.unpack(shown)))
end
