# Who answers DHCP on a link, and what: a DISCOVER for each MAC, and every OFFER that comes.
# Nothing is asked for, so nobody gets a lease.
#
#     perl - interface=NAME|network=NET/BITS wait=MS burst=DISCOVERS-IN-10-MS [from=ADDRESS]
#
# reads this, and behind __END__ the MACs, a line each, perhaps with a name behind a blank; a MAC of
# several names has several lines, and `-` stands for one that cannot be asked for.  Prints a line
# for each offer, with tabs:
#
#     offer MAC SERVER ADDRESS NEXT-SERVER SENDER FILE
#
# (`-` stands for an address that is not there; in a file's name only plain ASCII is as it is, the
# rest is %XX), and in the end `asked N`: who sees that has all.  Status 1: the link cannot be asked
# now; 3: it is no Ethernet; the reason is on stderr.
#
# With `from` a line is printed for each name, and no other line: is any of its MACs offered
# something by that server?
#
#     yes NAME
#     no NAME WORDS
#
# It uses no module: Socket and Time::HiRes, and the headers for their constants, are packages of
# their own on some systems.  So these are Linux's numbers on x86, POWER and ARM, and what the
# kernel tells is read below /sys and /proc.
use strict;
use warnings;

my ($AF_INET, $AF_PACKET, $SOCK_DGRAM, $SOCK_RAW, $ETH_P_ALL) = (2, 17, 2, 3, 3);
my ($SOL_SOCKET, $SO_RCVBUF, $SO_ATTACH_FILTER, $SO_RCVBUFFORCE) = (1, 8, 26, 33);
my ($MSG_DONTWAIT, $SIOCGIFCONF, $ENOBUFS) = (0x40, 0x8912, 105);
my ($ETHERNET, $INFINIBAND) = (1, 32);

my %given = map { split /=/, $_, 2 } @ARGV;
my ($interface, $own, $socket, $last) = ($given{interface});
my (@macs, @names, %number_of, @unasked, @answers, %servers, %seen, @lines);
my $xid = int rand 2**32; # of the first MAC; each has the next one

sub fail {
	my ($status, $words) = @_;
	print STDERR "$words\n";
	exit $status;
}

# Hundredths of a second, of a clock that nobody sets.
sub now {
	open my $file, '<', '/proc/uptime' or fail(1, "/proc/uptime: $!");
	my ($seconds) = split ' ', <$file>;
	return int($seconds * 100 + 0.5);
}

# What the kernel says of the interface; of one that is down it does not say all.
sub told {
	my ($name) = @_;
	open my $file, '<', "/sys/class/net/$interface/$name" or return '';
	my $text = <$file>;
	$text = '' if !defined $text;
	chomp $text;
	return $text;
}

# The one interface with an address in the network.
sub find_interface {
	my ($network) = @_;
	my ($a, $b, $c, $d, $bits) = split /[.\/]/, $network;
	my $shift = 32 - $bits;
	my $net = unpack('N', pack 'C4', $a, $b, $c, $d) >> $shift;
	my $room = "\0" x 65536;
	my $request = pack 'i x![P] P', length $room, $room;
	my $size = 16 + length pack 'L!2 S C3 x![L!]', (0) x 6; # of a struct ifreq
	my %found;
	socket my $asked, $AF_INET, $SOCK_DGRAM, 0 or fail(1, "no socket: $!");
	ioctl $asked, $SIOCGIFCONF, $request or fail(1, "the addresses cannot be seen: $!");
	for (my $at = 0; $at < unpack 'i', $request; $at += $size) {
		my ($name, $address) = unpack "x$at Z16 x4 N", $room;
		$name =~ s/:.*//; # an alias
		$found{$name} = 1 if $address >> $shift == $net;
	}
	my @names = sort keys %found;
	fail(1, "no interface has an address in $network: is it another network?") if !@names;
	fail(1, "@names have addresses in $network: say interface = \"$names[0]\", or which one")
		if @names > 1;
	return $names[0];
}

sub check_link {
	-d "/sys/class/net/$interface" or fail(1, "no interface is named $interface here: see ip link");
	my $type = told('type') || 0;
	fail(3, "$interface is InfiniBand: only Ethernet can be probed") if $type == $INFINIBAND;
	fail(3, "$interface is no Ethernet (type $type): only that can be probed") if $type != $ETHERNET;
	hex(told('flags')) & 1 or fail(1, "$interface is down: ip link set $interface up");
	told('carrier') eq '1' or fail(1, "$interface has no link: nothing is at the other end");
}

# Only what comes for a DHCP client wakes us up: a service node's link is busy.  In words of the
# kernel's filter: IPv4, UDP, no later fragment, and the port behind a header of any length is 68.
sub filter {
	my @words = ([0x28, 0, 0, 12], [0x15, 0, 8, 0x800], [0x30, 0, 0, 23], [0x15, 0, 6, 17],
		[0x28, 0, 0, 20], [0x45, 4, 0, 0x1fff], [0xb1, 0, 0, 14], [0x48, 0, 0, 16],
		[0x15, 0, 1, 68], [6, 0, 0, 0xffff], [6, 0, 0, 0]);
	my $program = join '', map { pack 'S C2 L', @$_ } @words;
	setsockopt $socket, $SOL_SOCKET, $SO_ATTACH_FILTER, pack 'S x![P] P', scalar @words, $program;
}

# Of all protocols, for what a server here sends is seen only so.  It is bound last: before that
# nothing comes, and after it nothing that the filter does not let in.
sub open_socket {
	socket $socket, $AF_PACKET, $SOCK_RAW, 0
		or fail(1, "no packet socket: $!: it takes root, or CAP_NET_RAW");
	setsockopt $socket, $SOL_SOCKET, $SO_RCVBUFFORCE, pack 'i', 1 << 23
		or setsockopt $socket, $SOL_SOCKET, $SO_RCVBUF, pack 'i', 1 << 23;
	filter() or fail(1, "no filter for the packet socket: $!");
	bind $socket, pack 'S n i x12', $AF_PACKET, $ETH_P_ALL, told('ifindex')
		or fail(1, "no packet socket on $interface: $!");
}

sub checksum {
	my $sum = unpack '%32n*', $_[0];
	$sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
	return ~$sum & 0xffff;
}

# Broadcast, and answered by broadcast (flags 0x8000).  The Ethernet source is our own: with the
# node's MAC switches would send us what is for the node.
sub discover {
	my ($number) = @_;
	my $dhcp = pack 'C4 N n2 x16 a6 x202 N C*', 1, 1, 6, 0, ($xid + $number) & 0xffffffff, 0, 0x8000,
		$macs[$number], 0x63825363, 53, 1, 1, 55, 5, 1, 3, 6, 66, 67, 255;
	my $udp = pack 'n4 a300', 68, 67, 308, 0, $dhcp;
	my $ip = pack 'C2 n3 C2 n N2', 0x45, 0, 328, 0, 0, 64, 17, 0, 0, 0xffffffff;
	substr($ip, 10, 2) = pack 'n', checksum($ip);
	substr($udp, 6, 2) = pack 'n', checksum(pack('N n2', 0xffffffff, 17, 308) . $udp) || 0xffff;
	return "\xff" x 6 . $own . pack('n', 0x800) . $ip . $udp;
}

sub options {
	my ($bytes) = @_;
	my %options;
	while ($bytes =~ /\G\0*([^\0\xff])(.)/gcs) {
		my ($code, $length) = (ord $1, ord $2);
		$options{$code} .= substr $bytes, pos $bytes, $length;
		pos($bytes) += $length;
	}
	return %options;
}

sub dotted {
	my ($bytes) = @_;
	return defined $bytes && length $bytes == 4 && $bytes ne "\0\0\0\0"
		? join '.', unpack 'C4', $bytes : '-';
}

sub keep {
	my ($number, $server, $address, $next, $sender, $file) = @_;
	my $mac = join ':', unpack '(H2)6', $macs[$number];
	$file = unpack 'Z*', $file;
	$file =~ s/([^!-\$&-~])/sprintf '%%%02x', ord $1/ge;
	my $line = join "\t", 'offer', $mac, map({ dotted($_) } $server, $address, $next, $sender), $file;
	return if $seen{$line}++;
	push @lines, $line;
	$servers{dotted($server)} = $answers[$number]{dotted($server)} = 1;
}

# An offer to one of us.  Options may lie in the fields of the names, too (option 52).
sub take {
	my ($frame) = @_;
	my $at = 14 + 4 * (ord(substr $frame, 14, 1) & 15) + 8;
	return if length $frame < $at + 240;
	my ($op, $id, $address, $next, $mac, $sname, $file, $magic, $rest) =
		unpack "x$at C x3 N x8 a4 a4 x4 a6 x10 a64 a128 N a*", $frame;
	my $number = ($id - $xid) & 0xffffffff;
	return if $op != 2 || $magic != 0x63825363 || $number > $#macs || $mac ne $macs[$number];
	my %options = options($rest);
	my $over = ord(defined $options{52} ? $options{52} : "\0");
	%options = (options($sname), %options) if $over & 2;
	%options = (options($file), %options) if $over & 1;
	return if !defined $options{53} || $options{53} ne "\2";
	$file = defined $options{67} ? $options{67} : '' if $over & 1 || $file =~ /^\0/;
	keep($number, $options{54}, $address, $next, substr($frame, 26, 4), $file);
}

sub listen_until {
	my ($end) = @_;
	my $bits = '';
	vec($bits, fileno $socket, 1) = 1;
	while ((my $left = $end - now()) > 0) {
		next if select(my $ready = $bits, undef, undef, $left / 100) <= 0;
		my $most = 200; # then the clock is looked at
		while ($most-- > 0 && defined recv $socket, my $frame, 65536, $MSG_DONTWAIT) {
			take($frame);
		}
	}
}

sub ask {
	my (@numbers) = @_;
	while (my @some = splice @numbers, 0, $given{burst}) {
		for my $number (@some) {
			until (defined send $socket, discover($number), 0) {
				fail(1, "nothing can be sent on $interface: $!") if $! != $ENOBUFS;
				listen_until(now() + 1);
			}
		}
		$last = now();
		listen_until($last + 1);
	}
}

# A lost frame must not look like silence: who is not answered by each server that answers others.
sub is_missed {
	my ($number) = @_;
	my $heard = keys %{ $answers[$number] || {} };
	return !$heard || $heard < keys %servers;
}

# Whom does the server answer, by their names?
sub who_is_answered {
	my ($from) = @_;
	my (%answered, %macs);
	for my $number (0 .. $#macs) {
		my $mac = join ':', unpack '(H2)6', $macs[$number];
		for my $name (@{ $names[$number] }) {
			$answered{$name} = 1 if $answers[$number]{$from};
			push @{ $macs{$name} }, $mac;
		}
	}
	my %all = map { $_ => 1 } keys %macs, @unasked;
	return map {
		$answered{$_} ? "yes $_"
			: $macs{$_} ? "no $_ $from does not answer the DHCP of @{$macs{$_}}"
			: "no $_ nobody can ask who answers its DHCP: it has no MAC of Ethernet"
	} sort keys %all;
}

while (my $line = <DATA>) {
	my ($mac, $name) = split ' ', $line;
	if ($mac eq '-') {
		push @unasked, $name;
		next;
	}
	$mac =~ s/[^[:xdigit:]]//g;
	if (!exists $number_of{$mac}) {
		$number_of{$mac} = @macs;
		push @macs, pack 'H12', $mac;
	}
	push @{ $names[$number_of{$mac}] }, $name if defined $name;
}
$interface = find_interface($given{network}) if !defined $interface;
check_link();
$own = pack 'H12', join '', split /:/, told('address');
open_socket();
if (@macs) {
	my $wait = int($given{wait} / 10 + 0.999);
	ask(0 .. $#macs);
	listen_until($last + $wait / 2);
	ask(grep { is_missed($_) } 0 .. $#macs);
	listen_until($last + $wait);
}
if (defined $given{from}) {
	print map { "$_\n" } who_is_answered($given{from});
} else {
	print map({ "$_\n" } @lines), 'asked ', scalar @macs, "\n";
}
close STDOUT or fail(1, "what was heard cannot be told: $!");
