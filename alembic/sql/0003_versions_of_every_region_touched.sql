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

-- An entry that moves to another region changes both: the one it leaves and the one it comes to.
CREATE FUNCTION rows_of_region_rewritten() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM raise_region_versions(ARRAY(SELECT region_id FROM before UNION SELECT region_id FROM changed));
  RETURN NULL;
END $$;

CREATE FUNCTION rows_of_offer_rewritten() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM raise_region_versions(ARRAY(
    SELECT DISTINCT o.region_id FROM offer o
    WHERE o.id IN (SELECT offer_id FROM before UNION SELECT offer_id FROM changed)));
  RETURN NULL;
END $$;

DO $$
DECLARE t text; f text;
BEGIN
  FOR t, f IN VALUES
    ('offer', 'rows_of_region_rewritten'), ('place', 'rows_of_region_rewritten'),
    ('organization', 'rows_of_region_rewritten'), ('source', 'rows_of_region_rewritten'),
    ('division', 'rows_of_region_rewritten'), ('contact', 'rows_of_offer_rewritten'),
    ('offer_at_place', 'rows_of_offer_rewritten'), ('source_record', 'rows_of_offer_rewritten')
  LOOP
    EXECUTE format('DROP TRIGGER raise_version_update ON %I', t);
    EXECUTE format('CREATE TRIGGER raise_version_update AFTER UPDATE ON %I
                    REFERENCING OLD TABLE AS before NEW TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION %I()', t, f);
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION spaces_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE regions bigint[];
BEGIN
  regions := ARRAY(
    SELECT DISTINCT d.region_id FROM division d
    WHERE d.id IN (SELECT division_id FROM before UNION SELECT division_id FROM after));
  PERFORM 1 FROM region WHERE id = ANY (regions) ORDER BY id FOR NO KEY UPDATE;
  -- Also the places that lie in a changed space by its finer ones alone: their levels above follow the tree.
  PERFORM place_places_in_spaces(ARRAY(
    SELECT p.id FROM place p JOIN (SELECT geom FROM before UNION ALL SELECT geom FROM after) c
    ON p.geom && c.geom WHERE p.region_id = ANY (regions)
    UNION SELECT m.place_id FROM place_space m JOIN after a ON a.id = m.space_id));
  PERFORM measure_overlaps(ARRAY(SELECT id FROM after));
  PERFORM raise_region_versions(regions);
  RETURN NULL;
END $$;
