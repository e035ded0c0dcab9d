"""A region in which everything that is not for the public says so itself, in words that nobody else uses."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from sqlmodel import Session, select

from api.accounts import people
from api.accounts.models import Role
from api.core import clock
from api.curation import drafts, freshness_links, public
from api.curation import service as curation
from api.curation.freshness_models import Purpose
from api.curation.models import Kind
from api.history import service as history
from api.history.models import ImportBatch
from api.offers import referring, translations
from api.offers import service as offers
from api.offers.models import Contact, Offer, OfferAtPlace, Status
from api.offers.schemas import ContactIn
from api.places.models import Place
from api.referrals import service as referrals
from api.referrals.schemas import Wanted
from api.regions.models import Region
from api.schedules import service as schedules
from api.schedules.schemas import ScheduleIn
from api.sources.models import SourceRecord
from tests.factories import (
    act,
    box,
    make_division,
    make_offer,
    make_place,
    make_region,
    make_source,
    make_space,
    make_topic,
)

STEM: Final = "verwahrt"  # what is asked for; an answer may repeat it
OPEN: Final = "Sichtbares"  # in what everybody may read: who does not find it looks in the wrong place
LON, LAT = 13.4876543, 52.4987654
# As decimals, in steps of a map and without their points.
POINT: Final = ("4876543", "4987654", "13.48765", "52.49876")


@dataclass
class Secrets:
    """Hands out words that must not be found anywhere, and remembers what each was written into."""

    told: dict[str, str] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def word(self, where: str) -> str:
        """Return a new word that begins with STEM, where a text is needed."""
        said = f"{STEM}{next(self._numbers):03d}geheim"
        self.told[said] = where
        return said

    def phone(self, where: str) -> str:
        """Return a new phone number."""
        digits = f"030 98{next(self._numbers):03d}71"
        self.told[digits] = where
        return digits

    def mail(self, where: str) -> str:
        """Return a new mail address."""
        return f"{self.word(where)}@stelle.example"

    def code(self, code: str, where: str) -> str:
        """Return a code that no public answer has a reason to name."""
        self.told[code] = where
        return code

    def site(self, where: str) -> str:
        """Return a new web address."""
        return f"https://{self.word(where)}.example/seite"


@dataclass(frozen=True)
class Sown:
    """The region, what must not be found in its answers, and what they can be asked for."""

    region: Region
    secrets: dict[str, str]
    offers: list[Offer]
    places: list[Place]
    at_places: list[OfferAtPlace]
    tokens: list[str]  # of a provider's links: who has them sees its own entries, and nothing that is hidden
    code: str  # of a referral list with everything that is public


def sow(session: Session) -> Sown:
    """Write a region with secrets in every table that holds any."""
    secrets = Secrets()
    region = make_region(session, slug="hier")
    division = make_division(session, region)
    make_space(session, division, "1", box(13.4, 52.4, 13.6, 52.6))
    make_topic(session, "freizeit")
    house = make_place(session, region, 13.5, 52.5, name=f"{OPEN} Haus")
    seen = _published(session, region, house, secrets)
    hidden = _hidden(session, region, house, secrets)
    unpublished = [
        _unpublished(session, region, status, secrets) for status in Status if status != Status.PUBLISHED
    ]
    found = [seen, hidden, *unpublished]
    _proposed(session, region, seen, secrets)
    _imported(session, region, seen, secrets)
    _worked_on(session, region, seen, secrets)
    session.flush()
    at_places = list(session.exec(select(OfferAtPlace)))
    assert seen.organization_id is not None
    tokens = [freshness_links.make(session, region.id, seen.organization_id, one) for one in Purpose]
    code = referrals.create(session, region, [Wanted(seen.id), Wanted(hidden.id)])
    return Sown(region, secrets.told, found, list(session.exec(select(Place))), at_places, tokens, code)


def _published(session: Session, region: Region, house: Place, secrets: Secrets) -> Offer:
    """An offer for everybody: with a contact for professionals, and with a past."""
    who = act(region, actor=secrets.word("revision.actor"))
    offer = make_offer(
        session,
        region,
        house,
        name=f"{OPEN} Nähcafé",
        organization=f"{OPEN} Nachbarn",
        topics=["freizeit"],
        contact={"label": f"{OPEN} Büro", "phone": "030 23125001"},
    )
    values = {"summary": secrets.word("an older summary"), "description": secrets.word("an older text")}
    offers.change(session, who, offer, values)
    offers.change(session, who, offer, {"summary": f"{OPEN} für alle.", "description": "Kommen Sie vorbei."})
    for_professionals = ContactIn(
        label=secrets.word("contact.label"),
        phone=secrets.phone("contact.phone"),
        email=secrets.mail("contact.email"),
        is_public=False,
    )
    history.create(session, who, Contact(offer_id=offer.id, **for_professionals.model_dump()))
    how_to_refer = {
        "way": secrets.code("case_conference", "offer_referral.way"),
        "how": secrets.word("offer_referral.how"),
        "waiting_weeks": 7,
        "capacity": "few",
        "said_on": "2026-01-05",
        "requirements": secrets.word("offer_referral.requirements"),
        "papers": [secrets.code("child_health_book", "offer_referral.papers")],
        "papers_note": secrets.word("offer_referral.papers_note"),
        "laws": [secrets.code("uhvorschg", "offer_referral.laws")],
        "laws_note": secrets.word("offer_referral.laws_note"),
    }
    referring.write(session, who, offer.id, {"how": secrets.word("an older offer_referral.how")})
    referring.write(session, who, offer.id, how_to_refer)
    older = {"text": f"{OPEN} for all.", "of": secrets.word("offer_translation.made_from")}
    translations.write(session, who, offer.id, {("en", "summary"): older})
    return offer


def _hidden(session: Session, region: Region, house: Place, secrets: Secrets) -> Offer:
    """An offer at a house whose address nobody may learn, and at one that everybody may know."""
    shelter = make_place(
        session,
        region,
        LON,
        LAT,
        address_hidden=True,
        name=f"{OPEN} Zuflucht",
        street=f"{secrets.word('place.street')} 7",
        town=secrets.word("place.town"),
        postcode="10371",
    )
    return make_offer(
        session,
        region,
        [shelter, house],
        name=f"{OPEN} Schutz",
        topics=["freizeit"],
        organization=f"{OPEN} Nachbarn",
    )


def _unpublished(session: Session, region: Region, status: Status, secrets: Secrets) -> Offer:
    """An offer that nobody may see, at a house and of a provider that are known by nothing else."""
    texts = ("summary", "description", "cost_note", "access_note", "hours_text")
    values = {name: secrets.word(f"{status} offer.{name}") for name in texts}
    house = make_place(
        session,
        region,
        13.51,
        52.51,
        name=secrets.word(f"place.name of {status} offer"),
        street=secrets.word(f"place.street of {status} offer"),
        town=secrets.word(f"place.town of {status} offer"),
    )
    offer = make_offer(
        session,
        region,
        house,
        name=f"{STEM.capitalize()} {secrets.word(f'{status} offer.name')}",
        organization=secrets.word(f"organization of {status} offer"),
        website=secrets.site(f"{status} offer.website"),
        topics=["freizeit"],
        contact={
            "label": secrets.word(f"contact.label of {status} offer"),
            "phone": secrets.phone(f"contact.phone of {status} offer"),
            "email": secrets.mail(f"contact.email of {status} offer"),
        },
        status=status,
        **values,
    )
    offer.slug = f"{STEM}-{status}"  # it is asked for, and an answer may repeat what is asked for
    at_place = session.exec(select(OfferAtPlace).where(OfferAtPlace.offer_id == offer.id)).one()
    at_place.note = secrets.word(f"offer_at_place.note of {status} offer")
    line = {
        "recurrence": "FREQ=WEEKLY;BYDAY=MO",
        "first_date": "2026-01-05",
        "starts": "10:00",
        "note": secrets.word(f"schedule.note of {status} offer"),
    }
    schedules.write(session, act(region), offer.id, at_place.id, [ScheduleIn.model_validate(line)])
    referring.write(session, act(region), offer.id, {"how": secrets.word(f"how to refer to {status} offer")})
    in_english = {"text": secrets.word(f"translation of {status} offer"), "of": values["summary"]}
    translations.write(session, act(region), offer.id, {("en", "summary"): in_english})
    return offer


def _proposed(session: Session, region: Region, offer: Offer, secrets: Secrets) -> None:
    """What somebody suggests: still open, and declined."""
    public.report(session, region, offer.id, public.About.OTHER, secrets.word("a report"))
    public.suggest(session, region, {"name": secrets.word("a suggestion"), "summary": "Neu"})
    who = act(region, actor=secrets.word("proposal.actor"))
    for said in ("open", "declined"):
        changes = {"summary": {"old": offer.summary, "new": secrets.word(f"{said} proposal.changes")}}
        changes["referral.how"] = {"old": "", "new": secrets.word(f"{said} proposal of how to refer")}
        raw = {"Spalte": secrets.word(f"{said} proposal.raw")}
        reason = secrets.word(f"{said} proposal.reason")
        made, _ = curation.propose(session, who, Kind.CHANGE, reason, changes, offer_id=offer.id, raw=raw)
    curation.decline(session, who, made, secrets.word("proposal.decision_note"))


def _imported(session: Session, region: Region, offer: Offer, secrets: Secrets) -> None:
    """What a list has said besides, and how it came."""
    source = make_source(session, region)
    session.add(
        ImportBatch(
            region_id=region.id,
            source_id=source.id,
            actor=secrets.word("import_batch.actor"),
            file_name=f"{secrets.word('import_batch.file_name')}.csv",
            fingerprint="0" * 64,
            counts={},
            report=[[1, "1", "note", "name", secrets.word("import_batch.report")]],
            started_at=clock.now(),
        )
    )
    raw: dict[str, Any] = {"Notiz": secrets.word("source_record.raw")}
    record = SourceRecord(
        source_id=source.id,
        key=secrets.word("source_record.key"),
        offer_id=offer.id,
        raw=raw,
        mapped={"summary": secrets.word("source_record.mapped")},
    )
    history.create(session, act(region), record)


def _worked_on(session: Session, region: Region, offer: Offer, secrets: Secrets) -> None:
    """Who works here, and what somebody has not finished."""
    given = people.GrantIn(role=Role.EDITOR)
    name, mail = secrets.word("account.name"), secrets.mail("account.email")
    people.invite(session, region.id, secrets.word("audit_event.actor"), name, mail, given)
    who = act(region, actor=secrets.word("draft.actor"))
    draft = drafts.open_draft(session, who, offer.id)
    text = {"text": secrets.word("draft of a translation"), "of": "Nähcafé"}
    said = draft.sheet | {"summary": secrets.word("draft of a change"), "translations.tr.summary": text}
    said["referral.requirements"] = secrets.word("draft of how to refer")
    drafts.save_draft(session, who, draft.id, draft.version, said)
    new = drafts.new_draft(session, who)
    said = new.sheet | {"name": secrets.word("draft of a new offer")}
    drafts.save_draft(session, who, new.id, new.version, said)
