---@meta remote
-- luacheck: ignore 212 631 (stubs have arguments and no bodies, and long types)

--- Commands on hosts, many at once.  `local remote = require "remote"`
--- A command is a text for the host's /bin/sh, or a list of words, each of which is quoted.
--- What goes wrong on one host is a result, and never an error; a host that is named twice is
--- asked once.  Raises if an argument is wrong, ssh's configuration cannot be read, or hosts
--- cannot be reached from here.
---@class remote
local remote = {}

---@alias remote.error
---| "unresolved" the name has no address
---| "refused" nothing listens there
---| "unreachable" no way there, or the network says no
---| "timeout" too late; without a login nothing was begun, else nobody knows how it ended
---| "host key unknown" nobody has said that this is the host's key
---| "host key changed" another key is known, or the key is revoked
---| "login denied" it does not let us in
---| "lost" the connection ended; without a login nothing was begun, else nobody knows
---| "dead" it, or the host on the way to it, is said to be dead, and was not contacted
---| "stopped" not begun: the program was asked to stop (remote.query; remote.run raises)
---| "unknown" begun before the run was killed, and nobody knows how it ended
---| "failed" this side failed

--- What became of one host.
---@class remote.result
---@field status integer? as a shell counts it; nil: the command has no end that is known
---@field stdout string at most 1 MiB; 64 KiB, if it comes from the journal
---@field stderr string likewise
---@field lost integer? bytes of both that were not kept; nil: none
---@field error remote.error? nil: the command ran to its end, see `status`
---@field message string? words for `error`, without the host's name
---@field transport "libssh2"|"openssh"|"local"|nil nil: the host was not tried
---@field planned true? under --plan, of remote.run: nothing was run, and `status` is 0

---@class remote.query_options
---@field stdin string? what the command reads (default: nothing)
---@field env table<string, string>? variables of its environment
---@field timeout number? seconds for the command on one host (default: --timeout, command_time, 300)
---@field fanout integer? hosts at once (default: --fanout, fanout, 64)
---@field via "auto"|"direct"|"sn"|nil the way to a node (default "auto")

---@class remote.run_options: remote.query_options
---@field undo string? the command that takes it back; it gets neither `stdin` nor `env`
---@field undo_always boolean? `undo` also if it failed, or nobody knows how it ended (default false)
---@field repeatable boolean? may be run again if nobody knows how it ended (default false)
---@field done string? a command that only looks: status 0 says that it is done; as `undo`
---@field nodes string[]? one node that it is for; several: for none in particular (default: a host that moves is its own node)

--- A change on each host: planned, kept in the journal, not run twice, taken back by `undo`.
--- Under --plan nothing is run.  An `error` is work owed; a status is for the caller to judge.
--- Raises outside of a step, in when, check and verify, and if the run was asked to stop
--- before all hosts were begun.
---@param hosts string|string[]
---@param command string|string[]
---@param options remote.run_options?
---@return table<string, remote.result> results by host, each once
function remote.run(hosts, command, options) end

--- A question: the command only looks, so it is asked under --plan too, and in when, check and
--- verify.  Nothing is owed.  What stands in remote.run_options alone has no effect.
---@param hosts string|string[]
---@param command string|string[]
---@param options remote.query_options?
---@return table<string, remote.result> results by host, each once
function remote.query(hosts, command, options) end

--- What is in a file, in `stdout`: at most 1 MiB of it.  A question, as remote.query.
---@param hosts string|string[]
---@param path string
---@param options remote.query_options?
---@return table<string, remote.result> results by host, each once
function remote.get(hosts, path, options) end

--- Does something answer those hosts?  Status 0 says yes.  "tcp": host:port can be connected
--- to; "tftp": host/path, and "http": an URL, are fetched by curl there, into `stdout`.
---@param hosts string|string[]
---@param kind "tcp"|"tftp"|"http"
---@param target string
---@param options remote.query_options?
---@return table<string, remote.result> results by host, each once
function remote.probe(hosts, kind, target, options) end

--- Is the host this machine, by the address of one of its interfaces?  Nothing is sent.
---@param host string
---@return boolean
function remote.is_local(host) end

return remote
