--- The hook loadleveler: its files are real.  llctl and llconfig are recorded fakes; what the
-- managers have read of the files, and their database, are files in /root/loadleveler.

local test = require "test"

test.cluster { nodes = 2 }
test.config { hook = { loadleveler = { managers = "mn,sn2" } } }

local LISTS = "CENTRAL_MANAGER_LIST = %s mn\nRESOURCE_MGR_LIST = mn\nLOCAL_CONFIG = /var/sn1\n"
local STANZAS = "%s: type = machine\n\tschedd_host = true\nmn: type = machine\n"
local READ = "cat /etc/LoadL_config >/root/loadleveler/read"
local LLCONFIG = [[
option=$1
shift
cd /root/loadleveler && for key; do
	case $option in
	-d) echo "$key = $(cat "$key")" ;;
	-c) echo "${key#*=}" >"${key%%=*}" ;;
	esac
done]]

local function has_loadleveler(t)
	for _, host in ipairs { "mn", "sn2" } do
		t:write(host, "/etc/LoadL_config", LISTS:format "sn1")
		t:write(host, "/etc/LoadL_admin", STANZAS:format "sn1")
		t:write(host, "/root/loadleveler/read", LISTS:format "sn1")
		t:write(host, "/root/loadleveler/CENTRAL_MANAGER_LIST", "sn1 mn\n")
		t:write(host, "/root/loadleveler/RESOURCE_MGR_LIST", "mn\n")
		t:program(host, "llctl", { shell = READ })
		t:program(host, "llconfig", { shell = LLCONFIG })
	end
end

local function has(t, host, name)
	t:equal(t:file(host, "/etc/LoadL_config"), LISTS:format(name))
	t:equal(t:file(host, "/etc/LoadL_admin"), STANZAS:format(name))
	t:equal(t:file(host, "/root/loadleveler/read"), LISTS:format(name))
end

test.case("where LoadLeveler is not used it does nothing", function(t)
	has_loadleveler(t)
	t:status(t:move "compute -d sn2 -i --set loadleveler.managers=", 0)
	has(t, "mn", "sn1")
	t:equal(t:calls "mn", {})
end)

test.case("the new one has the old one's places, and an undo takes them", function(t)
	has_loadleveler(t)
	t:status(t:move "compute -d sn2 -i", 0)
	has(t, "mn", "sn2")
	has(t, "sn2", "sn2")
	t:undo()
end)

test.case("a manager that does not take its files is owed, and a resume pays", function(t)
	has_loadleveler(t)
	t:program("sn2", "llctl", { status = 1 })
	local move = t:move "compute -d sn2 -i"
	t:status(move, 3)
	t:says(move, "owed: sn2: 'put /etc/LoadL_admin': activate failed")
	has(t, "mn", "sn2")
	t:program("sn2", "llctl", { shell = READ })
	t:status(t:resume(), 0)
	has(t, "sn2", "sn2")
	t:undo()
end)

test.case("in the database the list names it, and an undo has the old one there", function(t)
	has_loadleveler(t)
	t:status(t:move "compute -d sn2 -i --set loadleveler.database=yes", 0)
	t:equal(t:file("mn", "/root/loadleveler/CENTRAL_MANAGER_LIST"), "sn2 mn\n")
	t:equal(t:calls("sn2", "llconfig"), {})
	t:undo()
end)

test.case("killed at any point it is resumed, and taken back", function(t)
	has_loadleveler(t)
	t:kills "compute -d sn2 -i --set loadleveler.managers=mn"
end)

test.case("killed at any point in the database, too", function(t)
	has_loadleveler(t)
	t:kills "compute -d sn2 -i --set loadleveler.database=yes"
end)
