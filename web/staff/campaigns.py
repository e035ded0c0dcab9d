"""Campaigns in words, and how a form plans one: by when, in which spaces, about which topics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlmodel import Session

from api.accounts.policy import Action, Person
from api.core import clock
from api.core.errors import FieldError, InvalidInputError
from api.curation import campaigns
from api.curation.campaigns import CampaignIn
from api.curation.campaigns_models import Campaign
from api.curation.campaigns_standing import Standing, Status
from api.regions.models import Region
from api.taxonomy import service as taxonomy
from web.staff import scopes
from web.staff.gate import PATH
from web.staff.scopes import SPACE, Level

CAMPAIGNS: Final = f"{PATH}/aktionen"
TOPIC: Final = "thema-"  # begins the names of the boxes for topics
STATUSES: Final = {
    Status.ASKED: "offen",
    Status.WRITTEN: "angeschrieben",
    Status.NO_ANSWER: "ohne Antwort",
    Status.CONFIRMED: "bestätigt",
    Status.CHANGED: "geändert",
    Status.ARCHIVED: "archiviert",
}
_ANSWERS: Final = (Status.CONFIRMED, Status.CHANGED, Status.ARCHIVED)
_FIELDS: Final = {"name": "name", "until_on": "bis", "note": "notiz"}
_NO_DAY: Final = "Bitte wählen Sie den letzten Tag aus dem Kalender."
_ELSEWHERE: Final = "Diesen Raum gibt es hier nicht, oder er gehört nicht zu Ihrem Bereich."
_NO_TOPIC: Final = "Dieses Thema gibt es hier nicht."


@dataclass(frozen=True)
class Choice:
    """What a person can plan a campaign for; topics by slug and name, finer ones below theirs."""

    levels: list[Level]
    topics: list[tuple[str, str]]
    own: frozenset[int] | None  # None: the whole region


@dataclass(frozen=True)
class Progress:
    """How far a campaign has come, in numbers and words."""

    done: int
    total: int
    words: str


def choice(session: Session, region: Region, person: Person) -> Choice:
    """Return what somebody can choose from."""
    own = person.spaces_for(Action.RUN_CAMPAIGN)
    levels = [
        Level(level.name, [one for one in level.spaces if own is None or one[0] in own])
        for level in scopes.levels(session, region.id)
    ]
    topics = []
    for topic in taxonomy.topics(session):
        topics.append((topic.slug, topic.names["de"]))
        topics += [(finer.slug, f"– {finer.names['de']}") for finer in topic.children]
    return Choice([level for level in levels if level.spaces], topics, own)


def planned(region: Region, known: Choice, sent: Mapping[str, str]) -> CampaignIn:
    """Return the campaign that a form plans, from today on; raise InvalidInputError that names its fields.

    Who looks after some spaces and chooses none means all of these.
    """
    today, errors = clock.today(region.timezone), []
    there = {str(number): number for level in known.levels for number, _name in level.spaces}
    said = [name.removeprefix(SPACE) for name in sent if name.startswith(SPACE)]
    topics = [name.removeprefix(TOPIC) for name in sent if name.startswith(TOPIC)]
    if not set(said) <= there.keys():
        errors.append(FieldError("raum", _ELSEWHERE))
    if not set(topics) <= {slug for slug, _name in known.topics}:
        errors.append(FieldError("thema", _NO_TOPIC))
    spaces: Sequence[int] = [there[one] for one in said if one in there] or sorted(known.own or ())
    try:
        until = date.fromisoformat(sent.get("bis", "").strip())
    except ValueError:
        until = today
        errors.append(FieldError("bis", _NO_DAY))
    found = CampaignIn(_plain(sent, "name"), today, until, spaces, topics, _plain(sent, "notiz"))
    try:
        campaigns.check(found)
    except InvalidInputError as error:
        errors += [FieldError(_FIELDS[one.field], one.detail) for one in error.errors]
    if errors:
        raise InvalidInputError(errors=errors)
    return found


def may_end(person: Person, campaign: Campaign) -> bool:
    """Return whether somebody may end a campaign: who has begun it, or looks after all that it asks about."""
    own = person.spaces_for(Action.RUN_CAMPAIGN)
    covers = own is None or (bool(campaign.space_ids) and set(campaign.space_ids) <= own)
    return person.may(Action.RUN_CAMPAIGN) and (covers or campaign.actor == person.actor)


def progress(found: Standing) -> Progress:
    """Return how far a campaign has come."""
    counts = found.counts
    done, total = sum(counts[status] for status in _ANSWERS), len(found.statuses)
    said = [f"{counts[status]} {STATUSES[status]}" for status in STATUSES if counts[status]]
    if not total:
        return Progress(0, 0, "Hier gibt es in Ihrem Bereich keinen Eintrag.")
    words = f"{done} von {total} {'ist' if total == 1 else 'sind'} geklärt: {', '.join(said)}."
    return Progress(done, total, words)


def about(session: Session, region: Region, campaign: Campaign | CampaignIn) -> str:
    """Return in words which entries a campaign asks about."""
    ids = campaign.space_ids if isinstance(campaign, Campaign) else campaign.spaces
    known = {number: name for level in scopes.levels(session, region.id) for number, name in level.spaces}
    names = [known[number] for number in ids if number in known]
    where = "auf der ganzen Landkarte"
    if ids:
        where = f"in {', '.join(names)}" if names else "in Räumen, die es nicht mehr gibt"
    topics = {
        one.slug: one.names["de"] for parent in taxonomy.topics(session) for one in (parent, *parent.children)
    }
    what = ", ".join(topics.get(slug, slug) for slug in campaign.topics) or "allen Themen"
    return f"Alle Einträge {where} zu {what}."


def _plain(sent: Mapping[str, str], name: str) -> str:
    return sent.get(name, "").strip()
