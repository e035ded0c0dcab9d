"""Help chains in words of staff: forms as they were typed, and what the history tells."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlmodel import Session

from api.chains.past import Past
from api.chains.schemas import Chain, ChainIn, Link, LinkIn
from api.chains.service import Way
from api.core.errors import FieldError, InvalidInputError, MovedError, NotFoundError
from api.core.languages import DEFAULT, LANGUAGES
from api.offers import service as offers
from api.regions.models import Region
from api.taxonomy import service as taxonomy
from web.sending.reading import Fields
from web.staff.gate import PATH

CHAINS: Final = f"{PATH}/ketten"
SEEN: Final = "stand"  # the field that says as what a chain was seen: past.version
_WAYS: Final[Mapping[str, Way]] = {"hoch": "up", "runter": "down"}  # last part of an address → what it means
OTHERS: Final = tuple((code, one.autonym) for code, one in LANGUAGES.items() if code != DEFAULT)
CHANGED: Final = (
    "Die Kette hat sich inzwischen geändert. Bitte sehen Sie nach, wie sie jetzt ist. Dann versuchen Sie es "
    "noch einmal."
)
_BIGGEST_ID: Final = 2**63 - 1
_NO_AGE: Final = "Bitte geben Sie das Alter als Zahl an."
# Field of LinkIn and ChainIn → field of the form.
_FIELDS: Final = {
    "names": "name",
    "summaries": "satz",
    "topic": "thema",
    "words": "woerter",
    "min_age": "ab",
    "max_age": "bis",
    "offer_ids": "angebote",
}
_LABELS: Final = {
    "names": "Name",
    "summaries": "Satz dazu",
    "is_published": "öffentlich",
    "position": "Reihenfolge",
    "topic": "Thema",
    "words": "Suchwörter",
    "min_age": "ab … Jahren",
    "max_age": "bis … Jahre",
    "offer_ids": "feste Angebote",
}
_SLUG: Final = re.compile(r"(?:.*/angebot/)?([a-z0-9-]+)/?(?:[?#].*)?")


def way(said: str) -> Way:
    """Return which way the last part of an address moves something, or raise NotFoundError."""
    if said not in _WAYS:
        raise NotFoundError("There is no such way.")
    return _WAYS[said]


def chain_typed(chain: ChainIn | None) -> Fields:
    """Return a chain as its form shows it; None: a new one."""
    if chain is None:
        return {}
    return {
        **{_name("name", code): chain.names.get(code, "") for code in LANGUAGES},
        **{_name("satz", code): chain.summaries.get(code, "") for code in LANGUAGES},
    }


def chain_said(sent: Mapping[str, str]) -> ChainIn:
    """Return the chain that a form says; checked by the service."""
    return ChainIn(names=_texts(sent, "name"), summaries=_texts(sent, "satz"))


def link_typed(session: Session, region: Region, link: LinkIn | None) -> Fields:
    """Return a link as its form shows it; None: a new one."""
    if link is None:
        return {}
    known = {offer.id: offer.slug for offer in offers.by_ids(session, region, link.offer_ids)}
    return {
        **{_name("name", code): link.names.get(code, "") for code in LANGUAGES},
        "thema": link.topic,
        "woerter": link.words,
        "ab": "" if link.min_age is None else str(link.min_age),
        "bis": "" if link.max_age is None else str(link.max_age),
        "angebote": "\n".join(known.get(number, str(number)) for number in link.offer_ids),
    }


def link_said(session: Session, region: Region, sent: Mapping[str, str]) -> LinkIn:
    """Return the link that a form says; raise InvalidInputError that names its fields."""
    errors: list[FieldError] = []
    found = LinkIn(
        names=_texts(sent, "name"),
        topic=sent.get("thema", "").strip(),
        words=sent.get("woerter", ""),
        min_age=_age(sent, "ab", errors),
        max_age=_age(sent, "bis", errors),
        offer_ids=_offers(session, region, sent.get("angebote", ""), errors),
    )
    if errors:
        raise InvalidInputError(errors=errors)
    return found


def mistakes(error: InvalidInputError) -> dict[str, str]:
    """Return what is wrong with a form by its fields: "names.tr" is the field name-tr."""
    found = {}
    for one in error.errors:
        field, _, code = one.field.partition(".")
        found[_name(_FIELDS[field], code or DEFAULT) if field in _FIELDS else one.field] = one.detail
    return found


def topics(session: Session) -> list[tuple[str, str]]:
    """Return all topics by slug and name, finer ones below theirs."""
    found = []
    for topic in taxonomy.topics(session):
        found.append((topic.slug, topic.names[DEFAULT]))
        found += [(finer.slug, f"– {finer.names[DEFAULT]}") for finer in topic.children]
    return found


def meant(link: Link, names: Mapping[str, str]) -> str:
    """Return in words what answers a link; names: of topics by slug."""
    parts = []
    if link.topic:
        parts.append(f"Thema {names.get(link.topic, link.topic).removeprefix('– ')}")
    if link.words:
        parts.append(f"Suchwörter „{link.words}“")
    if link.offer_ids:
        count = len(link.offer_ids)
        parts.append("ein festes Angebot" if count == 1 else f"{count} feste Angebote")
    if link.min_age is not None:
        parts.append(f"ab {link.min_age} Jahren")
    if link.max_age is not None:
        parts.append(f"bis {link.max_age} Jahre")
    return " · ".join(parts)


def named_in(session: Session, region: Region, steps: Iterable[Past]) -> dict[int, str]:
    """Return the names of the offers that steps of a history are about, as far as everybody may read them."""
    both = [step.changes["offer_ids"] for step in steps if "offer_ids" in step.changes]
    numbers = {number for one in both for said in one.values() for number in said or ()}
    return {offer.id: offer.name for offer in offers.by_ids(session, region, sorted(numbers))}


def told(chain: Chain, past: Past, names: Mapping[str, str], offered: Mapping[int, str]) -> dict[str, Any]:
    """Return a step of the history in words: what it was about, and its fields with both values.

    names: of topics by slug; offered: names of offers by number.
    """

    def value(field: str, said: Any) -> str:  # noqa: ANN401 - as a revision has it
        if field == "topic":
            return names.get(said or "", said or "").removeprefix("– ")
        if field == "offer_ids":
            return ", ".join(offered.get(number, f"Angebot {number}") for number in said or ())
        return _value(field, said)

    known = {link.id: link.names[DEFAULT] for link in chain.links}
    said = past.changes.get("names", {})
    name = (said.get("new") or said.get("old") or {}).get(DEFAULT, "") or known.get(past.link_id or 0, "")
    verb = {"create": "angelegt", "delete": "entfernt", "change": "geändert"}[past.action]
    about = f"Glied „{name}“" if name else "Ein Glied"
    fields = [
        (_LABELS[field], value(field, both.get("old")), value(field, both.get("new")))
        for field, both in past.changes.items()
        if field in _LABELS and field != "position" and (past.action == "change" or _is_said(both))
    ]
    if list(past.changes) == ["position"]:
        verb = "an eine andere Stelle gesetzt"
    return {"step": past, "title": f"{'Kette' if past.link_id is None else about} {verb}", "fields": fields}


def _is_said(both: Mapping[str, Any]) -> bool:
    return any(value not in (None, "", [], {}, False) for value in both.values())


def _value(field: str, value: Any) -> str:  # noqa: ANN401 - as a revision has it
    if value in (None, "", [], {}):
        return ""
    if field == "is_published":
        return "ja" if value else "nein"
    if isinstance(value, dict):
        return " · ".join(str(text) for text in value.values())
    return str(value)


def _name(field: str, code: str) -> str:
    return field if code == DEFAULT else f"{field}-{code}"


def _texts(sent: Mapping[str, str], field: str) -> dict[str, str]:
    return {code: sent.get(_name(field, code), "") for code in LANGUAGES}


def _age(sent: Mapping[str, str], field: str, errors: list[FieldError]) -> int | None:
    said = sent.get(field, "").strip()
    if not said:
        return None
    if said.isascii() and said.isdigit() and len(said) <= 3:  # noqa: PLR2004 - more is no age
        return int(said)
    errors.append(FieldError(field, _NO_AGE))
    return None


def _offers(session: Session, region: Region, said: str, errors: list[FieldError]) -> list[int]:
    """Return the offers that lines name by number, by the last part of their address, or by all of it."""
    found = []
    for line in filter(None, map(str.strip, said.splitlines())):
        try:
            found.append(_offer(session, region, line))
        except NotFoundError:
            known = "Nehmen Sie die Adresse seiner Seite, eine je Zeile."
            errors.append(FieldError("angebote", f"„{line[:60]}“ ist kein öffentliches Angebot. {known}"))
            break
    return found


def _offer(session: Session, region: Region, said: str) -> int:
    if said.isascii() and said.isdigit():
        number = int(said)
        if number > _BIGGEST_ID or not offers.by_ids(session, region, [number]):
            raise NotFoundError("There is no such offer.")
        return number
    found = _SLUG.fullmatch(said)
    if found is None:
        raise NotFoundError("There is no such offer.")
    try:
        return offers.get_by_slug(session, region, found[1]).id
    except MovedError as moved:
        return offers.get_by_slug(session, region, moved.new).id
