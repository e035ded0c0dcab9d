WITH here AS MATERIALIZED (
  -- One row for each offer, addresses as strangers see them.
  SELECT * FROM offer WHERE region_id = :region AND status = 'published'
),
topics AS (
  -- Each of an offer's topics, and the broader ones above them.
  SELECT
    h.id,
    array_agg(DISTINCT t.slug ORDER BY t.slug) AS slugs,
    array_agg(DISTINCT t.names ->> 'de') AS names,
    array_agg(DISTINCT synonym) FILTER (WHERE synonym IS NOT NULL AND t.slug = ANY (h.topics)) AS synonyms
  FROM here h
  JOIN topic fine ON fine.slug = ANY (h.topics)
  JOIN topic t ON t.id IN (fine.id, fine.parent_id)
  LEFT JOIN LATERAL unnest(t.synonyms) AS synonym ON true
  GROUP BY h.id
),
audiences AS (
  SELECT h.id, array_agg(a.names ->> 'de' ORDER BY a.position) AS names
  FROM here h JOIN audience a ON a.slug = ANY (h.audiences)
  GROUP BY h.id
),
places AS (
  SELECT
    a.offer_id AS id,
    jsonb_agg(
      jsonb_build_object(
        'name', p.name, 'street', p.street, 'postcode', p.postcode, 'town', p.town,
        'lon', point.lon, 'lat', point.lat, 'spaces', spaces.names
      ) ORDER BY p.id
    ) AS places,
    bool_or(p.address_hidden) AS has_hidden
  FROM here h
  JOIN offer_at_place a ON a.offer_id = h.id
  JOIN public_place p ON p.id = a.place_id
  LEFT JOIN public_point point ON point.place_id = p.id
  CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_agg(s.name ORDER BY s.level, s.id), '[]') AS names
    FROM place_space l JOIN space s ON s.id = l.space_id WHERE l.place_id = p.id
  ) spaces
  GROUP BY a.offer_id
),
in_space AS (
  SELECT a.offer_id AS id, l.space_id
  FROM here h JOIN offer_at_place a ON a.offer_id = h.id JOIN place_space l ON l.place_id = a.place_id
  UNION
  -- What comes to people serves every space that overlaps one of those it names.
  SELECT h.id, o.space_id
  FROM here h
  JOIN space s ON s.key = ANY (h.serves)
  JOIN division d ON d.id = s.division_id AND d.region_id = h.region_id
  JOIN space_overlap o ON o.other_id = s.id
),
spaces AS (
  SELECT
    i.id,
    array_agg(s.id ORDER BY s.id) AS ids,
    array_agg(s.id ORDER BY s.id) FILTER (WHERE s.level = d.resident_level) AS residents
  FROM in_space i JOIN space s ON s.id = i.space_id JOIN division d ON d.id = s.division_id
  GROUP BY i.id
)
SELECT
  h.id, h.slug, h.name, h.summary, h.description, h.languages, h.min_age, h.max_age, h.cost, h.resource_level,
  h.verified_on, h.audiences,
  coalesce(topics.slugs, '{}') AS topics,
  coalesce(topics.names, '{}') AS topic_names,
  coalesce(topics.synonyms, '{}') AS topic_synonyms,
  coalesce(audiences.names, '{}') AS audience_names,
  coalesce(organization.name, '') AS provider,
  coalesce(places.places, '[]') AS places,
  coalesce(spaces.ids, '{}') AS space_ids,
  coalesce(spaces.residents, '{}') AS stadtteil_ids,
  cardinality(h.serves) = 0 AND (h.outreach OR coalesce(places.has_hidden, false)) AS is_everywhere
FROM here h
LEFT JOIN organization ON organization.id = h.organization_id
LEFT JOIN topics ON topics.id = h.id
LEFT JOIN audiences ON audiences.id = h.id
LEFT JOIN places ON places.id = h.id
LEFT JOIN spaces ON spaces.id = h.id
ORDER BY h.id
