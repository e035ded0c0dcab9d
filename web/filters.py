"""The filter form: every choice with the number of offers that choosing it would give."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from api.offers.schemas import Facets
from api.regions.models import Region
from api.spaces import service as spaces
from api.taxonomy import service as taxonomy
from api.taxonomy.schemas import TopicOut
from web.language import name_in, translations
from web.wish import DISTANCES, TIMES, Choice, Wish
from web.words import LABELS, WHEN, _, label

# Chosen on the map or by the device: kept by the form, but no field in it.
PLACES = {"ausschnitt": _("Kartenausschnitt"), "nahe": _("In meiner Nähe")}


def filter_form(session: Session, region: Region, wish: Wish, counts: Facets, locale: str) -> dict[str, Any]:
    """Return the form as partials/filters.html describes it."""
    say = translations(locale).gettext
    chosen = set(wish.choices)
    groups = [
        _topics(taxonomy.topics(session), counts, chosen, locale, say),
        _spaces(session, region, counts, chosen, say),
        *_distances(chosen, say),
        *_times(counts, wish, chosen, say),
        {
            "name": "alter",
            "label": say(_("Alter")),
            "kind": "number",
            "primary": False,
            "any_label": None,
            "value": wish.query.age,
            "min": 0,
            "max": 120,
            "hint": say(_("Wie viele Jahre alt ist die Person?")),
            "choices": [],
        },
        _languages(counts, chosen, locale, say),
        {
            "name": "kostenlos",
            "label": say(_("Kosten")),
            "kind": "checkbox",
            "primary": False,
            "any_label": None,
            "hint": None,
            "choices": [_choice("kostenlos", "1", say(_("kostenlos")), counts.cost_free, chosen)],
        },
        {
            "name": "zielgruppe",
            "label": say(_("Für wen")),
            "kind": "select",
            "primary": False,
            "any_label": say(_("Für alle")),
            "hint": None,
            "choices": [
                _choice(
                    "zielgruppe", a.slug, name_in(a.names, locale), counts.audience.get(a.slug, 0), chosen
                )
                for a in taxonomy.audiences(session)
            ],
        },
        {
            "name": "ebene",
            "label": say(_("Wer hilft")),
            "kind": "checkbox",
            "primary": False,
            "any_label": None,
            "hint": None,
            "choices": [
                _choice("ebene", level, say(text), counts.resource_level.get(int(level), 0), chosen)
                for level, text in LABELS["resource_level"].items()
            ],
        },
    ]
    kept = ("q", "raum", "sort", "gruppe", *PLACES)
    hidden = [{"name": c.key, "value": c.value} for c in wish.choices if c.key in kept]
    labels = {key: say(text) for key, text in PLACES.items()}
    if wish.view == "karte":
        hidden.append({"name": "ansicht", "value": wish.view})
    return {"groups": groups, "hidden": hidden, "labels": labels}


def active_choices(form: dict[str, Any], wish: Wish) -> list[dict[str, str]]:
    """Return the chosen filters by the names that the form gives them, each with an address without it."""
    names = {
        (group["name"], choice["value"]): choice["label"]
        for group in form["groups"]
        for parent in group["choices"]
        for choice in (parent, *parent["children"])
    }
    names |= {("raum", space.key): f"{space.level_name} {space.name}" for space in wish.spaces}
    groups = {group["name"]: group["label"] for group in form["groups"]}
    return [
        {
            "label": names.get(choice)
            or form["labels"].get(choice.key)
            or f"{groups.get(choice.key, '')} {choice.value}".strip(),
            "remove_url": wish.address(without=choice) or "?",
        }
        for choice in wish.choices
        if choice.key not in ("q", "sort", "gruppe")
    ]


def _choice(key: str, value: str, label: str, count: int | None, chosen: set[Choice]) -> dict[str, Any]:
    return {
        "value": value,
        "label": label,
        "count": count,
        "chosen": Choice(key, value) in chosen,
        "children": [],
    }


def _distances(chosen: set[Choice], say: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return how far is near, once somebody has said where they are."""
    if not any(choice.key == "nahe" for choice in chosen):
        return []
    words = {km: say(_("bis {km} km")).format(km=km) for km in DISTANCES}
    first, *others = DISTANCES
    return [
        {
            "name": "umkreis",
            "label": say(_("Entfernung")),
            "kind": "select",
            "primary": True,
            "any_label": words[first],
            "hint": None,
            "choices": [_choice("umkreis", km, words[km], None, chosen) for km in others],
        }
    ]


def _times(
    counts: Facets, wish: Wish, chosen: set[Choice], say: Callable[[str], str]
) -> list[dict[str, Any]]:
    """Return when, and on which day; nothing where no hours are known."""
    if not (counts.when or wish.query.when):
        return []
    day = next((choice.value for choice in wish.choices if choice.key == "am"), None)
    return [
        {
            "name": "wann",
            "label": say(_("Wann")),
            "kind": "select",
            "primary": True,
            "any_label": say(_("Egal wann")),
            "hint": None,
            "choices": [
                _choice("wann", value, say(text), counts.when.get(TIMES[value], 0), chosen)
                for value, text in WHEN.items()
            ],
        },
        {
            "name": "am",
            "label": say(_("An einem Tag")),
            "kind": "date",
            "primary": False,
            "any_label": None,
            "value": day,
            "hint": say(_("Zum Beispiel der Tag, an dem Sie Zeit haben.")),
            "choices": [],
        },
    ]


def _languages(counts: Facets, chosen: set[Choice], locale: str, say: Callable[[str], str]) -> dict[str, Any]:
    known = sorted((label("language", code, locale, say), code) for code in counts.language)
    return {
        "name": "sprache",
        "label": say(_("Sprache")),
        "kind": "select",
        "primary": False,
        "any_label": say(_("Alle Sprachen")),
        "hint": None,
        "choices": [_choice("sprache", code, name, counts.language[code], chosen) for name, code in known],
    }


def _topics(
    topics: list[TopicOut], counts: Facets, chosen: set[Choice], locale: str, say: Callable[[str], str]
) -> dict[str, Any]:
    def choice(topic: TopicOut) -> dict[str, Any]:
        found = _choice(
            "thema", topic.slug, name_in(topic.names, locale), counts.topic.get(topic.slug, 0), chosen
        )
        return {**found, "children": [choice(child) for child in topic.children]}

    return {
        "name": "thema",
        "label": say(_("Thema")),
        "kind": "select",
        "primary": True,
        "any_label": say(_("Alle Themen")),
        "hint": None,
        "choices": [choice(topic) for topic in topics],
    }


def _spaces(
    session: Session, region: Region, counts: Facets, chosen: set[Choice], say: Callable[[str], str]
) -> dict[str, Any]:
    is_town = region.space_word == "ort"
    return {
        "name": "stadtteil",
        "label": say(_("Ort")) if is_town else say(_("Stadtteil")),
        "kind": "select",
        "primary": True,
        "any_label": say(_("Alle Orte")) if is_town else say(_("Alle Stadtteile")),
        "hint": None,
        "choices": [
            _choice("stadtteil", space.slug, space.name, counts.space.get(space.key, 0), chosen)
            for space in spaces.resident_spaces(session, region)
        ],
    }
