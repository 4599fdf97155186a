-- Calls all functions that a script has with values that nobody should give: run by evil.sh,
-- as a script of snmove-lua and as a hook.  What is called is found in the modules and in the
-- stubs, so what is new there is called as well: with anything, or as its stub says, but for
-- one value.  Every call may fail; the program must not.

local evil = {}
local random = math.random
local names, columns, paths, options = {}, {}, {}, {} -- plausible words
local objects = {}                         -- what is not a table: move, its notes, a file
local huge                                 -- a text above the bound

local function pick(list)
	return list[random(#list)]
end

local words = {
	"cn001", "cn002", "cn041", "sn1", "sn2", "sn3", "sn2-c", "10.2.0.12", "rack1", "compute",
	"nosuch", "noderes.servicenode", "noderes.comments", "nodelist.groups", "hosts.ip",
	"noderes", "site", "networks", "nodelist", "value", "domain", "dhcp", "boot", "console",
	"tcp", "tftp", "http", "auto", "direct", "sn", "true", "/srv/x", "/etc/hosts", "0644",
	"root", "reach", "names", "mn:22", "cn[001-003]", "x[1-3]", "%d %s %q", "%", "", " ", "-",
	".", "a.b.c", "cn001\0", "\0", "a\0b", "cn001\n", "\27[2J", "\255\254", "'", "\"$x\"",
	"cn[1-99999999999]", "all,-rack1",
}
local numbers = {
	0, 1, -1, 2, 3.5, -0.0, 64, 1e15, 1e308, 1 / 0, -1 / 0, 0 / 0, math.maxinteger,
	math.mininteger, 1 << 31, 1 << 32, 1 << 62,
}

local value -- a function, below

--- A table whose border is far beyond what is in it.
local function wide()
	local wide_one = {}
	for i = 62, 0, -1 do
		wide_one[1 << i] = "x"
	end
	wide_one[math.maxinteger] = "x"
	return wide_one
end

--- Metamethods that raise, lie, call again, or change what is being read.
local function misbehave(victim, depth)
	local ways = {
		function() error("raised by a metamethod") end,
		function() error(setmetatable({}, { __tostring = function() error({}) end })) end,
		function() return value(depth) end,
		function() return math.maxinteger end,
		function() return -1 end,
		function() return ("x"):rep(random(200)) end,
		function()
			for key in next, victim do
				victim[key] = nil
			end
			return "changed"
		end,
		function()
			for i = 1, 50 do
				victim[i] = ("text"):rep(i)
			end
		end,
		function() return (evil.call_one(depth + 1)) end,
	}
	return pick(ways)
end

local events = {
	"__index", "__len", "__pairs", "__tostring", "__name", "__eq", "__lt", "__call", "__concat",
	"__mode", "__close", "__newindex", "__metatable", "__gc",
}

local function with_metatable(victim, depth)
	local metatable = {}
	for _ = 1, random(3) do
		local event = pick(events)
		metatable[event] = random(4) == 1 and value(depth + 1) or misbehave(victim, depth + 1)
	end
	local done, result = pcall(setmetatable, victim, metatable)
	return done and result or victim
end

local shapes = {
	function() -- a list of names
		local list = {}
		for i = 1, random(0, 6) do
			list[i] = pick(names)
		end
		return list
	end,
	function() -- a list of columns
		return { pick(columns), pick(columns) }
	end,
	function(depth) -- a list of anything
		local list = {}
		for i = 1, random(0, 5) do
			list[i] = value(depth + 1)
		end
		return list
	end,
	function(depth) -- options
		local table = {}
		for _ = 1, random(0, 4) do
			table[pick(options)] = value(depth + 1)
		end
		return table
	end,
	function(depth) -- names with values
		local table = {}
		for _ = 1, random(0, 4) do
			table[pick(words)] = random(2) == 1 and pick(words) or value(depth + 1)
		end
		return table
	end,
	function(depth) -- anything with anything
		local table = {}
		for _ = 1, random(0, 4) do
			local key = value(depth + 1)
			if key ~= nil and key == key then
				table[key] = value(depth + 1)
			end
		end
		return table
	end,
	function() -- holes
		return { pick(names), nil, pick(names), nil, nil, pick(names), n = 6 }
	end,
	function() -- one that holds itself
		local table = { pick(names) }
		table[2], table.stdin, table.env, table[table] = table, table, table, table
		return table
	end,
	function() -- many levels
		local top = {}
		local table = top
		for _ = 1, 300 do
			table[1], table.env = {}, {}
			table = table[1]
		end
		return top
	end,
	wide,
}

local function text()
	local kind = random(40)
	if kind == 1 then
		return ("x"):rep(random(1, 70000))
	elseif kind == 2 then
		return pick(words) .. pick(words)
	end
	return pick(words)
end

function value(depth)
	local kind = random(12)
	if kind <= 4 then
		return text()
	elseif kind == 5 then
		return pick(numbers)
	elseif kind == 6 then
		return random(2) == 1
	elseif kind == 7 then
		return nil
	elseif kind == 8 then
		return random(3) == 1 and pick(objects) or misbehave({}, depth)
	elseif depth > 4 then
		return pick(words)
	end
	local table = pick(shapes)(depth)
	if random(4) == 1 then
		return with_metatable(table, depth)
	end
	return table
end

-- Ways to call: by the script, and by functions of Lua's that are written in C.
local ways = {
	function(called, ...) return called(...) end,
	function(called, ...) return pcall(pcall, called, ...) end,
	function(called, ...)
		local given = table.pack(...)
		return xpcall(function() error(given[1]) end, called)
	end,
	function(called, ...)
		local given = table.pack(...)
		return (("ab"):gsub(".", function() return called(table.unpack(given, 1, given.n)) end))
	end,
	function(called) return ("ab"):gsub(".", called) end,
	function(called, first) return table.sort({ first, first, 1, 2 }, called) end,
	function(called, first)
		local closed <close> = setmetatable({ first }, { __close = called })
		return closed
	end,
	function(called, first, second)
		return setmetatable({ first }, { __index = called })[second]
	end,
	function(called, first)
		return tostring(setmetatable({ first }, { __tostring = called }))
	end,
	function(called, first) return #setmetatable({ first }, { __len = called }) end,
	function(called, ...)
		return log.info("%s", setmetatable({}, { __tostring = called }), ...)
	end,
}

-- What the stubs say: the types of a function's arguments, and of a class's fields.
local parameters, classes = {}, {}
local typed -- a function, below

local by_name = {
	node = names, nodes = names, host = names, hosts = names, name = names, a = names, b = names,
	names = names, column = columns, columns = columns, files = paths,
}

local simple = {
	string = function(name) return pick(by_name[name] or words) end,
	number = function() return pick(numbers) end,
	integer = function() return random(-1, 70) end,
	boolean = function() return random(2) == 1 end,
	["true"] = function() return true end,
	["false"] = function() return false end,
	["nil"] = function() return nil end,
}

local function fields_of(class, depth)
	local table = {}
	for name, of_type in pairs(class) do
		if random(3) == 1 then
			table[name] = typed(of_type, name, depth + 1)
		end
	end
	return table
end

--- A value as a type of the stubs says.
function typed(of_type, name, depth)
	if depth > 4 or (of_type:find("%?$") and random(4) == 1) then
		return nil
	end
	of_type = of_type:gsub("%?$", "")
	local key, of_value = of_type:match("^table<([^,]*), *(.*)>$")
	local element = of_type:match("^([%w_.]+)%[%]$")
	if key then
		local table = {}
		for _ = 1, random(3) do
			table[pick(by_name[name] or words)] = typed(of_value, "", depth + 1)
		end
		return table
	elseif of_type:find("|", 1, true) then
		local choices = {}
		for choice in of_type:gmatch("[^|]+") do
			choices[#choices + 1] = choice
		end
		return typed(pick(choices), name, depth)
	elseif element then
		local list = {}
		for i = 1, random(5) do
			list[i] = typed(element, name, depth + 1)
		end
		return list
	elseif of_type:find('^"') then
		return (of_type:gsub('"', ""))
	elseif of_type:find("^fun") then
		return misbehave({}, depth)
	elseif classes[of_type] then
		return fields_of(classes[of_type], depth)
	end
	return (simple[of_type] or value)(simple[of_type] and name or depth)
end

--- Puts something else in one place of what is given.
local function spoil(given, depth)
	local place = random(#given + 1)
	local list = given
	if type(given[place]) == "table" and random(2) == 1 and next(given[place]) ~= nil then
		list, place = given[place], (next(given[place]))
	end
	if random(5) == 1 and type(list[place]) == "table" then
		with_metatable(list[place], depth)
	else
		list[place] = value(depth)
	end
end

local function arguments_of(name, depth)
	local given = {}
	for i, parameter in ipairs(parameters[name] or {}) do
		given[i] = typed(parameter[2], parameter[1], depth)
	end
	if name:find("^move:") then
		table.insert(given, 1, objects[1])
	end
	if random(4) > 1 then
		spoil(given, depth)
	end
	return given
end

local calls, done, order = {}, {}, {}
local functions = {}
local nesting = 0

--- One call of one function.  Gives what it gave.
function evil.call_one(depth, name)
	name = name or pick(order)
	if nesting > 3 then
		return nil
	end
	local given = {}
	if parameters[name] and random(3) > 1 then
		given = arguments_of(name, depth)
	else
		for i = 1, random(0, 5) do
			given[i] = value(depth)
		end
		if name:find("^move:") and random(8) > 1 then
			given[1] = objects[1] -- itself
		end
	end
	local way = random(3) == 1 and pick(ways) or ways[1]
	if name:find("^[crmt][^.]*[.:]") and random(500) == 1 then
		huge = huge or ("x"):rep(64 * 1024 * 1024 + 1)
		given[random(5)], way = huge, ways[1]
	end
	calls[name] = calls[name] + 1
	nesting = nesting + 1
	local good, result = pcall(way, functions[name], table.unpack(given, 1, 5))
	nesting = nesting - 1
	done[name] = done[name] + (good and 1 or 0)
	return good and result or nil
end

local function add(name, called)
	functions[name], calls[name], done[name] = called, 0, 0
	order[#order + 1] = name
end

--- One line of a stub: a class, a field of it, a parameter, or the function that has these.
local function read_line(line, stub, move)
	local class, above = line:match("^%-%-%-@class ([%w_.]+):? *([%w_.]*)")
	local field, of_field = line:match("^%-%-%-@field ([%w_]+) (%S+)")
	local parameter, of_parameter = line:match("^%-%-%-@param ([%w_.]+) (.*)")
	local method = line:match("^function (%w+[.:][%w_]+)")
	if class then
		stub.class = {}
		classes[class] = stub.class
		for name, of_type in pairs(classes[above] or {}) do
			stub.class[name] = of_type
		end
	elseif field then
		stub.class[field] = of_field
		options[#options + 1] = field
	elseif parameter then
		of_parameter = of_parameter:match("^(table<.->%??)") or of_parameter:match("^%S+")
		table.insert(stub.parameters, { parameter, of_parameter })
	elseif method then
		parameters[method], stub.parameters = stub.parameters, {}
		if move and method:find("^move:") then
			add(method, move[method:sub(6)])
		end
	end
end

local function read_stubs(folder, move)
	local stub = { parameters = {} }
	for _, module in ipairs { "cluster", "hook", "log", "move", "remote", "takeover" } do
		for line in io.lines(folder .. "/" .. module .. ".lua") do
			read_line(line, stub, move)
		end
	end
end

local function find_functions(folder, move)
	for _, module in ipairs { "cluster", "log", "remote", "takeover" } do
		for name, called in pairs(require(module)) do
			add(module .. "." .. name, called)
		end
	end
	for _, name in ipairs { "require", "setmetatable", "tostring", "print", "xpcall", "pcall" } do
		add(name, _G[name])
	end
	add("io.open", io.open)
	add("io.lines", io.lines)
	if move then
		objects[1], objects[2] = move, move.notes
		add("move[]", function(key) return move[key] end)
		add("move[]=", function(key, new) move[key] = new end)
		add("notes[]", function(key) return move.notes[key] end)
		add("notes[]=", function(key, new) move.notes[key] = new end)
	end
	objects[#objects + 1] = io.open(folder .. "/log.lua")
	read_stubs(folder, move)
	table.sort(order) -- so that a seed says all
end

local function prepare(seed)
	math.randomseed(seed)
	for _, word in ipairs(words) do
		names[#names + 1] = word:find("^%w+$") and word or nil
		columns[#columns + 1] = word:find("^%w+%.%w+$") and word or nil
		paths[#paths + 1] = word:find("^/") and word or nil
	end
end

--- `n` calls: of each function some, then of any.  Prints how often each was called.
function evil.run(folder, seed, n, move)
	if #order == 0 then
		prepare(seed)
		find_functions(folder, move)
	end
	math.randomseed(seed)
	for name in pairs(functions) do
		calls[name], done[name] = 0, 0
	end
	for i = 1, n do
		evil.call_one(0, order[i <= 3 * #order and (i - 1) % #order + 1 or random(#order)])
	end
	for _, name in ipairs(order) do
		print("called", name, calls[name], done[name])
	end
end

--- A table as a hook or a configuration returns it, but.
function evil.table(folder, seed, fields)
	prepare(seed)
	objects[1] = function() end
	for _, field in ipairs(fields) do
		options[#options + 1] = field
	end
	for line in folder and io.lines(folder .. "/hook.lua") or next, {} do
		options[#options + 1] = line:match("^%-%-%-@field ([%w_]+)")
	end
	order[1], functions.type, calls.type, done.type = "type", type, 0, 0
	local table = { name = random(5) > 1 and "evil" or value(0),
		summary = random(5) > 1 and "evil" or value(0) }
	for _ = 1, random(4) do
		table[pick(options)] = value(0)
	end
	return random(3) == 1 and with_metatable(table, 0) or table
end

return evil
