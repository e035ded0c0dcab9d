"""Numbers as SQL: what was counted is added up, and each offer lies in one Stadtteil or in none."""

from typing import Final

from sqlalchemy import text

# What is no published offer, or no case type of its region, is not counted. In order: no two lock each other.
ADD: Final = text("""
  INSERT INTO uptake_count (region_id, day_on, offer_id, event, case_type_id, number)
  SELECT o.region_id, (CAST(:now AS timestamptz) AT TIME ZONE r.timezone)::date, o.id, f.event,
    coalesce(c.id, 0), sum(f.number)
  FROM jsonb_to_recordset(CAST(:counted AS jsonb))
    AS f (event text, offer_id bigint, case_type_id bigint, number bigint)
  JOIN offer o ON o.id = f.offer_id AND o.status = 'published'
  JOIN region r ON r.id = o.region_id
  LEFT JOIN case_type c ON c.id = f.case_type_id AND c.region_id = o.region_id
  GROUP BY o.region_id, r.timezone, o.id, f.event, c.id
  ORDER BY o.id, f.event, c.id
  ON CONFLICT (region_id, day_on, offer_id, event, case_type_id)
    DO UPDATE SET number = uptake_count.number + excluded.number
""")
# Every offer that was public in a month, as everybody could see: whether or not anything was counted, else
# what is missing would be known to be zero. Its Stadtteil is none if it is in several or in none; a hidden
# address lies in none.
OFFERS: Final = text("""
  SELECT o.id, o.topics, (
    SELECT CASE WHEN count(DISTINCT s.id) = 1 THEN min(s.key) ELSE '' END
    FROM offer_at_place a
    JOIN place_space p ON p.place_id = a.place_id
    JOIN space s ON s.id = p.space_id
    JOIN division d ON d.id = s.division_id AND d.resident_level = s.level
    WHERE a.offer_id = o.id
  ) AS space_key
  FROM offer o JOIN region r ON r.id = o.region_id
  WHERE o.region_id = :region AND (
    EXISTS (
      SELECT FROM uptake_count c
      WHERE c.region_id = o.region_id AND c.offer_id = o.id AND c.day_on >= :first AND c.day_on < :next
    )
    OR EXISTS (
      SELECT FROM revision v
      WHERE v.region_id = o.region_id AND v.entity = 'offer' AND v.entity_id = o.id
        AND v.changes -> 'status' ->> 'new' = 'published'
        AND v.at < CAST(:next AS date)::timestamp AT TIME ZONE r.timezone
    ) AND (
      o.status = 'published' OR EXISTS (
        SELECT FROM revision v
        WHERE v.region_id = o.region_id AND v.entity = 'offer' AND v.entity_id = o.id
          AND v.changes -> 'status' ->> 'old' = 'published'
          AND v.at >= CAST(:first AS date)::timestamp AT TIME ZONE r.timezone
      )
    )
  )
""")
SUMS: Final = text("""
  SELECT offer_id, event, sum(number)::bigint AS number FROM uptake_count
  WHERE region_id = :region AND day_on >= :first AND day_on < :next
  GROUP BY offer_id, event
""")
CASES: Final = text("""
  SELECT t.id, coalesce(sum(c.number), 0)::bigint AS number
  FROM case_type t
  LEFT JOIN uptake_count c ON c.region_id = t.region_id AND c.case_type_id = t.id AND c.event = 'listed'
    AND c.day_on >= :first AND c.day_on < :next
  WHERE t.region_id = :region AND (NOT t.is_retired OR c.number IS NOT NULL)
  GROUP BY t.id
""")
