# Fetches many small files by HTTP and TFTP, some dozens at a time, and tells what it got.
#
#     perl - bodies|heads MOST
#
# reads this, and behind __END__ URLs, a line each: http://HOST[:PORT]/PATH, tftp://HOST/PATH.  HOST
# is an address, an IPv6 one in brackets.  Prints a line for each, with blanks between:
#
#     NUMBER ok SIZE CONTENT            in base64, `-` if it is empty
#     NUMBER failed WORDS
#
# With `heads` nothing but what is needed to know that a file is there is asked for, and SIZE is 0.
# More than MOST bytes of one file are a failure.  In the end comes `fetched N`.
use strict;
use warnings;
use Errno qw(EINPROGRESS EINTR EAGAIN);
use IO::Handle;
use IO::Select;
use MIME::Base64 qw(encode_base64);
use Socket qw(:DEFAULT :addrinfo);
use Time::HiRes qw(time);

# Transfers; seconds of silence, and until a request again; who is silent so often is not there.
my ($AT_ONCE, $WAIT, $AGAIN, $ENOUGH) = (64, 5, 1, 8);
my ($kind, $most) = @ARGV;
my $heads = $kind eq 'heads';
my $select = IO::Select->new;
my (@waiting, %running, %silent, $count);
$count = 0;

sub finish { # TRANSFER, WORDS of the failure or undef
	my ($transfer, $words) = @_;
	if (defined $words) {
		$words =~ s/\s+/ /g;
		print "$transfer->{number} failed $words\n";
	} else {
		my $text = encode_base64($transfer->{got}, '');
		print "$transfer->{number} ok ", length $transfer->{got}, ' ',
			$text eq '' ? '-' : $text, "\n";
	}
	return if !$transfer->{socket};
	$select->remove($transfer->{socket});
	delete $running{fileno $transfer->{socket}};
	close $transfer->{socket};
}

sub begin {
	my ($transfer) = @_;
	my ($server) = $transfer->{url} =~ m{^(\w+://[^/]*)};
	$transfer->{server} = $server = defined $server ? $server : '';
	return finish($transfer, 'no answer, as for others') if ($silent{$server} || 0) >= $ENOUGH;
	my ($scheme, $host, $port, $path) =
		$transfer->{url} =~ m{^(http|tftp)://(\[[0-9a-fA-F:.]+\]|[0-9.]+)(?::([0-9]+))?/(.*)$}
		or return finish($transfer, 'that is no URL of an address');
	$host =~ s/[\[\]]//g;
	$port ||= $scheme eq 'http' ? 80 : 69;
	my ($failure, $to) = getaddrinfo($host, $port, { flags => AI_NUMERICHOST,
		socktype => $scheme eq 'http' ? SOCK_STREAM : SOCK_DGRAM });
	return finish($transfer, "$failure") if $failure;
	socket my $socket, $to->{family}, $to->{socktype}, 0 or return finish($transfer, "$!");
	$socket->blocking(0);
	return finish($transfer, "$!")
		if $scheme eq 'http' && !connect($socket, $to->{addr}) && !$!{EINPROGRESS};
	$transfer->{to} = $to->{addr};
	@$transfer{qw(scheme host port path socket since asked)} =
		($scheme, $host, $port, $path, $socket, time, 0);
	$running{fileno $socket} = $transfer;
	$select->add($socket);
	ask_tftp($transfer) if $scheme eq 'tftp';
}

# --- HTTP ---

sub ask_http { # once it is connected
	my ($transfer) = @_;
	my $host = $transfer->{host} =~ /:/ ? "[$transfer->{host}]" : $transfer->{host};
	$! = unpack 'i', getsockopt $transfer->{socket}, SOL_SOCKET, SO_ERROR;
	return finish($transfer, "$!") if $!;
	$transfer->{asked} = 1;
	my $verb = $heads ? 'HEAD' : 'GET';
	syswrite $transfer->{socket},
		"$verb /$transfer->{path} HTTP/1.0\r\nHost: $host:$transfer->{port}\r\n\r\n"
		or finish($transfer, "$!");
}

sub end_http {
	my ($transfer) = @_;
	my ($head, $body) = split /\r?\n\r?\n/, $transfer->{got}, 2;
	$head = '' if !defined $head;
	my ($status, $words) = $head =~ m{^HTTP/\S+ ([0-9]+) ?([^\r\n]*)};
	my ($length) = $head =~ /^Content-Length: *([0-9]+)/mi;
	return finish($transfer, 'no answer of HTTP') if !defined $status;
	return finish($transfer, "HTTP status $status $words") if $status != 200;
	$transfer->{got} = $heads || !defined $body ? '' : $body;
	return finish($transfer, 'it was cut off')
		if !$heads && defined $length && $length != length $transfer->{got};
	finish($transfer);
}

sub read_http {
	my ($transfer) = @_;
	my $n = sysread $transfer->{socket}, $transfer->{got}, 65536, length $transfer->{got};
	if (!defined $n) {
		finish($transfer, "$!") if !$!{EAGAIN} && !$!{EINTR};
		return;
	}
	$transfer->{since} = time;
	$silent{$transfer->{server}} = 0;
	return end_http($transfer) if $n == 0;
	finish($transfer, "it has more than $most bytes") if length $transfer->{got} > $most + 65536;
}

# --- TFTP (RFC 1350) ---

sub send_tftp { # TRANSFER, BYTES
	my ($transfer, $bytes) = @_;
	send $transfer->{socket}, $bytes, 0, $transfer->{to} or return finish($transfer, "$!");
	$transfer->{last} = $bytes;
	$transfer->{sent} = time;
}

sub ask_tftp {
	my ($transfer) = @_;
	$transfer->{block} = 1;
	send_tftp($transfer, pack 'n Z* Z*', 1, $transfer->{path}, 'octet');
}

sub read_tftp {
	my ($transfer) = @_;
	my $from = recv $transfer->{socket}, my $packet, 65536, 0;
	if (!defined $from) {
		finish($transfer, "$!") if !$!{EAGAIN} && !$!{EINTR};
		return;
	}
	my ($code, $number) = unpack 'n n', $packet;
	return if !defined $number;
	return finish($transfer, 'TFTP error: ' . unpack 'x4 Z*', $packet) if $code == 5;
	return if $code != 3 || $number != $transfer->{block};
	$transfer->{to} = $from; # it answers from a port of its own
	$transfer->{since} = time;
	$silent{$transfer->{server}} = 0;
	$transfer->{got} .= substr $packet, 4;
	return finish($transfer, "it has more than $most bytes") if length $transfer->{got} > $most;
	if ($heads) {
		$transfer->{got} = '';
		send_tftp($transfer, pack 'n n Z*', 5, 0, 'that is enough');
		return finish($transfer);
	}
	send_tftp($transfer, pack 'n n', 4, $number);
	$transfer->{block} = ($number + 1) & 0xffff;
	finish($transfer) if length $packet < 516;
}

# --- All ---

sub look_at_clock {
	my $now = time;
	for my $transfer (values %running) {
		if ($now - $transfer->{since} > $WAIT) {
			$silent{$transfer->{server}}++;
			finish($transfer, "no answer within $WAIT seconds");
		} elsif ($transfer->{scheme} eq 'tftp' && $now - $transfer->{sent} > $AGAIN) {
			send_tftp($transfer, $transfer->{last});
		}
	}
}

sub step {
	while (@waiting && keys %running < $AT_ONCE) {
		begin(shift @waiting);
	}
	my @connecting = map { $_->{socket} }
		grep { $_->{scheme} eq 'http' && !$_->{asked} } values %running;
	my ($read, $write) =
		IO::Select::select($select, @connecting ? IO::Select->new(@connecting) : undef, undef, 0.2);
	for my $socket (@{ $write || [] }) {
		my $transfer = $running{fileno $socket};
		ask_http($transfer) if $transfer && !$transfer->{asked};
	}
	for my $socket (@{ $read || [] }) {
		my $transfer = defined fileno $socket ? $running{fileno $socket} : undef;
		next if !$transfer;
		if ($transfer->{scheme} eq 'tftp') {
			read_tftp($transfer);
		} elsif ($transfer->{asked}) {
			read_http($transfer);
		}
	}
	look_at_clock();
}

while (my $line = <STDIN>) {
	chomp $line;
	push @waiting, { number => ++$count, url => $line, got => '' };
}
step() while @waiting || %running;
print "fetched $count\n";
