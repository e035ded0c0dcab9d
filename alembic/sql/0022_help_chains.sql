-- Coordinators write chains through the app; none is ever deleted, links are.
GRANT SELECT, INSERT, UPDATE ON help_chain TO landkarte_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON help_chain_link TO landkarte_app;

-- Pages show chains, so every change of one is a new state of its region.
CREATE FUNCTION help_chain_links_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM raise_region_versions(ARRAY(
    SELECT DISTINCT c.region_id FROM help_chain c JOIN changed l ON l.chain_id = c.id));
  RETURN NULL;
END $$;

CREATE TRIGGER raise_version_insert AFTER INSERT ON help_chain REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION rows_of_region_changed();
CREATE TRIGGER raise_version_update AFTER UPDATE ON help_chain REFERENCING OLD TABLE AS before NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION rows_of_region_rewritten();

CREATE TRIGGER raise_version_insert AFTER INSERT ON help_chain_link REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION help_chain_links_changed();
CREATE TRIGGER raise_version_update AFTER UPDATE ON help_chain_link REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION help_chain_links_changed();
CREATE TRIGGER raise_version_delete AFTER DELETE ON help_chain_link REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION help_chain_links_changed();
