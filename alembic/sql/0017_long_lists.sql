-- A list brings a hundred thousand rows: what each of them costs is paid for a thousand at once.

-- The app numbers its rows itself before it writes them, so that rows and their revisions go in together.
GRANT USAGE ON SEQUENCE
  organization_id_seq, place_id_seq, offer_id_seq, offer_at_place_id_seq, contact_id_seq, schedule_id_seq,
  schedule_deviation_id_seq, source_id_seq, source_record_id_seq TO landkarte_app;

-- The same memberships as by spaces_at, found space by space: PostGIS prepares an outline once for all the
-- places that follow each other within it.
CREATE OR REPLACE FUNCTION place_places_in_spaces(places bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM place_space WHERE place_id = ANY (places);
  INSERT INTO place_space (place_id, division_id, level, space_id)
  WITH RECURSIVE close AS MATERIALIZED (
    SELECT p.id AS place_id, p.geom AS point, s.id AS space_id
    FROM unnest(places) AS listed (id) JOIN place p ON p.id = listed.id
    JOIN division d ON d.region_id = p.region_id
    JOIN space s ON s.division_id = d.id AND s.geom && p.geom
    -- A hidden address lies in no space: a small space would tell where it is.
    WHERE NOT p.address_hidden
    ORDER BY s.id
  ), finest AS (
    SELECT DISTINCT ON (c.place_id, s.division_id) c.place_id, s.division_id, s.level, s.id, s.parent_id
    FROM close c JOIN space s ON s.id = c.space_id
    WHERE ST_Covers(s.geom, c.point)
    ORDER BY c.place_id, s.division_id, s.level DESC, s.code, s.id
  ), chain AS (
    SELECT * FROM finest
    UNION ALL
    SELECT c.place_id, p.division_id, p.level, p.id, p.parent_id FROM chain c JOIN space p ON p.id = c.parent_id
  )
  SELECT place_id, division_id, level, id FROM chain;
$$;
