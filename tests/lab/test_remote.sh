#!/usr/bin/env bash
# Hosts are asked over real ssh: by which way, with which keys, and what their shells do to it.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/site.sh"
lab_need
lab_up || exit
site_lay || exit

logins() { # NODE: how often mn's root has logged in there
	lab_in "$1" grep -c 'Accepted publickey for root from 10.1.0.1 ' /run/lab/sshd.log
}

# --- Ways and keys -------------------------------------------------------------------------

direct() {
	ask 'tell(query({"sn1", "sn2", "sn3", "mn"}, "printf %s $(hostname)"), "stdout", "transport")'
	says "mn 0 mn local" "sn1 0 sn1 libssh2" "sn2 0 sn2 libssh2" "sn3 0 sn3 libssh2"
}
tap_expect "service nodes are asked by libssh2, and this host by a shell of its own" direct

through() { # WAY
	local before
	before=$(logins sn1)
	ask 'count(query(all "cn001-cn015", "hostname | tr -d \"\\n\"; exit 3", {via = "'"$1"'"}), "transport")'
	says "15	3 libssh2" && equals "$(logins sn1)" "$((before + 1))"
}
tap_expect "nodes are asked through their service node, all over one login there" through sn
tap_expect "so they are by themselves where there is no route to them" through auto

rsa_host() {
	ask 'tell(query({"cn001", "cn016"}, "true"), "transport")'
	says "cn001 0 libssh2" "cn016 0 openssh"
}
tap_expect "a node that has but an RSA host key is asked by OpenSSH" rsa_host

rsa_key() {
	ssh_config 'IdentityFile /lab/rsa/id_rsa' 'IdentitiesOnly yes'
	ask 'tell(query({"sn1", "cn001", "cn002"}, "printf %s $(hostname)"), "stdout", "transport")'
	says "cn001 0 cn001 openssh" "cn002 0 cn002 openssh" "sn1 0 sn1 openssh"
}
tap_expect "where there is but an RSA key, OpenSSH is taken, through a service node too" rsa_key

jump() { # JUMP TRANSPORT
	ssh_config 'Host cn*' "  ProxyJump $1"
	ask 'tell(query({"cn001", "cn002"}, "set -- $SSH_CONNECTION; printf %s $1", {via = "direct"}), "stdout", "transport")'
	says "cn001 0 10.2.0.12 $2" "cn002 0 10.2.0.12 $2"
}
tap_expect "a ProxyJump of ssh's configuration is a hop like any other" jump sn2 libssh2
tap_expect "one with a user is followed" jump root@sn2 openssh
tap_expect "one over two hosts is followed" jump sn3,sn2 openssh

with_agent() { # TYPE
	lab_in mn bash -c "
		rm -f /tmp/agent /tmp/key
		ssh-agent -a /tmp/agent >/dev/null
		ssh-keygen -q -t '$1' -N '' -f /tmp/key
		SSH_AUTH_SOCK=/tmp/agent ssh-add -q /tmp/key 2>/dev/null"
	lab_in mn cat /tmp/key.pub >"$lab/share/agent.pub"
	for node in sn1 cn001; do
		lab_in "$node" sh -c 'cat /lab/agent.pub >>/root/.ssh/authorized_keys'
	done
	ssh_config 'IdentityFile none'
	ask 'tell(query({"sn1", "cn001", "cn002"}, "true"), "transport")' SSH_AUTH_SOCK=/tmp/agent
	lab_in mn pkill ssh-agent
	says "cn001 0 libssh2" "cn002 login denied libssh2" "sn1 0 libssh2"
}
tap_expect "an ed25519 key of the agent opens, and no other" with_agent ed25519
tap_expect "so does an ecdsa key" with_agent ecdsa

many_keys() { # CONFIGURATION...: nine keys in the agent, the right one last, and six tries
	lab_in mn bash -c '
		rm -rf /tmp/agent /tmp/keys && mkdir /tmp/keys && ssh-agent -a /tmp/agent >/dev/null
		for i in 1 2 3 4 5 6 7 8; do
			ssh-keygen -q -t ed25519 -N "" -f /tmp/keys/$i && SSH_AUTH_SOCK=/tmp/agent ssh-add -q /tmp/keys/$i
		done
		cp /root/.ssh/id_ed25519 /root/.ssh/id_ed25519.pub /tmp/keys/ && SSH_AUTH_SOCK=/tmp/agent ssh-add -q /tmp/keys/id_ed25519
		rm /tmp/keys/id_ed25519' 2>/dev/null
	ssh_config "$@"
	ask 'tell(query("sn1", "true"), "transport", "message")' SSH_AUTH_SOCK=/tmp/agent
	lab_in mn pkill ssh-agent
}
named_key() {
	many_keys 'IdentityFile /tmp/keys/id_ed25519.pub' 'IdentitiesOnly yes'
	says "sn1 0 libssh2 nil" || return
	many_keys 'IdentityFile /tmp/keys/id_ed25519'
	says "sn1 0 libssh2 nil"
}
tap_expect "of many keys in the agent the one that is named comes first, if only by its public half" named_key
too_many() {
	many_keys 'IdentityFile none'
	contains "$out" "sn1 login denied libssh2" && contains "$out" "the host hung up, as too many for it"
}
tap_expect "where none is named, the words say that there were too many" too_many

# --- Host keys -----------------------------------------------------------------------------

three_are_known() {
	ask 'tell(query({"sn1", "cn001", "cn016"}, "true"), "transport")'
	says "cn001 0 libssh2" "cn016 0 openssh" "sn1 0 libssh2"
}
hashed() {
	known_hosts | lay_known_hosts
	lab_in mn ssh-keygen -q -H -f /root/.ssh/known_hosts 2>/dev/null
	three_are_known
	local answer=$?
	known_hosts | lay_known_hosts
	return "$answer"
}
tap_expect "names that are hashed in known_hosts are known" hashed

wildcards() {
	known_hosts | sed 's/^sn1,[^ ]*/sn?,!sn3/; s/^cn001,[^ ]*/cn0*,!cn002/; /^cn002\|^sn[23]/d' |
		lay_known_hosts
	ask 'tell(query({"sn1", "sn3", "cn001", "cn002"}, "true"))'
	known_hosts | lay_known_hosts
	equals "$out" $'cn001 0\ncn002 host key unknown\nsn1 0\nsn3 host key unknown'
}
tap_expect "wildcards and exceptions in known_hosts are understood" wildcards

authority() {
	lab_in mn bash -c 'rm -f /tmp/ca*; ssh-keygen -q -t ed25519 -N "" -f /tmp/ca'
	lab_in mn cat /tmp/ca >"$lab/share/ca"
	chmod 600 "$lab/share/ca"
	cp "$(grep -l ssh-ed25519 "$lab/share/keys/sn1/"*.pub)" "$lab/share/sn1.pub"
	ssh-keygen -q -s "$lab/share/ca" -I sn1 -h -n sn1 "$lab/share/sn1.pub" 2>/dev/null
	lab_sshd sn1 "HostCertificate /lab/sn1-cert.pub" || return
	lab_in mn sh -c 'echo "@cert-authority sn* $(cut -d" " -f1,2 /tmp/ca.pub)"' | lay_known_hosts
	ask 'tell(query({"sn1", "sn2"}, "true"), "transport")'
	known_hosts | lay_known_hosts
	lab_sshd sn1
	equals "$out" $'sn1 0 openssh\nsn2 host key unknown openssh' && contains "$err" "the host keys of sn2 are in no"
}
tap_expect "a host with a certificate of a known authority is known, by OpenSSH" authority

unknown() {
	lay_known_hosts </dev/null
	ask 'count(query(all "all", "true"))'
	known_hosts | lay_known_hosts
	equals "$out" "19	host key unknown" && equals "$(echo "$err" | wc -l)" 1 &&
		contains "$err" "the host keys of cn[001-016],sn[1-3] are in no known_hosts file"
}
tap_expect "where no key is known nothing is done, and one warning names all hosts" unknown

openssh_unknown() {
	lay_known_hosts </dev/null
	other 'transport = "openssh"'
	ask 'tell(query({"sn1", "sn2"}, "true"))'
	known_hosts | lay_known_hosts
	equals "$out" $'sn1 host key unknown\nsn2 host key unknown' && contains "$err" "the host keys of sn[1-2]"
}
tap_expect "OpenSSH asks nobody about an unknown key, either" openssh_unknown

share_keys() { # NODE...: in the host_keys folder
	local node
	mkdir -p "$site/keys"
	for node; do
		cat "$lab/share/keys/$node"/*.pub >"$site/keys/$node.pub"
	done
}
directory() {
	share_keys sn1 cn001 cn016
	lay_known_hosts </dev/null
	other 'host_keys = "/lab/site/keys"'
	ask 'tell(query({"sn1", "sn2", "cn001", "cn002", "cn016"}, "true"), "transport")'
	known_hosts | lay_known_hosts
	equals "$out" "$(printf '%s\n' "cn001 0 libssh2" "cn002 host key unknown libssh2" "cn016 0 openssh" \
		"sn1 0 libssh2" "sn2 host key unknown libssh2")"
}
tap_expect "the keys of the host_keys folder are known" directory

changed() {
	lab_new_host_key sn3 && lab_new_host_key cn004 && lab_new_host_key cn016
	ask 'tell(query({"sn3", "cn004", "cn016"}, "true"), "transport", "message")'
	status_is 0 && equals "$(echo "$out" | cut -d : -f 1)" "$(printf '%s host key changed %s its key is not the one in /root/.ssh/known_hosts\n' \
		cn004 libssh2 cn016 openssh sn3 libssh2)" || return 1
	contains "$out" "somebody else may answer" || return 1
	ssh_config 'StrictHostKeyChecking no'
	ask 'tell(query({"sn3", "cn004", "cn016"}, "true"))'
	equals "$out" "$(printf '%s host key changed\n' cn004 cn016 sn3)"
}
tap_expect "a key that has changed is refused, also where unknown ones are not" changed

changed_and_known() {
	share_keys sn3 cn004 cn016
	other 'host_keys = "/lab/site/keys"'
	ask 'tell(query({"sn3", "cn004", "cn016"}, "true"))'
	says "cn004 0" "cn016 0" "sn3 0"
}
tap_expect "unless the host_keys folder has the new one" changed_and_known

# --- Shells --------------------------------------------------------------------------------

profiles() { # CONFIGURATION...
	lab_in cn007 sh -c 'echo "echo hello from the profile; echo careful >&2" >/root/.bashrc'
	lab_in cn008 sh -c 'echo "read x; echo got \$x" >/root/.bashrc'
	lab_in cn009 sh -c 'sed -i "/^root/s,[^:]*$,/bin/csh," /etc/passwd; echo "echo csh" >/root/.cshrc'
	lab_in cn010 sh -c 'echo "exit 3" >/root/.bashrc'
	lab_in cn011 sh -c 'sed -i "/^root/s,[^:]*$,/usr/sbin/nologin," /etc/passwd'
	lab_in cn012 sh -c 'echo "head -c 300000 /dev/zero" >/root/.bashrc'
	other "$@"
	ask 'local r = query(all "cn007-cn012", "printf out; printf err >&2; exit 9") tell(r, "stdout", "stderr")
		print(r.cn011.message)'
	says "cn007 9 out err" "cn008 9 out err" "cn009 9 out err" "cn010 lost  " "cn011 lost  " "cn012 9 out err" \
		"no shell answered; it said: This account is currently not available."
}
tap_expect "what a profile says or reads, and csh as root's shell, change nothing" profiles
tap_expect "nor by OpenSSH" profiles 'transport = "openssh"'

exported() { # CONFIGURATION...: /bin/sh is bash, and root's profile leaves it options and functions
	lab_in cn013 sh -c 'mountpoint -q "$(readlink -f /bin/sh)" || mount --bind /bin/bash "$(readlink -f /bin/sh)"'
	lab_in cn013 sh -c 'cat >/root/.bashrc; echo echo BASH_ENV >/root/env' <<-'RC'
		alias cat='echo alias'
		for each in rm cp mv cat '[' command test umask; do
			eval "$each() { echo my $each; return 1; }"
			export -f "$each"
		done
		set -efCu
		shopt -s failglob
		export SHELLOPTS BASHOPTS ENV=/root/env BASH_ENV=/root/env
	RC
	other "$@"
	ask 'local r = query("cn013", "false; echo $none /et[c]; echo 1 >/tmp/x; echo 2 >/tmp/x; cat /tmp/x; rm /tmp/x; " ..
		"[ -e /tmp/x ] || sh -c \"echo \\$none gone >/tmp/x; echo more >/tmp/x\"; cat /tmp/x; bash -c :; exit 4")
		tell(r, "stdout", "stderr")'
	says "cn013 4 /etc" 2 more " "
}
tap_expect "nor does what it exports for shells: options, functions, aliases, start files" exported
tap_expect "nor that by OpenSSH" exported 'transport = "openssh"'

ways='local ways = { "mn", "sn1", "cn001" }'
openssh_too() { # FUNCTION: is so by both transports
	config=config
	"$1" || return 1
	other 'transport = "openssh"'
	"$1"
}

statuses() {
	ask "$ways"'
		for _, n in ipairs { 0, 1, 2, 126, 127, 128, 254, 255 } do
			for host, r in pairs(query(ways, "exit " .. n)) do assert(r.status == n, host .. n) end
		end
		print "as they should"'
	says "as they should"
}
tap_expect "the status is the command's own" statuses

odd_statuses() {
	ask "$ways"'
		local function want(command, status, stderr)
			for host, r in pairs(query(ways, command)) do
				assert(r.status == status and r.stderr:find(stderr, 1, true), host .. ": " .. tostring(r.status) .. r.stderr)
			end
		end
		want("sh -c \"kill -9 \\$\\$\"", 137, "")
		want("exec >&- 2>&-; exit 6", 6, "")
		want("echo \"unclosed", 2, "Syntax error")
		want("}", 2, "Syntax error")
		want("no-such-command", 127, "not found")
		want({"sh", "-c", "exit $1", "a b", "44"}, 44, "")
		print "as they should"'
	says "as they should"
}
tap_expect "also that of one that is killed or makes no sense" openssh_too odd_statuses

itself() {
	ask "$ways"' tell(query(ways, "kill -9 $$"))'
	says "cn001 lost" "mn lost" "sn1 lost"
}
tap_expect "a command that kills its own shell is lost, and not taken for done" itself

output() {
	ask "$ways"'
		for host, r in pairs(query(ways, "head -c 10000000 /dev/zero | tr \"\\0\" x; head -c 3000000 /dev/zero | tr \"\\0\" y >&2; exit 7")) do
			print(host, r.status, #r.stdout, #r.stderr, r.lost, r.stdout:find("[^x]"), r.stderr:find("[^y]"))
		end
		for host, r in pairs(query(ways, "printf \"\\000\\001\\377\\n\\n\\r\\n\"; printf nonl >&2")) do
			assert(r.stdout == "\0\1\255\n\n\r\n" and r.stderr == "nonl", host)
		end'
	status_is 0 && equals "$(echo "$out" | sort)" "$(printf '%s\t7\t1048576\t1048576\t10902848\tnil\tnil\n' cn001 mn sn1)"
}
tap_expect "much output is cut and the rest counted, the streams apart, and each byte is as it was" openssh_too output

input() {
	ask "$ways"'
		local text = string.rep("0123456789abcdef\0\255\n\x27\"\\$x", 45000)
		tell(query(ways, "sha256sum | cut -c 1-16 | tr -d \"\\n\"", { stdin = text }), "stdout")
		tell(query(ways, "exit 4", { stdin = text }))
		for host, r in pairs(query(ways, "cat; head -c 3000000 /dev/zero >&2", { stdin = text })) do
			assert(r.stdout == text:sub(1, 1048576) and #r.stderr == 1048576, host)
		end
		tell(query(ways, "cat; exit 3"), "stdout")'
	local sum
	sum=$(perl -e 'print "0123456789abcdef\0\xff\n\x27\"\\\$x" x 45000' | sha256sum | cut -c 1-16)
	says "cn001 0 $sum" "mn 0 $sum" "sn1 0 $sum" "cn001 4" "mn 4" "sn1 4" "cn001 3 " "mn 3 " "sn1 3 "
}
tap_expect "a megabyte of input arrives whole, may be left unread, and comes back while output does" openssh_too input

environment() {
	ask "$ways"'
		local value = "it\x27s \"quoted\" $HOME `date` \\\n\nand \255\1 more\n"
		for host, r in pairs(query(ways, "printf %s \"$A_VALUE\"; printf %s \"${EMPTY-unset}\" >&2", { env = { A_VALUE = value, EMPTY = "" } })) do
			assert(r.stdout == value and r.stderr == "", host)
		end
		print(pcall(query, ways, "true", { env = { ["A B"] = "x" } }))'
	status_is 0 && contains "$out" "false" && contains "$out" "no environment variable"
}
tap_expect "values of the environment arrive as they are, and a name that is none is refused" environment

background() {
	ask "$ways"' tell(query(ways, "sleep 30 & echo there | tr -d \"\\n\"; exit 3"), "stdout")'
	says "cn001 3 there" "mn 3 there" "sn1 3 there"
}
tap_expect "what a command leaves running does not keep us" within 5 background

too_long() {
	ask "$ways"' tell(query(ways, "echo begun; sleep 30", { timeout = 1 }), "stdout", "message")'
	equals "$(echo "$out" | tr -d '\n')" "$(for host in cn001 mn sn1; do
		printf '%s timeout begun the command did not end in time' "$host"
	done)"
}
tap_expect "a command that takes too long is given up, and what it said is there" within 5 too_long

fanout() {
	ask 'count(query(all "cn001-cn003,cn005-cn008,sn1,sn2", "sleep 0.1", { fanout = 2 }))
		count(query({}, "true"))'
	says "9	0"
}
tap_expect "two at a time are as many results as hosts" fanout

no_name() {
	ask 'tell(query({ "-oProxyCommand=touch /tmp/began", "a b", "sn1" }, "true"))'
	says "-oProxyCommand=touch /tmp/began unresolved" "a b unresolved" "sn1 0" &&
		! lab_in mn test -e /tmp/began
}
tap_expect "what is no host's name is no option of ssh, and holds up nobody" no_name

left_behind() { # nothing of ours on mn
	equals "$(lab_in mn sh -c 'ls -d /tmp/snmove* 2>/dev/null; ps -eo comm | grep -c "^ssh$"')" 0
}
tap_expect "no process and no file is left on the management node" left_behind
tap_end
