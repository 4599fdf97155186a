---@meta log
-- luacheck: ignore 212 (stubs have arguments and no bodies)

--- Messages on standard error.  `log` is a global; `require "log"` gives the same.
--- The text goes through string.format and never fails: what does not fit the format is shown.
--- All of it is output, shown or not: see hook.limits.
---@class log
local log = {}

--- Shown with --verbose.
---@param format any
---@param ... any
function log.info(format, ...) end

--- Shown always, as a warning; it changes no exit status.
---@param format any
---@param ... any
function log.warn(format, ...) end

--- Shown always, as an error; it ends nothing: use error() for that.
---@param format any
---@param ... any
function log.error(format, ...) end

--- A value as Lua would write it, shown always: tables with what is in them, in the order of
--- their keys; deep and long ones are shortened.  For who is writing a script.
---@param value any
---@param name string? comes first: "NAME = "
function log.dump(value, name) end

--- "STEP: DONE of TOTAL", on a terminal only, until the next message or the function's end.
---@param done integer
---@param total integer
function log.progress(done, total) end

return log
