-- Old addresses only lead on: undoing a merge takes one away, nothing else rewrites them.
GRANT INSERT, DELETE ON offer_redirect TO landkarte_app;
GRANT INSERT, UPDATE ON duplicate_pair TO landkarte_app;
GRANT SELECT ON offer_redirect, duplicate_pair TO landkarte_app;

-- A way that leads back to where it began would never end. Writers of a region wait for each other, so that two of
-- them cannot close a circle together.
CREATE FUNCTION redirect_leads_on() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM region WHERE id = NEW.region_id FOR NO KEY UPDATE;
  IF EXISTS (
    WITH RECURSIVE way (offer_id) AS (
      SELECT NEW.new_id
      UNION
      SELECT r.new_id FROM way JOIN offer_redirect r ON r.old_id = way.offer_id
    )
    SELECT FROM way WHERE offer_id = NEW.old_id
  ) THEN
    RAISE EXCEPTION 'Offer % would lead to itself.', NEW.old_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER leads_on BEFORE INSERT OR UPDATE ON offer_redirect
FOR EACH ROW EXECUTE FUNCTION redirect_leads_on();

-- Where an old address leads is public: kept answers about it end with it.
CREATE TRIGGER raise_version_insert AFTER INSERT ON offer_redirect REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION rows_of_region_changed();
CREATE TRIGGER raise_version_delete AFTER DELETE ON offer_redirect REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION rows_of_region_changed();
