"""The mark of a city is a drawing and nothing else: what could run, move or load something is refused."""

import re
from pathlib import Path
from typing import Final
from xml.parsers import expat

MOST_BYTES: Final = 20_000
SVG: Final = "http://www.w3.org/2000/svg"
DRAWN: Final = frozenset(
    {"circle", "clipPath", "defs", "desc", "ellipse", "g", "line", "linearGradient", "mask", "path"}
    | {"polygon", "polyline", "radialGradient", "rect", "stop", "style", "svg", "symbol", "text"}
    | {"title", "tspan", "use"}
)
_WAY_OUT: Final = "Speichern Sie das Zeichen in Ihrem Zeichenprogramm als „einfaches“ oder „optimiertes“ SVG"
# In styles and values of attributes: files, fonts and pictures from elsewhere, however they are written.
_FROM_ELSEWHERE: Final = re.compile(r"url\((?!\s*[\"']?#)|image\(|image-set\(|\\", re.IGNORECASE)
_RULE: Final = re.compile(r"@(?!media\b)", re.IGNORECASE)
_BETWEEN: Final = "}"  # the parser writes namespace}name


class MarkError(ValueError):
    """A file cannot be a mark; the text is German and says why and what to do."""


def read(path: Path) -> str:
    """Return the SVG of a mark, or raise MarkError."""
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise MarkError(f"lässt sich nicht lesen ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise MarkError(f"ist kein SVG in UTF-8. {_WAY_OUT}") from error
    if len(content) > MOST_BYTES:
        raise MarkError(
            f"ist zu groß: {len(content)} Bytes, erlaubt sind {MOST_BYTES}. Vereinfachen Sie die Zeichnung"
        )
    _Checked(text)
    return text


class _Checked:
    """Reads through an SVG and raises MarkError at the first thing that does not belong in a drawing."""

    def __init__(self, text: str) -> None:
        self.is_inside = False
        self.style: list[str] | None = None  # what has been read of a <style>
        parser = expat.ParserCreate(namespace_separator=_BETWEEN)
        parser.StartDoctypeDeclHandler = self._doctype
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartElementHandler = self._element
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._words
        try:
            parser.Parse(text, True)
        except expat.ExpatError as error:
            raise MarkError(f"ist kein wohlgeformtes SVG ({error}). {_WAY_OUT}") from error

    def _doctype(self, *_said: object) -> None:
        raise MarkError(f"hat eine DOCTYPE-Zeile. Löschen Sie, was mit <!DOCTYPE beginnt. {_WAY_OUT}")

    def _instruction(self, target: str, _said: str) -> None:
        raise MarkError(f"enthält <?{target} …?>. Löschen Sie diese Stelle")

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(_BETWEEN)
        if not self.is_inside:
            self._root(namespace, local, attributes)
        if self.style is not None:  # its words on both sides would be read as one
            raise MarkError(f"enthält <{local}> in <style>. {_WAY_OUT}")
        if namespace != SVG or local not in DRAWN:
            raise MarkError(f"enthält <{local}>; erlaubt sind nur gezeichnete Formen und Schrift. {_WAY_OUT}")
        for key, value in attributes.items():
            _check_attribute(key.rpartition(_BETWEEN)[2], value)
        if local == "style":
            self.style = []

    def _root(self, namespace: str, local: str, attributes: dict[str, str]) -> None:
        if (namespace, local) != (SVG, "svg"):
            raise MarkError(f'beginnt nicht mit <svg xmlns="{SVG}">. {_WAY_OUT}')
        if "viewBox" not in attributes:
            raise MarkError('hat im <svg> kein viewBox. Ergänzen Sie es, zum Beispiel viewBox="0 0 64 64"')
        self.is_inside = True

    def _end(self, name: str) -> None:
        if self.style is not None and name.rpartition(_BETWEEN)[2] == "style":
            said = "".join(self.style)
            self.style = None
            if _FROM_ELSEWHERE.search(said) or _RULE.search(said):
                raise MarkError("lädt in <style> etwas nach. Erlaubt sind nur @media und url(#…)")

    def _words(self, said: str) -> None:
        if self.style is not None:
            self.style.append(said)


def _check_attribute(name: str, value: str) -> None:
    if name.lower().startswith("on"):
        raise MarkError(f"enthält Code im Attribut {name}. Löschen Sie das Attribut")
    if name == "base" or (name in ("href", "src") and not value.startswith("#")):
        raise MarkError(f'verweist mit {name}="{value[:40]}" nach außen. Erlaubt sind nur Verweise mit #')
    if _FROM_ELSEWHERE.search(value):
        raise MarkError(f"lädt im Attribut {name} etwas nach. Erlaubt ist nur url(#…)")
