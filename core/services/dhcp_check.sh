# The checker looks at the configuration $conf as it would be: each of $paths is one of "$@".
PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin
as_it_would_be() {
	paths=$paths new=$(printf '%s\n' "$@") awk '
		BEGIN { n = split(ENVIRON["paths"], path, "\n"); split(ENVIRON["new"], new, "\n") }
		{
			for (i = 1; i <= n; i++)
				while (path[i] != "" && path[i] != new[i] && (at = index($0, "\"" path[i] "\"")))
					$0 = substr($0, 1, at) new[i] substr($0, at + 1 + length(path[i]))
			print
		}' "$conf"
}
candidate=${conf%/*}/.${conf##*/}.snmove-$$
(
	trap 'rm -f "$candidate"' EXIT
	trap 'exit 1' HUP INT TERM
	umask 077
	as_it_would_be "$@" >"$candidate" && check_configuration "$candidate"
)
