"""What stands around a street in an address: towns, care-of lines, floors, names of houses, corners."""

import re
from typing import Final, NamedTuple

_APART: Final = re.compile(r"\s*[,;\n|·•]\s*|\s+[-–—]\s+(?=[^\W\d_]{2})|\s*/\s*(?=[^\W\d_]{2})")
# "Josef – Orlopp – Str." is one name, "Rathaus – Möllendorffstr. 6" are two.
_HYPHENS: Final = re.compile(
    r"\s+[-–—]\s+(?=(?:.*[-–—]\s+)?(?:str\.|(?:straße|strasse|platz|allee|weg|ring|damm)\b))", re.IGNORECASE
)
_POST: Final = re.compile(
    r"(?:^|(?<=[\s,;|·(]))(?:D\s?[-–]?\s?)?(?P<postcode>\d{5})(?!\d)\b(?P<town>[^,;\n|·]*)", re.IGNORECASE
)
_DISTRICT: Final = re.compile(r"[\s(]*\b(?:OT|Ortsteil|Stadtteil)\b[\s.:]*(?P<district>[^,;\n|()]+)\)?")
_BESIDE: Final = re.compile(
    r"c/o\b.*|z\.?\s?hd\.?.*|zu händen.*|p\.?\s?o\.?\s?box.*|postfach.*|(?:ecke|eingang|zugang|aufgang)\b.*"
    r"|\(?(?:im|in der|in den)\s+\d\.\s?(?:og|stock|etage|obergeschoss).*"
    r"|(?:\d+\.?\s?)?(?:eg|og|ug|dg|etage|stock|stockwerk|(?:ober|erd)geschoss|hinterhaus|vorderhaus|hh|vh)\b.*"
    r"|(?:seitenflügel|quergebäude|hinterhof|gebäude|geb\.|raum|räume|zimmer|zi\.|tür|büro|block|wohnung|whg\.?)"
    r"(?:\s.*)?|deutschland|germany|parterre",
    re.IGNORECASE,
)
_TRAIL: Final = re.compile(
    r"[\s,]+(?:(?:ecke|eingang|zugang|aufgang|gebäude|geb\.|raum|zimmer|zi\.|tür|hinterhaus|vorderhaus|hinterhof"
    r"|seitenflügel|quergebäude|hh|vh|c/o)(?:\s.*)?|(?:im\s)?\d+\.\s?(?:og|ug|stock|etage|obergeschoss)\b.*"
    r"|(?:im\s)?(?:eg|og|ug|dg|erdgeschoss|parterre)|links|rechts)$",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(r"^\s*(?:adresse|anschrift|ort|standort|straße)\s*:\s*", re.IGNORECASE)
_QUOTED: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|[\"„“”»«][^\"„“”»«]*[\"“”»«]")
_STREET: Final = re.compile(
    r"(?:straße|strasse|str|allee|weg|platz|pl|damm|ufer|ring|chaussee|gasse|steig|pfad|promenade|zeile|markt"
    r"|stieg|wall|graben|kamp|aue|brücke|redder|twiete|stiege|anger|tor|berg|hof|park)(?:\b|(?=\d))",
    re.IGNORECASE,
)
_BEGIN: Final = re.compile(
    r"(?:am|an|auf|im|in|zum|zur|zu|unter|vor|hinter|bei|alt|straße|strasse|str\.|platz|allee)\b",
    re.IGNORECASE,
)
_HOUSE: Final = re.compile(
    r"[^\W\d_]*(?:haus|zentrum|schule|kirche|kita|treff|treffpunkt|klub|club|heim|amt|gemeinde|bibliothek|café|cafe"
    r"|büro|laden|verein|stiftung|halle|hort|jugend|senioren)",
    re.IGNORECASE,
)


class Post(NamedTuple):
    """Postcode, town and district, and what else the text says."""

    postcode: str
    town: str
    district: str
    rest: str


def post(text: str) -> Post:
    """Cut postcode, town and district out of a text."""
    text = _LABEL.sub("", text)
    district = ""
    if found := _DISTRICT.search(text):
        district = found["district"].strip(" .")
        text = f"{text[: found.start()]}, {text[found.end() :]}"
    found = next((one for one in _POST.finditer(text) if not _is_box(text[: one.start()])), None)
    if not found:
        return Post("", "", district, text)
    town, _, after = found["town"].partition(" - ")
    rest = f"{text[: found.start()]}, {after} {text[found.end() :]}"
    town = " ".join(town.split()).strip(" .-–")
    if town.count(")") > town.count("("):
        town = town.rstrip(" )")
    return Post(found["postcode"], town, district, rest)


def segments(text: str) -> list[str]:
    """Return the parts of a text that could hold a street, or a town."""
    text = _HYPHENS.sub("-", text)
    without = _QUOTED.sub(" ", text)
    found = []
    for part in _APART.split(without if any(map(str.isalpha, without)) else text):
        said = " ".join(part.split()).strip(" -–").lstrip(".")
        if _BESIDE.fullmatch(said):
            continue
        while (cut := _TRAIL.sub("", said)) != said:
            said = cut
        if said:
            found.append(said)
    return found


def looks_like_street(segment: str) -> int:
    """Return how much a segment looks like a street with its number; 0: not at all."""
    has_number = bool(re.search(r"\d", segment))
    return 3 * bool(_STREET.search(segment)) + 2 * has_number + bool(_BEGIN.match(segment))


def is_bare(street: str) -> bool:
    """Return whether a word is only a kind of street, so that the number behind it is part of the name."""
    return bool(
        re.fullmatch(
            r"(?:neue |alte )?(?:straße|strasse|str\.?|weg|platz|allee|ring|siedlung)", street, re.IGNORECASE
        )
    )


def without_house(street: str) -> list[str]:
    """Return what may be the street when the name of a house stands before it, the longest first."""
    words = street.split()
    if len(words) < 2 or _BEGIN.match(street) or not any(_HOUSE.fullmatch(word) for word in words[:-1]):  # noqa: PLR2004
        return []
    tails = (" ".join(words[start:]) for start in range(1, len(words)))
    return [tail for tail in tails if _STREET.search(tail) and not is_bare(tail)]


def _is_box(before: str) -> bool:
    return bool(re.search(r"postfach[\s\d]*$", before, re.IGNORECASE))
