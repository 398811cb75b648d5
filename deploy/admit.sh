#!/bin/sh
# Makes the database role of an authority, which owns nothing, or changes its password. The password comes in by stdin:
#   docker compose exec -T database sh /admit.sh 333 < secrets/333/role_password
set -eu
case "${1:-}" in
    [0-9][0-9][0-9]) ;;
    *) echo "Give the three digits of the authority." >&2; exit 2 ;;
esac
PASSWORD=$(cat)
[ -n "$PASSWORD" ] || { echo "There is no password." >&2; exit 2; }
export PASSWORD ROLE="sen2dash_$1"
psql --set ON_ERROR_STOP=1 --quiet --username "${POSTGRES_USER:-postgres}" <<'SQL'
\getenv password PASSWORD
\getenv role ROLE
select format('create role %I login', :'role')
where not exists (select from pg_roles where rolname = :'role') \gexec
alter role :"role" password :'password';
grant connect on database sen2dash to :"role";
SQL
echo "The role sen2dash_$1 may connect. Admit it to the archive next: docker compose --profile prepare run --rm prepare sen2dash_$1 $1"
