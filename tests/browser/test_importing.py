"""A coordinator brings in a spreadsheet in a real browser, sees what becomes of it, and takes it back."""

import time
import zipfile
from collections.abc import Iterator
from html import escape
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from sqlmodel import Session, select

from api.accounts.models import Role
from api.history.models import ImportBatch
from api.regions.models import Region
from tests.accounts.people import PASSWORD, make_member
from tests.accounts.serving import served
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_staff_accounts import look, opened, sign_in
from tests.importers import sample
from tests.importers.sample import make_lichtenberg, tables
from tests.web.importing import LIST

pytestmark = pytest.mark.browser

EMAIL = "koordination@stadt.example"
WAIT = 120_000  # milliseconds; a worker has to start on a busy machine
TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"""
RELATED = """<?xml version="1.0"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>
</Relationships>"""
BOOK = """<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>
<sheet name="Angebote" sheetId="1" r:id="rId1"/></sheets></workbook>"""
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'


def spreadsheet(csv: str) -> bytes:
    """A list as a workbook of one sheet (ECMA-376), written by us."""
    rows = []
    for line in csv.strip().splitlines():
        cells = (f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in line.split(";"))
        rows.append(f"<row>{''.join(cells)}</row>")
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATED.format(kind="officeDocument", target="xl/workbook.xml"),
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": RELATED.format(kind="worksheet", target="worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": SHEET.format("".join(rows)),
    }
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.fixture
def house(database: Engine, tmp_path: Path) -> Iterator[str]:
    """The service by https on a database of its own, with a worker and a coordinator; its address."""
    with Session(database) as session, session.begin():
        make_member(session, make_lichtenberg(session), Role.COORDINATOR, EMAIL)
    with served(database, tmp_path) as address:
        yield address


def bring_in(page: Page, engine: Engine, rows: str = LIST, count: int = 3, *, axe: bool = True) -> None:
    """The way to the map; each page is looked at."""
    sign_in(page, EMAIL, PASSWORD)
    page.get_by_role("link", name="Listen einlesen").click()
    expect(page.get_by_role("heading", name="Eine Datei")).to_be_visible()
    look(page, "einlesen-1", axe=axe)
    page.get_by_label("Datei auswählen").set_input_files(
        {"name": "liste.xlsx", "mimeType": "application/octet-stream", "buffer": spreadsheet(rows)}
    )
    page.get_by_role("button", name="Hochladen").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Stimmt das so?", timeout=WAIT)
    look(page, "einlesen-2", axe=axe)
    line = page.get_by_text("Name des Angebots aus „Name“, zum Beispiel „Nähcafé“")
    chosen_column = page.get_by_label("Name des Angebots", exact=True)
    expect(chosen_column).to_be_hidden()
    line.focus()  # the line is what the keyboard opens
    page.keyboard.press("Enter")
    expect(chosen_column).to_have_value("Name")
    page.get_by_label("Wer hat die Liste gemacht?").fill("Amt")
    page.get_by_label("So soll die Quelle genannt werden").fill("Amt, CC0")
    page.get_by_label("Was ist erlaubt?").fill("CC0")
    page.get_by_label("Darf die Liste gleich auf die Karte?").select_option("apply")
    page.get_by_role("button", name="Vorschau ansehen").click()
    expect(heading).to_have_text("Das würde daraus", timeout=WAIT)
    look(page, "einlesen-3", axe=axe)
    assert tables(engine)["offer"] == 0
    page.get_by_role("link", name="1 nicht übernommen").click()
    expect(page.get_by_role("cell", name="liegt außerhalb der Region")).to_be_visible()
    page.get_by_role("link", name="alle Zeilen").click()
    expect(page.get_by_role("cell", name="Nähcafé")).to_contain_text("030 23125001")
    page.get_by_role("button", name="Jetzt übernehmen").click()
    expect(heading).to_have_text("Übernommen", timeout=WAIT)
    look(page, "einlesen-4", axe=axe)
    assert tables(engine)["offer"] == count


def take_out_again(page: Page, engine: Engine) -> None:
    """The way back."""
    heading = page.get_by_role("heading", level=1)
    page.get_by_role("button", name="Diesen Import zurücknehmen").click()
    expect(heading).to_have_text("Zurückgenommen", timeout=WAIT)
    expect(page.get_by_text("3 Angebote entfernt.")).to_be_visible()
    look(page, "einlesen-5")
    assert tables(engine)["offer"] == 0


@pytest.mark.parametrize(
    "screen",
    [
        pytest.param(PHONE | {"width": 320}, id="phone"),
        pytest.param(DESK, id="desk", marks=pytest.mark.proof),
    ],
)
def test_a_spreadsheet_comes_in_and_goes_out_again(
    browser: Browser, house: str, database: Engine, screen: dict[str, int]
) -> None:
    context = browser.new_context(viewport=screen, base_url=house, ignore_https_errors=True)  # type: ignore[arg-type]
    with opened(context, house) as page:
        bring_in(page, database)
        take_out_again(page, database)


def edit(page: Page, name: str, summary: str) -> None:
    """Change an entry by its form."""
    page.goto("/pflege/angebote")
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("button", name="Bearbeiten").click()
    page.get_by_label("Worum geht es, in einem Satz?").fill(summary)
    page.get_by_role("button", name="Weiter", exact=True).last.click()
    page.goto(f"{page.url.rpartition('/')[0]}/ansehen")
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(page.get_by_role("status")).to_have_text("Es ist veröffentlicht.")


def test_what_people_have_changed_stays_when_the_import_is_undone(
    browser: Browser, house: str, database: Engine
) -> None:
    more = "".join(
        f"{number};Treff {number};Verein;Musterweg {number};10365;Berlin;;13.5{number};52.5;sport\n"
        for number in range(5, 8)
    )
    names = ("Nähcafé", "Treff 5", "Treff 6")
    context = browser.new_context(viewport=DESK, base_url=house, ignore_https_errors=True)  # type: ignore[arg-type]
    with opened(context, house) as page:
        bring_in(page, database, LIST + more, 6, axe=False)
        way_back = page.url
        for name in names:
            edit(page, name, f"{name}, jetzt auch abends")
        page.goto(way_back)
        page.get_by_role("button", name="Diesen Import zurücknehmen").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Zurückgenommen", timeout=WAIT)
        expect(page.get_by_text("3 Angebote entfernt, 3 Angebote behalten.")).to_be_visible()
        for name in names:
            expect(page.get_by_text(f"„{name}“ bleibt, weil inzwischen jemand")).to_be_visible()
        page.goto("/angebote")
        for name in names:
            expect(page.get_by_text(f"{name}, jetzt auch abends")).to_be_visible()
        expect(page.get_by_text("Treff 7")).to_have_count(0)


def test_it_goes_without_scripts_too(browser: Browser, house: str, database: Engine) -> None:
    context = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        base_url=house,
        ignore_https_errors=True,
        java_script_enabled=False,
    )
    with opened(context, house) as page:
        page.goto("/pflege/einlesen")  # the way in leads back here
        page.get_by_label("E-Mail-Adresse").fill(EMAIL)
        page.get_by_label("Kennwort", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Anmelden", exact=True).click()
        page.get_by_label("Datei auswählen").set_input_files(
            {"name": "liste.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
        )
        page.get_by_role("button", name="Hochladen").click()
        again = page.get_by_role("link", name="Neu laden")
        deadline = time.monotonic() + WAIT / 1_000
        while again.count() and time.monotonic() < deadline:
            again.click()
            time.sleep(0.3)
        expect(page.get_by_role("heading", level=1)).to_have_text("Stimmt das so?")


def test_a_list_that_a_command_has_brought_in_has_a_page_too(
    browser: Browser, house: str, database: Engine
) -> None:
    with Session(database) as session, session.begin():
        sample.bring_in(session, session.exec(select(Region)).one(), [sample.row("1")])
        (batch,) = session.exec(select(ImportBatch.id)).all()
    context = browser.new_context(viewport=PHONE, base_url=house, ignore_https_errors=True)  # type: ignore[arg-type]
    with opened(context, house) as page:
        sign_in(page, EMAIL, PASSWORD)
        answer = page.goto(f"/pflege/einlesen/stapel/{batch}")
        assert answer
        assert answer.status == 200
        expect(page.get_by_role("heading", level=1)).to_have_text("Übernommen")
        look(page, "einlesen-stapel")
