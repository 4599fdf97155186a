--- Nagios, Icinga, Naemon: nodes and their services have a downtime while they move, so nobody
-- is woken for them.  It is begun in freeze and ended in thaw, by lines in the command file.
--
-- Its comment is this run's alone, so what others have scheduled stays.  What an earlier
-- attempt has scheduled is ended before it is scheduled anew: they do not pile up.

local cluster, remote = require "cluster", require "remote"

--- The lines for each node on standard input, one write for each, as others write there, too.
-- A file in the fifo's place would keep Nagios from starting; a fifo that nobody reads is not
-- opened, and not waited for.
local LINES = [=[
[ -p "$FILE" ] || { echo "$FILE is no fifo: is it running?" >&2; exit 1; }
exec >"$FILE" || exit
now=$(date +%s)
while IFS= read -r node; do
	[ -z "$END" ] ||
		printf '[%s] DEL_DOWNTIME_BY_HOST_NAME;%s;;;%s\n' $now "$node" "$COMMENT" || exit
	for what in $BEGIN; do
		printf '[%s] SCHEDULE_%s_DOWNTIME;%s;%s;%s;1;0;%s;snmove;%s\n' $now $what "$node" \
			$now $((now + LENGTH)) "$LENGTH" "$COMMENT" || exit
	done
done]=]
local IN_TIME = [=[
timeout 20 /bin/sh -c "$LINES_OF_NODES"
status=$?
[ $status -ne 124 ] || echo "nobody reads $FILE" >&2
exit $status]=]

--- Names that can stand in a line; and those that cannot, which others have to see to.
local function names(move)
	local good, bad = {}, {}
	for _, node in ipairs(move.nodes) do
		table.insert(node:find("[%c;]") and bad or good, node)
	end
	return good, bad
end

--- `what`: begin, begin anew, or end.  Has it been written?
local function tell(move, what)
	local notes, nodes = move.notes, names(move)
	local host = notes["nagios host"]
	return #nodes == 0 or remote.run(host, IN_TIME, {
		stdin = table.concat(nodes, "\n") .. "\n", undo = false, repeatable = true, timeout = 60,
		says = ("downtime: %s for %s"):format(what, cluster.fold(nodes)),
		env = {
			LINES_OF_NODES = LINES, FILE = notes["nagios file"], COMMENT = notes["nagios comment"],
			BEGIN = what == "end" and "" or "HOST HOST_SVC", END = what == "begin" and "" or "yes",
			LENGTH = ("%d"):format(math.ceil(move.settings.minutes * 60)),
		},
	})[host].ok
end

local function freeze(move)
	local notes, settings = move.notes, move.settings
	if not notes["nagios host"] and settings.host == "" then
		return -- an undo asks no `when`
	end
	local what = (notes["nagios host"] or move.attempt == "resume") and "begin anew" or "begin"
	-- Noted first: each later attempt knows what to end, and where, be it set otherwise by then.
	notes["nagios file"] = notes["nagios host"] and notes["nagios file"] or settings.command_file
	notes["nagios comment"] = notes["nagios host"] and notes["nagios comment"]
		or settings.comment .. " run " .. (move.run or 0)
	notes["nagios host"] = notes["nagios host"] or settings.host
	tell(move, what)
	local _, bad = names(move)
	if #bad > 0 then
		move:owe(bad, "no downtime: the name cannot stand in a command", notes["nagios host"])
	end
end

local function thaw(move)
	if move.notes["nagios host"] and tell(move, "end") then
		move.notes["nagios host"] = nil
	end
end

return {
	name = "nagios", summary = "Nagios: nodes have a downtime while they move",
	settings = {
		host = "", command_file = "/usr/local/nagios/var/rw/nagios.cmd", minutes = 60,
		comment = "snmove",
	},
	when = function(move)
		return move.settings.host ~= "" or move.notes["nagios host"] ~= nil
	end,
	check = function(move)
		if move.settings.comment:find("[%c;]") then
			return false, "the setting nagios.comment is not one line without ';'"
		elseif move.settings.minutes <= 0 then
			return false, "the setting nagios.minutes is not above 0"
		end
	end,
	after = { freeze = freeze, thaw = thaw },
}
