#!/bin/sh
# Fills the name server's volume once: its TSIG key and the zone's first content. What is there stays as it is.
set -eu
cd "${1:-/var/lib/bind}"
umask 077
if [ ! -s hostmaster.key ]; then
  tsig-keygen -a hmac-sha256 hostmaster > hostmaster.key.new
  mv hostmaster.key.new hostmaster.key
fi
[ -e example.test.zone ] || cp "${2:-/etc/bind}/example.test.zone" .
# Named writes the zone and its journal as "bind".
if [ "$(id -u)" = 0 ]; then chown -R bind:bind .; fi
