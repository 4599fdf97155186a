---@meta
-- luacheck: ignore 111 112 121 122 131 142 143 212 (stubs set globals, and have no bodies)

--- Lua's own libraries `io` and `os`, `require`, and the global `log`, as procedures and hooks
--- have them.  .luarc.json takes the whole libraries away, so an editor knows no os.execute.

---@type log
log = {}

--- A module (cluster, log, remote, services, takeover), or a file NAME.lua.
---@param name string
---@return any
function require(name) end

---@class reader a regular file that is read
---@field read fun(self: reader, ...: string|integer): any
---@field lines fun(self: reader, ...: string|integer): fun(): any
---@field seek fun(self: reader, whence: string?, offset: integer?): integer?, string?
---@field close fun(self: reader): boolean?, string?

io = {}

--- A regular file, to read.
---@param path string
---@param mode "r"|"rb"|nil
---@return reader? file
---@return string? message
function io.open(path, mode) end

--- Its lines.  Raises if it cannot be read.
---@param path string
---@param ... string|integer
---@return fun(): any
function io.lines(path, ...) end

os = {}

--- Seconds of the processor.
---@return number
function os.clock() end

---@param format string?
---@param time integer?
---@return string|table
function os.date(format, time) end

---@param later integer
---@param earlier integer
---@return number
function os.difftime(later, earlier) end

---@param date table?
---@return integer
function os.time(date) end
