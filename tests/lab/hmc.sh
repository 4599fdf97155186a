# hmc.sh - service nodes as HMCs, with their recorded stand-in (hmc): sourced after site_lay.

# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of lab.sh and site.sh

# SN: it lets hscroot in with mn's key, whose shell has the HMC's commands and nothing else, as that
# of an HMC: no name with a slash in it, no redirection, no other program.
hmc_lay() {
	cp "$source_tree/tests/lab/hmc" "$site/hmc"
	# shellcheck disable=SC2016 # the script has its own $variables
	lab_in "$1" sh -c 'mkdir -p /home/hscroot/.ssh /home/hscroot/hmc /opt/hmc &&
		echo hscroot:x:2001:2001::/home/hscroot:/usr/local/bin/hmcbash >>/etc/passwd &&
		echo "hscroot:*:19000:0:99999:7:::" >>/etc/shadow &&
		cp /root/.ssh/authorized_keys /home/hscroot/.ssh &&
		for name in lssyscfg lshmc lpar_netboot; do ln -sf /lab/site/hmc /opt/hmc/$name; done &&
		printf "#!/bin/bash\nPATH=/opt/hmc\nexport PATH\nexec /bin/bash --restricted \"\$@\"\n" \
			>/usr/local/bin/hmcbash && chmod 755 /usr/local/bin/hmcbash && chown -R 2001:2001 /home/hscroot'
}
hmc_knows() { # SN LINE...: its partitions; nothing else has happened there
	local sn=$1
	shift
	printf '%s\n' "$@" | lab_in "$sn" sh -c 'cd /home/hscroot/hmc && rm -f * && cat >partitions && chown -R 2001:2001 .'
}
hmc_fault() { # SN PARTITION FAULT
	lab_in "$1" sh -c "cd /home/hscroot/hmc && echo $3 >fault-$2 && chown 2001 fault-$2"
}
hmc_mend() { # SN
	lab_in "$1" sh -c 'rm -f /home/hscroot/hmc/fault-*'
}
hmc_begun() { # SN: how many were begun
	lab_in "$1" sh -c 'cat /home/hscroot/hmc/log 2>/dev/null | grep -c ^begin; true'
}
hmc_at_once() { # SN: how many were at work at the same time, at most
	lab_in "$1" awk '/^begin/ { if (++n > most) most = n } /^end/ { n-- } END { print most + 0 }' /home/hscroot/hmc/log
}
