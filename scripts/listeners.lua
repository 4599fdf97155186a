--- Programs of the site that xCAT calls when a table is written.
--
-- Rows go straight into the database, so nobody calls them.  Who has some is told, with the
-- names, before anything is changed.

local tables = require "tables"

local listeners = {}

--- The tables of a list that the steps of the move write.
local function written(move, names)
	local does = move:does("servicenode") or move:does("xcatmaster") or
		move:does("servers")
	local found = {}
	for name in (does and names or ""):gmatch("[^,%s]+") do
		if name == "noderes" or name == "nodehm" then
			found[#found + 1] = name
		end
	end
	return found
end

function listeners.check(move)
	for _, row in ipairs(tables.rows("notification")) do
		local written_to = written(move, row.tables)
		if #written_to > 0 then
			move:note(("not called: %s, which xCAT's notification table has for %s; rows go " ..
				"straight into the database, so do by hand what it does"):format(row.filename,
				table.concat(written_to, " and ")))
		end
	end
end

return listeners
