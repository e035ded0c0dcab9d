"""TOML files that people write: a misspelt key is a mistake that is named, not something to pass over."""

import datetime as dt
import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from api.core import clock
from importers.errors import UnusableError

_REASONS = {
    "missing": "fehlt.",
    "string_type": 'muss ein Text in Anführungszeichen sein: "…"',
    "list_type": 'muss eine Liste sein: ["…"]',
    "dict_type": "muss eine Tabelle sein.",
    "model_type": "muss eine Tabelle sein.",
    "bool_type": "muss true oder false sein.",
    "bool_parsing": "muss true oder false sein.",
    "int_type": "muss eine ganze Zahl sein.",
    "int_parsing": "muss eine ganze Zahl sein.",
    "date_type": "muss ein Datum sein, zum Beispiel 2026-04-16.",
    "date_from_datetime_parsing": "muss ein Datum sein, zum Beispiel 2026-04-16.",
    "date_parsing": "muss ein Datum sein, zum Beispiel 2026-04-16.",
    "string_too_short": "darf nicht leer sein.",
    "too_short": "darf nicht leer sein.",
    "string_pattern_mismatch": "muss eine Internetadresse sein, die mit http:// oder https:// beginnt.",
}
_MISSHAPEN = "Die Datei ist nicht so aufgebaut, wie eine TOML-Datei sein muss."
# No list that anybody still uses is older.
EARLIEST = dt.date(1990, 1, 1)


def _plausible(day: dt.date) -> dt.date:
    if not EARLIEST <= day <= clock.today("Europe/Berlin"):
        raise ValueError(f"muss ein Tag zwischen dem {EARLIEST:%d.%m.%Y} und heute sein")
    return day


# The day of which data tell; it becomes the day on which offers were last checked.
DataDate = Annotated[dt.date, AfterValidator(_plausible)]
# Pages link to it.
WebAddress = Annotated[str, StringConstraints(pattern=r'^(https?://[^\s<>"]+)?$')]


class Strict(BaseModel):
    """A table of a TOML file without unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Document = TypeVar("Document", bound=BaseModel)


def read_toml(path: Path, model: type[Document]) -> Document:
    """Return a file as the model, or raise UnusableError that names file, table and key in German."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnusableError(f"{path}: Die Datei lässt sich nicht lesen ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise UnusableError(f"{path}: Die Datei ist nicht in UTF-8 gespeichert.") from error
    except tomllib.TOMLDecodeError as error:
        raise UnusableError(f"{path}: kein gültiges TOML ({error}).") from error
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise UnusableError(f"{path}: {_MISSHAPEN}") from error
    return read_content(content, model, str(path))


def read_content(content: object, model: type[Document], origin: str) -> Document:
    """Return what a file (origin) says as the model, or raise UnusableError as read_toml does."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise UnusableError(f"{origin}: {place(first['loc'])} – {_reason(model, dict(first))}") from error
    except RecursionError as error:
        raise UnusableError(f"{origin}: {_MISSHAPEN}") from error


def place(loc: tuple[int | str, ...]) -> str:
    """Return where in a TOML file something stands: ("rules", 0, "topics") → "[[rules]] Nr. 1 topics"."""
    parts: list[str] = []
    for position, name in enumerate(loc):
        inner = position + 1 < len(loc)
        if isinstance(name, int):
            parts[-1] = f"[{parts[-1]}]" if parts[-1].startswith("[") else f"[[{parts[-1]}]]"
            parts.append(f"Nr. {name + 1}")
        else:
            parts.append(f"[{name}]" if inner else name)
    return " ".join(parts)


def meant(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that asks for the nearest known name, if there is one."""
    near = get_close_matches(name, list(known), n=1)
    return f" Gemeint: {near[0]}?" if near else ""


def _reason(model: type[BaseModel], error: dict[str, Any]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        name = str(error["loc"][-1])
        return f"dieses Feld gibt es nicht.{meant(name, _table(model, error['loc'][:-1]).model_fields)}"
    if kind == "literal_error":
        return f"erlaubt ist: {context['expected'].replace(' or ', ' oder ')}."
    if kind == "value_error":
        return f"{context['error']}."
    return _REASONS.get(kind, "dieser Wert passt nicht.")


def _table(model: type[BaseModel], loc: tuple[int | str, ...]) -> type[BaseModel]:
    for name in loc:
        if isinstance(name, str) and name in model.model_fields:
            annotation = model.model_fields[name].annotation
            tables = [kind for kind in (annotation, *get_args(annotation)) if _is_table(kind)]
            model = tables[0] if tables else model
    return model


def _is_table(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
