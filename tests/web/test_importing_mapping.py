"""The page of a mapping says in plain words what was understood, the unsure first."""

import html
import re

from importers.jobs.models import Stage
from tests.web.importing import LIST, Coordinator
from web.importing.plain import plain

APPLY = {
    "quelle-publisher": "Amt",
    "quelle-licence": "CC0",
    "quelle-attribution": "Amt, CC0",
    "quelle-trust": "apply",
    "schluessel": "Nr",
}
METRES = """Bezeichnung;Rechtswert;Hochwert
Treff;{x};5818000
Café;{x};5819000
Haus;{x};5820000
"""


def words(page: str) -> str:
    """The page's text in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2])).split())


def test_what_is_sure_is_one_folded_line_with_examples(somebody: Coordinator) -> None:
    page = somebody.get(somebody.bring()).text
    assert "Name des Angebots aus „Name“, zum Beispiel „Nähcafé“ und „=1+1 <script>" in words(page)
    line = page.partition("<strong>Name des Angebots</strong>")[0].rpartition("<details")[2]
    assert " open" not in line
    assert page.index("Die Spalten</legend>") < page.index("Woher die Liste kommt</legend>")


def test_what_is_unsure_stands_first_and_open(somebody: Coordinator) -> None:
    page = somebody.get(somebody.bring("Spalte A;PLZ\nNähen und Stricken;10365\nKaffee trinken;10369\n")).text
    doubt, _, sure = page.partition("Da sind wir sicher:")
    assert "Hier sind wir nicht sicher. Bitte prüfen:" in doubt
    assert "Name des Angebots aus „Spalte A“, zum Beispiel „Nähen und Stricken“" in words(doubt)
    assert "<details" not in doubt.partition("<fieldset")[2]
    assert "Postleitzahl aus „PLZ“" in words(f"<main>{sure}")


def test_the_next_list_is_understood_as_the_last_one_and_no_file_of_ours_is_named(
    somebody: Coordinator,
) -> None:
    path = somebody.bring()
    title = {"quelle-title": "Treffpunkte"}
    somebody.post(f"{path}/zuordnung", **somebody.filled_in(path, **APPLY, **title))
    somebody.wait()
    somebody.post(f"{path}/uebernehmen")
    somebody.wait()
    path = somebody.bring(LIST.replace("Nähcafé", "Nähstube"))
    page = words(somebody.get(path).text)
    assert re.search(
        r"Die Spalten sind wie beim letzten Einlesen von „Treffpunkte“ am \d+\.\d+\.\d{4}\.", page
    )
    assert "Bitte eintragen" not in page
    for said in (page, somebody.get(f"{path}/zuordnung.toml").text):
        assert "bekannt-" not in said
        assert ".toml" not in said.replace("zuordnung.toml", "").partition("Für Fachleute")[0]


def test_what_was_typed_stays_when_something_is_wrong(somebody: Coordinator) -> None:
    path = somebody.bring()
    wrong = somebody.filled_in(path, **APPLY, **{"quelle-date": "gestern", "thema": "sport"})
    answer = somebody.post(f"{path}/zuordnung", **wrong)
    assert answer.status_code == 422
    assert 'name="quelle-publisher" type="text" maxlength="500" autocomplete="off"' in answer.text
    assert 'value="gestern"' in answer.text
    assert '<option value="sport" selected>' in answer.text
    assert '<option value="apply" selected>' in answer.text


def test_of_several_ways_to_read_coordinates_one_is_chosen_without_writing_anything(
    somebody: Coordinator,
) -> None:
    path = somebody.bring(METRES.format(x=398000).replace("Haus;398000;5820000\n", ""))  # too few to be sure
    page = somebody.get(path).text
    choice = re.search(r'<option value="(\d)">([^<]*Zone 33[^<]*)</option>', page)
    assert choice, words(page)
    assert "unten wählen" in page
    assert "x und y" not in page
    fields = somebody.filled_in(path, **APPLY | {"schluessel": "Bezeichnung", "punkte": choice[1]})
    assert somebody.post(f"{path}/zuordnung", **fields).status_code == 303
    somebody.wait()
    assert somebody.job().stage == Stage.PREVIEWED
    assert somebody.job().counts["no_point"] == 0
    assert "Punkt auf der Karte aus „Rechtswert“ und „Hochwert“" in words(
        somebody.get(f"{path}/zuordnung").text
    )


def test_sentences_of_the_assistant_name_no_fields_and_no_axes() -> None:
    topics = {"sport": "Sport und Bewegung"}
    assert plain("Neu ist „Tel“; sie könnte phone füllen.") == "Neu ist „Tel“; sie könnte „Telefon“ füllen."
    assert plain("Das Feld hours_text fällt darum weg.") == "Das Feld „Zeiten“ fällt darum weg."
    said = plain("Eine Regel für sport, kita fällt darum weg.", topics)
    assert said == "Eine Regel für Sport und Bewegung, kita fällt darum weg."
    assert "x und y" not in plain("Die Zahlen sind UTM, Zone 33 (ETRS89), x und y vertauscht: alle")
