---@meta takeover
-- luacheck: ignore 212 631 (stubs have arguments and no bodies)

--- What a procedure says its steps with.  `local takeover = require "takeover"`
--- In a hook `own`, `file` and `secret` are of use: only a procedure's steps are run.
---@class takeover
local takeover = {}

--- A step more, behind the others.  Without a function it is there for hooks.
--- Raises if there is such a step, or the name is not of small letters and underscores.
---@param name string
---@param summary string a few words, for the line that tells that it is done
---@param run fun(move: move)?
function takeover.step(name, summary, run) end

--- Rows that are set in these steps and the hooks around them are one commit, after the last.
--- Raises unless they are two or more steps that stand right behind each other.
---@param first string
---@param ... string
function takeover.join(first, ...) end

--- The step does this instead of what it did; nil: nothing, it is there for hooks.  For a
--- procedure that bends another one: `require "linux"`, and then this.
--- Raises if there is no such step.
---@param step string
---@param run fun(move: move)?
---@param summary string?
function takeover.replace(step, run, summary) end

--- A step more, before or behind another one.  Between joined steps it is joined with them.
--- Raises if there is no such place, or such a step already.
---@param name string
---@param place { before: string }|{ after: string }
---@param summary string
---@param run fun(move: move)?
function takeover.insert(name, place, summary, run) end

--- The procedure has this step no more: neither --only nor hooks can name it.
--- Raises if there is no such step.
---@param step string
function takeover.remove(step) end

--- An option that this procedure has and others have not: it stands in --help, is kept with the
--- run, and is read as move.options[name]: its value, or true for one without.
--- Said while the file is loaded; with --help, and with an option that is not snmove's own, the
--- file is loaded alone for that, with no cluster to be asked.
--- Raises if there is such an option already, or for a name that is not of small letters, digits
--- and dashes; the command is refused if snmove itself has one of that name or letter.
---@param name string without dashes, as "dump-device"
---@param letter string? as "x": -x is the same
---@param help string a few words, for --help
---@param text string? what stands for its value in --help, as "DISK"; nil: it has none
function takeover.option(name, letter, help, text) end

--- The step, and the hooks around it, are for those nodes alone of which `look` says true; it is
--- called as of move:divide, when the step begins, in a resume anew.  Then move.nodes are these.
--- Is it none, neither the step nor a hook around it is called.
--- Raises if there is no such step; the procedure is refused if it runs at every end, or is check,
--- freeze, verify or thaw.
---@param step string
---@param columns string[] "TABLE.COLUMN" each
---@param look fun(values: table<string, string?>, old: move.server, new: move.server): boolean?
function takeover.select(step, columns, look) end

--- The nodes go through these steps in batches, if --batch is given: the function and the hooks
--- around it are called for each batch, whose nodes are in move.nodes.
--- Raises if there is no such step; the procedure is refused if one of them is joined, runs at
--- every end, or is check, freeze, verify or thaw.
---@param ... string
function takeover.batched(...) end

--- These steps run last and at every end, also after a refusal or a failure.
--- Raises if there is no such step.
---@param ... string
function takeover.always(...) end

--- No hooks go with this procedure: it is not one that moves nodes.
function takeover.alone() end

--- Rows that `change` sets are there while `look` looks, and then they are as before: for a
--- check that has to see the tables as they will be.  `look` changes nothing.  Raises what the
--- functions raise, and where rows wait to be written already.
---@param change fun()
---@param look fun()
function takeover.suppose(change, look) end

--- The command of xCAT that the site has chosen for a service, key `own` of snmove.conf(5): of
--- "dhcp" makedhcp, of "boot" nodeset, of "console" makeconservercf or makegocons, of "nodes"
--- updatenode; nil: none.  A run keeps the choice that it was begun with.  It is known while a
--- procedure is loaded, too: with some the order of steps is another one.
---@param service "dhcp"|"boot"|"console"|"nodes"
---@return string? command
function takeover.own(service) end

--- The text of a file that lies beside the procedure, or in a folder there: scripts for nodes,
--- say.  Raises if there is none, or if others than root can write it.
---@param path string as "node/syslog.sh"
---@return string
function takeover.file(path) end

--- A value that is never to be seen: `column` (default: password, else value) of the row whose
--- first key is `key`.  Wherever it would be shown or kept, "{secret TABLE.KEY}" stands for it,
--- in plan, journal, log and messages.  It may be in stdin, env, and the content of files; a
--- command or a row with it in it is refused.  What is shorter than four bytes is not masked.
--- Raises if there is no such column.
---@param table string
---@param key string
---@param column string?
---@return string? value nil: there is none
---@return string? message
function takeover.secret(table, key, column) end

return takeover
