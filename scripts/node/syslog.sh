# shellcheck shell=sh
# Sends the node's log to its service node: rsyslog, syslog-ng, syslogd, or journald alone.
#
# What changes is the block that xCAT has written, in it just the server; without a block, one is
# written as xCAT would.  SYSLOG=ignore (noderes.syslog) leaves all as it is.
# shellcheck disable=SC2154,SC2034 # of common.sh, and for it

# Sets $kind, $daemon (its PID, or '') and $file, where the block is or comes to be.
syslog_look() {
	kind=none daemon='' file=
	for name in rsyslogd syslog-ng syslogd systemd-journal-upload; do
		if daemon=$(pid_of "$name"); then
			kind=${name%logd}
			[ "$kind" = "$name" ] || kind=${kind}log
			break
		fi
	done
	# None runs: what is there may be started.
	if [ "$kind" != none ]; then
		:
	elif [ -f /etc/rsyslog.conf ]; then
		kind=rsyslog
	elif [ -f /etc/syslog-ng/syslog-ng.conf ]; then
		kind=syslog-ng
	elif [ -f /etc/syslog.conf ]; then
		kind=syslog
	fi
	case $kind in
	rsyslog)
		syslog_file /etc/rsyslog.d/remote.conf /etc/rsyslog.d/*.conf /etc/rsyslog.conf ||
			if [ -d /etc/rsyslog.d ]; then file=/etc/rsyslog.d/remote.conf; else file=/etc/rsyslog.conf; fi
		;;
	syslog-ng)
		syslog_file /etc/syslog-ng/conf.d/*.conf /etc/syslog-ng/syslog-ng.conf || file=/etc/syslog-ng/syslog-ng.conf
		;;
	syslog) file=/etc/syslog.conf ;;
	systemd-journal-upload)
		for file in /etc/systemd/journal-upload.conf.d/*.conf /etc/systemd/journal-upload.conf; do
			[ ! -f "$file" ] || ! grep -q '^URL=' "$file" || break
		done
		;;
	esac
}
syslog_file() { # FILE...: the first with a block of xCAT's that names a server
	for file; do
		if [ -f "$file" ] && grep -q 'xCAT settings' "$file" &&
			[ -n "$(own=1 named "$(syslog_syntax)" "$file")" ]; then
			return 0
		fi
	done
	return 1
}
syslog_syntax() {
	case $kind in
	syslog) echo rsyslog ;;
	systemd-journal-upload) echo url ;;
	*) echo "$kind" ;;
	esac
}
syslog_named() {
	if [ "$kind" = systemd-journal-upload ]; then named url "$file"; else own=1 named "$(syslog_syntax)" "$file"; fi
}
syslog_names_new() {
	syslog_named | while read -r word; do ! is_new "$word" || echo "$word"; done | grep -q .
}
# A service node that keeps its log, and who shall be left alone.
syslog_leave() {
	[ "${SYSLOG:-}" != ignore ] || ok "left as it is: noderes.syslog is ignore"
	[ "${NTYPE:-}" != service ] || [ "${SVLOGLOCAL:-}" != 1 ] ||
		ok "left as it is: a service node that keeps its log (site.svloglocal)"
}
syslog_block() { # what xCAT would write, at the end of what there is
	[ ! -s "$file" ] || cat "$file"
	[ ! -s "$file" ] || [ -z "$(tail -c 1 "$file")" ] || echo
	echo '# xCAT settings START'
	if [ "$kind" = syslog-ng ]; then
		source=$(awk '/^[ \t]*source[ \t]/ { print $2; exit }' /etc/syslog-ng/syslog-ng.conf)
		echo "destination loghost { udp(\"$MASTER\"); };"
		echo "log { source(${source:-src}); destination(loghost); };"
	elif is_6 "$MASTER"; then
		echo "*.* @[$MASTER]"
	else
		echo "*.* @$MASTER"
	fi
	echo '# xCAT settings END'
}
# Does the daemon take what is written now?  What it says of other files is not new.
syslog_refused() {
	case $kind in
	rsyslog) ! bounded 20 rsyslogd -N1 ;;
	syslog-ng) ! bounded 20 syslog-ng -s ;;
	*) false ;;
	esac >"$work/refused" 2>&1
}
syslog_take_over() {
	if [ "$kind" = syslog-ng ]; then
		bounded 20 syslog-ng-ctl reload >/dev/null 2>&1
		await 5 syslog_sends
	else
		restart "$daemon" "$name"
	fi
}
syslog_sends() { # syslog-ng itself says where to
	for word in $(syslog_named); do
		bounded 10 syslog-ng-ctl stats 2>/dev/null |
			awk -F ';' -v server="$word" '/^dst\./ && index($0, "," server ":") { found = 1 } END { exit !found }' || return 1
	done
}

syslog_written() { # STATUS of change
	case $1 in
	0) changed=1 ;;
	2) unwritable "$file" ;;
	esac
}
do_syslog() {
	syslog_leave
	syslog_look
	if owes syslog; then owed=1; else owed=; fi
	owing=syslog
	case $kind in
	none) failed "no syslog daemon that this script knows, and no systemd-journal-upload" ;;
	systemd-journal-upload)
		changed=
		change url "$file"
		syslog_written $?
		;;
	*)
		[ ! -f "$file" ] || cp "$file" "$work/before"
		changed=
		if [ -n "$(syslog_named)" ]; then
			# Behind a block without an end there may be lines of the site's own.
			if [ "$(syslog_named | wc -l)" -eq 1 ]; then alone=1; else alone=; fi
			own=1 all=$alone change "$(syslog_syntax)" "$file"
			syslog_written $?
		else
			syslog_block >"$work/block"
			put_text "$file" <"$work/block"
			syslog_written $?
		fi
		if [ -n "$changed" ] && syslog_refused; then
			why=$(grep -v 'End of config' "$work/refused" | tail -n 1)
			cp "$file" "$work/after"
			if [ -f "$work/before" ]; then put_text "$file" <"$work/before"; else rm -f "$file"; fi
			if ! syslog_refused; then
				[ -n "$owed" ] || paid syslog
				failed "$kind does not take $file, which is as it was: $why"
			fi
			# It has not taken all of its files before, and lives with that.
			put_text "$file" <"$work/after"
		fi
		;;
	esac
	syslog_names_new || failed "$file names $(syslog_named | tr '\n' ' ')and not the old service node: left as it is"
	[ -n "$daemon" ] || failed "$file names $MASTER, but no $kind runs"
	for word in $(syslog_named); do
		is_address "$word" || bounded 10 getent ahosts "$word" >/dev/null || failed "$file names $word, which the node does not know"
	done
	if ! owes syslog && ! is_older "$daemon" "$file"; then
		if [ "$kind" != syslog-ng ] || syslog_sends; then
			ok "$kind sends to $(syslog_named | head -n 1) already"
		fi
	fi
	owe syslog
	syslog_take_over || failed "$file names $MASTER, but $kind does not start again, or does not take it over"
	paid syslog
	ok "$kind sends to $(syslog_named | head -n 1)$(syslog_others)"
}
syslog_others() { # lines of the site's own that name the old server
	for other in /etc/rsyslog.conf /etc/rsyslog.d/*.conf /etc/syslog-ng/conf.d/*.conf; do
		[ "$kind" = none ] || [ ! -f "$other" ] || ! names_old "$(syslog_syntax)" "$other" ||
			printf '; %s names the old one, too: left' "$other"
	done
}
ask_syslog() {
	syslog_look
	if [ "$kind" = none ]; then
		echo "none no syslog daemon that this script knows"
	elif [ -z "$daemon" ]; then
		echo "none no $kind runs"
	elif [ -z "$(syslog_named)" ]; then
		echo "none $kind sends to nobody in a block of xCAT's"
	elif owes syslog || is_older "$daemon" "$file" || { [ "$kind" = syslog-ng ] && ! syslog_sends; }; then
		echo "unknown $kind has not read $file since it was written"
	else
		syslog_named | while read -r word; do echo "server $(address_of "$word")"; done
	fi
}
