# Does a service node answer what nodes will ask of it: DNS, NTP, and does it listen for syslog?
#
#     perl - ADDRESS NAME
#
# runs on the service node, and asks ADDRESS, its own on the nodes' network, for the address of NAME.
# Prints for each a line "DNS answers", or "DNS" and why not.
use strict;
use warnings;
use Socket qw(:DEFAULT :addrinfo);

my ($address, $name) = @ARGV;
my $WAIT = 3; # seconds

# What comes back for a packet; undef: nothing.
sub ask {
	my ($port, $packet) = @_;
	my ($failure, $to) =
		getaddrinfo($address, $port, { flags => AI_NUMERICHOST, socktype => SOCK_DGRAM });
	return undef if $failure;
	socket my $socket, $to->{family}, SOCK_DGRAM, 0 or return undef;
	connect $socket, $to->{addr} or return undef;
	for my $try (1, 2) {
		send $socket, $packet, 0 or return undef;
		my $ready = '';
		vec($ready, fileno $socket, 1) = 1;
		next if !select $ready, undef, undef, $WAIT / 2;
		defined recv $socket, my $answer, 4096, 0 or return undef;
		return $answer;
	}
	return undef;
}

sub dns {
	my $question = pack 'n6', 0x534e, 0x0100, 1, 0, 0, 0;
	$question .= pack 'C/a', $_ for split /\./, $name;
	my $answer = ask(53, $question . pack 'C n n', 0, 1, 1);
	return 'it does not answer' if !defined $answer;
	my (undef, $flags, undef, $count) = unpack 'n4', $answer;
	return 'it answers nonsense' if !defined $count;
	return "it does not know $name" if ($flags & 15) == 3 || !($flags & 15) && !$count;
	return 'it refuses' if $flags & 15;
	return 'answers';
}

sub ntp {
	my $answer = ask(123, pack 'C x47', 0x23);
	return 'it does not answer' if !defined $answer || length $answer < 48;
	my ($first, $stratum) = unpack 'C2', $answer;
	return 'its own clock is not set' if $first >> 6 == 3 || $stratum == 0 || $stratum > 15;
	return 'answers';
}

# UDP says nothing when it has come; a socket is there or it is not.
sub syslog {
	for my $table ('/proc/net/udp', '/proc/net/udp6', '/proc/net/tcp', '/proc/net/tcp6') {
		open my $lines, '<', $table or next;
		while (my $line = <$lines>) {
			return 'answers' if $line =~ /^ *\d+: [0-9A-F]+:0202 /;
		}
	}
	return 'nobody listens on port 514';
}

print 'DNS ', dns(), "\nNTP ", ntp(), "\nsyslog ", syslog(), "\n";
