#!/bin/sh
# Makes the role that owns the database and migrates it, when the data folder is made: it is no superuser.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres --dbname "$POSTGRES_DB" --set password="$OWNER_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE hostmaster LOGIN CREATEDB PASSWORD :'password';
ALTER DATABASE hostmaster OWNER TO hostmaster;
ALTER SCHEMA public OWNER TO hostmaster;
SQL
