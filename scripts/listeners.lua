--- Programs of the site that xCAT calls when a table is written.
--
-- Rows go straight into the database, so nobody calls them.  Who has some is told, with the
-- names, before anything is changed.

local cluster = require "cluster"

local listeners = {}

--- The tables of a list that the steps of the move write.
local function written(move, tables)
	local does = move:does("servicenode") or move:does("xcatmaster") or
		move:does("servers")
	local found = {}
	for name in (does and tables or ""):gmatch("[^,%s]+") do
		if name == "noderes" or name == "nodehm" then
			found[#found + 1] = name
		end
	end
	return found
end

function listeners.check(move)
	local there, rows = pcall(cluster.rows, "notification")
	for _, row in ipairs(there and rows or {}) do
		local tables = written(move, row.tables)
		if #tables > 0 then
			move:note(("not called: %s, which xCAT's notification table has for %s; rows go " ..
				"straight into the database, so do by hand what it does"):format(row.filename,
				table.concat(tables, " and ")))
		end
	end
end

return listeners
