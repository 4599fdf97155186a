-- The names that lua/luacheckrc gives to hooks, one a line, fields as io.open: for stubs.sh,
-- with the folder lua as its argument.

local text = {}
for line in io.lines(arg[1] .. "/luacheckrc") do
	text[#text + 1] = line
end
local list = table.concat(text, "\n"):match("read_globals = (%b{})")

--- What is quoted; and NAME = { fields = { ... } }.
for name, fields in list:gmatch("([%a]+) = { ?%s*fields = (%b{})") do
	print(name)
	for field in fields:gmatch('"([^"]+)"') do
		print(name .. "." .. field)
	end
end
for name in list:gsub("%a+ = (%b{})", ""):gmatch('"([^"]+)"') do
	print(name)
end
