-- Two roles and the database. Run once by a superuser of the server:
--   psql -d postgres -v database=jigai -v owner_password=… -v run_password=… -f roles.sql
-- An empty password leaves the role without one (sign-in by socket and operating-system user). Safe to repeat.
\set ON_ERROR_STOP on
set client_min_messages = warning;

-- Owns the tables, migrates, makes and restores backups. BYPASSRLS gives it nothing it could not take (an owner may
-- drop the policies); it makes data migrations and pg_dump see every row.
select 'create role jigai_owner login bypassrls nosuperuser nocreatedb nocreaterole'
where not exists (select from pg_roles where rolname = 'jigai_owner') \gexec
alter role jigai_owner login bypassrls nosuperuser nocreatedb nocreaterole;

-- Serves the site: reads and writes rows behind row-level security, owns nothing, changes no table.
select 'create role jigai_run login nobypassrls nosuperuser nocreatedb nocreaterole'
where not exists (select from pg_roles where rolname = 'jigai_run') \gexec
alter role jigai_run login nobypassrls nosuperuser nocreatedb nocreaterole;
alter role jigai_run set statement_timeout = '120s';
alter role jigai_run set idle_in_transaction_session_timeout = '10min';

select format('alter role jigai_owner password %L', :'owner_password') where :'owner_password' <> '' \gexec
select format('alter role jigai_run password %L', :'run_password') where :'run_password' <> '' \gexec

-- The owner acts as the plain role while it does work for people (commands within a scope).
grant jigai_run to jigai_owner;

select format('create database %I owner jigai_owner encoding ''UTF8'' template template0 lc_collate ''C.UTF-8'' lc_ctype ''C.UTF-8''', :'database')
where not exists (select from pg_database where datname = :'database') \gexec
select format('revoke all on database %I from public', :'database') \gexec
select format('grant connect, temporary on database %I to jigai_run', :'database') \gexec

\connect :"database"
revoke create on schema public from public;
-- Search by parts of names.
create extension if not exists pg_trgm;
