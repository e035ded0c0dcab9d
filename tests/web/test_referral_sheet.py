"""The sheet of a list: a tagged PDF in the reader's language whose codes scan, made of nothing but itself."""

import io
from collections.abc import Iterator
from typing import Any

import pypdf
import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.core.languages import LANGUAGES
from tests.web.crowd import crowd
from tests.web.referral import HOST, city, made
from web.main import create_app
from web.referrals import sheet

SHEETS = [
    pytest.param(code, marks=() if code in {"de", "tr", "ar"} else pytest.mark.proof) for code in LANGUAGES
]


@pytest.fixture
def ids(database: Engine) -> dict[str, int]:
    return city(database)


@pytest.fixture
def visitor(database: Engine, ids: dict[str, int]) -> Iterator[TestClient]:
    with TestClient(create_app(database), base_url=HOST) as client:
        yield client


def tags(node: Any) -> list[str]:
    """The kinds of structure in a PDF, from the root down."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if not isinstance(node, dict):
        return []
    below = node.get("/K", [])
    below = below if isinstance(below, list) else [below]
    return [str(node.get("/S", "")), *(kind for one in below for kind in tags(one))]


def scanned(content: bytes) -> set[str]:
    """What a telephone reads from the printed pages, at 150 dots per inch."""
    pages = pypdfium2.PdfDocument(content)
    pictures = [page.render(scale=150 / 72).to_pil() for page in pages]
    found = {code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)}
    pages.close()
    return found


@pytest.mark.parametrize("locale", SHEETS)
def test_it_is_tagged_has_a_language_and_codes_that_scan(
    visitor: TestClient, ids: dict[str, int], locale: str
) -> None:
    language, prefix = LANGUAGES[locale], "" if locale == "de" else f"/{locale}"
    code = made(visitor, ("o", ids["Rat"]), ("o", ids["Schutz"]), ("o", ids["Chor"]), ("n", "0:call_first"))
    answer = visitor.get(f"{prefix}/liste/{code}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == language.tag
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert reader.metadata
    assert reader.metadata.title
    kinds = tags(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/L", "/LI", "/Figure"} <= set(kinds)
    assert kinds.count("/H2") == 3
    origin = f"{HOST}{prefix}"
    pages = {f"{origin}/angebot/{name}" for name in ("rat", "schutz", "chor")}
    assert scanned(answer.content) == {f"{origin}/liste/{code}", *pages}
    words = " ".join(page.extract_text() for page in reader.pages)
    assert "Marktweg 7" in words
    assert "030 55" in words
    assert "Geheimweg" not in words


def test_a_long_list_breaks_between_entries_alone(visitor: TestClient, ids: dict[str, int]) -> None:
    entries = [("o", f"{ids['Rat']}.{ids['Markt']}"), ("o", f"{ids['Rat']}.{ids['Hof']}"), ("o", ids["Rat"])]
    notes = [
        ("n", f"{entry}:{note}") for entry in range(3) for note in ("call_first", "ask_cost", "bring_id")
    ]
    code = made(visitor, *entries, *notes)
    pages = pypdf.PdfReader(io.BytesIO(visitor.get(f"/liste/{code}.pdf").content)).pages
    assert len(pages) == 2
    for page in pages:
        # Name and phone, first and last of what an entry says, are on the same page.
        assert page.extract_text().count("030 55") == page.extract_text().count("Bitte vorher anrufen")


def test_it_loads_nothing_from_anywhere() -> None:
    fetcher = sheet.nothing_but_data()
    assert fetcher.fetch("data:text/plain,hier").read() == b"hier"
    for address in (
        "file:///etc/hostname",
        "http://127.0.0.1:1/x",
        "https://example.org/x",
        "ftp://example.org/x",
    ):
        with pytest.raises(ValueError, match="protocol"):
            fetcher.fetch(address)


def test_who_waits_for_a_sheet_holds_no_connection_to_the_database(
    visitor: TestClient, database: Engine, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = made(visitor, ("o", ids["Chor"]))
    connections = crowd(monkeypatch, database)
    busy = visitor.get(f"/liste/{code}.pdf")
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "5")
    assert connections == [0]
    assert visitor.get(f"/liste/{code}").status_code == 200
