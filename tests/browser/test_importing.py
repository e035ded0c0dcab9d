"""A coordinator brings in a spreadsheet in a real browser, sees what becomes of it, and takes it back."""

import threading
import time
import zipfile
from collections.abc import Iterator
from html import escape
from io import BytesIO

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from sqlmodel import Session

from tests.browser.conftest import DESK, PHONE, watched
from tests.importers.sample import make_lichtenberg, tables
from tests.web.importing import LIST, TOKEN, chosen
from web.main import create_app
from web.server import SERVER

pytestmark = pytest.mark.browser

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
def house(database: Engine) -> Iterator[str]:
    """The service on a database of its own, with a worker; the value is its address."""
    with Session(database) as session:
        make_lichtenberg(session)
        session.commit()
    running = uvicorn.Server(uvicorn.Config(create_app(database, chosen()), port=0, **SERVER))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    running.should_exit = True
    thread.join()


def check(page: Page) -> None:
    """Nothing for axe to find, and nothing sticks out."""
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
    width = (page.viewport_size or {"width": 0})["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def bring_in(page: Page, engine: Engine) -> None:
    """The whole way; each page is looked at."""
    page.goto("/einlesen")
    check(page)
    page.get_by_label("Zugang").fill(TOKEN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Eine Datei")).to_be_visible()
    check(page)
    page.get_by_label("Datei auswählen").set_input_files(
        {"name": "liste.xlsx", "mimeType": "application/octet-stream", "buffer": spreadsheet(LIST)}
    )
    page.get_by_role("button", name="Hochladen").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Stimmt das so?", timeout=WAIT)
    check(page)
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
    check(page)
    assert tables(engine)["offer"] == 0
    page.get_by_role("link", name="1 nicht übernommen").click()
    expect(page.get_by_role("cell", name="liegt außerhalb der Region")).to_be_visible()
    page.get_by_role("link", name="alle Zeilen").click()
    expect(page.get_by_role("cell", name="Nähcafé")).to_contain_text("030 23125001")
    page.get_by_role("button", name="Jetzt übernehmen").click()
    expect(heading).to_have_text("Übernommen", timeout=WAIT)
    check(page)
    assert tables(engine)["offer"] == 3
    page.get_by_role("button", name="Diesen Import zurücknehmen").click()
    expect(heading).to_have_text("Zurückgenommen", timeout=WAIT)
    expect(page.get_by_text("3 Angebote entfernt.")).to_be_visible()
    check(page)
    assert tables(engine)["offer"] == 0


@pytest.mark.parametrize("screen", [PHONE | {"width": 320}, DESK], ids=["phone", "desk"])
def test_a_spreadsheet_comes_in_and_goes_out_again(
    browser: Browser, house: str, database: Engine, screen: dict[str, int]
) -> None:
    for page in watched(browser.new_context(viewport=screen, base_url=house), house):  # type: ignore[arg-type]
        bring_in(page, database)


def test_it_goes_without_scripts_too(browser: Browser, house: str, database: Engine) -> None:
    context = browser.new_context(viewport=PHONE, base_url=house, java_script_enabled=False)  # type: ignore[arg-type]
    for page in watched(context, house):
        page.goto("/einlesen")
        page.get_by_label("Zugang").fill(TOKEN)
        page.get_by_role("button", name="Öffnen").click()
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
