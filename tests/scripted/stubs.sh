#!/usr/bin/env bash
# What authors read has the names that are there, and no others: lua/api, the manual, and what
# luacheck is told.  Names of functions, options, results, errors, steps, checks, settings.

. "$(dirname "$0")/../lib/tap.sh"
api=$source_tree/lua/api
printf 'return { resolve_time = 0, db = "sqlite:%s/cluster.db", state = "%s/state" }\n' "$scratch" "$scratch" >"$scratch/config"
chmod 600 "$scratch/config"
"$build/snmove-lua" --config "$scratch/config" --import "$source_tree/docs/example-site/tables" >/dev/null

words() { # sorted, on one line
	tr -s ' \t\n' '\n' | grep . | sort -u | tr '\n' ' '
}
in_all=0 in_stubs=0 in_manual=0
same_words() { # WHAT-IS-THERE WHAT-THE-STUBS-SAY WHAT-THE-MANUAL-SAYS
	[ -n "$1" ] || {
		echo "nothing was found to compare: the source looks otherwise than this test expects"
		return 1
	}
	echo "the stubs:"
	equals "$(words <<<"$2")" "$(words <<<"$1")" || return
	[ -z "${3+yes}" ] && return
	echo "the manual:"
	equals "$(words <<<"$3")" "$(words <<<"$1")"
}
# All three have the same names; without a third, the manual does not list them one by one.
same() { # WHAT IS-THERE STUBS [MANUAL]
	local what=$1
	shift
	in_all=$((in_all + $(words <<<"$1" | wc -w)))
	in_stubs=$((in_stubs + $(words <<<"$2" | wc -w)))
	in_manual=$((in_manual + $(words <<<"${3:-}" | wc -w)))
	tap_expect "$what" same_words "$@"
}

# --- What is there: C, and the procedure -----------------------------------------------------

# Texts in double quotes between two lines of a C file; a blank in one is a _.
texts() { # FILE FROM TO
	awk -v from="$2" -v to="$3" 'index($0, from) { on = 1 } on { print } on && index($0, to) { exit }' \
		"$source_tree/$1" | grep -o '"[a-z_ ]*"' | tr -d '"' | tr ' ' _
}
body() { # FILE FUNCTION: its lines
	awk -v name="$2" '/^[a-zA-Z].*\(/ && index($0, name "(") { on = 1 } on { print } on && /^}/ { exit }' \
		"$source_tree/$1"
}
# The names in the list ARRAY of a function, and those of fields that a function sets or takes.
listed() { # FILE FUNCTION ARRAY
	body "$1" "$2" | sed -n "/ $3\[\]/,\$ { p; /NULL };/q; }" | grep -o '"[a-z_]*"' | tr -d '"'
}
fields_set() { # FILE FUNCTION...
	local file=$1 name
	shift
	for name in "$@"; do
		body "$file" "$name" | grep -o '\(set_text\|lua_setfield\)(L, [^"]*"[a-z]*[a-z_]*"' | grep -o '"[a-z][a-z_]*"' | tr -d '"'
	done
}
both_fields() { # FILE FUNCTION: of an expression, too, as `x ? "a" : "b"`
	body "$1" "$2" | grep 'lua_setfield' | grep -o '"[a-z_]*"' | tr -d '"'
}

# --- What the stubs say ----------------------------------------------------------------------

# Fields of a class, without those that it has from another one.
fields() { # FILE CLASS
	sed -n "/^---@class $2\( *:.*\)\?\$/,/^\$\|^local/p" "$api/$1" | sed -n 's/^---@field \([a-z_]*\) .*/\1/p'
}
# The texts of an alias; of a type that is written where it is needed.
alias() { # FILE NAME
	sed -n "/^---@alias $2\$/,/^\$/p" "$api/$1" | sed -n 's/^---| "\([^"]*\)".*/\1/p' | tr ' ' _
}
choices() { # FILE LINE: the texts between bars in the first line that begins so
	sed -n "s/^---@$2\( .*\)/\1/p" "$api/$1" | head -1 | sed 's/"|nil .*/"/; s/" .*/"/' | grep -o '"[a-z_]*"' | tr -d '"'
}
in_line() { # FILE LINE: the names of the fields of { name: type, ... }
	grep -m 1 -e "^---@$2" "$api/$1" | grep -o '[a-z_0-9]*: ' | tr -d ': '
}
without() { # NAMES OTHERS
	grep -vxF -f <(tr ' ' '\n' <<<"$2") <<<"$1"
}

# --- What the manual says --------------------------------------------------------------------

section() { # PAGE FROM TO: lines, without mdoc's escapes
	sed 's/\\-/-/g' "$source_tree/docs/$1" |
		awk -v from="$2" -v to="$3" 'on && index($0, to) == 1 { exit } on { print } index($0, from) == 1 { on = 1 }'
}
# The names that are explained there, `.It Sy one , two`; a blank in one is a _.
items() { # PAGE FROM TO
	section "$@" | sed -n 's/^\.It Sy //p' | sed 's/ No =.*//; s/ , /\n/g' | tr ' ' _
}
# Names that the text marks, `.Sy one , two`.
marked() { # PAGE FROM TO
	section "$@" | sed -n 's/^\.\(It \)\?Sy //p' | tr -s ' ,.' '\n'
}
# Those of NAMES that are marked, for a text that marks others, too.
of_these() { # NAMES MARKED
	tr ' ' '\n' <<<"$1" | grep -xF -f <(tr ' ' '\n' <<<"$2")
}
functions() { # PAGE PREFIX: those that stand in an item, MODULE.NAME( or t:NAME(
	sed 's/\\-/-/g' "$source_tree/docs/$1" | grep '^\.It' | grep -o "\<$2[a-z_]*(" | sed "s/^$2//; s/(//"
}
quoted() { # PAGE FROM TO: texts in quotes
	section "$@" | grep -o '^\.Qq [^.;]*' | sed 's/^\.Qq //' | tr -s ' ,:' '\n'
}

# --- Functions -------------------------------------------------------------------------------

functions_in_stubs() { sed -n "s/^function $2\([a-z_]*\).*/\1/p" "$api/$1.lua"; }
for module in cluster remote services takeover; do
	same "functions of $module" "$("$build/snmove-lua" --config "$scratch/config" -e \
		"for name in pairs(require '$module') do print(name) end")" \
		"$(functions_in_stubs "$module" "$module\\.")" "$(functions snmove-hooks.5 "$module\\.")"
done
same "functions of log" "$("$build/snmove-lua" --config "$scratch/config" -e \
	'for name in pairs(log) do print(name) end')" "$(functions_in_stubs log 'log\.')" \
	"$(section snmove-hooks.5 '.Ss The module log' '.Ss' | grep -o '\<log\.[a-z]*' | sed 's/log.//')"
same "methods of move" "$(texts lua/bind/move.c 'luaL_Reg methods' 'NULL, NULL')" \
	"$(functions_in_stubs move 'move:')" "$(functions snmove-hooks.5 move:)"
same "functions of test" "$(sed -n 's/^function test\.\([a-z_]*\).*/\1/p' "$source_tree/lua/author/test.lua")" \
	"$(functions_in_stubs test 'test\.')" "$(functions snmove-lua.8 'test\.')"
same "methods of a case" "$(sed -n 's/^function Case:\([a-z_]*\).*/\1/p' "$source_tree/lua/author/test.lua")" \
	"$(functions_in_stubs test case:)" "$(functions snmove-lua.8 t:)"

# --- Options of functions ----------------------------------------------------------------------

remote_page=(snmove-hooks.5 '.Ss The module remote' '.Sh COMMANDS')
of_all=$(items snmove-hooks.5 'Options; another name' '.El')
of_run=$(items snmove-hooks.5 'alone:' '.El')
ways=$(listed lua/bind/remote.c check_options ways)
same "options of remote.run and remote.query" "$ways $(texts lua/bind/command.c command_options 'NULL };')" \
	"$(fields remote.lua remote.run_options) $(fields remote.lua remote.query_options)" "$of_all $of_run"
same "options of a question are those of all" "$of_all nodes" "$(fields remote.lua remote.query_options) nodes"
same "fields of an entry" "$(listed lua/bind/remote.c check_entry names) $(texts lua/bind/command.c command_options 'NULL };')" \
	"$(fields remote.lua remote.entry)"
same "fields of a command" "$(listed lua/bind/command.c whole_text names)" "$(fields remote.lua remote.whole_command)" \
	"$(section "${remote_page[@]}" | grep -m 1 -o '{ command = , stdin.*}' | grep -o '[a-z]*')"
same "fields of a question before an undo" "$(listed lua/bind/command.c take_question names)" \
	"$(fields remote.lua remote.question)" \
	"$(section "${remote_page[@]}" | grep -m 1 -o '{ host = , command = , stdin.*}' | grep -o '[a-z]*')"
same "options of remote.await" "$(listed lua/bind/remote.c l_await names)" "$(fields remote.lua remote.await_options)" \
	"$(items snmove-hooks.5 'which has no' '.El') $(without "$of_all" timeout) nodes"
put_page=(snmove-hooks.5 '.Ss Options of remote.put' '.El')
same "options of remote.put" "$(listed lua/bind/put.c make_put names)" "$(fields remote.lua remote.put_options)" \
	"$(without "$(items "${put_page[@]}")" secret)"
same "options of remote.edit" "$(listed lua/bind/edit.c take_edit names)" \
	"$(fields remote.lua remote.put_options) $(fields remote.lua remote.edit_options)" "$(items "${put_page[@]}")"
same "fields of a file" "$(listed lua/bind/put.c check_fields names)" "$(fields remote.lua remote.file)" \
	"$(items snmove-hooks.5 '.Ss What a file is' '.Ss')"
probe=$(listed lua/bind/probe.c take_setup names)
same "options of a probe" "$(without "$probe"$'\n'"$(listed lua/bind/fetch.c take_wanted names)" "$ways")" \
	"$(fields remote.lua remote.probe_options)" \
	"$(without "$(items snmove-hooks.5 '.Sh WHO ANSWERS DHCP' 'Of the result of a host')" "$ways") \
	$(of_these heads "$(marked "${remote_page[@]}")")"
same "options of a probe for DHCP servers" "$probe" "$(fields remote.lua remote.probe_options | grep -vx heads) $ways" \
	"$(items snmove-hooks.5 '.Sh WHO ANSWERS DHCP' 'Of the result of a host')"
same "options of remote.probe_question" "$(listed lua/bind/probe.c bind_probe_question names)" \
	"$(in_line remote.lua 'param options { from')" \
	"$(of_these "from interface network wait" "$(marked "${remote_page[@]}")")"
same "options of services" "$(listed lua/bind/services.c take_entries names)" "$(fields services.lua services.options)" \
	"$(marked snmove-hooks.5 'Options are' 'Results are' | grep .)"
same "options of cluster.noderange" "$(body lua/bind/cluster.c verify_option | grep -o 'take_flag_field(.*"[a-z]*"' | grep -o '"[a-z]*"' | tr -d '"')" \
	"$(fields cluster.lua cluster.noderange_options)" \
	"$(section snmove-hooks.5 '.Ss The module cluster' '.Ss' | sed -n 's/^.It Li cluster.noderange.*{\([a-z]*\)=.*/\1/p')"
same "places of takeover.insert" "$(listed lua/bind/steps.c check_place fields)" \
	"$(grep -m 1 '^---@param place' "$api/takeover.lua" | grep -o '{ [a-z]*' | tr -d '{ ')" \
	"$(section snmove-hooks.5 '.It Li takeover.insert' '.It' | sed -n 's/^.Ql { \([a-z]*\) =.*/\1/p')"

# --- Words that are given to functions -----------------------------------------------------------

same "ways to a node" "$(listed lua/bind/remote_call.c remote_call_vias ways)" "$(choices remote.lua 'field via')" \
	"$(quoted snmove-hooks.5 '.It Sy via' '.El')"
same "kinds of a probe" "$(listed lua/bind/remote.c l_probe kinds)" "$(choices remote.lua 'param kind')" \
	"$(section "${remote_page[@]}" | sed -n 's/^.Cm \([a-z]*\) [:,].*/\1/p; s/^.It Li remote.probe(hosts, \\(dq\([a-z]*\)\\(dq.*/\1/p')"
same "services of takeover.own" "$(listed lua/bind/takeover.c l_own services)" "$(choices takeover.lua 'param service')" \
	"$(section snmove-hooks.5 '.It Li takeover.own' '.It' | sed -n 's/^.Ql \(dhcp\)/\1/p; s/^.Ql \(nodes\) .*/\1/p' | tr -d ,)"
same "services of cluster.holders" "$(texts core/services/holders.c 'char *const services' '};')" \
	"$(choices cluster.lua 'param service')" "$(quoted snmove-hooks.5 '.It Li cluster.holders' '.It')"
same "checks" "$(texts core/takeover/takeover.c 'char *const checks' '};')" "$(choices move.lua 'param check')" \
	"$(section snmove.8 '.It Em name Ta Em what it looks at' '.It all' | sed -n 's/^.It \([a-z][a-z]*\) Ta.*/\1/p')"
same "faults of a test's host" "$(body lua/author/answers.c set_fault | grep -o '"[a-z]*"' | tr -d '"')" \
	"$(choices test.lua 'param fault')" "$(section snmove-lua.8 '.It t:fails' '.It' | sed -n 's/^.Ql \([a-z]*\).*/\1/p')"
same "what a test's program answers" \
	"$(sed -n '/^function Case:program/,/^end/p; /^local function .*answer/,/^end/p' "$source_tree/lua/author/test.lua" |
		grep -o 'answer\.[a-z]*' | sed 's/answer.//')" \
	"$(in_line test.lua 'param answer')" \
	"$(section snmove-lua.8 '.It t:program' '.It' | sed -n 's/.*a table: \(.*\)/\1/p; s/^\(shell\),.*/\1/p' | tr -d , | sed 's/ and$//')"

# --- What functions give ---------------------------------------------------------------------------

same "fields of a result" "$(fields_set lua/bind/remote_call.c push_result) $(fields_set lua/bind/remote.c mark_absent) \
	$(fields_set lua/bind/probe.c add_offers) $(fields_set lua/bind/fetch.c add_fetched | grep fetched)" \
	"$(fields remote.lua remote.result)" "$(items snmove-hooks.5 'cannot be read.' 'Options; another name')"
same "errors of a result" "$(texts core/remote/remote.c 'error_names[]' '};')" "$(alias remote.lua remote.error)" \
	"$(items snmove.8 '.Sh REACHING HOSTS' '.Sh')"
same "fields of an offer" "$(fields_set lua/bind/probe.c push_offers_of)" "$(fields remote.lua remote.offer)" \
	"$(section snmove-hooks.5 'Of the result of a host' '.El' | grep -m 1 '{ server' | grep -o '[a-z_]* =' | tr -d ' =')"
same "fields of what was fetched" "$(both_fields lua/bind/fetch.c add_fetched | grep -vx fetched)" \
	"$(fields remote.lua remote.fetched)" "$(section snmove-hooks.5 '.It Sy fetched' '.It' | grep -o '{ [a-z]*' | tr -d '{ ')"
same "fields of a service's problem" "$(fields_set lua/bind/services.c push_problems | grep -vx problems)" \
	"$(fields services.lua services.problem)" \
	"$(section snmove-hooks.5 '.Sh ENTRIES OF SERVICES' '.Sh' | grep -o '{nodes =.*}' | grep -o '[a-z_]*')"
same "fields of a boot file" "$(both_fields lua/bind/boot.c l_files)" "$(fields services.lua services.file)" \
	"$(section snmove-hooks.5 '.It Li services.files' '.It' | grep -o '[a-z]* =' | tr -d ' =')"
same "a server of services.take_over" "$(body lua/bind/boot.c take_place | grep -o '"[a-z0-9]*")' | tr -d '")')" \
	"$(in_line services.lua 'param server')" "$(section snmove-hooks.5 '.It Li services.take_over' '.El' | sed 's/{node =.*}//g' | grep -o '[a-z0-9]* =' | tr -d ' =')"
same "kinds of boot" "$(sed -n 's/^#define BOOT_KIND_[A-Z]*[[:blank:]]*"\([a-z ]*\)"/\1/p' "$source_tree/core/services.h" | tr ' ' _)" \
	"$(alias services.lua services.boot_kind)" \
	"$(section snmove-hooks.5 '.It Li services.kind(' '.It' | tr '\n' ' ' | sed 's/.*boots next: //; s/or, if.*, offline/offline/; s/network boot/network_boot/; s/[.,]/ /g')"

# --- The move, hooks, steps --------------------------------------------------------------------------

same "fields of move" "$(body lua/bind/move.c move_index | grep -o 'str_equal(field, "[a-z]*"' | grep -o '"[a-z]*"' | tr -d '"')" \
	"$(fields move.lua move)" "$(section snmove-hooks.5 '.Sh THE MOVE' '.Sh' | sed -n 's/^.It Li move\.\([a-z]*\)$/\1/p')"
same "fields of a server" "$(fields_set lua/bind/move.c push_server)" "$(fields move.lua move.server)" \
	"$(section snmove-hooks.5 '.It Li move:old' '.It' | sed -n 's/^.Ql \([a-z]*\) .*/\1/p' | grep -v '^snn$' | cat - <(echo snn))"
same "outcomes" "$(body lua/procedure/procedure.c procedure_outcome | grep -o '"[a-z]*"' | tr -d '"') \
	$(grep -o 'taken ? "undone"' "$source_tree/lua/command/undo.c" | grep -o '"[a-z]*"' | tr -d '"')" \
	"$(choices move.lua 'field outcome')" "$(quoted snmove-hooks.5 '.It Li move.outcome' '.It')"
same "attempts" "$(sed -n 's/.*work_take_move(.*, "\([a-z]*\)").*/\1/p' "$source_tree"/lua/command/*.c)" \
	"$(choices move.lua 'field attempt')" "$(quoted snmove-hooks.5 '.It Li move.attempt' '.It')"
same "modes" "$(grep -ho 'takeover->mode = .*' "$source_tree"/lua/command/*.c | grep -o '"[a-z]*"' | tr -d '"')" "$(choices move.lua 'field mode')" \
	"$(quoted snmove-hooks.5 '.It Li move.mode' '.It' | grep -v '^or$')"
same "fields of a hook" "$(texts lua/procedure/hook_table.c 'char *const fields' '};')" "$(fields hook.lua hook)" \
	"$(items snmove-hooks.5 '.Sh THE TABLE' '.Sh')"
same "limits of a hook" "$(texts lua/procedure/hook_table.c 'char *const limit_fields' '};')" "$(fields hook.lua hook.limits)" \
	"$(items snmove-hooks.5 '.Sh LIMITS' '.Sh')"
steps=$(sed -n 's/^[[:blank:]]*takeover.\(step\|insert\)("\([a-z_]*\)".*/\2/p' "$source_tree/scripts/linux.lua")
same "steps" "$steps" "$(fields hook.lua hook.steps)" "$(items snmove-hooks.5 '.Sh STEPS' '.Sh')"
loads() { # FOLDER: what the environment has, by what luacheck is told and by what is there
	"$build/snmove-lua" --config "$scratch/config" -e 'local skip = { cluster = true, remote = true,
		services = true, takeover = true, arg = true }
		for name in pairs(_G) do if not skip[name] then print(name) end end
		for _, name in ipairs { "io", "os", "string", "log" } do
			for field in pairs(_G[name]) do print(name .. "." .. field) end
		end'
}
for_luacheck() {
	"$build/snmove-lua" --config "$scratch/config" "$source_tree/tests/scripted/luacheck_names.lua" "$source_tree/lua"
}
same "what luacheck is told" "$(loads)" "$(for_luacheck)"
same "io and os" "$(loads | grep '^io\.\|^os\.')" "$(sed -n 's/^function \(\(io\|os\)\.[a-z]*\).*/\1/p' "$api/globals.lua")" \
	"$(section snmove-hooks.5 '.Sh WHAT IS THERE' 'Only text is run' | grep -o '\(os\|io\)\.[a-z]*')"
not_there() { # what the manual says is not there, and what it has to say; `log` has names of its own
	section snmove-hooks.5 'The following answer' '.El' | sed -n 's/^.It \([a-z][^ ]*.*\) Ta .*/\1/p' | tr -d , |
		tr ' ' '\n' | grep -v '^to$\|^write$\|^io.open$'
}
same "what is not there" "$(texts_dotted() { sed -n '/instead\[\]\[2\]/,/^};/p' "$source_tree/lua/runtime/allowed.c" |
	sed -n 's/^\t{ "\([a-z.]*\)",.*/\1/p' | grep -vx 'cluster\|remote\|services\|takeover\|loadstring'; }; texts_dotted)" "$(not_there)"

# --- Hooks that come with it: their settings ------------------------------------------------------------

# They are named in the text of each.
"$build/snmove" --config "$scratch/config" --hooks-list >"$scratch/hooks"
settings_are_named() { # NAME NAMES
	local said
	said=$(section snmove-hooks.5 ".It Sy $1" '.It Sy' | sed -n 's/^\.\(Pa\|Sy\) //p' | tr -s ' ,.' '\n')
	equals "$(of_these "$2" "$said" | words)" "$(words <<<"$2")"
}
for path in "$source_tree"/site-hooks/*.lua; do
	name=$(basename "$path" .lua)
	is=$(sed -n "/^$name /,/settings:/p" "$scratch/hooks" | grep -o '[a-z_]*=' | tr -d =)
	in_all=$((in_all + $(wc -w <<<"$is"))) in_manual=$((in_manual + $(wc -w <<<"$is")))
	tap_expect "the manual has the settings of $name" settings_are_named "$name" "$is"
done
tap_expect "the manual has all shipped hooks, and no other" equals \
	"$(items snmove-hooks.5 '.Sh HOOKS THAT' '.Sh FILES' | words)" \
	"$(cd "$source_tree/site-hooks" && printf '%s\n' *.lua | sed 's/.lua$//' | words)"

each_loads() { # a stub is a Lua file: it is run, and returns nothing or a table
	local file
	for file in "$api"/*.lua; do
		run "$build/snmove-lua" --config "$scratch/config" "$file"
		status_is 0 || return 1
	done
}
tap_expect "every stub is a Lua file" each_loads

# Options of commands, each as .Fl -NAME; and what the pages of the commands have to name.
named() { # PAGE NAMES...
	local page=$1 name lacking='' text
	shift
	text=$(sed 's/\\-/-/g' "$source_tree/docs/$page")
	for name in "$@"; do
		grep -qw -e "${name/#--/Fl -}" <<<"$text" || lacking+=" $name"
	done
	equals "$lacking" ""
}
# shellcheck disable=SC2046,SC2086 # names are words
{
	tap_expect "snmove-lua(8) names all options" named snmove-lua.8 \
		$("$build/snmove-lua" --help | sed -n 's/^  .*\(--[a-z-]*\).*/\1/p' | sort -u)
	tap_expect "snmove(8) names all options" named snmove.8 \
		$("$build/snmove" --help | sed -n 's/^  .*\(--[a-z-]*\).*/\1/p' | sort -u)
	tap_expect "rnetboot(8) names all options" named rnetboot.8 \
		$("$build/rnetboot" --help | grep -o -e '^ *\(-., \)\?--[a-z-]*' | grep -o -e '--[a-z-]*')
	tap_expect "snmove(8) names all steps and checks" named snmove.8 \
		$steps $(texts core/takeover/takeover.c 'char *const checks' '};')
	tap_expect "snmove.conf(5) names all keys" named snmove.conf.5 \
		$(sed -n 's/^\t{ "\([a-z_]*\)", KEY_.*/\1/p' "$source_tree/lua/program/config.c")
}

# --- Links ---------------------------------------------------------------------------------

links() { # [text](FILE) of documents, and .Xr PAGE SECTION of pages that are
	# ours; snmove(1) is xCAT's.
	local document link
	for document in README.md CONTRIBUTING.md docs/*.md site-hooks/README.md tests/*/README.md scripts/*/README.md; do
		grep -o '](\([^)#:]*\)[)#]' "$document" | sed 's/^](//; s/.$//' | while read -r link; do
			[ -e "$(dirname "$document")/$link" ] || echo "$document: $link"
		done
	done
	grep -ho '^\.Xr \(snmove\|noderange\|rnetboot\)[a-z.-]* [0-9]' docs/*.[578] | sort -u |
		grep -vx '.Xr snmove 1' | while read -r _ link document; do
		[ -e "docs/$link.$document" ] || echo "$link($document)"
	done
}
tap_expect "links lead to what is there" equals "$(cd "$source_tree" && links)" ""
in_readme() {
	local document
	for document in docs/*.md docs/*.svg docs/*.[578]; do
		grep -q "^| \[$document\]($document) |" README.md || echo "$document"
	done
}
tap_expect "README.md lists all documents" equals "$(cd "$source_tree" && in_readme)" ""

echo "# $in_all names in modules, $in_stubs in the stubs, $in_manual in the manual"
tap_end
