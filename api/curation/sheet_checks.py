"""Whether values can stand on a sheet: each by itself, all together, and in this region."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import select
from sqlmodel import Session, col

from api.core.errors import FieldError, InvalidInputError
from api.curation import mistakes
from api.curation.sheet_difference import difference, overlaid
from api.curation.sheet_fields import EMPTY_PARTS, OFFER, PARTS, WORD, Changes, Path, Sheet, split
from api.places.models import Place
from api.spaces.models import Division, Space
from api.taxonomy.models import Audience, Topic

LINE_KEY: Final = ("recurrence", "starts", "ends")


def checked_value(path: str, value: Any) -> Any:  # noqa: ANN401 - whatever somebody sends
    """Return a value for a path in its final form, or raise InvalidInputError that names the path."""
    found = split(path)
    if found is None:
        raise InvalidInputError(f"{path}: unknown.", [FieldError(path, mistakes.UNKNOWN_FIELD)])
    if found.part and not found.field:
        if value is None:
            return None
        errors: list[FieldError] = []
        part = _part(found, value, EMPTY_PARTS[found.part], errors)
        if errors:
            raise InvalidInputError(f"{path}: invalid.", errors)
        return part
    try:
        return _value(found, value)
    except ValidationError as error:
        said = mistakes.of_field(found.field, error)
        raise InvalidInputError(f"{path}: invalid.", [FieldError(path, said)]) from error


def checked(raw: Mapping[str, Any], base: Sheet) -> tuple[Sheet, list[FieldError]]:
    """Return a sheet as somebody sends it, in its final form, and what is wrong with it.

    What is missing in it stays as in base, except for parts: a list of contacts or places is sent as a whole.
    A value that is wrong stays as it was sent, so that nobody has to type it again. Values that stand in base
    are not questioned: they may be older than today's rules.
    """
    sheet, errors = deepcopy(base), list[FieldError]()
    for name, value in raw.items():
        if name in PARTS:
            sheet[name] = _parts(name, value, base[name], errors)
        elif name not in OFFER:
            errors.append(FieldError(name, mistakes.UNKNOWN_FIELD))
        else:
            sheet[name] = _kept_or_checked(Path("", "", name), name, value, base[name], errors)
    errors += together(sheet, difference(base, sheet))
    return sheet, errors


def together(sheet: Sheet, changes: Iterable[str]) -> list[FieldError]:
    """Return what is wrong with the values of a sheet together, as far as changes touch them."""
    touched = [found for path in changes if (found := split(path)) is not None]
    fields = {found.field for found in touched if not found.part}
    errors = []
    if not sheet["name"]:
        errors.append(FieldError("name", mistakes.NO_NAME))
    low, high = sheet["min_age"], sheet["max_age"]
    if fields & {"min_age", "max_age"} and isinstance(low, int) and isinstance(high, int) and low > high:
        errors.append(FieldError("max_age", mistakes.AGES))
    has_word = sheet["referral.waiting_weeks"] is not None or sheet["referral.capacity"] != "unknown"
    if fields & WORD and has_word and not sheet["referral.said_on"]:
        errors.append(FieldError("referral.said_on", mistakes.NO_DAY_OF_WORD))
    for whole in dict.fromkeys((found.part, found.key) for found in touched if found.part):
        part = sheet[whole[0]].get(whole[1])
        if part is None:
            continue
        if whole[0] == "contacts" and not (part["label"] or part["phone"] or part["email"]):
            errors.append(FieldError("/".join(whole), mistakes.NO_CONTACT))
        if whole[0] == "places" and not any(part[one] for one in ("name", "street", "postcode", "point")):
            errors.append(FieldError("/".join(whole), mistakes.NO_PLACE))
    return errors


def check_all(session: Session, region_id: int, present: Sheet, changes: Changes) -> Changes:
    """Return changes in their final form, or raise InvalidInputError that names what cannot be written."""
    errors: list[FieldError] = []
    final: Changes = {}
    for path, change in changes.items():
        try:
            final[path] = {**change, "new": checked_value(path, change["new"])}
        except InvalidInputError as error:
            errors += error.errors
    errors = errors or together(overlaid(present, final), final) + unknown(session, region_id, final)
    if errors:
        fields = ", ".join(error.field for error in errors)
        raise InvalidInputError(f"{fields}: this cannot be written.", errors)
    return final


def unknown(session: Session, region_id: int, changes: Changes) -> list[FieldError]:
    """Return the words and places that changes name and nobody knows here."""
    keys = select(col(Space.key)).join(Division, col(Division.id) == col(Space.division_id))
    known = {
        "topics": select(col(Topic.slug)),
        "audiences": select(col(Audience.slug)),
        "serves": keys.where(col(Division.region_id) == region_id),
    }
    errors = []
    for name, stmt in known.items():
        words = changes[name]["new"] if name in changes else []
        missing = set(words) - set(session.scalars(stmt)) if words else set()
        errors += [FieldError(name, mistakes.UNKNOWN_WORD.format(word=word)) for word in sorted(missing)]
    named = {path: places for path, change in changes.items() if (places := _named_places(path, change))}
    if named:
        ids = {one for places in named.values() for one in places}
        there = select(col(Place.id)).where(col(Place.region_id) == region_id, col(Place.id).in_(ids))
        missing_places = ids - set(session.scalars(there))
        errors += [
            FieldError(path, mistakes.UNKNOWN_PLACE)
            for path, places in named.items()
            if places & missing_places
        ]
    return errors


def with_deviations(lines: Sequence[Any], known: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return lines of a timetable; one that says nothing of deviations keeps those of the line it continues.

    Single dates are set by people one by one, and a form of the weekly hours does not send them along.
    """
    left = list(known)
    result = []
    for line in lines:
        if isinstance(line, Mapping) and "deviations" not in line:
            continued = next((one for one in left if _key(one) == _key(line)), None)
            if continued is not None:
                left.remove(continued)
                line = {**line, "deviations": continued["deviations"]}  # noqa: PLW2901
        result.append(line)
    return result


def _key(line: Mapping[str, Any]) -> tuple[str, ...]:
    hours = (str(line.get(name) or "")[:5] for name in LINE_KEY[1:])
    return (str(line.get("recurrence") or "").strip().upper(), *hours)


def _named_places(path: str, change: Mapping[str, Any]) -> set[int]:
    new = change["new"]
    lines = new if path.endswith("schedules") else new["schedules"] if _is_place(path, new) else []
    return {one["place"] for line in lines for one in line["deviations"] if one["place"] is not None}


def _is_place(path: str, new: object) -> bool:
    found = split(path)
    return found is not None and found.part == "places" and not found.field and new is not None


def _parts(
    kind: str, raw: object, base: Mapping[str, Any], errors: list[FieldError]
) -> dict[str, dict[str, Any]]:
    if not isinstance(raw, Mapping):
        errors.append(FieldError(kind, mistakes.NEEDED))
        return dict(deepcopy(base))
    result = {}
    for key, values in raw.items():
        found = split(f"{kind}/{key}")
        if found is None or found.field or not (found.is_new or key in base):
            errors.append(FieldError(f"{kind}/{key}", mistakes.UNKNOWN_FIELD))
            continue
        result[key] = _part(found, values, base.get(key, EMPTY_PARTS[kind]), errors)
    return result


def _part(path: Path, raw: object, base: Mapping[str, Any], errors: list[FieldError]) -> dict[str, Any]:
    part = dict(deepcopy(base))
    if not isinstance(raw, Mapping):
        errors.append(FieldError(path.whole, mistakes.NEEDED))
        return part
    for name, value in raw.items():
        called = f"{path.whole}/{name}"
        if name not in PARTS[path.part]:
            errors.append(FieldError(called, mistakes.UNKNOWN_FIELD))
        else:
            part[name] = _kept_or_checked(path._replace(field=name), called, value, base[name], errors)
    return part


def _kept_or_checked(path: Path, called: str, value: Any, base: Any, errors: list[FieldError]) -> Any:  # noqa: ANN401
    if value == base:
        return deepcopy(value)
    if path.field == "schedules" and isinstance(value, list):
        value = with_deviations(value, base)
    try:
        return _value(path, value)
    except ValidationError as error:
        errors.append(FieldError(called, mistakes.of_field(path.field, error)))
        return value


def _value(path: Path, value: Any) -> Any:  # noqa: ANN401
    adapter = (PARTS[path.part] if path.part else OFFER)[path.field]
    final = adapter.dump_python(adapter.validate_python(value), mode="json")
    if path.field == "schedules":
        # A place is named by its number here; files name it in words.
        for line in final:
            for one in line["deviations"]:
                one["place_name"] = None
    return final
