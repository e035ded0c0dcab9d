-- Every map names the other maps of the installation. So what a region is called, by which address it is reached,
-- and whether it exists at all, are facts on the pages of all regions.
CREATE TRIGGER raise_all_versions AFTER INSERT OR DELETE OR UPDATE OF slug, name, hostnames, is_default ON region
FOR EACH STATEMENT EXECUTE FUNCTION vocabulary_changed();

-- The number of the transaction tells two states of the same version apart (after a restored backup); a change of
-- the region itself has to leave it, too.
CREATE OR REPLACE FUNCTION region_row_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.data_version = OLD.data_version THEN
    NEW.data_version := OLD.data_version + 1;
    NEW.version_xid := txid_current();
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION raise_region_versions(regions bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  -- Always in the same order: two that raise the versions of all regions wait for each other, not in a circle.
  PERFORM 1 FROM region WHERE id = ANY (regions) AND version_xid <> txid_current()
  ORDER BY id FOR NO KEY UPDATE;
  -- Once for each transaction: a long import must not pile up versions of one row.
  UPDATE region SET data_version = data_version + 1, version_xid = txid_current()
  WHERE id = ANY (regions) AND version_xid <> txid_current();
END $$;
