# shellcheck shell=sh
# The addresses of a host's interfaces, as `ip -o address show` has them; where there is no ip (AIX),
# ifconfig's are put in the same words: " inet 10.2.0.12/16 ".
PATH=$PATH:/sbin:/usr/sbin:/etc
if command -v ip >/dev/null 2>&1; then
	ip -o address show
else
	ifconfig -a | awk '
		# Of "0xffff0000" or "255.255.0.0": 16.
		function length_of(mask, n, i, parts) {
			if (mask ~ /^0x/) {
				for (i = 3; i <= length(mask); i++)
					n += substr("0112122312232334", index("0123456789abcdef", substr(mask, i, 1)), 1)
				return n + 0
			}
			split(mask, parts, ".")
			for (i = 1; i <= 4; i++)
				for (; parts[i] > 0; parts[i] = parts[i] * 2 % 256)
					n++
			return n + 0
		}
		/^[^ \t]/ { name = $1; sub(/:.*/, "", name) }
		$1 == "inet" && $3 == "netmask" { print name " inet " $2 "/" length_of(tolower($4)) " " }
		$1 == "inet6" { sub(/%[^\/]*/, "", $2); print name " inet6 " $2 ($2 ~ /\// ? "" : "/" $4) " " }'
fi
