---@meta remote
-- luacheck: ignore 212 631 (stubs have arguments and no bodies, and long types)

--- Commands and files on hosts, many at once.  `local remote = require "remote"`
--- A command is a text for the host's /bin/sh, or a list of words, each of which is quoted.
--- What goes wrong on one host is a result, and never an error; a host that is named twice is
--- asked once.  "mn" is this machine, unless another one is called so.  Raises if an argument is wrong, ssh's configuration cannot be read, or hosts
--- cannot be reached from here.
---@class remote
local remote = {}

---@alias remote.error
---| "unresolved" the name has no address
---| "refused" nothing listens there
---| "unreachable" no way there, or the network says no
---| "timeout" too late; without a login nothing was begun, else nobody knows how it ended
---| "host key unknown" the host's key is in no known_hosts file
---| "host key changed" another key is known, or the key is revoked
---| "login denied" it does not let us in
---| "lost" the connection ended; without a login nothing was begun, else nobody knows
---| "dead" it, or the host on the way to it, is said to be dead, and was not contacted
---| "stopped" not begun: the program was asked to stop (remote.query; remote.run and remote.put raise)
---| "unknown" begun, and nobody knows how it ended
---| "conflict" of files: somebody has changed one of them since it was looked at
---| "not written" of files: they cannot be written, or the host cannot look at them
---| "check failed" of files: `check` ended with another status than 0
---| "activate failed" of files: `activate` did; the old files are back
---| "failed" this side failed

--- What became of one host.
---@class remote.result
---@field status integer? as a shell counts it; nil: no end is known; of files 0 or nil
---@field stdout string of a command at most 1 MiB; 64 KiB, if it comes from the journal; of files empty
---@field stderr string likewise; of files what `check` and `activate` said
---@field ok boolean no `error`, and a status that is accepted; under --plan nothing depends on it
---@field host string? in the results of a list
---@field node string? likewise
---@field absent true? of remote.get: nothing is at the path
---@field lost integer? bytes of both that were not kept; nil: none
---@field offers table<string, remote.offer[]>? of remote.probe "dhcp", by MAC, each as it was given; an empty list: nobody offered anything; nil: this host could not ask, see `status`, `stderr`, `error`
---@field unprobed table<string, string>? likewise: MACs that were not asked for, and why
---@field fetched table<string, remote.fetched>? of remote.probe "fetch", by URL; nil: this host could not ask, see `status`, `stderr`, `error`
---@field changed integer? of remote.put: how many of its files were other; 0, if none was put
---@field error remote.error? nil: the command ran to its end, see `status`; the files are there
---@field message string? words for `error`, without the host's name
---@field transport "libssh2"|"openssh"|"local"|nil nil: the host was not tried
---@field planned true? under --plan, of remote.run and remote.put: nothing was done; without `error` `status` is 0

---@class remote.query_options
---@field stdin string? what the command reads (default: nothing)
---@field env table<string, string>? variables of its environment
---@field accept integer|integer[]|nil statuses that are no failure (default: 0 alone)
---@field timeout number? seconds for the command on one host (default: --timeout, command_time, 300)
---@field fanout integer? hosts at once (default: --fanout, fanout, 64)
---@field via "auto"|"direct"|"sn"|nil the way to a node (default "auto")

--- A question that is asked before an undo.
---@class remote.question
---@field host string? who is asked; nil: each host of the command itself
---@field command string status 0 says yes
---@field stdin string? what it reads; it is kept in the journal, so no secret may be in it

--- A command that needs more than words; as one text it can be given to a shell by hand.
---@class remote.whole_command
---@field command string|string[]
---@field stdin string? what it reads
---@field env table<string, string>?

---@class remote.run_options: remote.query_options
---@field stdin string|fun(host: string): string? what the command reads (default: nothing)
---@field env table<string, string>|fun(host: string): table<string, string>|nil
---@field says string? what it does, in plans and messages, in place of the command
---@field undo string|string[]|remote.whole_command|false|nil the command that takes it back, without the `stdin` and `env` of the command itself; false: there is nothing to take back
---@field undo_last boolean? `undo` after all else of its node has gone back (default false)
---@field undo_if remote.question? `undo` only if this question then ends with status 0; else it is owed
---@field undo_always boolean? `undo` also if it failed, or nobody knows how it ended (default false)
---@field repeatable boolean? may be run again if nobody knows how it ended (default false)
---@field done string|string[]|remote.whole_command|nil a command that only looks: status 0 says that it is done
---@field nodes string[]? one node that it is for; several: for none in particular (default: a host that moves is its own node, any other is for none in particular)

--- One command of a list.  Options that it has itself go before those of the whole list.
---@class remote.entry
---@field host string
---@field command string|string[]
---@field node string? the node that it is for (default: the host, if that moves)
---@field lane string? the host's commands in one lane go one after the other, and its lanes at once (default: all in one)
---@field stdin string?
---@field env table<string, string>?
---@field accept integer|integer[]|nil
---@field says string?
---@field undo string|string[]|remote.whole_command|false|nil
---@field undo_last boolean?
---@field undo_if remote.question?
---@field undo_always boolean?
---@field repeatable boolean?
---@field done string|string[]|remote.whole_command|nil

--- A change on each host: planned, kept in the journal, not run twice, taken back by `undo`.
--- Under --plan nothing is run.  A failure (an `error`, or a status that is not accepted) is told
--- with the step, and owed: nobody has to look.  Raises outside of a step, in when, check and
--- verify, and if the run was asked to stop before all hosts were begun.  A list of nothing has
--- no results.
---@param hosts string|string[]
---@param command string|string[]
---@param options remote.run_options?
---@return table<string, remote.result> results by host, each once
---@overload fun(entries: remote.entry[], options: remote.run_options?): remote.result[]
function remote.run(hosts, command, options) end

--- How a file shall be: a content, a link or nothing.  Exactly one of the three is given.
---@class remote.file
---@field content string|fun(host: string): string? any bytes, or what the function says of the host
---@field mode string? of `content`: "0644" (default: as it is; "0600" if `secret`; "0644" if it is new)
---@field owner string? of `content`: USER or USER:GROUP (default: as it is; of a new file, who puts it)
---@field secret boolean? no plan shows what is in it (default false)
---@field link string? the target of a symbolic link
---@field absent boolean? nothing shall be there (default false)

---@class remote.put_options
---@field check string|string[]|nil a command that says no with a status other than 0: a text finds the new files in "$@", sorted by path; a list of words gets them behind it
---@field activate string|string[]|nil the command that makes them work; it may be run twice
---@field timeout number? seconds for the look, and for the put, on one host (default: --timeout, command_time, 300)
---@field fanout integer? hosts at once (default: --fanout, fanout, 64)
---@field via "auto"|"direct"|"sn"|nil the way to a node (default "auto")
---@field nodes string[]? one node that it is for; as of remote.run

--- Files on each host, all of the call or none: planned, kept in the journal, taken back.  The
--- hosts are looked at first, also under --plan, where nothing is put.  What is there already
--- is no change.  An `error` is work owed.  Raises where remote.run does, for a path or a file
--- that cannot be, and above 16 MiB for one host.
---@param hosts string|string[]
---@param files table<string, string|fun(host: string): string|remote.file> by path: what is in it, or how it shall be
---@param options remote.put_options?
---@return table<string, remote.result> results by host, each once
function remote.put(hosts, files, options) end

---@class remote.edit_options: remote.put_options
---@field secret boolean? no plan shows what is in it, and it is not kept for a resume (default false)

--- One file, whose new text is made of the one that each host has: looked at, thought about, and
--- put, in one session.  The function gets nil where there is no file; it returns the text, nil
--- to leave it as it is, or false to take it away.  It makes a text and nothing else: it may ask
--- no host and change nothing, and a resume does not call it again where it was begun.  An error
--- of it is a failure of that host alone.  A link, and what is larger than 1 MiB, is refused.
---@param hosts string|string[]
---@param path string
---@param edit fun(text: string?, host: string): string|false|nil
---@param options remote.edit_options?
---@return table<string, remote.result> results by host, each once
function remote.edit(hosts, path, edit, options) end

---@class remote.await_options
---@field every number? seconds between two questions (default 2)
---@field for number? seconds until it is too late (default 60)
---@field says string? what is waited for, in messages
---@field accept integer|integer[]|nil statuses that say yes (default: 0 alone)
---@field stdin string?
---@field env table<string, string>?
---@field fanout integer?
---@field via "auto"|"direct"|"sn"|nil
---@field nodes string[]?

--- A question that is asked again and again, until its status says yes.  No change: under --plan
--- nothing is waited for, and all is well.  Too late is the error "timeout", and owed.  The last
--- answers are kept in the journal; a resume asks anew.  Not in when, check and verify.
---@param hosts string|string[]
---@param command string|string[]
---@param options remote.await_options?
---@return table<string, remote.result> results by host, each once
function remote.await(hosts, command, options) end

--- A text as one word for a shell.
---@param text string
---@return string
function remote.quote(text) end

--- A question: the command only looks, so it is asked under --plan too, and in when, check and
--- verify.  Nothing is owed.  What stands in remote.run_options alone has no effect.
---@param hosts string|string[]
---@param command string|string[]
---@param options remote.query_options?
---@return table<string, remote.result> results by host, each once
function remote.query(hosts, command, options) end

--- What is in a file, in `stdout`: at most 1 MiB of it.  A question, as remote.query.  Where
--- nothing is at the path, `absent` is true.
---@param hosts string|string[]
---@param path string
---@param options remote.query_options?
---@return table<string, remote.result> results by host, each once
function remote.get(hosts, path, options) end

--- What a DHCP server offers to a node.
---@class remote.offer
---@field server string? as it calls itself (server identifier)
---@field address string the node's
---@field next_server string? where the boot file is; nil: the server does not say
---@field file string? the boot file
---@field sender string the address that the offer came from

--- What a server gives for a URL: one of the two.
---@class remote.fetched
---@field content string? with `heads` empty
---@field error string? in words: "HTTP status 404 Not Found", "TFTP error: File not found", "no answer within 5 seconds"

---@class remote.probe_options: remote.query_options
---@field heads boolean? of "fetch": `content` stays empty
---@field interface string? of "dhcp": the host's interface on the link; or
---@field network string? the network, as "10.2.0.0/16" or "10.2.0.0/255.255.0.0": the interface is the one with an address there
---@field wait number? of "dhcp": seconds after the last question (default 1.5: a dynamic pool answers after one)

--- Does something answer those hosts?  A question, as remote.query.  Status 0 says yes.  "tcp":
--- host:port can be connected to; "tftp": host/path, and "http": an URL, are fetched by curl
--- there, into `stdout`.
---
--- "dhcp": who answers for these MACs on a link of the host?  All offers are heard, for at most
--- 20000 MACs, and nobody gets a lease.  Status 0: asked, also if nobody has answered; 1: this
--- link cannot be asked now; 3: it is no Ethernet; 127: the host has no perl.  `offers` has each MAC that was asked for.
--- Of the other options only timeout, fanout, via and nodes.
---
--- "fetch": what servers give for these URLs, http://ADDRESS[:PORT]/PATH and tftp://ADDRESS/PATH, at
--- most 1 MiB of each, some dozens at a time, by perl on the host that asks.  `fetched` has each URL:
--- `content`, or `error` in words.  With the option `heads` only whether it is there is asked.
---@param hosts string|string[]
---@param kind "tcp"|"tftp"|"http"|"dhcp"|"fetch"
---@param target string|string[] of "dhcp" the MACs, of "fetch" the URLs
---@param options remote.probe_options?
---@return table<string, remote.result> results by host, each once
function remote.probe(hosts, kind, target, options) end

--- A question for `undo_if`, which asks on a link which of these MACs a DHCP server offers nothing;
--- nothing is asked now.  The undo of a node of which it offers none of the MACs is owed, and so is that
--- of one whose MACs are all of InfiniBand.
--- `options.from`: the server's address there; and `interface` or `network`, `wait`.
---@param macs string[]
---@param nodes string[] the node of each MAC
---@param options { from: string, interface: string?, network: string?, wait: number? }
---@return { command: string, stdin: string }
function remote.probe_question(macs, nodes, options) end

--- A command that lists the addresses of a host's interfaces as `ip -o address show` does, also
--- where there is no ip (AIX): "inet 10.2.0.12/16" in each line.
---@return string
function remote.addresses_command() end

--- Is the host this machine, by the address of one of its interfaces?  Nothing is sent.
---@param host string
---@return boolean
function remote.is_local(host) end

return remote
