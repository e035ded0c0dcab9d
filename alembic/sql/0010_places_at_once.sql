-- A list brings thousands of places with one statement: their spaces are found together, not place by place.
CREATE FUNCTION places_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM region WHERE id IN (SELECT region_id FROM changed) ORDER BY id FOR NO KEY UPDATE;
  PERFORM place_places_in_spaces(ARRAY(SELECT id FROM changed));
  RETURN NULL;
END $$;

DROP TRIGGER membership_insert ON place;
CREATE TRIGGER membership_insert AFTER INSERT ON place
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION places_added();

-- What was written is kept twice, as it came and in the history, and is long: packed with lz4 it costs a fraction of
-- the time. Servers built without it keep their own way.
DO $$
BEGIN
  ALTER TABLE revision ALTER COLUMN changes SET COMPRESSION lz4;
  ALTER TABLE source_record ALTER COLUMN raw SET COMPRESSION lz4, ALTER COLUMN mapped SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  RAISE NOTICE 'This server knows no lz4.';
END $$;
