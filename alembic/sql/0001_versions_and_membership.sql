-- Two things the database keeps true by itself, whoever writes: the data version of each region (ETags are
-- built from it) and the spaces that each place lies in. The functions run with their owner's rights, so the
-- app can neither set a version nor a membership by hand.

CREATE FUNCTION raise_region_versions(regions bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  -- Once for each transaction: a long import must not pile up versions of one row.
  UPDATE region SET data_version = data_version + 1, version_xid = txid_current()
  WHERE id = ANY (regions) AND version_xid <> txid_current();
END $$;

CREATE FUNCTION region_row_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.data_version = OLD.data_version THEN
    NEW.data_version := OLD.data_version + 1;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER raise_version BEFORE UPDATE ON region FOR EACH ROW EXECUTE FUNCTION region_row_changed();

CREATE FUNCTION rows_of_region_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM raise_region_versions(ARRAY(SELECT DISTINCT region_id FROM changed));
  RETURN NULL;
END $$;

CREATE FUNCTION rows_of_offer_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM raise_region_versions(ARRAY(
    SELECT DISTINCT o.region_id FROM changed c JOIN offer o ON o.id = c.offer_id));
  RETURN NULL;
END $$;

CREATE FUNCTION vocabulary_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM raise_region_versions(ARRAY(SELECT id FROM region));
  RETURN NULL;
END $$;

DO $$
DECLARE t text; f text;
BEGIN
  FOR t, f IN VALUES
    ('offer', 'rows_of_region_changed'), ('place', 'rows_of_region_changed'),
    ('organization', 'rows_of_region_changed'), ('source', 'rows_of_region_changed'),
    ('division', 'rows_of_region_changed'), ('contact', 'rows_of_offer_changed'),
    ('offer_at_place', 'rows_of_offer_changed'), ('source_record', 'rows_of_offer_changed')
  LOOP
    EXECUTE format('CREATE TRIGGER raise_version_insert AFTER INSERT ON %I REFERENCING NEW TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION %I()', t, f);
    EXECUTE format('CREATE TRIGGER raise_version_update AFTER UPDATE ON %I REFERENCING NEW TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION %I()', t, f);
    EXECUTE format('CREATE TRIGGER raise_version_delete AFTER DELETE ON %I REFERENCING OLD TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION %I()', t, f);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['topic', 'audience'] LOOP
    EXECUTE format('CREATE TRIGGER raise_version AFTER INSERT OR UPDATE OR DELETE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION vocabulary_changed()', t);
  END LOOP;
END $$;

-- Membership. In each division the finest space that covers the point decides, and the levels above follow
-- from its parents, not from their own polygons: hand-drawn levels never agree to the centimetre. Of several
-- spaces that share a border the one with the smallest code takes the points on it.
CREATE FUNCTION spaces_at(region bigint, point geometry)
RETURNS TABLE (division_id bigint, level integer, space_id bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  WITH RECURSIVE chain AS (
    SELECT * FROM (
      SELECT DISTINCT ON (s.division_id) s.division_id, s.level, s.id AS space_id, s.parent_id
      FROM space s JOIN division d ON d.id = s.division_id
      WHERE d.region_id = region AND ST_Covers(s.geom, point)
      ORDER BY s.division_id, s.level DESC, s.code, s.id
    ) finest
    UNION ALL
    SELECT p.division_id, p.level, p.id, p.parent_id FROM chain c JOIN space p ON p.id = c.parent_id
  )
  SELECT division_id, level, space_id FROM chain
$$;

CREATE FUNCTION place_places_in_spaces(places bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM place_space WHERE place_id = ANY (places);
  -- A hidden address lies in no space: a small space would tell where it is.
  INSERT INTO place_space (place_id, division_id, level, space_id)
  SELECT p.id, s.division_id, s.level, s.space_id
  FROM place p CROSS JOIN LATERAL spaces_at(p.region_id, p.geom) s
  WHERE p.id = ANY (places) AND p.geom IS NOT NULL AND NOT p.address_hidden;
$$;

-- Both triggers take the region's row first. Without that, a place that moves and a polygon that changes at
-- the same time would each be judged by the other's old state.
CREATE FUNCTION place_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM region WHERE id = NEW.region_id FOR NO KEY UPDATE;
  PERFORM place_places_in_spaces(ARRAY[NEW.id]);
  RETURN NULL;
END $$;

CREATE TRIGGER membership_insert AFTER INSERT ON place
FOR EACH ROW EXECUTE FUNCTION place_moved();
CREATE TRIGGER membership_update AFTER UPDATE OF lon, lat, address_hidden, region_id ON place
FOR EACH ROW EXECUTE FUNCTION place_moved();

-- How much of one space lies in another, as a share of its area. Slivers below one percent of the smaller of
-- the two are drawing errors, not overlaps. Ratios of areas in degrees are good enough at the size of a county.
CREATE FUNCTION measure_overlaps(spaces bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM space_overlap WHERE space_id = ANY (spaces) OR other_id = ANY (spaces);
  WITH pair AS (
    SELECT a.id AS one, b.id AS two, ST_Area(a.geom) AS area_one, ST_Area(b.geom) AS area_two,
      ST_Area(ST_Intersection(a.geom, b.geom)) AS common
    FROM space a
    JOIN division da ON da.id = a.division_id
    JOIN division db ON db.region_id = da.region_id
    JOIN space b ON b.division_id = db.id AND ST_Intersects(a.geom, b.geom)
    WHERE a.id = ANY (spaces) AND (a.id <= b.id OR NOT b.id = ANY (spaces))
  ), overlap AS (
    SELECT * FROM pair WHERE common >= 0.01 * least(area_one, area_two) AND common > 0
  )
  INSERT INTO space_overlap (space_id, other_id, share)
  SELECT one, two, least(1, common / area_one) FROM overlap
  UNION
  SELECT two, one, least(1, common / area_two) FROM overlap;
$$;

CREATE FUNCTION spaces_redrawn() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE regions bigint[];
BEGIN
  regions := ARRAY(SELECT DISTINCT d.region_id FROM changed c JOIN division d ON d.id = c.division_id);
  PERFORM 1 FROM region WHERE id = ANY (regions) ORDER BY id FOR NO KEY UPDATE;
  PERFORM place_places_in_spaces(ARRAY(
    SELECT DISTINCT p.id FROM place p JOIN changed c ON p.geom && c.geom WHERE p.region_id = ANY (regions)));
  IF TG_OP = 'INSERT' THEN
    PERFORM measure_overlaps(ARRAY(SELECT id FROM changed));
  END IF;
  PERFORM raise_region_versions(regions);
  RETURN NULL;
END $$;

CREATE FUNCTION spaces_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE regions bigint[];
BEGIN
  regions := ARRAY(SELECT DISTINCT d.region_id FROM after a JOIN division d ON d.id = a.division_id);
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

CREATE TRIGGER membership_insert AFTER INSERT ON space REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION spaces_redrawn();
CREATE TRIGGER membership_update AFTER UPDATE ON space REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION spaces_changed();
CREATE TRIGGER membership_delete AFTER DELETE ON space REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION spaces_redrawn();

-- What strangers may know of a place. Pages, the open API, maps and exports read these two views and never
-- the table, so a hidden address cannot slip out through a forgotten column.
CREATE VIEW public_place AS
SELECT id, region_id, name, address_hidden, wheelchair,
  CASE WHEN NOT address_hidden THEN street END AS street,
  CASE WHEN NOT address_hidden THEN postcode END AS postcode,
  CASE WHEN NOT address_hidden THEN town END AS town,
  CASE WHEN NOT address_hidden THEN lon END AS lon,
  CASE WHEN NOT address_hidden THEN lat END AS lat
FROM place;

-- The points that may be drawn and measured; plain columns, so that the indexes on them are used.
CREATE VIEW public_point AS
SELECT id AS place_id, region_id, lon, lat, geom FROM place WHERE NOT address_hidden AND geom IS NOT NULL;
