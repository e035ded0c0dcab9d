"""Tables of people: titles above, names in several lines, cells merged, dates as spreadsheets keep them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from importers import readers
from importers.errors import UnusableError
from importers.file_table import FileTable
from tests.importers.hostile import files

Table = Callable[..., list[readers.Row]]


def read(path: Path, content: bytes | str, **table: object) -> list[readers.Row]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return readers.read(path, FileTable.model_validate({"key": ["id"], **table}))


@pytest.fixture(params=["csv", "xlsx"])
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Table:
    """A function that writes lines into a file of either kind and reads it."""

    def of(*lines: tuple[str, ...], **said: object) -> list[readers.Row]:
        path = tmp_path / f"liste.{request.param}"
        if request.param == "csv":
            return read(path, "".join(f"{';'.join(line)}\n" for line in lines), **said)
        rows = "".join(files.row(number, *line) for number, line in enumerate(lines, start=1))
        return read(path, files.sheet(rows), **said)

    return of


def test_finds_the_header_below_a_title(table: Table) -> None:
    rows = table(("Angebote im Kiez", "", ""), ("", "", ""), ("id", "name", "ort"), ("1", "a", "b"))
    assert rows == [readers.Row(4, {"id": "1", "name": "a", "ort": "b"})]


def test_finds_the_delimiter_below_a_title_that_has_none(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.csv", "Angebote, nach Ort\n\nid;name\n1;a\n2;b\n")
    assert [row.values for row in rows] == [{"id": "1", "name": "a"}, {"id": "2", "name": "b"}]


def test_takes_the_header_from_the_line_that_the_mapping_names(table: Table) -> None:
    lines = (("Stand", "heute"), ("id", "name"), ("1", "a"))
    assert [row.number for row in table(*lines)] == [2, 3]
    assert table(*lines, header=2) == [readers.Row(3, {"id": "1", "name": "a"})]
    with pytest.raises(UnusableError, match="In Zeile 9"):
        table(*lines, header=9)


def test_joins_the_names_of_several_header_lines(table: Table) -> None:
    rows = table(
        ("id", "Adresse", "", "Telefon"),
        ("", "Straße", "PLZ", ""),
        ("1", "Weg 1", "01067", "0351 1"),
        header=1,
        header_rows=2,
    )
    named = {"id": "1", "Adresse Straße": "Weg 1", "Adresse PLZ": "01067", "Telefon": "0351 1"}
    assert rows == [readers.Row(3, named)]


def test_fills_the_cells_below_a_merged_one_where_asked_to(table: Table) -> None:
    lines = (("Träger", "id"), ("Verein", "1"), ("", "2"), ("Amt", "3"), ("", "4"))
    filled = [row.values["Träger"] for row in table(*lines, fill_down=["Träger"])]
    assert filled == ["Verein", "Verein", "Amt", "Amt"]
    assert [row.values["Träger"] for row in table(*lines)] == ["Verein", "", "Amt", ""]
    with pytest.raises(UnusableError, match="Gemeint: Träger"):
        table(*lines, fill_down=["Traeger"])


def test_keeps_what_stands_beside_a_sheet(tmp_path: Path) -> None:
    lines = files.row(1, "id", "name") + files.row(2, "1", "a") + files.row(3, "2", "b", "alt")
    rows = read(tmp_path / "a.xlsx", files.sheet(lines))
    assert [row.values for row in rows] == [
        {"id": "1", "name": "a"},
        {"id": "2", "name": "b", "Spalte 3": "alt"},
    ]


def test_reads_numbers_dates_times_and_truth_as_people_see_them(tmp_path: Path) -> None:
    cells = (
        '<c r="A2" t="inlineStr"><is><t>01067</t></is></c><c r="B2"><v>10369</v></c><c r="C2"><v>52.5</v></c>'
        '<c r="D2" t="b"><v>1</v></c><c r="E2" s="1"><v>46084</v></c><c r="F2" s="2"><v>0.4375</v></c>'
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    styles = (
        f'<styleSheet xmlns="{main}"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/>'
        '<xf numFmtId="20"/></cellXfs></styleSheet>'
    )
    links = "".join(
        f'<Relationship Id="r{number}" Type="{office}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(
            [("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")], start=1
        )
    )
    content = files.sheet(
        files.row(1, "plz", "zahl", "lat", "ja", "tag", "uhr") + f'<row r="2">{cells}</row>',
        **{
            "xl/styles.xml": styles,
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">{links}</Relationships>',
        },
    )
    (row,) = read(tmp_path / "a.xlsx", content)
    assert row.values == {
        "plz": "01067", "zahl": 10369, "lat": 52.5, "ja": True, "tag": "2026-03-03", "uhr": "10:30"
    }  # fmt: skip


def test_reads_open_document_with_its_endless_empty_rows(tmp_path: Path) -> None:
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    empty = '<table:table-cell table:number-columns-repeated="1020"/>'
    lines = [f"<table:table-row>{text.format(said)}{empty}</table:table-row>" for said in ("id", "01067")]
    end = f'<table:table-row table:number-rows-repeated="1048570">{empty}</table:table-row>'
    rows = read(tmp_path / "a.ods", files.open_document("".join(lines) + end))
    assert rows == [readers.Row(2, {"id": "01067"})]


def test_asks_for_the_sheet_where_there_are_several(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    one = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>id</text:p></table:table-cell>'
    )
    between = f'{one}</table:table-row></table:table><table:table table:name="{{}}">'
    body = between.format("Zwei") + between.format("Leer")
    for sheet in ("Liste", "Zwei", 1, 2):
        assert read(path, files.open_document(body), sheet=sheet) == []
    with pytest.raises(UnusableError, match="Mehrere Blätter haben einen Inhalt: Liste, Zwei"):
        read(path, files.open_document(body))
    with pytest.raises(UnusableError, match="Die Datei enthält: Liste, Zwei, Leer"):
        read(path, files.open_document(body), sheet="Drei")
