"""Which published mail addresses name a person and are left out.

Every address of the two borough files was looked at. Those left out are not repeated here, which would
publish them again: rows that no pattern can recognise are listed by their id.
"""

import re

# first.last@ and i.last@, also last.first@; what follows a surname after "_" is an employer.
_PERSON = re.compile(r"[^\W\d_]{1,20}\.[^\W\d_]{3,30}(_.*)?", re.IGNORECASE)

# Two words with a dot between them that name a house, a network or a desk.
_ROLE_WORDS = frozenset({"buero", "info", "jugend", "kita", "kontakt", "network", "online", "team"})

# A surname, a first name or a nickname alone: (file, id of the row).
PERSONAL_ROWS = frozenset(
    {
        ("jugend", "11"),  # a surname at a private mail service
        ("jugend", "15"),  # initial and surname run together
        ("jugend", "21"),  # a first name's short form and an initial
        ("schulsozialarbeit", "31"),  # a nickname at a private mail service
        ("schulsozialarbeit", "39"),  # a surname at the school's own domain
    },
)
# Kept although they look like names, because a house or school is called so: "Die Linse", "Hedwig",
# "Magdalena", "Willi Sänger", "Adam Ries", "Bürgermeister Ziethen".


def names_a_person(address: str) -> bool:
    """Tell whether the part before the @ is built like a person's name."""
    local = address.strip().partition("@")[0].casefold()
    return bool(_PERSON.fullmatch(local)) and not _ROLE_WORDS & set(local.split("."))


def without_persons(file: str, row_id: str, cell: str) -> str:
    """Return the cell as published, or nothing when one of its addresses names a person."""
    addresses = re.findall(r"[^\s,;/@]+@[^\s,;/]+", cell)
    if (file, row_id) in PERSONAL_ROWS or any(names_a_person(address) for address in addresses):
        return ""
    return cell
