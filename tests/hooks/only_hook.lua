--- --only hook:NAME: one hook again, for nodes that were moved before.

local test = require "test"

test.hook "files/mark.lua"
test.cluster { nodes = 3 }

test.case("it runs for nodes that were moved without it, and is taken back alone", function(t)
	t:status(t:move "cn01,cn02 -d sn2 -i --without mark", 0)
	t:equal(t:get("cn01", "noderes.comments"), nil)
	local plan = t:plan "cn01 --only hook:mark"
	t:status(plan, 0)
	t:says(plan, "plan: hook mark for 1 node from sn1 to sn2: cn01")
	local again = t:move "cn01 --only hook:mark"
	t:status(again, 0)
	t:equal(#again.changes, 2)
	t:equal(t:get("cn01", "noderes.comments"), "was behind sn1")
	t:equal(t:file("cn01", "/etc/mark"), "sn2-c\n")
	t:equal(t:get("cn02", "noderes.comments"), nil)
	t:status(t:snmove "--undo", 0)
	t:equal(t:get("cn01", "noderes.comments"), nil)
	t:equal(t:file("cn01", "/etc/mark"), nil)
	t:equal(t:get("cn01", "noderes.xcatmaster"), "sn2-c")
end)

test.case("its check refuses, and its verify is asked", function(t)
	t:status(t:move "cn01 -d sn2 -i --without mark", 0)
	t:status(t:snmove "cn01 --only hook:mark --set mark.refuse=true", 1)
	t:status(t:snmove "cn01 --only hook:mark --set mark.doubt=true", 3)
end)

test.case("who was moved by no run, or is back, is refused by name", function(t)
	local none = t:plan "cn03 --only hook:mark" -- there is no journal yet
	t:status(none, 1)
	t:says(none, "no run has moved cn03")
	none = t:snmove "cn03 --only hook:mark"
	t:status(none, 1)
	t:says(none, "no run has moved cn03")
	t:status(t:move "cn01,cn02 -d sn2 -i", 0)
	t:says(t:snmove "compute --only hook:mark", "no run has moved cn03")
	t:status(t:snmove "--undo=1 cn01", 0)
	t:says(t:snmove "cn01,cn02 --only hook:mark", "no run has moved cn01")
	t:status(t:snmove "cn02 --only hook:mark", 0)
end)

test.case("who is somewhere else by now is left out", function(t)
	t:status(t:move "cn01,cn02 -d sn2 -i --without mark", 0)
	t:set("cn01", "noderes.servicenode", "sn1,sn2")
	local again = t:move "cn01,cn02 --only hook:mark"
	t:status(again, 0)
	t:says(again, "1 of 2 nodes is not where the last run took it any more, left out: cn01")
	t:equal(t:get("cn01", "noderes.comments"), nil)
	t:equal(t:get("cn02", "noderes.comments"), "was behind sn1")
end)

test.case("what does not go with it is wrong usage", function(t)
	for words, text in pairs {
		["cn01 -d sn2 --only hook:mark"] = "--dest is not for it",
		["-s sn1 --only hook:mark"] = "--source is not for it",
		["--only hook:mark"] = "name the nodes",
		["cn01 --only hook:"] = "names one hook",
		["cn01 --only hook:mark,nodes"] = "names one hook",
	} do
		local run = t:snmove(words)
		t:status(run, 2)
		t:says(run, text)
	end
	t:status(t:move "cn01 -d sn2 -i --without mark", 0)
	local misspelt = t:snmove "cn01 --only hook:marc"
	t:status(misspelt, 2)
	t:says(misspelt, "did you mean 'mark'?")
end)

test.case("killed at any point it is resumed, and taken back", function(t)
	t:status(t:move "cn01 -d sn2 -i --without mark", 0)
	t:kills "cn01 --only hook:mark"
end)
