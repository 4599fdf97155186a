# Many files of a host at once, in one process: what lies at their paths, or all of them put, or
# none.
#
#     perl - look ROOT
#     perl - put ROOT AGAIN
#
# reads this, and behind __END__ a line for each path, words in base64 with blanks between:
#
#     look: PATH
#     put:  PATH NEW KEPT BEFORE AFTER KIND CONTENT
#
# NEW lies beside PATH until it is swapped in, KEPT is what was there (both `-` if there is nothing
# of it), BEFORE and AFTER are states, KIND is file, link or gone.  AGAIN is 1 if an earlier try may
# have done some of it, else 0.
#
# A look says of each path what look.sh does; a put ends as put.sh does.  Nothing is done where ROOT
# is no folder (an image server that is not mounted); other folders are made.  Without modules that
# are packages of their own on some systems.
use strict;
use warnings;
use filetest 'access';
use Digest::SHA qw(sha256_hex);
use Fcntl qw(:DEFAULT :flock);
use MIME::Base64 qw(encode_base64 decode_base64);

my ($verb, $root, $again) = @ARGV;
my (@files, @folders, %users, %groups, $lock);

sub bytes { # FILE
	my ($path) = @_;
	local $/;
	open my $file, '<:raw', $path or die "$path: $!\n";
	my $bytes = <$file>;
	close $file or die "$path: $!\n";
	return defined $bytes ? $bytes : '';
}

# As core/remote.h has it; of a file its owner and content, too.
sub state {
	my ($path) = @_;
	my @is = lstat $path or return 'absent';
	return 'link ' . encode_base64(readlink $path, '') if -l _;
	return 'other' if !-f _;
	my $content = bytes($path);
	$users{$is[4]} = getpwuid $is[4] || 'UNKNOWN' if !exists $users{$is[4]};
	$groups{$is[5]} = getgrgid $is[5] || 'UNKNOWN' if !exists $groups{$is[5]};
	return (sprintf('file %o %d:%d %d %s', $is[2] & 07777, $is[4], $is[5], length $content,
		sha256_hex($content)), "$users{$is[4]}:$groups{$is[5]}", $content);
}

# file DIGEST, or link TARGET.
sub content {
	my ($state) = @_;
	return join ' ', (split / /, $state)[0, -1];
}

sub folder {
	my ($path) = @_;
	$path =~ s{/[^/]*$}{};
	return $path;
}

sub look {
	my ($path) = @_;
	my ($state, $owner, $content) = state($path);
	my $folder = folder($path);
	print "$state\n", $owner || '', "\n", defined $content ? encode_base64($content, '') : '',
		"\n\n", !-d $folder || -w $folder ? '' : 'read-only', "\n";
}

# --- A put ---

sub finish { # WORD...: the last words of all
	print join(' ', @_), "\n";
	exit 0;
}

# The script of a run that was killed may be at work yet.
sub wait_for_turn {
	return if !-w '/run';
	sysopen $lock, '/run/snmove-put.lock', O_WRONLY | O_CREAT, 0600 or return;
	for my $try (1 .. 60) {
		return if flock $lock, LOCK_EX | LOCK_NB;
		sleep 1;
	}
	finish('busy');
}

sub at { # FILE: before, after (of an earlier try), other
	my ($file) = @_;
	my ($now) = state($file->{path});
	return 'before' if $now eq $file->{before};
	return $again && content($now) eq content($file->{after}) ? 'after' : 'other';
}

# Everything as it was: also what an earlier try has swapped in.
sub back {
	my (@words) = @_;
	my $half = 0;
	for my $file (reverse @files) {
		next if $file->{at} ne 'after';
		if ($file->{before} eq 'absent') {
			unlink $file->{path} or $half = 1;
		} else {
			rename $file->{kept}, $file->{path} or $half = 1;
		}
	}
	finish('half', @words) if $half;
	for my $file (@files) {
		unlink $file->{new}, $file->{kept};
	}
	rmdir $_ for reverse @folders;
	finish(@words);
}

sub failed { # FILE
	my ($file) = @_;
	print STDERR "$!\n";
	back('failed', $file->{number});
}

sub make_folder {
	my ($folder) = @_;
	return 1 if -d $folder;
	make_folder(folder($folder)) && mkdir $folder, 0755 or return 0;
	push @folders, $folder;
	return 1;
}

# Nobody reads it before it has the mode that it shall have.
sub make_file { # FILE
	my ($file) = @_;
	my (undef, $mode, $owner) = split / /, $file->{after};
	sysopen my $new, $file->{new}, O_WRONLY | O_CREAT | O_EXCL, 0600 or return 0;
	binmode $new;
	(print {$new} $file->{content}) && close $new or return 0;
	if ($owner =~ /^(\d+):(\d+)$/) {
		chown $1, $2, $file->{new} or return 0;
	}
	return chmod oct $mode, $file->{new};
}

sub make { # FILE
	my ($file) = @_;
	return 1 if $file->{kind} eq 'gone';
	make_folder(folder($file->{path})) or return 0;
	unlink $file->{new};
	return $file->{kind} eq 'link' ? symlink $file->{content}, $file->{new} : make_file($file);
}

# Another name of it is enough, as nobody writes into it.
sub keep { # FILE
	my ($file) = @_;
	return 1 if $file->{before} eq 'absent';
	unlink $file->{kept};
	return link $file->{path}, $file->{kept};
}

sub swap { # FILE
	my ($file) = @_;
	my ($now) = state($file->{path});
	back('conflict', $file->{number}) if $now ne $file->{before};
	($file->{kind} eq 'gone' ? unlink $file->{path} : rename $file->{new}, $file->{path}) or
		failed($file);
	$file->{at} = 'after';
}

# What is in place shall have its content, whatever becomes of the host.
sub keep_on_disk {
	my @quiet = (qw(sh -c), 'sync -f "$1" 2>/dev/null || sync', 'sh', $root);
	system @quiet;
}

sub put {
	wait_for_turn();
	$_->{at} = at($_) for @files;
	for my $file (@files) {
		back('conflict', $file->{number}) if $file->{at} eq 'other';
	}
	my @new = grep { $_->{at} eq 'before' } @files;
	for my $file (@new) {
		make($file) && keep($file) or failed($file);
	}
	keep_on_disk();
	swap($_) for @new;
	keep_on_disk();
	for my $file (@files) {
		unlink $file->{new}, $file->{kept};
	}
	finish('done');
}

# --- All ---

$root = decode_base64($root);
if (!-d $root) {
	print "refused there is no folder $root\n";
	exit 0;
}
$SIG{HUP} = $SIG{PIPE} = $SIG{INT} = $SIG{TERM} = 'IGNORE';
while (my $line = <STDIN>) {
	my ($path, $new, $kept, $before, $after, $kind, $content) =
		map { decode_base64($_) } split ' ', $line;
	push @files, {
		path => $path, new => $new, kept => $kept, before => $before, after => $after,
		kind => $kind, content => $content, number => @files + 1, at => '',
	};
}
if ($verb eq 'look') {
	look($_->{path}) for @files;
} else {
	put();
}
