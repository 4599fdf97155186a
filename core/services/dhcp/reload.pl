# Kea reads its configuration anew, by its control socket, and has what the files have then:
#   dhcp_reload.pl SOCKET FILE...
use strict;
use warnings;

my ($socket, @files) = @ARGV;

sub ask {
	my ($text) = @_;
	my $answer = '';
	my $way;
	socket($way, 1, 1, 0) && connect($way, pack('S a108', 1, $socket))
		or die "Kea's control socket $socket: $!\n";
	syswrite $way, $text;
	shutdown $way, 1;
	alarm 60;
	while (sysread $way, my $part, 1 << 16) { $answer .= $part }
	alarm 0;
	return $answer;
}

my $said = ask('{ "command": "config-reload" }');
if ($said !~ /"result"\s*:\s*0\b/) {
	my ($why) = $said =~ /"text"\s*:\s*"(.*?)"\s*[,}]/s;
	die 'Kea does not take its files: ' . ($why || $said || 'no answer') . "\n";
}
my %has = map { lc($_) => 1 } ask('{ "command": "config-get" }') =~ /"hw-address"\s*:\s*"([^"]*)"/g;
my ($n, @lacks) = (0);
for my $file (@files) {
	open my $in, '<', $file or next;
	local $/;
	for my $mac (map { lc } <$in> =~ /"hw-address"\s*:\s*"([^"]*)"/g) {
		$n++;
		push @lacks, $mac unless $has{$mac};
	}
}
die "Kea has ${\ scalar @lacks} of $n reservations not, $lacks[0] first\n" if @lacks;
