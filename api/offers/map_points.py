"""Points for the map as compact columns, built inside PostgreSQL: one short text instead of many objects."""

from sqlalchemy import Text, text
from sqlmodel import Session

from api.offers import queries

# Fractions of a degree: 1/100 000 is about one metre.
SCALE = 100_000

# "point" holds the points to encode. The topic of a point is the top-level one of its offer's first topic.
# A place is said once for all its offers, and its id as the step from the one before: half of what is sent.
_ENCODE = text("""
  SELECT answer FROM (
    WITH top AS (
      SELECT id, slug, row_number() OVER (ORDER BY position) - 1 AS number FROM topic WHERE parent_id IS NULL
    ), numbered AS MATERIALIZED (
      SELECT t.slug, top.number FROM topic t JOIN top ON top.id = coalesce(t.parent_id, t.id)
    ), origin AS (
      SELECT coalesce(floor(min(lon) * :scale), 0) AS x, coalesce(floor(min(lat) * :scale), 0) AS y FROM point
    ), at_place AS (
      SELECT place_id, count(*) AS offers,
        round(min(lon) * :scale)::bigint AS x, round(min(lat) * :scale)::bigint AS y
      FROM point GROUP BY place_id
    ), place AS (
      SELECT place_id - lag(place_id, 1, 0::bigint) OVER (ORDER BY place_id) AS step, offers,
        at_place.x - o.x::bigint AS x, at_place.y - o.y::bigint AS y
      FROM at_place CROSS JOIN origin o ORDER BY place_id
    ), offer AS (
      SELECT p.offer_id, coalesce(n.number, -1) AS topic
      FROM point p LEFT JOIN numbered n ON n.slug = p.topics[1] ORDER BY p.place_id, p.offer_id
    )
    SELECT json_build_object(
      'version', cast(:version AS bigint), 'scale', cast(:scale AS integer),
      'origin', (SELECT json_build_array(x / :scale, y / :scale) FROM origin),
      'topic_slugs', (SELECT coalesce(json_agg(slug ORDER BY number), '[]') FROM top),
      'place_steps', coalesce(array_to_json(array_agg(step)), '[]'),
      'x', coalesce(array_to_json(array_agg(x)), '[]'),
      'y', coalesce(array_to_json(array_agg(y)), '[]'),
      'offers_at', coalesce(array_to_json(array_agg(offers)), '[]'),
      'offers', (SELECT coalesce(array_to_json(array_agg(offer_id)), '[]') FROM offer),
      'topics', (SELECT coalesce(array_to_json(array_agg(topic)), '[]') FROM offer))::text AS answer
    FROM place
  ) encoding
""")


def columns(session: Session, wanted: queries.Wanted, version: int) -> str:
    """Return a JSON object of version, scale, origin, topic_slugs and the columns of places and offers.

    The i-th place has the id place_steps[0] + … + place_steps[i] and lies at lon = origin[0] + x[i]/scale and
    lat = origin[1] + y[i]/scale. The next offers_at[i] entries of offers and topics are those of this place;
    a topic points into topic_slugs (top level) or is -1.
    """
    encode = _ENCODE.bindparams(scale=SCALE, version=version).columns(answer=Text)
    return str(session.scalar(encode.add_cte(queries.points(wanted).cte("point"))))
