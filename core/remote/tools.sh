# shellcheck shell=sh
# What is done with files by programs that not every host has: for state.sh, look.sh and put.sh,
# which come behind it.
#
# Those of GNU and busybox are taken where they are.  AIX has none of them: there perl does the
# same, and says it in the same words, as the journal compares them.  With the AIX Toolbox some of
# them are there, and mv and cp are AIX's own nevertheless.
#
#     $status FORMAT PATH     of what lies there, with %a, %u, %g, %s, %U and %G of stat
#     $first_bytes SIZE PATH
#     $copy FROM TO           with all that can be had
#     $take_along FROM TO     what FROM has beside its content (ACLs, a label), if it can be had
#     $rename FROM TO         in one move, also where TO is a link to a folder
#     link_target PATH        in base64, without a line end;
#     encode                  what is read, likewise
#     to_disk PATH...         they are there whatever becomes of the host
#
# Some are words and no functions, as a function in $(...) is one more process.
# shellcheck disable=SC2016,SC2034

is_aix() { [ -d /usr/lpp/bos ]; } # of IBM's other programs some are in /usr/lpp on Linux, too

if ! is_aix && command -v stat >/dev/null && command -v readlink >/dev/null &&
	command -v base64 >/dev/null; then
	status='stat -c' first_bytes='head -c' copy='cp -a' rename='mv -fT'
	take_along='cp --attributes-only --preserve=all'
	link_target() { readlink -n "$1" | base64 | tr -d '\n'; }
	encode() { base64 | tr -d '\n'; }
	to_disk() { sync "$@"; }
else
	status=perl_status first_bytes=perl_first_bytes copy='cp -pRP' rename=perl_rename take_along=:
	link_target() { perl -MMIME::Base64 -e 'print encode_base64(readlink $ARGV[0], "")' "$1"; }
	encode() { perl -MMIME::Base64 -0777 -ne 'print encode_base64($_, "")'; }
	to_disk() { sync; }
fi

perl_status() {
	perl -e '
		my ($format, $path) = @ARGV;
		my @is = lstat $path or die "$path: $!\n";
		my ($user, $group) = (scalar getpwuid $is[4], scalar getgrgid $is[5]);
		my %value = (a => sprintf("%o", $is[2] & 07777), u => $is[4], g => $is[5], s => $is[7],
			U => defined $user ? $user : "UNKNOWN", G => defined $group ? $group : "UNKNOWN");
		$format =~ s/%(\w)/$value{$1}/g;
		print "$format\n";' "$1" "$2"
}

perl_first_bytes() {
	perl -e '
		open my $file, "<", $ARGV[1] or die "$ARGV[1]: $!\n";
		read $file, my $bytes, $ARGV[0];
		print $bytes;' "$1" "$2"
}

perl_rename() { perl -e 'rename $ARGV[0], $ARGV[1] or die "$ARGV[1]: $!\n"' "$1" "$2"; }

# sum: the SHA-256 of what is read.
sum() {
	if command -v sha256sum >/dev/null; then
		s=$(sha256sum)
		s=${s%% *}
	elif command -v openssl >/dev/null; then
		s=$(openssl dgst -sha256)
		s=${s##* }
	else
		s=$(perl -MDigest::SHA -e 'print Digest::SHA->new(256)->addfile(*STDIN)->hexdigest')
	fi
	echo "$s"
}
