---@meta services
-- luacheck: ignore 212 631 (stubs have arguments and no bodies, and long types)

--- Entries of nodes on the hosts that serve them.  `local services = require "services"`
--- A service is "dhcp", "boot", "autoinst" (what nodes are installed by) or "console".  What there
--- is on a host is found by asking it, once in a run; a host that cannot be reached, or where no server
--- runs that takes entries from us, is a result with `error` and `message`, and gets nothing.
--- Raises if an argument is wrong.
---
--- The entry of a node is a text.  Of "boot" and "autoinst", which no tables make, it is all files
--- and links of the node: a line `PATH:` with the lines of the file behind it, each after two
--- blanks, or `PATH -> TARGET`.
---@class services
local services = {}

---@class services.problem
---@field nodes string[] whose entries cannot be made, or only a part of them
---@field text string what is wrong in the tables, and what to do
---@field left_out boolean these nodes get no entry at all

--- The result of a host, with what the tables lack for it.
---@class services.result : remote.result
---@field problems services.problem[]

---@class services.options
---@field timeout number? seconds for one host
---@field fanout integer? hosts at once
---@field via "auto"|"direct"|"sn"|nil

--- A change: hosts get the entries of these nodes, as the tables have them, or with texts just
--- these (false: the node has none).  Of each host all or none are given; its own checker sees
--- them first, and what others have put there stays.  A node without an entry to be made keeps
--- what it has.  All hosts of a call have lists, or all have texts.
---@param service string
---@param nodes table<string, string[]|table<string, string|false>> host -> nodes, or host -> node -> text
---@param options services.options?
---@return table<string, services.result>
function services.give(service, nodes, options) end

--- A change: hosts have no entries of these nodes any more.  Nodes may be in no table.
---@param service string
---@param nodes table<string, string[]>
---@param options services.options?
---@return table<string, services.result>
function services.release(service, nodes, options) end

--- A question: what is on hosts for these nodes; false: nothing.  A host that does not say is
--- missing.  Under --plan what is planned is there.
---@param service string
---@param nodes table<string, string[]>
---@param options services.options?
---@return table<string, table<string, string|false>> texts host -> node -> text
---@return table<string, services.result> results
function services.look(service, nodes, options) end

--- The texts that these nodes shall have on a host, which is asked what runs there and nothing
--- else; nodes without one are missing.  Raises if the host cannot be asked.
---@param service string
---@param host string
---@param nodes string[]
---@return table<string, string>
function services.text(service, host, nodes) end

--- A question: could hosts be given these entries?  Their own checkers see what would be written;
--- nothing is changed.  `error` "check failed": a checker says no, and its words are in `stdout`.
---@param service string
---@param nodes table<string, string[]>
---@param options services.options?
---@return table<string, services.result>
function services.check(service, nodes, options) end

--- A question: lines of the server's configuration on hosts that name one of these words, names
--- and addresses of a server; comments and lines with secrets are left out.
---@param service string
---@param words table<string, string[]> host -> words
---@return table<string, string[]> host -> "FILE:LINE: text"
function services.mentions(service, words) end

---@alias services.boot_kind
---| "disk"
---| "network boot"
---| "installation"
---| "shell"
---| "offline" it stays where it is: there is no file
---| string the first word of another state

--- What a node with this boot entry boots next.
---@param text string|false
---@return services.boot_kind
function services.kind(text) end

--- What it boots next by chain.currstate.
---@param state string
---@return services.boot_kind
function services.state_kind(state) end

--- A file of a boot entry: with `content`, or a link with its target.
---@class services.file
---@field path string
---@field content string?
---@field link string?

--- The files of a boot entry, by their paths.  Raises if the text is none.
---@param text string
---@return services.file[]
function services.files(text) end

--- The same boot entries, from another server: every host in their files that is one of these
--- names or addresses, as a whole, is the new one; an address becomes one of its kind, if there
--- is one.  Links stay.  Touches nothing.
---@param texts table<string, string> node -> text
---@param names string[] of the old server
---@param server { name: string, ipv4: string?, ipv6: string? } as the nodes call it
---@return table<string, string> node -> text
function services.take_over(texts, names, server) end

return services
