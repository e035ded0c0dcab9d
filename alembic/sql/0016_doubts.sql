-- Checks write doubts, people answer them: both are the app.
GRANT SELECT, INSERT, UPDATE, DELETE ON doubt, web_link TO landkarte_app;

-- Whoever hides an address hides it everywhere: a proposed point would tell where it is.
CREATE FUNCTION place_hidden_doubts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM doubt d USING offer_at_place a
  WHERE a.place_id = NEW.id AND d.offer_id = a.offer_id AND d.kind LIKE 'point\_%'
    AND d.path LIKE 'places/' || a.id || '/%';
  RETURN NULL;
END $$;

CREATE TRIGGER place_hidden_doubts AFTER UPDATE OF address_hidden ON place
FOR EACH ROW WHEN (NEW.address_hidden AND NOT OLD.address_hidden) EXECUTE FUNCTION place_hidden_doubts();
