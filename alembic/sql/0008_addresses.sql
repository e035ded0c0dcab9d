-- What strangers may know of a place, now with how exact its point is; of a hidden address they know neither.
CREATE OR REPLACE VIEW public_place AS
SELECT id, region_id, name, address_hidden, wheelchair,
  CASE WHEN NOT address_hidden THEN street END AS street,
  CASE WHEN NOT address_hidden THEN postcode END AS postcode,
  CASE WHEN NOT address_hidden THEN town END AS town,
  CASE WHEN NOT address_hidden THEN lon END AS lon,
  CASE WHEN NOT address_hidden THEN lat END AS lat,
  CASE WHEN NOT address_hidden THEN precision END AS precision
FROM place;

-- Tables of addresses are replaced as a whole and never edited.
GRANT SELECT, INSERT, DELETE ON address_street, address TO landkarte_app;
