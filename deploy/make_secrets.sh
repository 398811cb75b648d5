#!/bin/sh
# Makes the secrets of deploy/compose.yaml and deploy/server.yaml for an authority, each in a file that one account can read:
#   sudo sh make_secrets.sh 333
# What is there is left as it is. Keep a copy of archive.key in another place than the backups of the database.
set -eu
case "${1:-}" in
    [0-9][0-9][0-9]) authority=$1 ;;
    *) echo "Give the three digits of the authority." >&2; exit 2 ;;
esac
cd "$(dirname "$0")"
umask 077
server=10001 database=999 # the accounts in the containers
mkdir -p secrets "secrets/$authority"

# make FILE ACCOUNT: writes what comes in to a new file, which only this account can read.
make() {
    content=$(cat)
    [ -e "secrets/$1" ] && return
    printf '%s\n' "$content" > "secrets/$1"
    chmod 400 "secrets/$1"
    chown "$2" "secrets/$1"
}
random() { openssl rand -hex 32; }

random | make postgres_password $database
random | make owner_password $database
random | make "$authority/role_password" 0
random | make "$authority/archive.key" $server
echo "database:5432:sen2dash:sen2dash_owner:$(cat secrets/owner_password)" | make owner.pgpass $server
echo "database:5432:sen2dash:sen2dash_$authority:$(cat "secrets/$authority/role_password")" |
    make "$authority/pgpass" $server
