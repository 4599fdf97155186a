#!/usr/bin/env bash
# Boot files in a folder that all share, on this machine, which is the management node: planned,
# moved, taken back, given by hooks, killed and resumed.  site.tftpdir lies in the scratch folder;
# servers and other hosts are in tests/lab.

. "$(dirname "$0")/../lib/tap.sh"
make_hooks
use_example_site "allow = { 'reach' }, hooks = '$hooks',"
tftp=$scratch/tftp
tables=$scratch/tables

lay() { # what nodeset has made: cn001 by pxe, cn002 by grub2, cn003 by petitboot; cn004 is not moved
	rm -rf "$tftp"
	mkdir -p "$tftp"/{pxelinux.cfg,boot/grub2,petitboot,xcat/osimage/compute}
	(
		cd "$tftp" || exit
		for file in pxelinux.0 boot/grub2/grub2.x86_64 xcat/osimage/compute/{kernel,initrd.gz}; do
			printf '%s\0' "$file" >"$file"
		done
		for node in cn001 cn004; do
			printf '#netboot x\nDEFAULT xCAT\nLABEL xCAT\n KERNEL xcat/osimage/compute/kernel\n APPEND XCAT=10.2.0.11:3001 log=10.2.0.111\n' \
				>"pxelinux.cfg/$node"
		done
		ln -s cn001 pxelinux.cfg/0A020101
		printf '#boot\nset timeout=5\n# of sn1-c:80, 10.2.0.11' >boot/grub2/cn002
		ln boot/grub2/cn002 boot/grub2/grub.cfg-0A020102
		ln -s grub2.x86_64 boot/grub2/grub2-cn002
		printf '#netboot x\n\tkernel xcat/osimage/compute/kernel\n\tappend "XCAT=sn1-c:3001"\n' >petitboot/cn003
		chmod 640 petitboot/cn003
	)
}
fresh() {
	lay
	rm -rf "$tables" "$scratch/cluster.db" "$scratch/state" "${hooks:?}"/* "$scratch/go"
	cp -r "$site/tables" "$tables"
	sed -i "s|^\"tftpdir\".*|\"tftpdir\",\"$tftp\",,|; s|^\"sharedtftp\".*|\"sharedtftp\",\"1\",,|" "$tables/site.csv"
	sed -i 's/^"compute",,"xnba"/"compute",,"pxe"/' "$tables/noderes.csv"
	{
		echo '"cn002",,"grub2",,,,,,,,,,,,,,,,,,,'
		echo '"cn003",,"petitboot",,,,,,,,,,,,,,,,,,,'
	} >>"$tables/noderes.csv"
	{
		echo '#node,currstate,currchain,chain,ondiscover,comments,disable'
		echo '"compute","netboot x",,,,,'
		echo '"cn002","boot",,,,,'
	} >"$tables/chain.csv"
	"$build/snmove-lua" --config "$scratch/config" --import "$tables" >/dev/null
	world >"$scratch/before"
}
world() { # every file and link, its mode, owner and content
	(cd "$tftp" && find . -mindepth 1 | LC_ALL=C sort | while read -r file; do
		stat -c '%n %F %a %u:%g' "$file"
		if [ -L "$file" ]; then readlink "$file"; elif [ -f "$file" ]; then od -c "$file"; fi
	done)
	sqlite3 "$scratch/cluster.db" 'SELECT * FROM noderes ORDER BY node'
}
as_before() {
	diff "$scratch/before" <(world)
}
file() { # PATH
	cat "$tftp/$1"
}
hook() { # LUA: after the step boot
	cat >"$hooks/work.lua" <<-LUA
		local services, cluster = require "services", require "cluster"
		return { name = "work", summary = "works", after = { boot = function(move)
			local _ = cluster
			$1
		end } }
	LUA
	chmod 644 "$hooks/work.lua"
}
# What nodes fetch is for the lab: no server runs here.
moving=(cn001-cn003 -d sn2 -D sn2-c -i --skip verify)
moved() {
	snmove "${moving[@]}" "$@"
}
taken_over() {
	contains "$(file pxelinux.cfg/cn001)" "XCAT=10.2.0.12:3001 log=10.2.0.111" &&
		contains "$(file pxelinux.cfg/0A020101)" "XCAT=10.2.0.12:3001" &&
		equals "$(file boot/grub2/cn002 | tail -n 1)" "# of sn2-c:80, 10.2.0.12" &&
		equals "$(file boot/grub2/grub.cfg-0A020102)" "$(file boot/grub2/cn002)" &&
		equals "$(readlink "$tftp/boot/grub2/grub2-cn002")" grub2.x86_64 &&
		contains "$(file petitboot/cn003)" 'append "XCAT=sn2-c:3001"' &&
		equals "$(stat -c %a "$tftp/petitboot/cn003")" 640
}

plan() {
	fresh
	snmove cn001-cn003 -d sn2 -D sn2-c -i --plan
	status_is 0 && contains "$out" "boot on 10.1.0.1  " && contains "$out" "replaced " &&
		contains "$out" '    -   APPEND XCAT=10.2.0.11:3001 log' && contains "$out" '    +   APPEND XCAT=10.2.0.12:3001 log' &&
		contains "$out" "note: disk as before: cn002" &&
		contains "$out" "note: network boot as before: cn[001,003]" && as_before
}
tap_expect "a plan shows what changes in boot files, and that nodes boot as before" plan
there_and_back() {
	fresh
	moved
	status_is 0 && contains "$err" "boot         3 changes" && taken_over || return
	equals "$(file pxelinux.cfg/cn004 | grep -c 10.2.0.11:)" 1 || return
	moved
	status_is 0 && contains "$out$err" "nothing to do" || return
	snmove --undo
	status_is 0 && as_before
}
tap_expect "a move takes the files over, those of no other node, and an undo puts them back byte for byte" there_and_back
skipped() {
	fresh
	moved --skip boot,verify
	status_is 0 && contains "$(file petitboot/cn003)" sn1-c || return
	snmove --undo
	status_is 0 && as_before
}
tap_expect "--skip boot leaves them" skipped
no_loader() {
	fresh
	sqlite3 "$scratch/cluster.db" "UPDATE noderes SET netboot = NULL"
	snmove "${moving[@]}"
	status_is 0 && contains "$out" "note: not done by this version, and with xCAT: nodeset 'cn[001-003]' enact" &&
		contains "$(file petitboot/cn003)" sn1-c
}
tap_expect "where no node has a loader they are left alone, and what to type is said" no_loader

# --- What keeps nodes where they are -------------------------------------------------------

missing() {
	fresh
	rm "$tftp/xcat/osimage/compute/kernel" "$tftp/boot/grub2/grub2.x86_64"
	moved
	status_is 1 && contains "$out" "images     cn001: 10.1.0.1: $tftp/xcat/osimage/compute/kernel is not there" &&
		contains "$out" "images     cn002: 10.1.0.1: $tftp/boot/grub2/grub2.x86_64 is not there" &&
		contains "$out" "--force=reach,images" || return
	moved --force=reach,images
	status_is 0 && taken_over
}
tap_expect "a kernel or loader that is not there refuses the move, unless it is forced" missing
other_kind() {
	fresh
	sqlite3 "$scratch/cluster.db" "CREATE TABLE IF NOT EXISTS bootparams (node, kernel, initrd, kcmdline,
			addkcmdline, dhcpstatements, adddhcpstatements, comments, disable);
		INSERT INTO bootparams (node, kernel, initrd, kcmdline) VALUES ('cn001', 'xcat/osimage/compute/kernel', 'xcat/osimage/compute/initrd.gz', 'x=!myipfn!');
		UPDATE chain SET currstate = 'install x' WHERE node = 'compute'"
	world >"$scratch/before"
	moved
	status_is 1 && contains "$out" "boot       cn001: it boots network boot now, and would boot installation" &&
		contains "$out" "nodeset cn001 enact" && as_before || return
	moved --force=boot
	status_is 3 && contains "$out" "owed: cn001: it boots network boot now, and would boot installation, so nothing was changed" &&
		contains "$(file pxelinux.cfg/cn001)" "XCAT=10.2.0.11:3001" &&
		contains "$(file petitboot/cn003)" "XCAT=sn2-c:3001"
}
tap_expect "a node that would boot in another way refuses it; forced, it keeps its files and is owed" other_kind
no_folder() {
	fresh
	rm -rf "$tftp"
	moved
	status_is 3 && contains "$out" "note: boot files on 10.1.0.1 cannot be seen: there is no folder $tftp" &&
		contains "$out" "owed: cn[001-003]: nobody has their boot files: nodeset 'cn[001-003]' enact" && ! [ -e "$tftp" ]
}
tap_expect "the folder itself is never made" no_folder
changed_since() {
	fresh
	moved
	status_is 0 || return
	echo "# by hand" >>"$tftp/petitboot/cn003"
	snmove --undo
	status_is 3 && contains "$out" "cn003" && contains "$(file petitboot/cn003)" "# by hand" &&
		contains "$(file petitboot/cn003)" sn2-c && contains "$(file pxelinux.cfg/cn001)" "XCAT=10.2.0.11:3001"
}
tap_expect "an undo leaves a node whose file somebody has changed since" changed_since

# --- Hooks ---------------------------------------------------------------------------------

given() {
	fresh
	hook "local texts = services.look('boot', { ['10.1.0.1'] = move.nodes })['10.1.0.1']
		for node, text in pairs(texts) do texts[node] = text:gsub('XCAT=', 'by=hook XCAT=') end
		texts.cn002 = false
		assert(services.kind(texts.cn002) == 'offline' and services.kind(texts.cn001) == services.state_kind('netboot y'))
		assert(services.files(texts.cn001)[1].link == 'cn001')
		services.give('boot', { ['10.1.0.1'] = texts })"
	moved
	status_is 0 && contains "$(file pxelinux.cfg/cn001)" "by=hook XCAT=10.2.0.12:3001" &&
		contains "$(file petitboot/cn003)" "by=hook XCAT=sn2-c" &&
		equals "$(find "$tftp/boot/grub2" -mindepth 1 -printf '%f ')" "grub2.x86_64 " || return
	snmove --undo
	status_is 0 && as_before
}
tap_expect "a hook gives texts, and takes files of a node away; an undo brings all back" given
released() {
	fresh
	hook "services.release('boot', { ['10.1.0.1'] = { 'cn001' } })"
	moved
	status_is 0 && ! [ -e "$tftp/pxelinux.cfg/cn001" ] && ! [ -L "$tftp/pxelinux.cfg/0A020101" ] &&
		[ -f "$tftp/pxelinux.cfg/cn004" ] && [ -f "$tftp/pxelinux.0" ] || return
	snmove --undo
	status_is 0 && as_before
}
tap_expect "a hook releases the files of a node, and nothing else goes" released
raises() { # LUA WORDS: in a hook
	fresh
	hook "$1"
	moved
	status_is 3 && contains "$out$err" "$2"
}
tap_expect "texts and lists in one call are a mistake" raises \
	"services.give('boot', { ['10.1.0.1'] = { 'cn001' }, sn1 = { cn002 = false } })" "entries are given for all hosts, or for none"
tap_expect "so is a node that is none" raises "services.give('boot', { ['10.1.0.1'] = { nosuch = false } })" "'nosuch' is no node"
tap_expect "a text that is no boot entry is not given" raises \
	"services.give('boot', { ['10.1.0.1'] = { cn001 = 'DEFAULT xCAT\\n' } })" "no boot entry as it is kept: 'DEFAULT xCAT"
tap_expect "nor is a file where none of the node lies" raises \
	"services.give('boot', { ['10.1.0.1'] = { cn001 = '/etc/passwd:\\n  x\\n' } })" "/etc/passwd is not where the node's boot files lie by the tables"
binary() { # what lies where a link to it is to be
	fresh
	rm "$tftp/boot/grub2/grub2-cn002"
	cp "$tftp/boot/grub2/grub2.x86_64" "$tftp/boot/grub2/grub2-cn002"
	world >"$scratch/before"
	moved
	status_is 0 && equals "$(readlink "$tftp/boot/grub2/grub2-cn002")" '' &&
		cmp "$tftp/boot/grub2/grub2.x86_64" "$tftp/boot/grub2/grub2-cn002" || return
	snmove --undo
	status_is 0 && as_before
}
tap_expect "a loader in the place of the link to it stays" binary

# --- Texts and fetches in scripts ----------------------------------------------------------

script() { # LUA LINE...: prints them
	printf '%s\n' 'local remote, services = require "remote", require "services"
		local function try(...) print((select(2, pcall(...)))) end
		local _ = { remote, services, try }' "$1" >"$scratch/script.lua"
	shift
	run "$build/snmove-lua" --config "$scratch/config" "$scratch/script.lua"
	status_is 0 && equals "$out" "$(printf '%s\n' "$@")"
}
fresh
tap_expect "a fetch takes a list of URLs, and no options of other probes" script '
	try(remote.probe, "mn", "fetch", "http://10.1.0.1/x")
	try(remote.probe, "mn", "fetch", { 5 })
	try(remote.probe, "mn", "fetch", { "http://10.1.0.1/x\ny" })
	try(remote.probe, "mn", "fetch", { "http://10.1.0.1/x" }, { wait = 1 })' \
	"the URLs is a table, and not a string" "the URLs: a list of texts expected, element 1 is number" \
	"'http://10.1.0.1/x\\ny' is no URL" "no option is named 'wait'"
tap_expect "what cannot be fetched is a result, also what is no URL of an address" script '
	local r = remote.probe("mn", "fetch", { "http://10.1.0.1/x", "ftp://10.1.0.1/x", "http://name/x" }, { heads = true }).mn
	print(r.status, r.ok)
	for _, url in ipairs { "http://10.1.0.1/x", "ftp://10.1.0.1/x", "http://name/x" } do print(r.fetched[url].error, r.fetched[url].content) end
	print(next(remote.probe("mn", "fetch", {}).mn.fetched))' \
	"0	true" "Connection refused	nil" "that is no URL of an address	nil" "that is no URL of an address	nil" nil
tap_expect "what a node boots is told by its text, and by its state" script '
	print(services.kind(false), services.kind("/a:\n  #boot\n"), services.kind("/a:\n  KERNEL k\n  APPEND inst.ks=x\n"))
	print(services.state_kind("install rocky"), services.state_kind("statelite x"), services.state_kind("runcmd=bmcsetup"))
	print(pcall(services.files, "x"))' \
	"offline	disk	installation" "installation	network boot	runcmd" "false	bad argument #1 to '?' (no boot entry)"
tap_expect "texts are taken over, links and neighbours stay" script '
	local now = services.take_over({ cn001 = "/a:\n  http://10.1.0.11:80/sn1/x,10.1.0.111 nfs=sn1:/x\n/b -> sn1\n" }, { "sn1", "10.1.0.11" },
		{ name = "sn2-c", ipv4 = "10.2.0.12" })
	print(now.cn001)
	try(services.take_over, { cn001 = "x" }, { "sn1" }, { name = "sn2-c" })' \
	"/a:" "  http://10.2.0.12:80/sn1/x,10.1.0.111 nfs=sn2-c:/x" "/b -> sn1" "" "cn001: no boot entry"

# --- Killed --------------------------------------------------------------------------------

# At its Nth fdatasync.  2: it came to its end before.
killed_at() { # N
	fresh
	hook "services.release('boot', { ['10.1.0.1'] = { 'cn004' } })"
	run env ASAN_OPTIONS=detect_leaks=0 strace -qqq -o /dev/null -e trace=fdatasync -e inject="fdatasync:signal=KILL:when=$1" \
		"$build/snmove" --config "$scratch/config" "${moving[@]}"
	[ "$status" = 137 ] || {
		status_is 0 && return 2
		return 1
	}
	snmove --status
	[[ $out == *"run 1 is open"* ]] || {
		as_before
		return
	}
	if [ $(($1 % 3)) -ne 0 ]; then
		snmove --resume
		status_is 0 && taken_over && ! [ -e "$tftp/pxelinux.cfg/cn004" ] || return 1
	fi
	snmove --undo=1
	status_is 0 && as_before
}
killed() { # N...
	local n
	for n; do
		killed_at "$n"
		case $? in
		0) ;;
		2) break ;;
		*)
			echo "killed at fdatasync $n"
			return 1
			;;
		esac
	done
	echo "$n" >"$scratch/points"
}
points=(60 110 160)
[ "${MATRIX:-}" != all ] || mapfile -t points < <(seq 200)
tap_expect "killed, it goes on or back, and no file is half of something" killed "${points[@]}"
sed 's/^/# the last point: /' "$scratch/points"
nothing_beside() {
	equals "$(find "$tftp" -name '.*' -mindepth 1)" '' && ! [ -e /tftpboot/petitboot/cn003 ]
}
tap_expect "nothing lies beside the files when all is over" nothing_beside
tap_end
