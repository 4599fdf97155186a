-- What `make lint` asks of luacheck: Lua 5.4; and procedures and hooks have only what their
-- environment has.  That is a list of its own, lua/luacheckrc, which authors have, too.
local author = dofile("lua/luacheckrc")
stds.procedure, stds.interpreter = author.stds.procedure, author.stds.interpreter

std = "lua54"
max_line_length = 96
cache = false

files["scripts"].std = "procedure"
files["site-hooks"].std = "procedure"
files["lua/follow.lua"].std = "procedure"
files["lua/ganglia_files.lua"].std = "procedure"
files["tests/hooks"].std = "procedure"
files["lua/author"].std = "procedure"
files["lua/loadleveler_files.lua"].std = "procedure"
files["lua/rmc_resources.lua"].std = "procedure"
files["docs/example-site"].std = "procedure+interpreter"
files["tests/scripted"].std = "procedure+interpreter"
