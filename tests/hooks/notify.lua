--- The hook notify: who is told is a recorded fake, which keeps what it was told in /tmp of the
-- management node.  What is told changes nothing of the cluster and is in no journal: so
-- telling it twice is no fault, and telling it never is one.

local test = require "test"

test.hook "files/mark.lua" -- something to do on the nodes
test.cluster { nodes = 2 }
test.config { hook = { notify = { command = "tell the people" } } }

local TELL = [[echo "$SNMOVE_RUN $SNMOVE_OUTCOME $SNMOVE_NODES" >>/tmp/told; cat >>/tmp/mail
[ ! -e /etc/broken ] ]]

local function has_people(t)
	t:program("mn", "tell", { shell = TELL })
end

local function told(t) return t:file("mn", "/tmp/told") end

test.case("where nobody is to be told it does nothing", function(t)
	has_people(t)
	t:status(t:move "compute -d sn2 -i --set notify.command=", 0)
	t:equal(t:calls "mn", {})
end)

test.case("the end of a move is told once, and that of its undo", function(t)
	has_people(t)
	t:status(t:move "compute -d sn2 -i", 0)
	t:equal(told(t), "1 done cn[01-02]\n")
	t:equal(t:file("mn", "/tmp/mail"), "run 1 done: 2 nodes from sn1 to sn2\ncn[01-02]\n")
	t:undo()
	t:equal(told(t), "1 done cn[01-02]\n2 undone cn[01-02]\n")
end)

test.case("what cannot be told is owed, to be told by hand", function(t)
	has_people(t)
	t:write("mn", "/etc/broken", "")
	local move = t:move "compute -d sn2 -i"
	t:status(move, 3)
	t:says(move, "owed: mn: it was not told how it has ended: 'tell the people': status 1")
	t:program("mn", "tell", { shell = TELL:gsub("/etc/broken", "/etc/mended") })
	t:says(t:resume(), "what run 1 owes is to be done by hand")
end)

test.case("a node that is owed is told of, and so is the resume that pays", function(t)
	has_people(t)
	t:fails("cn02", "unreachable")
	t:status(t:move "compute -d sn2 -i", 3)
	t:equal(told(t), "1 owed cn[01-02]\n")
	t:mends "cn02"
	t:status(t:resume(), 0)
	t:equal(told(t), "1 owed cn[01-02]\n1 done cn[01-02]\n")
end)

test.case("killed at any point, the last that is told is how it has ended", function(t)
	has_people(t)
	t:kills "cn01 -d sn2 -i"
	t:equal(told(t):match "[^\n]+\n$":gsub("%d+ ", ""), "undone cn01\n")
end)

--- Before the telling it was told by nobody, so the resume does; behind it nobody knows.
test.case("killed before the telling it is told once, and behind it twice", function(t)
	has_people(t)
	local points = t:move("cn01 -d sn2 -i").points
	t:undo()
	local times = {}
	for n = points - 5, points - 3, 2 do
		t:write("mn", "/tmp/told", "")
		local run = t:move("cn01 -d sn2 -i", n)
		local before = told(t)
		t:status(t:resume(), 0)
		t:equal(select(2, told(t):gsub(" done ", "")), before == "" and 1 or 2, run.killed)
		times[before == "" and "once" or "twice"] = true
		t:undo()
	end
	t:equal(times, { once = true, twice = true })
end)
