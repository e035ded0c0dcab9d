"""XML of our own: elements with texts that hold nothing XML cannot carry."""

import re
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

# XML 1.0 (2.2) knows no control signs but tab and line breaks, no surrogates, no U+FFFE and U+FFFF.
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(name: str, text: str = "", **attributes: str) -> Element:
    """Return an element; an underscore in the name of an attribute is a colon."""
    made = Element(name, _clean(attributes))
    made.text = clean(text) or None
    return made


def add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    """Add an element to another and return it."""
    made = SubElement(parent, name, _clean(attributes))
    made.text = clean(text) or None
    return made


def document(root: Element) -> bytes:
    """Return a whole document."""
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def clean(text: str) -> str:
    """Return a text without signs that XML cannot carry."""
    return _NO_XML.sub("", text)


def _clean(attributes: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", ":", 1): clean(value) for name, value in attributes.items()}
