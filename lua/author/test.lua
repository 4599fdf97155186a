--- Tests of hooks and procedures: snmove-lua --test FILE...  What each function does is told in
-- lua/api/test.lua.

-- luacheck: ignore 212/self (claims are methods of the case)

local world   = require "world"
local made    = require "test_cluster"
local kills   = require "test_kills"

local test = {}

-- What the file says of all its cases.
local site = { hooks = {}, modules = {}, config = {}, tables = nil, procedure = nil }

local count, failed = 0, 0

local function beside(path)
	return path:find "^/" and path or world.beside .. "/" .. path
end

local function text_of(path)
	local file, problem = io.open(beside(path))
	if not file then
		error(problem, 3)
	end
	local text = file:read "a"
	file:close()
	return text
end

-- ---- What is tested ----

function test.hook(path)
	table.insert(site.hooks, { name = path:match "[^/]+$", text = text_of(path) })
end

function test.module(path)
	table.insert(site.modules, { name = path:match "[^/]+$", text = text_of(path) })
end

function test.text(path)
	return text_of(path)
end

function test.procedure(path)
	site.procedure = { name = path:match "[^/]+$", text = text_of(path) }
end

-- What a case has of its own: the cluster is the test's, and nothing may lead elsewhere.
local OWN = { "db", "state", "hooks", "hosts_file", "resolve_time", "config" }

function test.config(fields)
	for _, key in ipairs(OWN) do
		if fields[key] ~= nil then
			error(("'%s' is the test's own: each case has another one"):format(key), 2)
		end
	end
	site.config = fields
end

function test.cluster(what)
	site.recorded = nil
	if type(what) == "string" then
		site.tables = beside(what)
	else
		site.tables = what.nodes and made.small(what.nodes) or {}
		for name, rows in pairs(what) do
			site.tables[name] = name ~= "nodes" and rows or nil
		end
	end
end

--- A recording (snmove --record) in parts: what was typed, tables, names, answers.
local function recording_of(path)
	local found = { words = nil, tables = {}, names = {}, answers = {}, whole = false }
	for line in text_of(path):gmatch "[^\n]+" do
		local object = world.json(line) or {}
		if object.kind == "recording" then
			found.words = object.words
		elseif object.kind == "table" then
			found.tables[object.name] = object.rows
		elseif object.kind == "name" then
			found.names[#found.names + 1] = object.address .. " " .. object.name .. "\n"
		elseif object.kind == "answer" then
			found.answers[#found.answers + 1] = object
		end
		found.whole = object.kind == "end"
	end
	return found.words and found.whole and found
end

function test.recorded(path)
	local found = recording_of(path)
	if not found then
		error(path .. " is no whole recording of snmove --record", 2)
	end
	site.tables, site.recorded = found.tables, found
	return found.words
end

-- ---- A case ----

local Case = {}
Case.__index = Case

local function lua_text(value)
	if type(value) ~= "table" then
		return type(value) == "string" and ("%q"):format(value) or tostring(value)
	end
	local parts = {}
	for key, inner in pairs(value) do
		parts[#parts + 1] = ("[%s] = %s"):format(lua_text(key), lua_text(inner))
	end
	return "{ " .. table.concat(parts, ", ") .. " }"
end

local function write_site(case)
	local folder = case.folder
	local config = { db = "sqlite:" .. folder .. "/cluster.db", state = folder .. "/state",
		hooks = folder .. "/hooks", hosts_file = folder .. "/hosts.txt", resolve_time = 0 }
	for key, value in pairs(site.config) do
		config[key] = value -- test.config has refused those above
	end
	world.put(folder, "snmove.conf", "return " .. lua_text(config) .. "\n", 384)
	world.put(folder, "hosts.txt", "", 420)
	world.put(folder, "hooks/.here", "", 420)
	for _, hook in ipairs(site.hooks) do
		world.put(folder, "hooks/" .. hook.name, hook.text, 420)
	end
	for _, module in ipairs(site.modules) do
		world.put(folder, "lua/" .. module.name, module.text, 420)
	end
	if site.procedure then
		world.put(folder, "scripts/" .. site.procedure.name, site.procedure.text, 420)
	end
end

--- The cluster is made when it is first needed.
local function begin(case)
	if case.hosts then
		return
	end
	write_site(case)
	made.import(case.folder, site.tables or made.small(4))
	case.hosts = made.hosts(case.folder)
	if site.recorded then
		made.recorded(case.folder, site.recorded)
	end
end

--- snmove-lua -e in the cluster.  Gives what it prints.
function Case:lua(text)
	begin(self)
	local status, out, err = world.lua(self.folder, "setup", text)
	if status ~= 0 then
		error(err, 3)
	end
	return out
end

function Case:set(node, column, value)
	local of, name = column:match "^([%w_]+)%.([%w_]+)$"
	begin(self)
	if not of then
		error(("'%s' is no table.column"):format(column), 2)
	end
	world.set(self.folder, of, node, name, value)
end

function Case:get(node, column)
	local out = self:lua(("local value = cluster.get(%q, %q)\nif value then print(value) end")
		:format(node, column))
	return out ~= "" and out:sub(1, -2) or nil
end

local function check_host(case, host)
	begin(case)
	if not case.hosts[host] then
		error(("the test's cluster has no host '%s'"):format(host), 3)
	end
	return "hosts/" .. host
end

function Case:write(host, path, text, mode)
	world.put(self.folder, check_host(self, host) .. path, text, mode or 420)
end

function Case:file(host, path)
	return world.get(self.folder, check_host(self, host) .. path)
end

local function quoted(text)
	return "'" .. text:gsub("'", "'\\''") .. "'"
end

--- What a program that is told does, as a shell does it.
local function doing(answer)
	if type(answer) == "string" then
		answer = { out = answer }
	end
	local parts = { answer.shell or "" }
	if answer.out then
		parts[#parts + 1] = "printf %s " .. quoted(answer.out)
	end
	if answer.err then
		parts[#parts + 1] = "printf %s " .. quoted(answer.err) .. " >&2"
	end
	parts[#parts + 1] = "exit " .. (answer.status or (answer.shell and "$?" or 0))
	return table.concat(parts, "\n")
end

local PROGRAM = [[#!/bin/sh
told=$(printf '%s' "$*" | tr '\n' ' ')
echo "${0##*/}${told:+ $told}" >>/told/.calls
case $told in
]]

function Case:program(host, name, answer, arguments)
	local place = check_host(self, host)
	local key = host .. "/" .. name
	local told = self.programs[key] or { special = {}, usual = doing {} }
	self.programs[key] = told
	if arguments then
		told.special[quoted(arguments)] = doing(answer)
	else
		told.usual = doing(answer)
	end
	local parts = { PROGRAM }
	for words, text in pairs(told.special) do
		parts[#parts + 1] = words .. ")\n" .. text .. ";;\n"
	end
	parts[#parts + 1] = "*)\n" .. told.usual .. ";;\nesac\n"
	world.put(self.folder, place .. "/told/" .. name, table.concat(parts), 493)
end

function Case:calls(host, name)
	local list = {}
	for line in (self:file(host, "/told/.calls") or ""):gmatch "[^\n]+" do
		local program, rest = line:match "^(%S+) ?(.*)$"
		if not name or program == name then
			list[#list + 1] = name and rest or line
		end
	end
	return list
end

function Case:fails(host, fault, contacts)
	local known = { unreachable = true, denied = true, lost = true, silent = true }
	check_host(self, host)
	if not known[fault] then
		error(("'%s' is no fault: unreachable, denied, lost or silent"):format(fault), 2)
	end
	self.faults[host] = self.faults[host] or {}
	table.insert(self.faults[host], { fault, contacts or 0 })
end

function Case:mends(host)
	self.faults[host] = nil
end

-- ---- Commands ----

local function words_of(words)
	if type(words) == "table" then
		return { table.unpack(words) }
	end
	local list = {}
	for word in words:gmatch "%S+" do
		list[#list + 1] = word
	end
	return list
end

local function check_words(words)
	for _, word in ipairs(words) do
		for _, key in ipairs(OWN) do
			if key ~= "hooks" and word:find("^%-%-" .. key .. "%f[\0=]") then
				error(("%s is the test's own: each case has another one"):format(word), 4)
			end
		end
	end
	return words
end

--- `option`: one more, or nil.
local function run_program(self, program, words, kill, option)
	begin(self)
	self.before = self.before or kills.state(self)
	made.answers(self.folder, self.hosts, self.faults)
	world.put(self.folder, "killed", "", 384)
	local list = check_words(words_of(words))
	local run = { words = program .. " " .. table.concat(list, " ") }
	table.insert(list, 1, "--config=" .. self.folder .. "/snmove.conf")
	list[#list + 1] = option
	run.status, run.out, run.err = world.snmove(self.folder, list, kill, program)
	local told = world.get(self.folder, "killed")
	if kill then
		run.killed = told ~= "" and told or nil
	else
		run.points = tonumber(told)
	end
	return run
end

function Case:snmove(words, kill)
	return run_program(self, "snmove", words, kill)
end

function Case:rnetboot(words, kill)
	return run_program(self, "rnetboot", words, kill)
end

--- With the procedure that the file tests.
local function move(case, words, kill)
	return run_program(case, "snmove", words, kill, site.procedure and
		"--script=" .. case.folder .. "/scripts/" .. site.procedure.name)
end

function Case:plan(words)
	local list = words_of(words)
	table.insert(list, "--plan")
	return move(self, list)
end

--- The changes of the last run, as --show --json has them.
local function changes_of(case)
	local shown, list = case:snmove "--show --json", {}
	for line in shown.out:gmatch "[^\n]+" do
		local object = world.json(line)
		if object and object.kind then
			list[#list + 1] = object
		end
	end
	return list
end

function Case:move(words, kill)
	local run = move(self, words, kill)
	run.changes = not run.killed and changes_of(self) or {}
	return run
end

function Case:resume(words)
	local list = words_of(words or "")
	table.insert(list, "--resume")
	return self:snmove(list)
end

--- Takes the last move back; all has to be as it was before the first one.
function Case:undo(words)
	local list = words_of(words or "")
	table.insert(list, "--undo")
	local run = self:snmove(list)
	self:status(run, 0)
	local differs = kills.difference(self.before, kills.state(self))
	if differs then
		error("the undo has left this otherwise than it was:\n" .. differs, 2)
	end
	return run
end

--- The move, killed at every point there is, each time resumed, compared and taken back.
function Case:kills(words, most)
	begin(self)
	return kills.everywhere(self, words, world.quick and math.min(most or world.quick, world.quick)
		or most)
end

-- ---- What is claimed ----

local function shown(value)
	return type(value) == "string" and ("%q"):format(value) or
		type(value) == "table" and lua_text(value) or tostring(value)
end

local function same(a, b)
	if type(a) ~= "table" or type(b) ~= "table" then
		return a == b
	end
	for key, value in pairs(a) do
		if not same(value, b[key]) then
			return false
		end
	end
	for key in pairs(b) do
		if a[key] == nil then
			return false
		end
	end
	return true
end

function Case:equal(is, wanted, what)
	if not same(is, wanted) then
		error(("%s is %s, and not %s"):format(what or "it", shown(is), shown(wanted)), 2)
	end
end

function Case:ok(value, what)
	if not value then
		error(what or "it is not so", 2)
	end
	return value
end

local function said(run)
	return ("%s\n%s%s"):format(run.words, run.out, run.err)
end

function Case:status(run, status)
	if run.status ~= status then
		error(("the status is %d, and not %d: %s"):format(run.status, status, said(run)), 2)
	end
end

function Case:says(run, text)
	if not (run.out .. run.err):find(text, 1, true) then
		error(("%q is not in what it says: %s"):format(text, said(run)), 2)
	end
end

-- ---- The end ----

local function new_case()
	return setmetatable({ folder = world.new(), programs = {}, faults = {} }, Case)
end

function test.case(name, f)
	local case = new_case()
	count = count + 1
	local good, problem = pcall(f, case)
	print(("%s %d - %s"):format(good and "ok" or "not ok", count, name))
	world.remove(case.folder)
	if not good then
		failed = failed + 1
		print("# " .. tostring(problem):gsub("\n", "\n# "))
	end
end

function test.finish()
	print("1.." .. count)
	if count == 0 then
		log.error("there is no test.case in the file")
	end
	return failed == 0 and count > 0
end

return test
