-- Whether four eyes are needed is a setting like a region's name: importers write it as the app.
GRANT UPDATE (four_eyes) ON region TO landkarte_app;

-- A history is as short as the offer's own: what it once had is found by whose it was.
CREATE INDEX ix_revision_parts_gone ON revision (((changes #>> '{offer_id,old}'::text[])::bigint))
WHERE action = 'delete';
