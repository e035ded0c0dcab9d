"""Points for the map as compact columns, built inside PostgreSQL: one short text instead of many objects."""

from sqlalchemy import Text, text
from sqlmodel import Session

from api.offers import queries

# Fractions of a degree: 1/100 000 is about one metre.
SCALE = 100_000

# "point" holds the points to encode. The topic of a point is the top-level one of its offer's first topic.
_ENCODE = text("""
  SELECT answer FROM (
    WITH top AS (
      SELECT id, slug, row_number() OVER (ORDER BY position) - 1 AS number FROM topic WHERE parent_id IS NULL
    ), origin AS (
      SELECT coalesce(floor(min(lon) * :scale), 0) AS x, coalesce(floor(min(lat) * :scale), 0) AS y FROM point
    ), encoded AS (
      SELECT p.offer_id, p.place_id, coalesce(top.number, -1) AS topic,
        (round(p.lon * :scale) - o.x)::bigint AS x, (round(p.lat * :scale) - o.y)::bigint AS y
      FROM point p CROSS JOIN origin o
      LEFT JOIN topic t ON t.slug = p.topics[1]
      LEFT JOIN top ON top.id = coalesce(t.parent_id, t.id)
      ORDER BY p.offer_id, p.place_id
    )
    SELECT json_build_object(
      'version', cast(:version AS bigint), 'scale', cast(:scale AS integer),
      'origin', (SELECT json_build_array(x / :scale, y / :scale) FROM origin),
      'topic_slugs', (SELECT coalesce(json_agg(slug ORDER BY number), '[]') FROM top),
      'offers', coalesce(json_agg(offer_id), '[]'), 'places', coalesce(json_agg(place_id), '[]'),
      'topics', coalesce(json_agg(topic), '[]'),
      'x', coalesce(json_agg(x), '[]'), 'y', coalesce(json_agg(y), '[]'))::text AS answer
    FROM encoded
  ) encoding
""")


def columns(session: Session, wanted: queries.Wanted, version: int) -> str:
    """Return the JSON text {version, scale, origin, topic_slugs, offers, places, topics, x, y}.

    The i-th point is offer offers[i] at place places[i] at lon = origin[0] + x[i]/scale and
    lat = origin[1] + y[i]/scale; topics[i] points into topic_slugs (top level) or is -1.
    """
    encode = _ENCODE.bindparams(scale=SCALE, version=version).columns(answer=Text)
    return str(session.scalar(encode.add_cte(queries.points(wanted).cte("point"))))
