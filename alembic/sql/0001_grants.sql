-- Two roles from the start: the owner migrates, the app works. The app cannot change tables, cannot rewrite
-- history (revisions are only added) and writes neither memberships nor data versions.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'landkarte_app') THEN
    CREATE ROLE landkarte_app LOGIN;
  END IF;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE EXCEPTION 'The role landkarte_app is missing and this role may not create it.'
    USING HINT = 'Run once as a superuser: CREATE ROLE landkarte_app LOGIN PASSWORD ''…'';';
END $$;

GRANT USAGE ON SCHEMA public TO landkarte_app;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO landkarte_app;
GRANT INSERT, UPDATE, DELETE ON
  organization, place, offer, offer_at_place, contact, proposal, source, source_record,
  division, space, topic, audience TO landkarte_app;
GRANT INSERT, UPDATE (slug, name, hostnames, is_default, state, timezone, space_word, help_name, help_phone)
  ON region TO landkarte_app;
GRANT INSERT, UPDATE (counts, report, undone_at) ON import_batch TO landkarte_app;
GRANT INSERT ON revision TO landkarte_app;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
