"""From columns to [fields]: what goes together is put together, and every field says why."""

from typing import Final

from importers.assistant import headers
from importers.assistant.columns import CALLED, Candidate, Found
from importers.assistant.draft import Certainty, Guess
from importers.assistant.fields import PARTS, SEVERAL
from importers.assistant.profile import Profile
from importers.mapping import FIELDS

TELLING: Final = 0.6  # share of different values that a name has at least
FEW_ROWS: Final = 5
LONGEST_NAME: Final = 90  # letters on average


def guesses(found: Found, profiles: dict[str, Profile]) -> list[Guess]:
    """Return what fills each field, except for coordinates; found is changed where columns go together."""
    _find_name(found, profiles)
    order = list(profiles)
    said = {
        field: _guess(field, sorted(those, key=lambda one: order.index(one.column)))
        for field, those in found.chosen.items()
        if those and field not in (*PARTS, "lon", "lat")
    }
    for part in (_house_number, _postcode_and_town, _telling_name, _left_over):
        part(said, found, profiles)
    return [said[field] for field in FIELDS if field in said]


def _guess(field: str, those: list[Candidate]) -> Guess:
    columns = [one.column for one in those]
    specs = columns
    if len(columns) > 1:
        joined = SEVERAL[field].join(f"{{{column}}}" for column in columns)
        specs = [joined, *columns]
    reason = "; ".join(one.reason for one in those)
    return Guess(field=field, specs=specs, certainty=those[0].certainty, reason=reason)


def _find_name(found: Found, profiles: dict[str, Profile]) -> None:
    """Without a column that is called like a name, take one whose values could be names."""
    if found.column("name"):
        return
    for other in ("summary", "place_name", "organization"):
        column = found.column(other)
        if column and profiles[column].length <= LONGEST_NAME:
            reason = f"keine Spalte heißt wie ein Name; „{column}“ kommt dem am nächsten"
            found.chosen["name"] = [Candidate("name", column, 0, Certainty.UNSURE, reason)]
            if other == "summary":
                del found.chosen["summary"]
            return
    free = [profiles[name] for name in found.unused if name in profiles]
    texts = [
        one for one in free if one.share("words") >= TELLING and not headers.rank(one.name, headers.PERSONS)
    ]
    if texts:
        best = max(texts, key=lambda one: len(one.filled) * one.distinctness * (one.length <= LONGEST_NAME))
        reason = "keine Spalte heißt wie ein Name; diese hat die meisten verschiedenen kurzen Texte"
        found.chosen["name"] = [Candidate("name", best.name, 0, Certainty.UNSURE, reason)]
        found.unused.pop(best.name, None)


def _house_number(said: dict[str, Guess], found: Found, _profiles: dict[str, Profile]) -> None:
    street, number, suffix = (found.column(part) for part in ("street", "house_number", "house_suffix"))
    for part, column in (("house_number", number), ("house_suffix", suffix)):
        if column and not (street and number):
            found.unused[column] = "ohne Straße sagt eine Hausnummer nichts"
            del found.chosen[part]
    if not (street and number):
        return
    specs = [f"{{{street}}} {{{number}}}", street]
    reason = f"{said['street'].reason}; „{number}“ ist die Hausnummer dazu"
    if suffix:
        specs.insert(0, f"{{{street}}} {{{number}}}{{{suffix}}}")
        reason += f", „{suffix}“ ihr Zusatz"
    said["street"] = said["street"].model_copy(update={"specs": specs, "reason": reason})


def _postcode_and_town(said: dict[str, Guess], found: Found, _profiles: dict[str, Profile]) -> None:
    column = found.column("postcode_town")
    if column is None:
        return
    if "address" in said or {"postcode", "town"} <= said.keys():
        found.unused[column] = "Postleitzahl und Ort stehen schon woanders"
        return
    one = found.chosen["postcode_town"][0]
    said["address"] = Guess(field="address", specs=[column], certainty=one.certainty, reason=one.reason)


def _left_over(said: dict[str, Guess], found: Found, profiles: dict[str, Profile]) -> None:
    """Where nothing describes the offer, the longest text that is called like a name does."""
    texts = [
        name
        for name in found.unused
        if name in profiles and headers.rank(name, headers.HEADERS["name"]) >= CALLED
    ]
    if "description" in said or not texts:
        return
    best = max(texts, key=lambda name: profiles[name].length)
    if profiles[best].share("words") >= TELLING:
        found.unused.pop(best)
        reason = f"Spalte heißt „{best}“; ihre Texte beschreiben das Angebot wohl"
        said["description"] = Guess(
            field="description", specs=[best], certainty=Certainty.UNSURE, reason=reason
        )


def _telling_name(said: dict[str, Guess], found: Found, profiles: dict[str, Profile]) -> None:
    """Names that many rows share say too little: what else the row is called belongs to them."""
    column = found.column("name")
    if column is None or profiles[column].distinctness >= TELLING or len(profiles[column].filled) < FEW_ROWS:
        return
    others = [
        name
        for name in found.unused
        if name in profiles and headers.rank(name, headers.HEADERS["name"]) >= CALLED
    ]
    places = [place] if (place := found.column("place_name")) else []
    for other in (*others, *places):
        shared = profiles[column].distinctness
        if profiles[other].distinctness > shared and profiles[other].length <= LONGEST_NAME:
            specs = [f"{{{column}}} – {{{other}}}", column]
            if other in others:
                specs = [f"{{{other}}} – {{{column}}}", column]
                found.unused.pop(other)
            reason = f"{said['name'].reason}; viele Zeilen heißen gleich, „{other}“ unterscheidet sie"
            said["name"] = said["name"].model_copy(
                update={"specs": specs, "reason": reason, "certainty": Certainty.LIKELY}
            )
            return
