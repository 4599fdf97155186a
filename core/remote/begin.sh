# shellcheck shell=sh
# What a shell on a host is told first: see task.h.
#
# root's start files may have exported options of bash (SHELLOPTS with noclobber, say) and
# functions named rm or mv, and a /bin/sh that is bash takes these over; as -p it does not.  It
# reads a pipe byte by byte, so the next one finds what comes behind.  Only bash exports those to
# what it runs.
case ${BASH_VERSION-} in ?*) exec /bin/sh -p ;; esac
# shellcheck disable=SC3045
case ${BASH_VERSION-} in ?*) export -n SHELLOPTS BASHOPTS ;; esac
unset ENV BASH_ENV
