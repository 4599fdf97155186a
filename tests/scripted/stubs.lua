-- The names in the stubs of lua/api, and those that are really there: prints TAP.  Run by
-- stubs.sh: stubs.lua FOLDER PAIRS..., where PAIRS are MODULE for each module to compare.

local folder = arg[1]

--- The names that a stub defines: function MODULE.NAME or MODULE:NAME.
local function stub_names(module)
	local names = {}
	for line in io.lines(folder .. "/" .. module .. ".lua") do
		local name = line:match("^function " .. module .. "[.:]([%w_]+)")
		if name then
			names[name] = true
		end
	end
	return names
end

local function missing(from, to)
	local found = {}
	for name in pairs(from) do
		if not to[name] then
			found[#found + 1] = name
		end
	end
	table.sort(found)
	return table.concat(found, " ")
end

local function compare(number, module)
	local there, described = {}, stub_names(module)
	for name, value in pairs(require(module)) do
		there[name] = type(value) == "function" or nil
	end
	local undescribed, gone = missing(there, described), missing(described, there)
	local good = undescribed == "" and gone == "" and next(there)
	print(("%s %d - the stubs of %s name what is there"):format(good and "ok" or "not ok", number,
		module))
	if not good then
		print("# without a stub: " .. undescribed)
		print("# only in the stubs: " .. gone)
	end
end

for i = 2, #arg do
	compare(i - 1, arg[i])
end
