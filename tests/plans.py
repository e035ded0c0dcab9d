"""How PostgreSQL answers the questions that the code asks."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import event, text
from sqlmodel import Session

from api.core.db import APP_ROLE
from api.regions.models import Region
from api.spaces.models import Division


def questions(session: Session, ask: Callable[[], object]) -> list[tuple[str, Any]]:
    """Return the questions that a call asks and their values, exactly as it sends them."""
    asked: list[tuple[str, Any]] = []

    def remember(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        asked.append((statement, parameters))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", remember)
    ask()
    event.remove(connection, "before_cursor_execute", remember)
    return [one for one in asked if one[0].lstrip().startswith(("SELECT", "WITH"))]


def plans(session: Session, ask: Callable[[], object]) -> str:
    """Return the plans of all questions that a call asks."""
    asked = questions(session, ask)
    explained = [session.connection().exec_driver_sql(f"EXPLAIN {sql}", said) for sql, said in asked]
    return "\n".join(row[0] for rows in explained for row in rows)


def rows_read(session: Session, ask: Callable[[], object]) -> dict[str, int]:
    """Return the most rows that one step of the questions of a call reads of each table, with indexes alone.

    In a database as small as a test's, PostgreSQL would rather read a table as a whole than by an index.
    """
    asked = questions(session, ask)
    session.execute(text("SET LOCAL enable_seqscan = off"))
    most: dict[str, int] = {}
    for sql, said in asked:
        explain = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}"
        (answer,) = session.connection().exec_driver_sql(explain, said).one()
        for step in _steps(answer[0]["Plan"]):
            table = step.get("Relation Name")
            if table:
                read = step["Actual Rows"] + step.get("Rows Removed by Filter", 0)
                most[table] = max(most.get(table, 0), read * step["Actual Loops"])
    session.execute(text("SET LOCAL enable_seqscan = on"))
    return most


def _steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from _steps(part)


def plan_inside(session: Session, function: str, number: int = 0, **said: str) -> str:
    """Return the plan of one statement of a database function, its names replaced by what is said."""
    source = session.scalar(text("SELECT prosrc FROM pg_proc WHERE proname = :name"), {"name": function})
    body = re.sub(r"--.*", "", str(source)).split(";")[number]
    body = body.replace("PERFORM place_places_in_spaces", "SELECT")
    for name, value in said.items():
        body = re.sub(rf"(?<![.\w]){name}\b(?!\.)", value, body)
    session.execute(text("RESET ROLE"))
    lines = [row[0] for row in session.connection().exec_driver_sql(f"EXPLAIN {body}")]
    session.execute(text(f"SET ROLE {APP_ROLE}"))
    return "\n".join(lines)


def scatter(session: Session, region: Region, places: int = 2000) -> None:
    """Scatter places over a square degree, with an offer each, and bring the planner's figures up to date."""
    values = {"region": region.id, "places": places}
    session.execute(
        text(
            "INSERT INTO place (region_id, street, lon, lat, address_hidden, wheelchair)"
            " SELECT :region, 'Weg ' || n, 13 + (n % 45) / 45.0, 52 + (n / 45) / 45.0, false, 'unknown'"
            " FROM generate_series(0, :places - 1) n"
        ),
        values,
    )
    session.execute(
        text(
            "INSERT INTO offer (region_id, slug, name, summary, description, cost, cost_note, access,"
            " access_note, resource_level, outreach, hours_text, status, is_example, verify_within_days)"
            " SELECT :region, 'o' || n, 'Angebot ' || n, '', '', 'free', '', 'unknown', '', 3, false, '',"
            " 'published', false, 365 FROM generate_series(0, :places - 1) n"
        ),
        values,
    )
    session.execute(
        text(
            "INSERT INTO offer_at_place (offer_id, place_id, hours_text, note)"
            " SELECT o.id, p.id, '', '' FROM offer o JOIN place p ON p.region_id = o.region_id"
            " AND split_part(p.street, ' ', 2) = substr(o.slug, 2) WHERE o.region_id = :region"
        ),
        values,
    )
    _count_rows(session)


def divide(session: Session, division: Division, side: int) -> None:
    """Draw side × side squares as spaces of a division, and bring the planner's figures up to date."""
    session.execute(
        text(
            "INSERT INTO space (division_id, key, code, slug, name, level, geom)"
            " SELECT :division, :prefix || n, n, 'feld-' || n, 'Feld ' || n, 1, ST_Multi(ST_MakeEnvelope("
            " 6 + n % :side / 50.0, 51 + n / :side / 50.0, 6 + (n % :side + 1) / 50.0,"
            " 51 + (n / :side + 1) / 50.0, 4326)) FROM generate_series(0, :side * :side - 1) n"
        ),
        {"division": division.id, "prefix": f"{division.slug}:", "side": side},
    )
    _count_rows(session)


def _count_rows(session: Session) -> None:
    session.execute(text("RESET ROLE"))
    session.execute(text("ANALYZE"))
    session.execute(text(f"SET ROLE {APP_ROLE}"))
