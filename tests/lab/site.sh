# site.sh - the lab as a cluster that snmove knows: sourced after lab.sh, used once the lab is up.
#
# The tables, the configuration, the hooks and the state lie in /lab/site, which this machine
# sees as $site.  cn001- are of sn1, with sn2 and sn3 in their pool.

# shellcheck shell=bash
# shellcheck disable=SC2154 # $lab is lab.sh's
site_lines=() # of each configuration
# shellcheck disable=SC2034 # the tests use it
typed="snmove --config /lab/site/config" # what commands that are suggested begin with

site_lay() {
	site=$lab/share/site
	mkdir -p "$site/tables" "$site/hooks"
	chmod -R go-w "$site"
	site_tables
	site_config
	lab_in mn snmove-lua --config /lab/site/config --import /lab/site/tables >/dev/null
}

site_config() { # LINE...
	{
		echo 'return { db = "sqlite:/lab/site/cluster.db", state = "/lab/site/state",'
		echo 'hooks = "/lab/site/hooks", command_time = 20,'
		[ ${#site_lines[@]} -eq 0 ] || printf '%s,\n' "${site_lines[@]}"
		[ $# -eq 0 ] || printf '%s,\n' "$@"
		echo '}'
	} >"$site/config"
	chmod 600 "$site/config"
}

site_tables() {
	local node
	cd "$site/tables" || return
	{
		echo '#node,groups,status,comments,disable'
		for node in $(lab_nodes); do
			case $node in
			cn*) echo "\"$node\",\"compute,all\",,," ;;
			sn*) echo "\"$node\",\"service,all\",,," ;;
			esac
		done
	} >nodelist.csv
	cat >noderes.csv <<-'CSV'
		#node,servicenode,netboot,tftpserver,nfsserver,monserver,xcatmaster,comments,disable
		"compute","sn1,sn2,sn3","xnba","sn1-c",,,"sn1-c",,
	CSV
	cat >nodehm.csv <<-'CSV'
		#node,power,mgt,cons,conserver,comments,disable
		"compute","ipmi","ipmi","ipmi","sn1",,
	CSV
	cat >nodetype.csv <<-'CSV'
		#node,os,arch,profile,provmethod,comments,disable
		"compute","rocky9.4","x86_64","compute",,,
		"service","rocky9.4","x86_64","service",,,
	CSV
	cat >networks.csv <<-'CSV'
		#netname,net,mask,gateway,dhcpserver,comments,disable
		"management","10.1.0.0","255.255.255.0",,,,
		"cluster","10.2.0.0","255.255.0.0","10.2.0.1",,,
	CSV
	cat >servicenode.csv <<-'CSV'
		#node,nameserver,dhcpserver,tftpserver,nfsserver,conserver,monserver,comments,disable
		"service","1","1","1","1","1","1",,
	CSV
	cat >site.csv <<-'CSV'
		#key,value,comments,disable
		"master","10.1.0.1",,
		"domain","cluster.test",,
	CSV
	cd - >/dev/null || return
}

# Runs Lua on mn, with what asking needs; its output lies in $out and $err, its status in $status.
ask() { # TEXT [VARIABLE=VALUE...]
	site_script "$1" >"$site/script.lua"
	shift
	run lab_in mn env "$@" timeout 60 snmove-lua --config "/lab/site/${config:-config}" /lab/site/script.lua
}

site_script() { # TEXT
	cat <<-'LUA'
		remote, cluster = require "remote", require "cluster"
		function all(expression) return (cluster.noderange(expression)) end
		-- A line a host, sorted: its name, its error or status, and the fields asked for.
		function tell(results, ...)
			local lines = {}
			for host, result in pairs(results) do
				local words = { host, result.error or tostring(result.status) }
				for _, field in ipairs { ... } do
					words[#words + 1] = tostring(result[field])
				end
				lines[#lines + 1] = table.concat(words, " ")
			end
			table.sort(lines)
			print(table.concat(lines, "\n"))
		end
		function query(hosts, ...) return remote.query(hosts, ...) end
		-- How many hosts had each outcome.
		function count(results, ...)
			local seen, names = {}, {}
			for _, result in pairs(results) do
				local words = { result.error or tostring(result.status) }
				for _, field in ipairs { ... } do words[#words + 1] = tostring(result[field]) end
				local text = table.concat(words, " ")
				if not seen[text] then names[#names + 1] = text end
				seen[text] = (seen[text] or 0) + 1
			end
			table.sort(names)
			for _, name in ipairs(names) do print(seen[name], name) end
		end
	LUA
	printf '%s\n' "$1"
}

says() { # LINE...: that, and no warning, is what the last script said
	status_is 0 && equals "$out" "$(printf '%s\n' "$@")" && equals "$err" ''
}
ssh_config() { # LINE...: for this test alone, as configuration `other`
	printf '%s\n' "$@" >"$site/ssh_config"
	other 'ssh_config = "/lab/site/ssh_config"'
}
other() { # LINE...: of the configuration that the next scripts have
	site_config "$@"
	mv "$site/config" "$site/other"
	site_config
	config=other
}
known_hosts() { # the lab's own
	cat "$lab/share/known_hosts"
}
lay_known_hosts() { # of mn, from stdin
	lab_in mn tee /root/.ssh/known_hosts >/dev/null
}
within() { # SECONDS COMMAND...
	local limit=$1 began=${EPOCHREALTIME/./} took
	shift
	"$@" || return
	took=$((${EPOCHREALTIME/./} - began))
	[ $took -lt $((limit * 1000000)) ] || {
		echo "it took $took microseconds"
		return 1
	}
}
