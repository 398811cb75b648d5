#!/bin/sh
# Runs once, in a new database: an owner for the tables, and a database that only admitted roles may connect to.
set -eu
psql --set ON_ERROR_STOP=1 --quiet --username "$POSTGRES_USER" <<'SQL'
\set password `cat /run/secrets/owner_password`
create role sen2dash_owner login password :'password';
create database sen2dash owner sen2dash_owner;
revoke all on database sen2dash from public;
revoke all on database postgres from public;
SQL
