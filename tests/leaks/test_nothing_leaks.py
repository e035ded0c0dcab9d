"""What is not for the public is in no answer that strangers get: no page, file, feed, tile or error."""

import io
import time
import zipfile
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from tests.leaks.asked import addresses
from tests.leaks.sown import LAT, LON, OPEN, POINT, STEM, Sown, sow
from web.main import create_app

PATIENCE = 30  # seconds until the search index has read the region


@pytest.fixture
def sown(database: Engine) -> Sown:
    with Session(database, expire_on_commit=False) as session:
        found = sow(session)
        session.commit()
    return found


@pytest.fixture
def stranger(database: Engine, sown: Sown) -> Iterator[TestClient]:
    """Somebody without any account; the search knows the region."""
    with TestClient(create_app(database), base_url="http://localhost", follow_redirects=False) as client:
        until = time.monotonic() + PATIENCE
        while client.get("/readyz").json()["search"] != "fresh" and time.monotonic() < until:
            client.get("/angebote?q=haus")
            time.sleep(0.1)
        assert client.get("/readyz").json()["search"] == "fresh"
        yield client


def said(client: TestClient, address: str) -> tuple[int, str]:
    """Everything that an answer says: its headers and what is in it, files in an archive as well."""
    answer = client.get(address, headers={"accept-encoding": "identity"})
    body = answer.content
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    return answer.status_code, f"{answer.headers}\n{body.decode('utf-8', 'replace')}"


def test_no_answer_says_what_is_not_for_the_public(stranger: TestClient, sown: Sown) -> None:
    answers: Counter[int] = Counter()
    is_open = 0
    asked = addresses(stranger.app, sown)  # type: ignore[arg-type]
    assert len(asked) > 1_000
    for address in asked:
        status, text = said(stranger, address)
        answers[status] += 1
        is_open += status == 200 and OPEN in text
        found = {where for secret, where in sown.secrets.items() if secret in text}
        assert not found, f"{address} tells {found}"
        assert not [digits for digits in POINT if digits in text], f"{address} tells the hidden point"
        assert status < 500, f"{address} answers {status}"
    # Whoever sees nothing of what is public would see nothing of what is not.
    assert answers[200] > 400
    assert is_open > 150


def test_no_answer_to_what_is_sent_says_it_either(stranger: TestClient, sown: Sown) -> None:
    """What is asked by POST: plans and drafts of lists, with every number that there is."""
    numbers = [*(str(one.id) for one in sown.offers)]
    numbers += [f"{one.offer_id}.{one.place_id}" for one in sown.at_places]
    worries = [{"topic": "freizeit"}, *({"topic": "freizeit", "offer": one.id} for one in sown.offers[:4])]
    near = f"{LON:.3f},{LAT:.3f}"
    form = {"sorge-1-thema": "freizeit", "sorge-2-wort": STEM, "sorge-3-wort": OPEN, "punkt": near}
    answers = [
        stranger.post("/api/v1/plans", json={"worries": [*worries, {"words": STEM}], "near": near}),
        *(stranger.post(path, data=form) for path in ("/plan", "/tr/plan")),
        *(stranger.post(path, data={"o": numbers}) for path in ("/liste", "/ar/liste")),
    ]
    for answer in answers:
        assert (answer.status_code, OPEN in answer.text) == (200, True), answer.url
        found = {where for secret, where in sown.secrets.items() if secret in answer.text}
        assert not found, f"{answer.url} tells {found}"
        assert not [digits for digits in POINT if digits in answer.text], (
            f"{answer.url} tells the hidden point"
        )


def test_whoever_may_see_them_finds_them_in_the_database(database: Engine, sown: Sown) -> None:
    tables: dict[str, str] = {}
    with database.connect() as connection:
        names = connection.exec_driver_sql(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'spatial_ref_sys'"
        ).scalars()
        for name in names.all():
            rows = connection.exec_driver_sql(f"SELECT t::text FROM {name} AS t").scalars().all()
            tables[name] = "\n".join(rows)
    for secret, where in sown.secrets.items():
        assert any(secret in text for text in tables.values()), where
