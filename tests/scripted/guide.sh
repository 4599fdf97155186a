#!/usr/bin/env bash
# What the manual shows is what happens: docs/hook-guide.md, and the examples of noderange(7) and
# snmove(8), run as they stand there.
#
# In the guide a ```lua block is a file, `-- FILE: hooks/NAME.lua`, below /etc/snmove; one of the
# same name again goes to its end.  A ```text block is commands after "$ " and what they print.
# Every "##" begins with a fresh database and no files.  In the pages it is the same for every
# .Bd that follows a line .\" EXAMPLE (in noderange(7): all of EXAMPLES); "$ cat FILE" there says
# what is in a file.  "..." stands for any lines.  Not compared are the widths of columns, dates,
# times and who somebody is, nor the numbers of runs.

. "$(dirname "$0")/../lib/tap.sh"

umask 022 # what others can write is not run
site=$source_tree/docs/example-site
etc=$scratch/etc
mkdir "$scratch/bin"
printf '#!/bin/sh\nexec "%s/snmove" --config "%s/snmove.conf" "$@"\n' "$build" "$etc" >"$scratch/bin/snmove"
# Skeletons and tests take no cluster.
# shellcheck disable=SC2016
printf '#!/bin/sh\ncase $1 in --new | --test) exec "%s/snmove-lua" "$@" ;; esac\nexec "%s/snmove-lua" --config "%s/snmove.conf" "$@"\n' \
	"$build" "$build" "$etc" >"$scratch/bin/snmove-lua"
chmod 755 "$scratch/bin"/*

fresh() { # the example site, no hooks
	rm -rf "$etc" "$scratch/cluster.db" "$scratch/state"
	mkdir "$etc" "$etc/hooks" "$etc/scripts"
	cat >"$etc/snmove.conf" <<-CONFIGURATION
		return { hosts_file = "$site/hosts", resolve_time = 0, db = "sqlite:$scratch/cluster.db",
			hooks = "$etc/hooks", state = "$scratch/state" }
	CONFIGURATION
	"$scratch/bin/snmove-lua" --import "$site/tables" >/dev/null
}

fresh_fixture() { # the cluster of the recorded cases, which noderange(7) speaks of
	rm -rf "$scratch/cluster.db" "$scratch/state"
	cat "$source_tree"/tests/cases/fixture/*.sql | sqlite3 "$scratch/cluster.db"
}

# What is another each time is made the same: the widths of columns, times, people, runs.
loosened() {
	tr -s ' ' <<<"$1" | sed -E '
		s/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}/DATE/g
		s/ [0-9]+\.[0-9]{2} s / N s /; s/, [0-9]+ s$/, N s/
		s/, by [^,;]+( since|,)/, by SOMEBODY\1/; s/^ by .*/ by SOMEBODY/
		s/\brun [0-9]+/run N/g; s/^ [0-9]+ DATE/ N DATE/
		s/--(resume|undo|close|show)=[0-9]+/--\1=N/g'
}

# The text as a pattern of the shell: a line "..." is anything.
pattern_of() {
	sed 's/[^[:alnum:]]/\\&/g; s/^\\\.\\\.\\\.$/*/' <<<"$1"
}

answers() { # COMMAND EXPECTED
	local command=$1 got
	command=${command//\/tmp\//$scratch/} # first: $etc may be below /tmp, too
	command=${command//\/etc\/snmove/$etc}
	command=${command//\/usr\/local\/share\/snmove/$source_tree}
	# The exit keeps the shell there, to tell that a command was killed.
	got=$(cd "$scratch" && PATH=$scratch/bin:$PATH bash -c "$command"$'\nexit' 2>&1 |
		sed "s| --config $etc/snmove.conf||g; s|$etc|/etc/snmove|g; s|$source_tree|/usr/local/share/snmove|g
			s|$scratch/state|/var/lib/snmove|g; s/^bash: line [0-9]*: *[0-9]* Killed .*/Killed/")
	# shellcheck disable=SC2053 # it is a pattern
	[[ $(loosened "$got") == $(pattern_of "$(loosened "$2")") ]] || equals "$got" "$2"
}

# A block of commands and what they print, on standard input.  NAME is where it stands.
run_block() {
	local name=$1 command='' expected='' line
	while IFS= read -r line || [ -n "$line" ]; do
		if [ "${line:0:2}" != '$ ' ]; then
			expected+=${expected:+$'\n'}$line
			continue
		fi
		end_command
		command=${line:2} expected=''
	done
	end_command
}

end_command() { # of run_block
	case $command in
	'') ;;
	'cat /etc/snmove/'*)
		printf '%s\n' "$expected" >"$etc/${command#cat /etc/snmove/}"
		chmod 644 "$etc/${command#cat /etc/snmove/}"
		;;
	'cat tests/'*) printf '%s\n' "$expected" >"$scratch/${command#cat }" ;;
	'cat '*) printf '%s\n' "$expected" >"$scratch/$(basename "${command#cat }")" ;;
	*) tap_expect "$name: \$ $command" answers "$command" "$expected" ;;
	esac
}

# The guide.
untried='' # a Lua block that no command was run with yet
try_plan() {
	run "$scratch/bin/snmove" rack1 -d sn2 -D sn2-c -i --plan
	status_is 0
}
end_lua() {
	[ -z "$untried" ] || tap_expect "guide: $untried is taken by snmove --plan" try_plan
	untried=''
}
keep_file() { # BLOCK: in the file that its first line names
	local first=${1%%$'\n'*} file
	file=${first#-- FILE: }
	file=${file%% *}
	if [ "$first" = "$file" ] || [ -z "$file" ]; then
		tap_expect "guide: every Lua block names its file" equals "$first" "-- FILE: ..."
		return
	fi
	printf '%s\n' "$1" >>"$etc/$file"
	chmod 644 "$etc/$file"
	untried=$file
}
fresh
kind='' block=''
while IFS= read -r line; do
	case $kind,$line in
	,'## '*) end_lua && fresh ;;
	,'```'?*) kind=${line#\`\`\`} block='' ;;
	lua,'```') keep_file "$block" && kind='' ;;
	text,'```') untried='' && run_block guide <<<"$block" && kind='' ;;
	*,'```') kind='' ;;
	,*) ;;
	*) block+=${block:+$'\n'}$line ;;
	esac
done <"$source_tree/docs/hook-guide.md"
end_lua

# The pages: mdoc's escapes taken away, and its requests within the block left out.
plain() {
	sed '/^\./d; s/\\-/-/g; s/\\(aq/'\''/g; s/\\(ha/^/g; s/\\(ti/~/g; s/\\(dq/"/g; s/\\&//g; s/\\e/\\/g'
}
run_page() { # PAGE: reads the page; `fresh` before each block
	local page=$1 marked=$2 inside='' text='' row
	while IFS= read -r row; do
		case $inside,$row in
		,'.Sh EXAMPLES') [ "$page" != 'noderange(7)' ] || marked=always ;;
		,'.Sh '*) [ "$marked" != always ] || marked='' ;;
		,'.\" EXAMPLE') marked=once ;;
		,'.Bd '*) [ -z "$marked" ] || inside=yes text='' ;;
		yes,'.Ed')
			[ "$page" = 'noderange(7)' ] || fresh
			run_block "$page" <<<"$(plain <<<"$text")"
			inside=''
			[ "$marked" = always ] || marked=''
			;;
		yes,*) text+=${text:+$'\n'}$row ;;
		esac
	done
}
fresh
run_page 'snmove(8)' '' <"$source_tree/docs/snmove.8"
fresh
fresh_fixture
run_page 'noderange(7)' '' <"$source_tree/docs/noderange.7"

tap_end
