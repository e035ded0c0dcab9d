-- Whether four eyes are needed is a setting like a region's name: importers write it as the app.
GRANT UPDATE (four_eyes) ON region TO landkarte_app;

-- A history is as short as the offer's own: what it once had is found by whose it was.
CREATE INDEX ix_revision_parts_gone ON revision (((changes #>> '{offer_id,old}'::text[])::bigint))
WHERE action = 'delete';

-- What offers are called and say in other languages belongs to what everybody reads of them (see 0003 and 0004).
GRANT SELECT, INSERT, UPDATE, DELETE ON offer_translation TO landkarte_app;

CREATE TRIGGER raise_version_insert AFTER INSERT ON offer_translation REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION rows_of_offer_changed();
CREATE TRIGGER raise_version_update AFTER UPDATE ON offer_translation REFERENCING OLD TABLE AS before
NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rows_of_offer_rewritten();
CREATE TRIGGER raise_version_delete AFTER DELETE ON offer_translation REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION rows_of_offer_changed();

CREATE TRIGGER search_insert AFTER INSERT ON offer_translation REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION rows_with_offer_changed();
CREATE TRIGGER search_update AFTER UPDATE ON offer_translation REFERENCING OLD TABLE AS before
NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rows_with_offer_rewritten();
CREATE TRIGGER search_delete AFTER DELETE ON offer_translation REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION rows_with_offer_changed();

-- Who looks after what of the queue: nothing but a note, taken away again by the app.
GRANT SELECT, INSERT, UPDATE, DELETE ON claim TO landkarte_app;
