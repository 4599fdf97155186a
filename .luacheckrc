-- What `make lint` asks of luacheck: Lua 5.4; and procedures and hooks have only what their
-- environment has, so that os.execute in a hook is a warning before it is an error.
std = "lua54"
max_line_length = 96
cache = false

-- The same names as in lua/runtime/allowed.c: kept_globals, and what is put beside them.
stds.procedure = {
	read_globals = {
		"_G", "_VERSION", "assert", "error", "getmetatable", "ipairs", "math", "next",
		"pairs", "pcall", "rawequal", "rawget", "rawlen", "rawset", "select", "setmetatable",
		"table", "tonumber", "tostring", "type", "utf8", "xpcall", "print", "require",
		string = {
			fields = {
				"byte", "char", "find", "format", "gmatch", "gsub", "len", "lower",
				"match", "pack", "packsize", "rep", "reverse", "sub", "unpack", "upper",
			},
		},
		io = { fields = { "open", "lines" } },
		os = { fields = { "clock", "date", "difftime", "time" } },
		log = { fields = { "info", "warn", "error", "dump", "progress" } },
	},
}
files["scripts"].std = "procedure"
files["site-hooks"].std = "procedure"
files["lua/follow.lua"].std = "procedure"
files["lua/ganglia_files.lua"].std = "procedure"
files["tests/hooks"].std = "procedure"
files["lua/author"].std = "procedure"
files["lua/loadleveler_files.lua"].std = "procedure"
files["lua/rmc_resources.lua"].std = "procedure"

-- Scripts for snmove-lua: the same, and what it puts beside them for convenience.
stds.interpreter = { read_globals = { "cluster", "arg" } }
files["docs/example-site"].std = "procedure+interpreter"
files["tests/scripted"].std = "procedure+interpreter"
