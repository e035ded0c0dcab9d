-- How often somebody looks at an offer again, and until when the last look holds. Kept here, so that lists of
-- what is due are read from an index whatever has changed the offer, its hours or its places.

-- From top to bottom: the first line that fits an offer gives its rhythm, in days (months of 365/12, rounded down).
-- docs/adr/0036 says why; another table is another migration.
CREATE FUNCTION offer_rhythm(said integer, is_ending boolean, topics text[], level integer, is_in_words boolean,
  OUT rule text, OUT days integer)
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  SELECT line.rule, line.days FROM (VALUES
    (1, 'set',        said, said IS NOT NULL),  -- somebody has said so
    (2, 'ends',         60, is_ending),         -- 2 months: a Mikroprojekt, a course; all its hours have an end
    (3, 'urgent',       91, topics && '{gewalt,sucht,lebensmittel,schulden,mietschulden}'),  -- 3 months
    (4, 'neighbours',  182, level = 2),         -- 6 months: by people who do it unpaid
    (5, 'words',       182, is_in_words),       -- 6 months: hours that no program can read
    (6, 'courses',     182, topics && '{sprachkurs,lernhilfe,elterncafe,jugendtreff}'),  -- 6 months
    (7, 'office',      486, level = 4),         -- 16 months: offices and professionals stay where they are
    (8, 'usual',       365, true)               -- 12 months
  ) AS line (position, rule, days, fits)
  WHERE line.fits ORDER BY line.position LIMIT 1
$$;

-- Without whole tables: in the middle of a long import nobody has counted the rows yet, and the planner would take
-- ten thousand of them for one.
CREATE FUNCTION refresh_freshness(ids bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off SET jit = off AS $$
  DELETE FROM offer_freshness f WHERE f.offer_id = ANY (ids)
  AND NOT EXISTS (SELECT FROM offer o WHERE o.id = f.offer_id AND o.status = 'published');

  INSERT INTO offer_freshness AS f (offer_id, region_id, rule, days, fresh_until, due_on, overdue_on)
  SELECT o.id, o.region_id, r.rule, r.days,
    -- Never checked: due for as long as it exists, and overdue never (api/offers/freshness.py).
    coalesce(o.verified_on + r.days - (r.days + 5) / 6, '1900-01-01'),
    coalesce(o.verified_on + r.days, '1900-01-01'),
    coalesce(o.verified_on + 2 * r.days, '9999-12-31')
  FROM offer o
  CROSS JOIN LATERAL (
    SELECT count(*) > 0 AS any,
      count(*) > 0 AND bool_and(s.valid_until IS NOT NULL OR s.recurrence = '' OR s.recurrence ~ '(UNTIL|COUNT)=')
        AS is_ending
    FROM schedule s WHERE s.offer_id = o.id
  ) hours
  CROSS JOIN LATERAL offer_rhythm(o.verify_within_days, hours.is_ending, o.topics, o.resource_level,
    NOT hours.any AND (o.hours_text <> '' OR EXISTS (
      SELECT FROM offer_at_place a WHERE a.offer_id = o.id AND a.hours_text <> ''))) r
  WHERE o.id = ANY (ids) AND o.status = 'published'
  ON CONFLICT (offer_id) DO UPDATE SET region_id = excluded.region_id, rule = excluded.rule, days = excluded.days,
    fresh_until = excluded.fresh_until, due_on = excluded.due_on, overdue_on = excluded.overdue_on
  WHERE (f.region_id, f.rule, f.days, f.fresh_until, f.due_on, f.overdue_on) IS DISTINCT FROM
    (excluded.region_id, excluded.rule, excluded.days, excluded.fresh_until, excluded.due_on, excluded.overdue_on);
$$;

CREATE FUNCTION freshness_of_offers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM refresh_freshness(ARRAY(SELECT id FROM changed));
  RETURN NULL;
END $$;

CREATE FUNCTION freshness_of_parts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM refresh_freshness(ARRAY(SELECT DISTINCT offer_id FROM changed));
  RETURN NULL;
END $$;

DO $$
DECLARE t text;
DECLARE f text;
BEGIN
  FOREACH t IN ARRAY ARRAY['offer', 'offer_at_place', 'schedule'] LOOP
    f := CASE t WHEN 'offer' THEN 'freshness_of_offers' ELSE 'freshness_of_parts' END;
    EXECUTE format('CREATE TRIGGER freshness_insert AFTER INSERT ON %I REFERENCING NEW TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION %I()', t, f);
    EXECUTE format('CREATE TRIGGER freshness_update AFTER UPDATE ON %I REFERENCING NEW TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION %I()', t, f);
    CONTINUE WHEN t = 'offer';  -- with the offer goes its row
    EXECUTE format('CREATE TRIGGER freshness_delete AFTER DELETE ON %I REFERENCING OLD TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION %I()', t, f);
  END LOOP;
END $$;

GRANT SELECT ON offer_freshness TO landkarte_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON archive_warning, campaign, provider_link, provider_mail TO landkarte_app;

-- Nobody has chosen a rhythm yet: 365 was what everything began with. Writes every row of offer_freshness.
UPDATE offer SET verify_within_days = nullif(verify_within_days, 365);
