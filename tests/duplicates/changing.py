"""How another list would write an entry that we have: one function for each kind of difference.

Written before the scorer was: no kind was added, dropped or softened after its first measurement.
"""

import math
import random
import re
from collections.abc import Callable

from importers.record import Record

Change = Callable[[Record, random.Random], Record | None]
METRES = 111_320  # of one degree of latitude
# What lists write instead, in both directions.
SPELLINGS = (
    ("Kindertagesstätte", "Kita"),
    ("Kindergarten", "Kiga"),
    ("Jugendfreizeiteinrichtung", "JFE"),
    ("Jugendclub", "JFE"),
    ("Familienzentrum", "FZ"),
    ("Evangelischer", "Ev."),
    ("Evangelische", "Ev."),
    ("Straße", "Str."),
    ("straße", "str."),
    ("Schülerclub", "Schülerklub"),
    ("Begegnungsstätte", "Begegnungsst."),
    ("Berlin", "Bln."),
)
NUMBERS = {"1": "I", "2": "II", "3": "III", "II": "2", "4": "vier", "5": "fünf", "9": "neun"}
MANGLED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "Ä": "A", "Ö": "O", "Ü": "U", "ß": "s", "é": "e"})
WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


def _renamed(record: Record, name: str | None) -> Record | None:
    return record.model_copy(update={"name": name}) if name and name != record.name else None


def abbreviation(record: Record, dice: random.Random) -> Record | None:
    """Kindertagesstätte or Kita, Straße or Str."""
    pairs = [*SPELLINGS, *((short, long) for long, short in SPELLINGS)]
    dice.shuffle(pairs)
    for one, other in pairs:
        if re.search(rf"(?<!\w){re.escape(one)}(?!\w)|{re.escape(one)}(?= \d)", record.name):
            return _renamed(record, record.name.replace(one, other, 1))
    return None


def legal_form(record: Record, dice: random.Random) -> Record | None:
    """The provider or a legal form behind the name."""
    if record.organization and dice.random() < 0.5 and len(record.organization) < 60:
        return _renamed(record, f"{record.name} ({record.organization})")
    return _renamed(record, f"{record.name} {dice.choice(('e.V.', 'e. V.', 'gGmbH', 'gemeinnützige GmbH'))}")


def typing_error(record: Record, dice: random.Random) -> Record | None:
    """One letter of a longer word lost, doubled or swapped; in long names two."""
    name = record.name
    for _ in range(2 if len(name) > 30 else 1):
        places = [m.start() + 1 for m in re.finditer(r"(?<=[A-Za-zäöüß])[a-zäöüß](?=[a-zäöüß]{2})", name)]
        if not places:
            return None
        at = dice.choice(places)
        how = dice.randrange(3)
        if how == 0:
            name = name[:at] + name[at + 1 :]
        elif how == 1:
            name = name[:at] + name[at] + name[at:]
        else:
            name = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return _renamed(record, name)


def word_order(record: Record, dice: random.Random) -> Record | None:
    """The first word last, with or without a comma."""
    first, _, rest = record.name.partition(" ")
    if not rest or len(first) < 3:
        return None
    return _renamed(record, f"{rest.strip('–- ')}{dice.choice((', ', ' '))}{first}")


def without_street(record: Record, dice: random.Random) -> Record | None:
    """Neither street nor postcode; only the point."""
    if not record.street:
        return None
    return record.model_copy(update={"street": None, "postcode": None})


def shifted(record: Record, dice: random.Random) -> Record | None:
    """The point 60 to 120 metres away."""
    return moved(record, dice, dice.uniform(60, 120))


def phone_format(record: Record, dice: random.Random) -> Record | None:
    """The same number with or without country, brackets, blanks."""
    digits = re.sub(r"\D", "", record.phone or "")
    national = "0" + digits[2:] if (record.phone or "").startswith("+49") else digits
    if not national.startswith("030") or "/" in (record.phone or "") or len(national) < 8:
        return None
    rest = national[3:]
    forms = (f"+49 30 {rest}", f"0049 (0)30 {rest[:3]} {rest[3:]}", f"(030) {rest}", f"030/{rest}",
             f"+49(0)30-{rest[:2]} {rest[2:4]} {rest[4:]}")  # fmt: skip
    return record.model_copy(update={"phone": dice.choice(forms)})


def web_scheme(record: Record, dice: random.Random) -> Record | None:
    """https instead of http, with or without www, a slash at the end."""
    if not record.website:
        return None
    bare = re.sub(r"^https?://(www\.)?", "", record.website).rstrip("/")
    return record.model_copy(update={"website": dice.choice(("https://www.", "https://")) + bare + "/"})


def shortened(record: Record, dice: random.Random) -> Record | None:
    """Only what stands in quotes, or before a dash, a bracket or a slash, or no kind of house."""
    if quoted := re.search(r"„([^“]{4,})“", record.name):
        return _renamed(record, quoted[1])
    first = re.split(r"\s[–-]\s|\s?[(/:]", record.name)[0]
    if first != record.name and len(first) > 6:
        return _renamed(record, first)
    return _renamed(
        record, re.sub(r"^(Kita|JFE|Kindertagesstätte|EKT|AWO Kita|Kindergarten) ", "", record.name)
    )


def other_number(record: Record, dice: random.Random) -> Record | None:
    """Roman or written-out instead of a digit, or the other way round."""
    for digit, other in NUMBERS.items():
        if re.search(rf"(?<![\w/-]){digit}(?![\w/-])", record.name):
            return _renamed(record, re.sub(rf"(?<![\w/-]){digit}(?![\w/-])", other, record.name, count=1))
    return None


def mangled_umlauts(record: Record, dice: random.Random) -> Record | None:
    """Umlauts written out, lost, or read in the wrong encoding."""
    wrong = record.name.encode().decode("cp1252", errors="ignore")
    ways = (record.name.translate(WRITTEN_OUT), record.name.translate(MANGLED), wrong)
    if record.name == ways[1]:
        return None
    return _renamed(record, dice.choice(ways))


def district(record: Record, dice: random.Random) -> Record | None:
    """The district behind the name."""
    behind = ("Lichtenberg", "Berlin-Lichtenberg", "(Berlin)", "in Hohenschönhausen", "Karlshorst")
    return _renamed(record, f"{record.name} {dice.choice(behind)}")


def without_point(record: Record, dice: random.Random) -> Record | None:
    """An address that nobody has found on the map."""
    if not record.street:
        return None
    return record.model_copy(update={"lon": None, "lat": None})


def only_contact(record: Record, dice: random.Random) -> Record | None:
    """Name, provider and contact, but nowhere to go."""
    if not (record.phone or record.email):
        return None
    nowhere = dict.fromkeys(("street", "postcode", "town", "lon", "lat"))
    return record.model_copy(update=nowhere)


def new_number(record: Record, dice: random.Random) -> Record | None:
    """Another phone number in the same house."""
    if not record.phone:
        return None
    return record.model_copy(update={"phone": f"030 {dice.randrange(2_000_000, 9_999_999)}"})


def mixed(record: Record, dice: random.Random) -> Record | None:
    """Three kinds at once."""
    ways = (abbreviation, legal_form, typing_error, word_order, without_street, shifted, phone_format,
            district, shortened, mangled_umlauts)  # fmt: skip
    for change in dice.sample(ways, 3):
        record = change(record, dice) or record
    return record


SAME: dict[str, Change] = {
    "Abkürzung": abbreviation,
    "Rechtsform oder Träger im Namen": legal_form,
    "Tippfehler": typing_error,
    "Wortstellung": word_order,
    "ohne Straße": without_street,
    "60–120 m verschoben": shifted,
    "Telefon anders geschrieben": phone_format,
    "Internetadresse anders geschrieben": web_scheme,
    "Name gekürzt": shortened,
    "Zahl anders geschrieben": other_number,
    "Umlaute verdorben": mangled_umlauts,
    "Ortsteil angehängt": district,
    "ohne Koordinate": without_point,
    "ohne Adresse": only_contact,
    "neue Telefonnummer": new_number,
    "drei auf einmal": mixed,
}


def first_of_several(record: Record) -> Record:
    """The house as number 1, for the kinds that look at its sisters."""
    base = re.sub(r"\s*\d[\w/ .-]*(/.*)?$", "", record.name)
    return record.model_copy(update={"name": f"{base} 1"})


def next_number(record: Record, dice: random.Random) -> Record | None:
    """Its sister: the next number in the name, next door, the same switchboard."""
    name = first_of_several(record).name[:-1] + str(dice.randrange(2, 9))
    return _renamed(moved(record, dice, dice.uniform(0, 60)), name)


def numbered_twin(record: Record, dice: random.Random) -> Record | None:
    """As before, but the number is Roman or written out."""
    name = first_of_several(record).name[:-1] + dice.choice(("III", "IV", "drei", "VII"))
    return _renamed(moved(record, dice, dice.uniform(0, 60)), name)


def other_house(record: Record, dice: random.Random) -> Record | None:
    """A branch: the same name, provider and web address in another street, with a number of its own."""
    there = moved(record, dice, dice.uniform(600, 3000))
    name = dice.choice(("Ahornallee", "Lindenweg", "Marktstraße", "Bahnhofstr."))
    street = f"{name} {dice.randrange(1, 90)}"
    phone = f"030 {dice.randrange(2_000_000, 9_999_999)}"
    return there.model_copy(update={"street": street, "phone": phone, "email": None})


def other_offer(record: Record, dice: random.Random) -> Record | None:
    """Another offer of the same provider in the same house, reached under the same number."""
    inside = ("Nachhilfe für Schulkinder", "Elterncafé am Mittwoch", "Schuldnerberatung", "Yoga für Ältere",
              "Kleiderkammer", "Deutschkurs für Frauen", "Repair-Café", "Hebammensprechstunde")  # fmt: skip
    return _renamed(record, dice.choice(inside))


def offer_named_after_house(record: Record, dice: random.Random) -> Record | None:
    """Another offer that carries the name of the house it takes place in."""
    inside = ("Nachhilfe", "Elterncafé", "Schuldnerberatung", "Yoga", "Kleiderkammer", "Deutschkurs")
    return _renamed(record, f"{dice.choice(inside)} {dice.choice(('im', 'in der', 'bei'))} {record.name}")


DIFFERENT: dict[str, Change] = {
    "nächste Nummer": next_number,
    "nächste Nummer, anders geschrieben": numbered_twin,
    "Kette, anderes Haus": other_house,
    "anderes Angebot des Trägers im Haus": other_offer,
    "anderes Angebot mit dem Namen des Hauses": offer_named_after_house,
}


# Kinds whose left side is the first of several.
OF_SEVERAL = ("nächste Nummer", "nächste Nummer, anders geschrieben")


def moved(record: Record, dice: random.Random, metres: float) -> Record:
    """The same record, so many metres away in any direction."""
    if record.lon is None or record.lat is None:
        return record
    angle = dice.uniform(0, 2 * math.pi)
    north, east = metres * math.cos(angle) / METRES, metres * math.sin(angle) / METRES
    lon = round(record.lon + east / math.cos(math.radians(record.lat)), 6)
    return record.model_copy(update={"lon": lon, "lat": round(record.lat + north, 6)})


def another_list(record: Record, dice: random.Random) -> Record:
    """The noise between any two lists: its own geocoder (up to 40 m), and fields that it does not have."""
    there = moved(record, dice, dice.uniform(0, 40))
    contact = ("phone", "email", "website", "organization")
    lost = {field: None for field in contact if dice.random() < 0.4}
    return there.model_copy(update=lost)
