-- The owner of the tables, the role the program works with, and their database; see docs/how-to/betrieb.md.
\getenv admin_password DB_ADMIN_PASSWORD
\getenv owner_password DB_OWNER_PASSWORD
\getenv app_password DB_APP_PASSWORD
SET log_statement = 'none';
SET log_min_error_statement = 'panic';

SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY['landkarte_owner', 'landkarte_app']) AS name
WHERE name NOT IN (SELECT rolname FROM pg_roles) \gexec
ALTER ROLE landkarte_owner LOGIN NOCREATEDB NOCREATEROLE NOSUPERUSER PASSWORD :'owner_password';
ALTER ROLE landkarte_app LOGIN NOCREATEDB NOCREATEROLE NOSUPERUSER PASSWORD :'app_password';
ALTER ROLE CURRENT_USER PASSWORD :'admin_password';
GRANT landkarte_app TO landkarte_owner;

SELECT 'CREATE DATABASE landkarte OWNER landkarte_owner TEMPLATE template0 ENCODING ''UTF8'''
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'landkarte') \gexec
REVOKE CONNECT ON DATABASE landkarte FROM PUBLIC;
GRANT CONNECT ON DATABASE landkarte TO landkarte_app;

\connect landkarte
SET client_min_messages = 'warning';
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
