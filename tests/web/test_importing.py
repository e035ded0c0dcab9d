"""Bringing in a list through the pages: upload, mapping, preview, apply, undo."""

import re

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from importers.jobs.models import Stage
from tests.importers.sample import tables
from tests.web.importing import LIST, PAGES, Coordinator, jobs

KNOWN = {"quelle-publisher": "Amt", "quelle-licence": "CC0", "quelle-attribution": "Amt, CC0"}
APPLY = KNOWN | {"quelle-trust": "apply", "schluessel": "Nr"}


def test_a_list_comes_in_and_goes_out_again(somebody: Coordinator) -> None:
    before = tables(somebody.engine)
    path = somebody.bring()
    page = somebody.get(path).text
    assert "Spalte heißt „Name“" in page  # the guess says why
    assert '<option value="Telefon" selected>' in page

    somebody.post(f"{path}/zuordnung", **somebody.filled_in(path, **APPLY))
    somebody.wait()
    preview = somebody.get(path).text
    assert "Noch ist nichts gespeichert" in preview
    assert re.findall(r"<strong>(\d+)</strong> (neu|nicht übernommen)", preview) == [
        ("3", "neu"),
        ("1", "nicht übernommen"),
    ]
    assert "liegt außerhalb der Region" in preview
    assert preview.count('class="importing-pin') == 3  # the fourth lies outside of the picture
    assert tables(somebody.engine) == before

    somebody.post(f"{path}/uebernehmen")
    somebody.wait()
    result = somebody.get(path).text
    assert "<h1>Übernommen</h1>" in result
    assert tables(somebody.engine)["offer"] == 3
    report = somebody.get(f"{path}/bericht.txt").text
    assert "Zeile 4 (Ferne Hilfe): nicht übernommen" in report
    assert len(somebody.get(f"{path}/bericht.json").text.splitlines()) == 4

    somebody.post(f"{path}/zuruecknehmen")
    somebody.wait()
    assert "3 Angebote entfernt." in somebody.get(path).text
    assert tables(somebody.engine)["offer"] == 0


def test_what_a_list_says_is_shown_as_text_and_never_as_code(somebody: Coordinator) -> None:
    path = somebody.bring()
    somebody.post(f"{path}/zuordnung", **somebody.filled_in(path, **APPLY))
    somebody.wait()
    page = somebody.get(path).text
    assert "<script>alert" not in page
    assert "=1+1 &lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_rows_can_be_looked_at_by_what_becomes_of_them(somebody: Coordinator) -> None:
    path = somebody.bring()
    somebody.post(f"{path}/zuordnung", **somebody.filled_in(path, **APPLY))
    somebody.wait()
    failed = somebody.get(f"{path}?was=failed").text
    assert "Ferne Hilfe" in failed
    assert "Nähcafé" not in failed
    for odd in ("?was=gibt-es-nicht", "?seite=99", "?seite=-1"):
        assert somebody.get(path + odd).status_code == 200


def test_the_file_is_gone_once_it_is_applied_and_its_mapping_is_used_again(somebody: Coordinator) -> None:
    path = somebody.bring()
    somebody.post(f"{path}/zuordnung", **somebody.filled_in(path, **APPLY))
    somebody.wait()
    somebody.post(f"{path}/uebernehmen")
    somebody.wait()
    with somebody.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM import_part")) == 0
        assert connection.scalar(text("SELECT draft FROM import_job")) is None
    again = somebody.get(somebody.bring(LIST.replace("Nähcafé", "Nähstube"))).text
    assert 'value="CC0"' in again  # nobody has to type it twice


def test_a_mapping_can_be_written_as_text(somebody: Coordinator) -> None:
    path = somebody.bring()
    toml = somebody.get(f"{path}/zuordnung.toml").text
    wrong = somebody.post(f"{path}/zuordnung", text=toml.replace('"Name"', '"Nmae"'))
    assert wrong.status_code == 422
    assert "Gemeint: Name?" in wrong.text
    assert '"Nmae"' in wrong.text.replace("&#34;", '"')  # what was typed is not lost
    right = somebody.post(f"{path}/zuordnung", text=toml.replace("hier", "woanders"))
    assert right.status_code == 303
    somebody.wait()
    assert somebody.job().stage == Stage.PREVIEWED  # the region is the one of the page


def test_a_hostile_mapping_is_refused_with_a_sentence(somebody: Coordinator) -> None:
    path = somebody.bring()
    for toml in (
        "", "]", "a = 1", "[source]\nslug = 3", "x" * 150_000, "\x00", "[fields]\n" + "a.b" * 9_000, "💥",
        "[[[[", "a = " + "[" * 5_000,
    ):  # fmt: skip
        answer = somebody.post(f"{path}/zuordnung", text=toml)
        assert answer.status_code == 422, toml[:20]
        assert 'role="alert"' in answer.text
        assert "/tmp" not in answer.text
        assert somebody.job().stage == Stage.DRAFTED


def test_a_hostile_form_is_refused_with_a_sentence(somebody: Coordinator) -> None:
    path = somebody.bring()
    right = somebody.filled_in(path, **APPLY)
    for fields in (
        {"feld-name": ""},
        {"feld-name": "gibt es nicht"},
        {"feld-name": "{Name"},
        {"feld-phone": "{gibt} es nicht"},
        {"schluessel": "gibt es nicht"},
        {"quelle-url": "javascript:alert(1)"},
        {"quelle-date": "gestern"},
        {"quelle-title": "x" * 3_000},
        {"thema": "gibt-es-nicht"},
        {"regel-0-woerter": "a", "regel-0-spalte": "", "regel-0-thema": ""},
    ):
        answer = somebody.post(f"{path}/zuordnung", **right | fields)
        if answer.status_code == 303:  # what only the database knows is said by the worker
            somebody.wait()
            answer = somebody.get(path)
        assert 'role="alert"' in answer.text, fields
        assert "liegt bei uns" not in answer.text, fields
        assert somebody.job().stage == Stage.DRAFTED


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\Users\\Eva\\liste.csv", "liste.csv"),
        ("liste\u202evsc.exe.csv", "liste vsc.exe.csv"),
        ("<b>liste</b>.csv", "b&gt;.csv"),
        ("zuordnung.toml", "zuordnung.toml"),
        (".csv", "csv"),
        ("x" * 400 + ".csv", "xxx.csv"),
    ],
)
def test_names_of_files_are_only_names(somebody: Coordinator, name: str, shown: str) -> None:
    path = somebody.bring(name=name)
    page = somebody.get(path).text
    assert shown in page
    assert "\u202e" not in page
    assert "<b>" not in page
    assert len(somebody.job().file_name) <= 120


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"\x00" * 5_000, b"PK\x03\x04kaputt", b"<html><body>"])
def test_what_is_no_list_is_said_to_be_none(somebody: Coordinator, content: bytes) -> None:
    answer = somebody.upload(content)
    if content:
        somebody.wait()
        answer = somebody.get(answer.headers["location"].removeprefix(PAGES))
        assert "Es ist nichts gespeichert" in answer.text
    assert 'role="alert"' in answer.text
    assert "/tmp" not in answer.text


def test_another_sheet_can_be_chosen_when_the_first_guess_is_wrong(somebody: Coordinator) -> None:
    path = somebody.bring("Stand: März 2026;;\nNr;Name;PLZ\n1;Treff;10365")
    assert somebody.post(f"{path}/lesen", kopfzeile="9" * 5_000, blatt="9" * 5_000).status_code == 303
    somebody.wait()
    assert 'role="alert"' in somebody.get(path).text
    somebody.post(f"{path}/lesen", kopfzeile="2", blatt="")
    somebody.wait()
    assert '<option value="PLZ" selected>' in somebody.get(path).text


def test_a_file_before_the_proof_is_not_kept(somebody: Coordinator) -> None:
    proof = somebody.proof()["formular"]
    body = (
        '--x\r\nContent-Disposition: form-data; name="datei"; filename="a.csv"\r\n\r\na;b\r\n'
        f'--x\r\nContent-Disposition: form-data; name="formular"\r\n\r\n{proof}\r\n--x--\r\n'
    )
    kind = {"content-type": "multipart/form-data; boundary=x"}
    assert somebody.client.post(f"{PAGES}/datei", content=body, headers=kind).status_code == 403
    assert jobs(somebody.engine) == 0


@pytest.mark.parametrize("cut", [10, 60, 150, 170])
def test_an_upload_that_breaks_off_leaves_nothing(somebody: Coordinator, cut: int) -> None:
    proof = somebody.proof()["formular"]
    body = (
        f'--x\r\nContent-Disposition: form-data; name="formular"\r\n\r\n{proof}\r\n'
        '--x\r\nContent-Disposition: form-data; name="datei"; filename="a.csv"\r\n\r\na;b\r\n1;2\r\n--x--\r\n'
    )
    kind = {"content-type": "multipart/form-data; boundary=x"}
    answer = somebody.client.post(f"{PAGES}/datei", content=body[:-cut], headers=kind)
    assert answer.status_code in {400, 403}
    assert jobs(somebody.engine) == 0


def test_a_file_that_is_too_large_is_refused_while_it_comes(
    somebody: Coordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importers.readers import limits  # noqa: PLC0415

    monkeypatch.setattr(limits, "FILE", 1_500_000)
    answer = somebody.upload(b"a;b\n" * 500_000)
    assert answer.status_code == 413
    assert "zu groß" in answer.text
    assert jobs(somebody.engine) == 0


def test_an_announced_size_is_refused_before_anything_is_read(somebody: Coordinator) -> None:
    headers = {"content-length": str(200 * 1024**2), "content-type": "multipart/form-data; boundary=x"}
    assert somebody.client.post(f"{PAGES}/datei", content=b"", headers=headers).status_code == 413


def test_switched_off_there_is_nothing(engine_here: Engine) -> None:
    closed = Coordinator(engine_here, import_pages=False).enter()
    for path in ("", "/1"):
        assert closed.get(path).status_code == 404
    assert "einlesen" not in closed.browser.get("/pflege").text.partition("<main")[0]


def test_only_the_german_address_exists_and_nobody_is_led_there(somebody: Coordinator) -> None:
    assert somebody.client.get(f"/en{PAGES}").status_code == 404
    assert "noindex" in somebody.get("").headers["x-robots-tag"]
    assert "einlesen" not in somebody.client.get("/").text


def test_another_region_does_not_see_the_list(somebody: Coordinator) -> None:
    from tests.factories import make_region  # noqa: PLC0415

    path = somebody.bring()
    with Session(somebody.engine) as session, session.begin():
        make_region(session, slug="dort", hostnames=["dort.example"], is_default=False)
    other = Coordinator(somebody.engine, "https://dort.example").enter(region="dort")
    assert other.get("").status_code == 200
    assert other.get(path).status_code == 404
    assert "liste.csv" not in other.get("").text
    assert other.client.get(f"https://localhost{PAGES}{path}").status_code == 303  # nobody there


@pytest.mark.parametrize(
    "address", ["http://a.example/x.csv", "https://127.0.0.1/", "file:///etc/passwd", "x"]
)
def test_a_bad_address_is_refused_at_once(somebody: Coordinator, address: str) -> None:
    answer = somebody.post("/adresse", adresse=address)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert jobs(somebody.engine) == 0


def test_an_address_that_leads_inside_fails_in_the_background(somebody: Coordinator) -> None:
    answer = somebody.post("/adresse", adresse="https://innen.invalid/liste.csv")
    assert answer.status_code == 303
    somebody.wait()
    assert somebody.job().stage == Stage.FAILED
    assert "Diesen Server gibt es nicht" in somebody.job().error


def test_what_is_at_another_stage_cannot_be_applied(somebody: Coordinator) -> None:
    path = somebody.bring()
    assert somebody.post(f"{path}/uebernehmen").status_code == 409
    assert somebody.post(f"{path}/zuruecknehmen").status_code == 404
    assert somebody.post(f"{path}/verwerfen").status_code == 303
    assert somebody.get(path).status_code == 404
