"""Spreadsheets: XLSX, XLSM, XLS and ODS, one sheet of them, with what their formulas last came to."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.readers import archive, tables
from importers.readers.row import Row

ZIP = b"PK"


def read(path: Path, table: FileTable) -> Iterator[Row]:
    """Yield the rows of a sheet, with the numbers that the program shows beside them."""
    with path.open("rb") as file:
        is_zip = file.read(len(ZIP)) == ZIP
    if is_zip:
        archive.check_contents(path)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheet = _sheet(workbook, table.sheet, path.name)
        lines = enumerate(sheet.to_python(skip_empty_area=False), start=1)
    except PasswordError as error:
        raise UnusableError(
            f"{path.name}: Die Tabelle hat ein Passwort. Bitte ohne Passwort speichern."
        ) from error
    except CalamineError as error:
        raise UnusableError(
            f"{path.name}: Die Tabelle ist beschädigt oder nicht vollständig. Bitte im Tabellenprogramm"
            " öffnen und neu speichern."
        ) from error
    told = ((number, [_value(cell) for cell in cells]) for number, cells in lines)
    yield from tables.rows(told, table, path.name, exact=False)


def _sheet(workbook: CalamineWorkbook, wanted: str | int | None, file: str) -> CalamineSheet:
    names = workbook.sheet_names
    if isinstance(wanted, int) and 1 <= wanted <= len(names):
        return workbook.get_sheet_by_index(wanted - 1)
    if wanted in names:
        return workbook.get_sheet_by_name(str(wanted))
    if wanted is not None:
        raise UnusableError(
            f"{file}: [file] sheet – dieses Blatt gibt es nicht. Die Datei enthält: {', '.join(names)}."
        )
    visible = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
    filled = [sheet for name in visible if (sheet := workbook.get_sheet_by_name(name)).height]
    if len(filled) > 1:
        told = ", ".join(sheet.name for sheet in filled)
        raise UnusableError(
            f"{file}: Mehrere Blätter haben einen Inhalt: {told}. Bitte [file] sheet angeben."
        )
    if not filled:
        raise UnusableError(f"{file}: Alle Blätter sind leer.")
    return filled[0]


def _value(cell: Any) -> Any:  # noqa: ANN401 - a cell may hold anything
    """Return a cell as JSON has it: whole numbers without a point, dates and times as in ISO 8601."""
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else cell
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="minutes") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat(timespec="minutes")
    if isinstance(cell, timedelta):
        minutes = round(cell.total_seconds() / 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return cell
