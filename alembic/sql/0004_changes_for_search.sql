-- What the search index has to catch up with: for each offer the version of its region that last changed how
-- strangers see it. A row stays when its offer is gone or moved: the index must hear of that, too.
CREATE FUNCTION note_offers(regions bigint[], offers bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM raise_region_versions(regions);
  -- Writers of one region wait for each other until they commit, so versions become visible in their order.
  INSERT INTO offer_change (region_id, offer_id, version)
  SELECT DISTINCT r.id, noted.offer_id, r.data_version
  FROM unnest(regions, offers) AS noted (region_id, offer_id) JOIN region r ON r.id = noted.region_id
  ON CONFLICT (region_id, offer_id) DO UPDATE SET version = excluded.version
  WHERE offer_change.version <> excluded.version;
END $$;

CREATE FUNCTION note_offers_of(ids bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT note_offers(array_agg(region_id), array_agg(id)) FROM offer WHERE id = ANY (ids) HAVING count(*) > 0
$$;

CREATE FUNCTION offers_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM note_offers(array_agg(region_id), array_agg(id)) FROM changed HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE FUNCTION offers_rewritten() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM note_offers(array_agg(region_id), array_agg(id))
  FROM (SELECT region_id, id FROM before UNION SELECT region_id, id FROM changed) both_states HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE FUNCTION rows_with_offer_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM note_offers_of(ARRAY(SELECT offer_id FROM changed));
  RETURN NULL;
END $$;

CREATE FUNCTION rows_with_offer_rewritten() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM note_offers_of(ARRAY(SELECT offer_id FROM before UNION SELECT offer_id FROM changed));
  RETURN NULL;
END $$;

CREATE FUNCTION places_rewritten() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM note_offers_of(ARRAY(
    SELECT a.offer_id FROM offer_at_place a WHERE a.place_id IN (SELECT id FROM changed)));
  RETURN NULL;
END $$;

-- Redrawn spaces move any number of places at once, and rarely: then everything in the region is looked at again.
CREATE FUNCTION note_all_offers(regions bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT note_offers_of(ARRAY(SELECT id FROM offer WHERE region_id = ANY (regions)))
$$;

CREATE FUNCTION spaces_noted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM note_all_offers(ARRAY(
    SELECT DISTINCT d.region_id FROM division d WHERE d.id IN (SELECT division_id FROM changed)));
  RETURN NULL;
END $$;

CREATE FUNCTION divisions_gone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM note_all_offers(ARRAY(SELECT DISTINCT region_id FROM changed));
  RETURN NULL;
END $$;

CREATE FUNCTION organizations_rewritten() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM note_offers_of(ARRAY(
    SELECT o.id FROM offer o WHERE o.organization_id IN (SELECT id FROM changed)));
  RETURN NULL;
END $$;

CREATE TRIGGER search_insert AFTER INSERT ON offer
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION offers_changed();
CREATE TRIGGER search_update AFTER UPDATE ON offer
REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION offers_rewritten();
CREATE TRIGGER search_delete AFTER DELETE ON offer
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION offers_changed();

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['offer_at_place', 'contact'] LOOP
    EXECUTE format('CREATE TRIGGER search_insert AFTER INSERT ON %I REFERENCING NEW TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION rows_with_offer_changed()', t);
    EXECUTE format('CREATE TRIGGER search_update AFTER UPDATE ON %I REFERENCING OLD TABLE AS before
                    NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rows_with_offer_rewritten()', t);
    EXECUTE format('CREATE TRIGGER search_delete AFTER DELETE ON %I REFERENCING OLD TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION rows_with_offer_changed()', t);
  END LOOP;
END $$;

CREATE TRIGGER search_update AFTER UPDATE ON place
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION places_rewritten();
CREATE TRIGGER search_update AFTER UPDATE ON organization
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION organizations_rewritten();
CREATE TRIGGER search_insert AFTER INSERT ON space
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION spaces_noted();
CREATE TRIGGER search_update AFTER UPDATE ON space
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION spaces_noted();
CREATE TRIGGER search_delete AFTER DELETE ON space
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION spaces_noted();
CREATE TRIGGER search_delete AFTER DELETE ON division
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION divisions_gone();

-- Which versions there were, each with its transaction: an index from before a restored backup knows itself wrong.
CREATE FUNCTION remember_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO region_version (region_id, data_version, version_xid)
  VALUES (NEW.id, NEW.data_version, NEW.version_xid)
  ON CONFLICT (region_id, data_version) DO UPDATE SET version_xid = excluded.version_xid;
  RETURN NULL;
END $$;

CREATE TRIGGER remember_version AFTER INSERT OR UPDATE OF data_version, version_xid ON region
FOR EACH ROW EXECUTE FUNCTION remember_version();
-- The region's own fields raise its version in a BEFORE trigger, which "UPDATE OF" does not see.
CREATE TRIGGER remember_own_version AFTER UPDATE ON region
FOR EACH ROW WHEN (OLD.data_version IS DISTINCT FROM NEW.data_version) EXECUTE FUNCTION remember_version();

INSERT INTO region_version (region_id, data_version, version_xid) SELECT id, data_version, version_xid FROM region;

REVOKE ALL ON offer_change, region_version FROM landkarte_app;
GRANT SELECT ON offer_change, region_version TO landkarte_app;
