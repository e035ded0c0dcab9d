-- The app counts, publishes a month once, and deletes its days. What is published is never written again.
GRANT SELECT, INSERT, UPDATE, DELETE ON uptake_count, case_type, offer_figures TO landkarte_app;
GRANT SELECT, INSERT ON uptake_month, uptake_cell TO landkarte_app;

-- A published month is public data: remembered answers about it are renewed.
CREATE TRIGGER raise_version_insert AFTER INSERT ON uptake_month REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION rows_of_region_changed();
