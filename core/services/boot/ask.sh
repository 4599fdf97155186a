# What of a host decides about boot files: lines "address ADDRESS", and "stub KERNEL" for each kernel
# below $root that UEFI starts by itself.
# shellcheck shell=sh disable=SC2154
PATH=$PATH:/usr/sbin:/sbin
ip -o address show 2>/dev/null | sed -n 's|^.* inet6* \([^/ ]*\).*|address \1|p'
for kernel in "$root"/xcat/osimage/*/*kernel* "$root"/xcat/osimage/*/vmlinuz*; do
	[ -f "$kernel" ] && [ "$(head -c 2 "$kernel")" = MZ ] && echo "stub ${kernel#"$root"/}"
done
:
