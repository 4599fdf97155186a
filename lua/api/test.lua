---@meta test
-- luacheck: ignore 212 241 631 (stubs have arguments and no bodies)

--- Tests of hooks and procedures: `snmove-lua --test FILE...`, and in the file `local test = require "test"`.
---
--- Each case has a cluster of its own, in memory, made for it and gone afterwards: tables, and hosts
--- that follow from them.  snmove runs in it as it does elsewhere, as a process that can be killed.
--- A host is a shell with files of its own, and the programs of this machine; its network is its own,
--- and nothing that a test does reaches anybody.  Paths are beside the file of the test.
---@class test
local test = {}

--- The site has this hook, under the name of the file.  For all cases that follow.
---@param path string
function test.hook(path) end

--- The site has this file where its hooks find it with require.
---@param path string
function test.module(path) end

--- Moves are by this procedure, and not by scripts/linux.lua.
---@param path string
function test.procedure(path) end

--- What is in a file, for programs and files of hosts.
---@param path string
---@return string
function test.text(path) end

--- More of the configuration, as snmove.conf has it: { hook = { NAME = { port = 8650 } } }.  Database,
--- state, hooks and names are the test's own, here and in the arguments of commands.
---@param fields table
function test.config(fields) end

--- The tables that each case begins with: a folder of CSV files, as `snmove-lua --export` and
--- xCAT's dumpxCATdb write them; or rows by their tables, { nodelist = { { node = "cn01" } } }; or
--- { nodes = 4 }, so many nodes cn01, cn02, ... in the group compute behind sn1 (sn1-c on their
--- side), with sn2 (sn2-c) beside it; tables may stand there, too, { nodes = 4, nodepos = { ... } }.
--- Without this it is the last one, with four.
---@param what string|table
function test.cluster(what) end

--- The tables, the names and the answers of hosts of a recording (snmove --record FILE), for all
--- cases that follow.  Each script that a host was sent then has the answer that it had; another
--- one ends with 127.  So it is for plans and checks, not for moves.
---@param path string
---@return string[] words what was typed then, without --record: for case:snmove
function test.recorded(path) end

--- A test: it passes unless the function raises an error.
---@param name string what is true then
---@param run fun(t: case)
function test.case(name, run) end

--- Called at the end of each file, by --test itself.
---@return boolean passed
function test.finish() end

--- What a command has said.
---@class run
---@field status integer the exit status
---@field out string
---@field err string
---@field words string its name and its arguments
---@field changes table[]? of t:move: the objects of --show --json; empty if it was killed
---@field killed string? the point where it was killed
---@field points integer? of one that is not killed: how many there were

--- The cluster of a case; it is made when it is first needed.
---@class case
local case = {}

--- A value in the tables, as somebody else would write it: into the node's own row, which is made if
--- it is not there; nil takes it away.
---@param node string or the key of another table's row
---@param column string "table.column"
---@param value string?
function case:set(node, column, value) end

--- What it is now, through the node's groups.
---@param node string
---@param column string
---@return string?
function case:get(node, column) end

--- A file of a host, as it lies there.
---@param host string a node, or "mn"
---@param path string
---@return string? content nil: there is none
function case:file(host, path) end

--- Puts a file there.
---@param host string
---@param path string
---@param content string
---@param mode integer? default 420, which is 0644
function case:write(host, path, content, mode) end

--- A host has a program of this name from now on, before all others: it says and does what `answer`
--- tells, and is a text (on stdout) or a table.  With `arguments` it is the answer to these alone; told
--- again, the last answer holds.
---@param host string
---@param name string
---@param answer string|{ out: string?, err: string?, status: integer?, shell: string? } `shell`: commands that come first
---@param arguments string? words, with single blanks between them
function case:program(host, name, answer, arguments) end

--- What such programs were called with, in their order: the arguments of `name`; without it of all,
--- each with its name.
---@param host string
---@param name string?
---@return string[]
function case:calls(host, name) end

--- A host does not answer as it should: "unreachable"; "denied"; "lost", it does what it is told,
--- and then the connection ends; "silent", it does it, and says nothing until the time is over.
---@param host string
---@param fault "unreachable"|"denied"|"lost"|"silent"
---@param contacts integer? for so many sessions of each command that follows; default: for all
function case:fails(host, fault, contacts) end

--- It answers again.
---@param host string
function case:mends(host) end

--- snmove with these arguments, a text with blanks between them or a list.
---@param words string|string[]
---@param kill integer? it is killed at this point (see case:kills), counted from 1
---@return run
function case:snmove(words, kill) end

--- rnetboot, likewise.
---@param words string|string[]
---@param kill integer?
---@return run
function case:rnetboot(words, kill) end

--- A move: case:snmove, with what it has changed.
---@param words string|string[]
---@param kill integer?
---@return run
function case:move(words, kill) end

--- The same with --plan.
---@param words string|string[]
---@return run
function case:plan(words) end

--- snmove --resume
---@param words string|string[]|nil more arguments
---@return run
function case:resume(words) end

--- snmove --undo.  Raises unless its status is 0, and all tables and all files of all hosts (content,
--- mode, owner; not /run, /tmp, what snmove keeps of replaced files, and what the test has told) are as they
--- were before the first command.
---@param words string|string[]|nil more arguments
---@return run
function case:undo(words) end

--- The move again and again, each time on the cluster as it was, and killed (SIGKILL) at another
--- point: before each commit of the journal and of the tables, before and after each script that a
--- host runs.  Raises unless each time a resume ends with 0, tables and files are as after a move
--- that is not killed, and an undo brings all back.  It takes about a second for each point; with
--- `most`, and with `snmove-lua --test --quick`, it is some of them, from the first to the last.
---@param words string|string[]
---@param most integer?
---@return integer points where it was killed
function case:kills(words, most) end

--- A text that snmove-lua runs in the cluster.  Raises if it fails.
---@param text string
---@return string out
function case:lua(text) end

--- Claims; each raises if it does not hold, and says what was seen.
---@param is any
---@param wanted any compared by content, also of tables
---@param what string? its name in the message
function case:equal(is, wanted, what) end

---@generic T
---@param value T neither nil nor false
---@param what string? what to say if it is
---@return T
function case:ok(value, what) end

---@param run run
---@param status integer
function case:status(run, status) end

--- It is in what the run has said, on stdout or stderr.
---@param run run
---@param text string
function case:says(run, text) end

return test
