-- The app writes timetables as it writes offers, and each change is one of its offer (see 0004).
GRANT SELECT, INSERT, UPDATE, DELETE ON schedule, schedule_deviation TO landkarte_app;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['schedule', 'schedule_deviation'] LOOP
    EXECUTE format('CREATE TRIGGER search_insert AFTER INSERT ON %I REFERENCING NEW TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION rows_with_offer_changed()', t);
    EXECUTE format('CREATE TRIGGER search_update AFTER UPDATE ON %I REFERENCING OLD TABLE AS before
                    NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rows_with_offer_rewritten()', t);
    EXECUTE format('CREATE TRIGGER search_delete AFTER DELETE ON %I REFERENCING OLD TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION rows_with_offer_changed()', t);
  END LOOP;
END $$;
