--- Draws docs/when-what-runs.svg: what runs in a move, in which order, and in which attempts.
-- To draw it anew: lua5.4 docs/when-what-runs.lua >docs/when-what-runs.svg
-- tests/scripted/picture.sh compares it with moves.

local WIDTH, ROW = 640, 44
local COLUMNS = { first = 398, resume = 464, undo = 528, early = 594 }

-- Name, what it is in one or two lines, and whether it runs: in a first attempt, in a resume,
-- in an undo, and still when a move ends early.
local LOOKS = {
	{ "names", "what do the nodes call sn2?", "asked, if -D is not given", "yes", "-", "-", "-" },
	{ "load", "procedure and hooks are loaded;", "one that is wrong refuses", "yes", "yes", "yes",
		"-" },
	{ "alive", "is sn1 alive? then move.mode is", "there, and the journal has a move.run", "yes",
		"again", "again", "-" },
	{ "when", "asked of each hook: who says no", "has no part in this attempt", "yes", "again",
		"-", "-" },
}
local STEPS = {
	{ "check", "may it be? then the hooks' check;", "all that is wrong refuses together" },
	{ "freeze", "for hooks: what would disturb", "the move is paused", "yes", "again", "yes" },
	{ "fence", "for hooks: a dead sn1 is kept", "from coming back" },
	{ "servicenode", "rows: sn2 is the first of the list", "" },
	{ "xcatmaster", "rows: sn2 as the nodes know it", "" },
	{ "servers", "rows: TFTP, NFS, monitoring and", "console server; now all are written" },
	{ "release", "consoles and DHCP entries leave", "sn1; nothing is sent to a dead one" },
	{ "dhcp", "entries of the nodes, and who", "answers them" },
	{ "boot", "boot files, for the same boot", "" },
	{ "console", "consoles, and who has them", "" },
	{ "nodes", "on the nodes; once for each batch,", "the hooks too, with its move.nodes" },
	{ "monitoring", "for hooks", "" },
	{ "hardware", "for hooks", "" },
	{ "applications", "for hooks", "" },
	{ "verify", "is it so? then the hooks' verify,", "but not under --plan", "yes", "again", "-" },
	{ "thaw", "for hooks: what was paused goes on", "", "yes", "again", "yes", "yes" },
	{ "finished", "for hooks, and what an undo has", "left to do", "yes", "again", "yes", "yes" },
}

local lines, y = {}, 0
local function put(format, ...) lines[#lines + 1] = format:format(...) end
local function escape(text)
	return (text:gsub("[&<>]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" }))
end
local function text(x, at, class, what, more)
	if what ~= "" then
		put('<text x="%g" y="%g" class="%s"%s>%s</text>', x, at, class, more or "", escape(what))
	end
end
local function line(x1, y1, x2, y2, class)
	put('<line x1="%g" y1="%g" x2="%g" y2="%g" class="%s"/>', x1, y1, x2, y2, class or "line")
end
-- Where hooks stand: a black triangle before, a white one after.
local function hooks(x, top, height)
	put('<path d="M%g %g l9 5 l-9 5 z" class="before"/>', x - 12, top)
	put('<path d="M%g %g l9 5 l-9 5 z" class="after"/>', x - 12, top + height - 10)
end

local function head()
	text(16, 26, "title", "When what runs: a move from sn1 to sn2, from top to bottom")
	put '<rect x="16" y="40" width="608" height="82" class="frame"/>'
	hooks(46, 54, 30)
	put '<rect x="46" y="54" width="92" height="30" class="box"/>'
	text(92, 73, "name middle", "step")
	text(150, 60, "small", "black: the hooks' before, in the order of file names")
	text(150, 75, "small", "then what the step does itself")
	text(150, 90, "small", "white: the hooks' after; then its rows are written, all or none")
	text(30, 111, "small",
		"Hooks are called with their step, or not. move.attempt is what stands above the columns.")
	text(COLUMNS.first, 146, "name middle", "first")
	text(COLUMNS.resume, 146, "name middle", "resume")
	text(COLUMNS.undo, 146, "name middle", "undo")
	text(COLUMNS.early, 138, "small middle", "still, if it is")
	text(COLUMNS.early, 150, "small middle", "ended early")
	y = 158
end

local function cells(row, from)
	local names = { "first", "resume", "undo", "early" }
	local usual = { "yes", "if not done", "-", "-" }
	for i, name in ipairs(names) do
		text(COLUMNS[name], y + 25, "small middle", row[from + i] or usual[i],
			(' id="%s-%s"'):format(row[1], name))
	end
end

local function rows(list, is_step)
	for _, row in ipairs(list) do
		line(16, y, WIDTH - 16, y, "thin")
		if is_step then
			put('<rect x="46" y="%g" width="92" height="30" class="box"/>', y + 7)
			hooks(46, y + 7, 30)
		end
		text(92, y + 26, is_step and "name middle step" or "small middle", row[1])
		local two = row[3] ~= ""
		text(150, y + (two and 19 or 26), "small", row[2])
		text(150, y + 33, "small", row[3])
		cells(row, 3)
		y = y + ROW
	end
end

-- The rows of joined steps are one commit, behind the last of them.
local function join(first, last)
	local top, bottom
	for i, row in ipairs(STEPS) do
		top = row[1] == first and 158 + (#LOOKS + i - 1) * ROW or top
		bottom = row[1] == last and 158 + (#LOOKS + i) * ROW or bottom
	end
	put('<path d="M28 %g h-6 V%g h6" class="line"/>', top + 8, bottom - 8)
	local middle = (top + bottom) / 2
	text(18, middle, "small middle", "one commit",
		(' transform="rotate(-90 18 %g)"'):format(middle))
end

local function outcome()
	line(16, y, WIDTH - 16, y)
	text(30, y + 22, "small", "move.outcome in thaw and finished; before, nil")
	for _, of in ipairs { { "first", "done", "owed" }, { "resume", "done", "owed" },
		{ "undo", "undone" }, { "early", "refused", "stopped", "interrupted" } } do
		for i, word in ipairs { table.unpack(of, 2) } do
			text(COLUMNS[of[1]], y + 8 + 14 * i, "small middle outcome", word)
		end
	end
	y = y + 60
	line(16, y, WIDTH - 16, y)
	for i, note in ipairs {
		"again: in each attempt, also where it was done. if not done: a step that is done is left",
		"out with its hooks; one that was begun runs again from its beginning, with all hooks.",
		"ended early, once when is asked: refused, failed or interrupted. Killed, it has no end.",
		"undo: freeze, then commands, files and entries go back, then rows, then thaw and finished;",
		"all hooks are called there, for nobody asks their when. --close: thaw and finished alone,",
		"move.attempt is undo, move.outcome stopped. --plan: as first, and nothing is done.",
		"Where the site has xCAT do DHCP or consoles (key own), release stands before servicenode.",
	} do
		text(16, y + 4 + 16 * i, "small", note)
	end
	y = y + 132
end

head()
rows(LOOKS, false)
line(16, y, WIDTH - 16, y)
rows(STEPS, true)
join("servicenode", "servers")
outcome()

-- Lines between the columns.
for _, x in ipairs { 364, 430, 498, 560 } do
	line(x, 128, x, 158 + (#LOOKS + #STEPS) * ROW + 60, "thin")
end

print(([[
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d">
<title>When what runs in a move</title>
<!-- Drawn by docs/when-what-runs.lua. -->
<style>
text { font-family: sans-serif; fill: black }
.title { font-size: 15px; font-weight: bold }
.name { font-size: 12px; font-weight: bold }
.small { font-size: 11px }
.middle { text-anchor: middle }
.box { fill: white; stroke: black; stroke-width: 1.5 }
.frame { fill: none; stroke: black; stroke-width: 0.5 }
.line { fill: none; stroke: black; stroke-width: 1.5 }
.thin { stroke: black; stroke-width: 0.3 }
.before { fill: black; stroke: black }
.after { fill: white; stroke: black }
</style>
<rect width="%d" height="%d" fill="white"/>]]):format(WIDTH, y, WIDTH, y, WIDTH, y))
print(table.concat(lines, "\n"))
print "</svg>"
