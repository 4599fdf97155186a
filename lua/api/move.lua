---@meta
-- luacheck: ignore 212 241 631 (stubs have arguments and no bodies, and long types)

--- One server under its two names.
---@class move.server
---@field sn string? as the management node knows it; nil: there is no old one
---@field snn string? as the nodes know it; nil: nobody knows
---@field ip string? the address of snn, if it has one

--- The takeover, given to steps and to the functions of hooks.  Its fields are read-only; any
--- other field raises.
---@class move
---@field nodes string[] the nodes that move, sorted; in a step that goes in batches: those of the batch
---@field options table<string, string|true> what was typed: options.dest, options.ignorenodes...
---@field mode "planned"|"dead" dead: nothing is sent to the old service node
---@field run integer? the number of the run in the journal; nil under `--plan` and `--check`, which keep none
---@field attempt "first"|"resume"|"undo" how it is gone through: anew, resumed, or undone
---@field undone string[]|nil in thaw and finished of an undo: the nodes that have gone back; nil elsewhere
---@field outcome "done"|"owed"|"refused"|"stopped"|"interrupted"|"undone"|nil in thaw and finished: how it ended (a run that is closed: "stopped"); nil before
---@field planning boolean under --plan
---@field settings table<string, string|number|boolean> of a hook: its own, as the configuration and `--set` have them; empty in a procedure
---@field notes table<string, string|number|boolean> for later steps and hooks, and later attempts: on disk when it is set; nil takes away
local move = {}

--- The service node that a node leaves.  Raises if the node does not move.
---@param node string
---@return move.server
function move:old(node) end

--- The service node that a node goes to.  Raises if the node does not move.
---@param node string
---@return move.server
function move:new(node) end

--- The nodes at work (of the batch), by their servers.
---@return { old: move.server, new: move.server, nodes: string[] }[]
function move:groups() end

--- The nodes at work (of the batch) in parts, as by cluster.divide: `look` is asked once for
--- nodes that have equal values and the same servers.
---@generic What
---@param columns string[] "table.column" each
---@param look fun(values: table<string, string>, old: move.server, new: move.server): What?
---@param options cluster.divide_options?
---@return table<What, string[]> parts what look has said -> the nodes, in their order
---@return What[] order what it has said, in the order of the first nodes
function move:divide(columns, look, options) end

--- Changes of the nodes at work, in their order, to what `look` says of those that are alike (see
--- move:divide): {column = text}, or false to take a value away; a column that it does not name
--- stays, and nil is nothing at all.  Raises as cluster.set.
---@param columns string[] "table.column" each
---@param look fun(values: table<string, string>, old: move.server, new: move.server): table<string, string|false>?
function move:set(columns, look) end

--- The service nodes that this move leaves without any node: for what belongs to a service node
--- as a whole.  The management node is never one, nor is one that nodes go to.  The same in every
--- attempt, and in an undo.
---@return string[]
function move:emptied() end

--- Is the step part of this run, by --skip and --only?  With --check: would it be one of the move
--- that is checked?  Raises if there is no such step.
---@param step string
---@return boolean
function move:does(step) end

--- A check found what must not be: the takeover is refused at the end of the step, all problems
--- in one list, unless --force or `allow` names the check.  Raises if `check` is no such name.
--- For the step check and what stands around it; see snmove-hooks(5).
---@param check "pool"|"xcatmaster"|"owner"|"names"|"role"|"mn"|"reach"|"dhcp"|"boot"|"console"|"images"|"recent"|"changed"|"dead"
---@param nodes string[]|string|nil
---@param seen string
---@param wanted string
function move:problem(check, nodes, seen, wanted) end

--- The takeover ends here, refused: for steps of a procedure.  Never returns.
---@param message string
function move:refuse(message) end

--- This is left to do when the run has ended: a line, and exit status 3.
---@param nodes string[]|string|nil
---@param text string
---@param host string? where it is to be done
---@param again boolean? a resume runs the step again for it; what that does not owe then is paid
---@param mend string? for --verify: the options of a move that mend it, or a whole other command
function move:owe(nodes, text, host, again, mend) end

--- This was noticed and is left as it is: a line at the end.
---@param text string
function move:note(text) end
