#!/usr/bin/env bash
# lua/api names what is there: functions of the modules, methods and fields of move, fields and
# limits of a hook, steps of the procedure, names of checks; and it is Lua.

. "$(dirname "$0")/../lib/tap.sh"
api=$source_tree/lua/api
printf 'return { resolve_time = 0, db = "sqlite:%s/cluster.db", state = "%s/state" }\n' "$scratch" "$scratch" >"$scratch/config"
chmod 600 "$scratch/config"
"$build/snmove-lua" --config "$scratch/config" --import "$source_tree/docs/example-site/tables" >/dev/null

"$build/snmove-lua" --config "$scratch/config" "$source_tree/tests/scripted/stubs.lua" "$api" cluster remote services takeover log |
	tee "$scratch/modules"
tap_count=$(grep -c '^ok\|^not ok' "$scratch/modules")
tap_failed=$(grep -c '^not ok' "$scratch/modules")
tap_expect "all five modules were compared" equals "$tap_count" 5

words() { # sorted, on one line
	tr -s ' \n' '\n' | grep . | sort -u | tr '\n' ' '
}
same_words() { # WHAT-IS-THERE WHAT-THE-STUBS-SAY
	[ -n "$1" ] || {
		echo "nothing was found to compare: the source looks otherwise than this test expects"
		return 1
	}
	equals "$(words <<<"$2")" "$(words <<<"$1")"
}

# Texts in double quotes between two lines of a C file.
texts() { # FILE FROM TO
	awk -v from="$2" -v to="$3" 'index($0, from) { on = 1 } on { print } on && index($0, to) { exit }' \
		"$source_tree/$1" | grep -o '"[a-z_]*"' | tr -d '"'
}
# Fields of a class in a stub.
fields() { # FILE CLASS
	sed -n "/^---@class $2\$/,/^\$\|^local/p" "$api/$1" | sed -n 's/^---@field \([a-z_]*\) .*/\1/p'
}

tap_expect "the stubs of move name its methods" same_words \
	"$(texts lua/bind/move.c 'luaL_Reg methods' 'NULL, NULL')" \
	"$(sed -n 's/^function move:\([a-z_]*\).*/\1/p' "$api/move.lua")"
tap_expect "the stubs of move name its fields" same_words \
	"$(sed -n '/^static int move_index/,/^}/p' "$source_tree/lua/bind/move.c" |
		grep -o 'str_equal(field, "[a-z]*"' | grep -o '"[a-z]*"' | tr -d '"')" \
	"$(fields move.lua move)"
tap_expect "the stubs of move name the checks" same_words \
	"$(texts core/takeover/takeover.c 'char *const checks' '};')" \
	"$(sed -n 's/^---@param check //p' "$api/move.lua" | tr '|"' '  ')"
tap_expect "the stubs of a hook name its fields" same_words \
	"$(texts lua/procedure/hook_table.c 'char *const fields' '};')" "$(fields hook.lua hook)"
tap_expect "the stubs of a hook name its limits" same_words \
	"$(texts lua/procedure/hook_table.c 'char *const limit_fields' '};')" "$(fields hook.lua hook.limits)"
tap_expect "the stubs of a hook name the steps" same_words \
	"$(sed -n 's/^[[:blank:]]*takeover.step("\([a-z_]*\)".*/\1/p' "$source_tree/scripts/linux.lua")" \
	"$(fields hook.lua hook.steps)"

tap_expect "the stubs of test name its functions" same_words \
	"$(sed -n 's/^function test\.\([a-z_]*\).*/\1/p' "$source_tree/lua/author/test.lua")" \
	"$(sed -n 's/^function test\.\([a-z_]*\).*/\1/p' "$api/test.lua")"
tap_expect "the stubs of a case name its methods" same_words \
	"$(sed -n 's/^function Case:\([a-z_]*\).*/\1/p' "$source_tree/lua/author/test.lua")" \
	"$(sed -n 's/^function case:\([a-z_]*\).*/\1/p' "$api/test.lua")"

each_loads() { # a stub is a Lua file: it is run, and returns nothing or a table
	local file
	for file in "$api"/*.lua; do
		run "$build/snmove-lua" --config "$scratch/config" "$file"
		status_is 0 || return 1
	done
}
tap_expect "every stub is a Lua file" each_loads

# The manual has the names, too; an option as .Fl -NAME.
named() { # PAGE NAMES...
	local page=$1 name lacking='' text
	shift
	text=$(sed 's/\\-/-/g' "$source_tree/docs/$page")
	for name in "$@"; do
		grep -qw -e "${name/#--/Fl -}" <<<"$text" || lacking+=" $name"
	done
	equals "$lacking" ""
}
# shellcheck disable=SC2046 # names are words
{
	tap_expect "snmove-hooks(5) names all functions of the modules and methods of move" named snmove-hooks.5 \
		$(sed -n 's/^function \([a-z]*[.:][a-z_]*\).*/\1/p' "$api"/*.lua | grep -v '^test\.\|^case:')
	tap_expect "snmove-lua(8) names all functions of test and methods of a case, and all options" named snmove-lua.8 \
		$(sed -n 's/^function \([a-z]*[.:][a-z_]*\).*/\1/p' "$api"/test.lua | sed 's/^case:/t:/') \
		$("$build/snmove-lua" --help | sed -n 's/^  .*\(--[a-z-]*\).*/\1/p' | sort -u)
	tap_expect "snmove-hooks(5) names all fields and limits of a hook, and all steps" named snmove-hooks.5 \
		$(fields hook.lua hook) $(fields hook.lua hook.limits) $(fields hook.lua hook.steps)
	tap_expect "snmove(8) names all options" named snmove.8 \
		$("$build/snmove" --help | sed -n 's/^  .*\(--[a-z-]*\).*/\1/p' | sort -u)
	tap_expect "snmove(8) names all steps and checks" named snmove.8 \
		$(fields hook.lua hook.steps) $(texts core/takeover/takeover.c 'char *const checks' '};')
	tap_expect "snmove.conf(5) names all keys" named snmove.conf.5 \
		$(sed -n 's/^\t{ "\([a-z_]*\)", KEY_.*/\1/p' "$source_tree/lua/program/config.c")
}

tap_end
