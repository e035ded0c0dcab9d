"""What only shows when the fields of a row stand side by side; each check mends found and names problems."""

from typing import Any

from importers import contacts
from importers.record import Entry, Problem
from importers.values import line

# Longitudes and latitudes of Germany, generously.
GERMAN_LON, GERMAN_LAT = (5.0, 16.0), (47.0, 56.0)


def phone(entry: Entry, found: dict[str, Any]) -> None:
    """Keep the first number; a contact has only one, and the others stay readable in the note on access."""
    if "phone" not in found:
        return
    found.setdefault("access_note", "")
    numbers = contacts.phones(found["phone"])
    if found["phone"] and not numbers:
        entry.problems.append(Problem("phone", "keine Telefonnummer", line(found["phone"])))
    found["phone"] = numbers[0] if numbers else None
    for number in numbers:
        if contacts.lacks_zero(number):
            reason = "beginnt nicht mit 0; fehlt die Vorwahl, oder hat die Tabelle die 0 verschluckt?"
            entry.notes.append(Problem("phone", reason, number))
    if numbers[1:]:
        note = f"Weitere Rufnummer: {', '.join(numbers[1:])}"
        found["access_note"] = " ".join(filter(None, [found["access_note"], note]))


def email(entry: Entry, found: dict[str, Any]) -> None:
    """Keep the first address of an office; what names a person is dropped and not even said in the report."""
    if not found.get("email"):
        return
    known = " ".join(str(found.get(field) or "") for field in ("name", "organization", "place_name"))
    mails = contacts.mails(found["email"])
    offices = [mail for mail in mails if not contacts.names_a_person(mail, known)]
    if not mails:
        entry.problems.append(Problem("email", "keine Mailadresse", line(found["email"])))
    elif len(offices) < len(mails):
        entry.problems.append(Problem("email", "nennt eine Person"))
    elif offices[1:]:
        entry.problems.append(Problem("email", "noch eine Adresse", ", ".join(offices[1:])))
    found["email"] = offices[0] if offices else None


def ages(entry: Entry, found: dict[str, Any]) -> None:
    """Drop ages that contradict each other."""
    youngest, oldest = found.get("min_age"), found.get("max_age")
    if youngest is not None and oldest is not None and youngest > oldest:
        entry.problems.append(Problem("min_age", "Mindestalter über dem Höchstalter", f"{youngest}–{oldest}"))
        found["min_age"] = found["max_age"] = None


def point(entry: Entry, found: dict[str, Any]) -> None:
    """Refuse half a point, swapped axes and metres written as degrees; 0/0 means that nobody knew it."""
    lon, lat = found.get("lon"), found.get("lat")
    unclear = any(problem.field in ("lon", "lat") for problem in entry.problems)
    if unclear or (lon is None and lat is None):
        return
    if lon is None or lat is None:
        missing = "lon" if lon is None else "lat"
        entry.problems.append(Problem(missing, "Von zwei Koordinaten ist nur eine da", fatal=True))
    elif lon == lat == 0:
        entry.problems.append(Problem("lon", "0/0 ist keine Koordinate", f"{lon} / {lat}"))
        found["lon"] = found["lat"] = None
    elif _between(lon, GERMAN_LAT) and _between(lat, GERMAN_LON):
        entry.problems.append(
            Problem("lon", "Länge und Breite sind wohl vertauscht", f"{lon} / {lat}", fatal=True)
        )
    elif not (_between(lon, (-180, 180)) and _between(lat, (-90, 90))):
        entry.problems.append(
            Problem("lon", "keine Koordinaten in Grad (Länge, Breite)", f"{lon} / {lat}", fatal=True)
        )


def precision(_entry: Entry, found: dict[str, Any]) -> None:
    """Pass over how exact a point is where there is none: it will be said of the one that is found."""
    if found.get("lon") is None and "precision" in found:
        found["precision"] = None


def _between(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]
