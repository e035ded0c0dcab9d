"""XML without what makes it dangerous: no document types, so no entities, and no abysses."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from importers.errors import UnusableError
from importers.readers.limits import DEPTH

_WAY_OUT: Final = "Bitte die Datei mit dem Programm, aus dem sie stammt, noch einmal speichern."


@dataclass(slots=True)
class Node:
    """An element: its name without a prefix, so that it matters not which version of a format it is."""

    name: str
    attributes: dict[str, str]
    children: list["Node"] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return what stands in the element itself."""
        return "".join(self.words).strip()

    def all(self, name: str) -> list["Node"]:
        """Return the children of that name."""
        return [child for child in self.children if child.name == name]

    def said(self, name: str) -> str:
        """Return what the first child of that name says."""
        return next((child.text for child in self.children if child.name == name), "")

    def below(self) -> Iterator["Node"]:
        """Yield all elements inside, in their order."""
        for child in self.children:
            yield child
            yield from child.below()


def tree(content: bytes, file: str) -> Node:
    """Return the outermost element of a document, or raise UnusableError."""
    return _Tree(content, file).top.children[0]


class _Tree:
    def __init__(self, content: bytes, file: str) -> None:
        self.file = file
        self.top = Node("", {})
        self.path = [self.top]
        # Without namespaces: many files use prefixes that they never declare.
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._words
        try:
            parser.Parse(content, True)
        except expat.ExpatError as error:
            raise UnusableError(
                f"{file}, Zeile {error.lineno}: Das XML ist beschädigt oder nicht vollständig. {_WAY_OUT}"
            ) from error

    def _doctype(self, *_said: object) -> None:
        raise UnusableError(
            f"{self.file}: Die Datei hat eine DOCTYPE-Zeile; solche Dateien lesen wir nicht. {_WAY_OUT}"
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.path) > DEPTH:
            raise UnusableError(f"{self.file}: Das XML ist zu tief verschachtelt. {_WAY_OUT}")
        node = Node(name.rpartition(":")[2], attributes)
        self.path[-1].children.append(node)
        self.path.append(node)

    def _end(self, _name: str) -> None:
        self.path.pop()

    def _words(self, said: str) -> None:
        self.path[-1].words.append(said)
