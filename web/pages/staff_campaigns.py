"""Campaigns: planned with a look at how much they ask, followed entry by entry, ended."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from api.accounts.policy import Action, Person
from api.core import clock
from api.core.deps import SessionDep
from api.core.errors import ConflictError, InvalidInputError, NotAllowedError
from api.curation import campaigns, campaigns_standing, entries
from api.curation.campaigns import CampaignIn
from api.curation.campaigns_models import Campaign
from api.curation.campaigns_standing import Standing, Status, is_over
from api.curation.freshness_scope import Reach, reach
from api.curation.sheet import hold
from api.regions.deps import RegionDep
from api.regions.models import Region
from web.rendering import address
from web.sending.reading import Fields
from web.staff.campaigns import (
    CAMPAIGNS,
    STATUSES,
    TOPIC,
    about,
    choice,
    may_end,
    planned,
    progress,
)
from web.staff.campaigns_file import written
from web.staff.forms import Sent, form
from web.staff.gate import allowed
from web.staff.queue_reading import page_number
from web.staff.queue_words import actors
from web.staff.scopes import SPACE
from web.staff.showing import HEADERS, onward, page

PER_PAGE: Final = 30
OVER_LISTED: Final = 20
DONE: Final = {
    "begonnen": "Die Prüfrunde läuft. Hier sehen Sie, wie weit sie ist.",
    "beendet": "Die Prüfrunde ist beendet. Was sie gebracht hat, bleibt hier zu lesen.",
}
NOTHING: Final = "Damit ist kein Eintrag gemeint. Bitte wählen Sie mehr Räume oder mehr Themen."
ENDED: Final = "Diese Prüfrunde ist schon vorbei."
Seeing = Annotated[Person, Depends(allowed(Action.SEE_QUEUE))]
Running = Annotated[Person, Depends(allowed(Action.RUN_CAMPAIGN))]
Planned = Annotated[Fields, Depends(form(most_bytes=200_000, most_fields=5_000))]

router = APIRouter(prefix=CAMPAIGNS)


@router.get("")
def listed(request: Request, session: SessionDep, region: RegionDep, person: Seeing) -> Response:
    """Show the campaigns that go on, and the last ones that are over."""
    every = campaigns.every(session, region)
    running = [one for one in every if not is_over(one, region)]
    over = [one for one in every if is_over(one, region)]
    own = _reach(person)
    return page(
        request,
        session,
        region,
        person,
        "campaigns.html",
        running=[
            (
                one,
                about(session, region, one),
                progress(campaigns_standing.standing(session, region, one, own)),
            )
            for one in running
        ],
        over=over[:OVER_LISTED],
        may_start=person.may(Action.RUN_CAMPAIGN),
    )


@router.get("/neu")
def begun(request: Request, session: SessionDep, region: RegionDep, person: Running) -> Response:
    """Show the form for a new campaign."""
    return _form(request, session, region, person, {})


@router.post("/neu")
def started(
    request: Request, session: SessionDep, region: RegionDep, person: Running, sent: Planned
) -> Response:
    """Show how much a campaign would ask, and begin it if that is wanted."""
    try:
        plan = planned(region, choice(session, region, person), sent)
    except InvalidInputError as error:
        wrong = {one.field: one.detail for one in error.errors}
        return _form(request, session, region, person, sent, 422, mistakes=wrong)
    asks = campaigns.extent(session, region, plan, reach(person, Action.RUN_CAMPAIGN))
    seen: dict[str, Any] = {"extent": asks, "about": about(session, region, plan)}
    if not asks.entries:
        return _form(request, session, region, person, sent, 422, error=NOTHING)
    if sent.get("tun") != "beginnen":
        return _form(request, session, region, person, sent, **seen)
    hold(session, region.id)  # of two at the same time, the second one finds it
    campaign = _same(session, region, person, plan) or campaigns.start(session, entries.by_form(person), plan)
    return onward(f"{CAMPAIGNS}/{campaign.id}?fertig=begonnen")


@router.get("/{campaign_id:int}")
def shown(
    request: Request, session: SessionDep, region: RegionDep, person: Seeing, campaign_id: int
) -> Response:
    """Show how far a campaign has come, as far as somebody looks after its entries."""
    return _shown(request, session, region, person, campaigns.get(session, region.id, campaign_id))


@router.get("/{campaign_id:int}/liste.csv")
def file(
    request: Request, session: SessionDep, region: RegionDep, person: Seeing, campaign_id: int
) -> Response:
    """Return the list of a campaign for a spreadsheet."""
    campaign = campaigns.get(session, region.id, campaign_id)
    found = campaigns_standing.standing(session, region, campaign, _reach(person))
    table = written(session, found, _status(request), address(request, region).rstrip("/"))
    name = f'attachment; filename="pruefrunde-{campaign.id}.csv"'
    return Response(
        table, media_type="text/csv; charset=utf-8", headers=HEADERS | {"Content-Disposition": name}
    )


@router.post("/{campaign_id:int}/beenden")
def ended(
    request: Request, session: SessionDep, region: RegionDep, person: Running, campaign_id: int, _sent: Sent
) -> Response:
    """End a campaign before its last day."""
    campaign = campaigns.get(session, region.id, campaign_id)
    if not may_end(person, campaign):
        raise NotAllowedError
    try:
        campaigns.end(session, entries.by_form(person), campaign_id)
    except ConflictError:
        return _shown(request, session, region, person, campaign, 409, error=ENDED)
    return onward(f"{CAMPAIGNS}/{campaign_id}?fertig=beendet")


def _same(session: Session, region: Region, person: Person, plan: CampaignIn) -> Campaign | None:
    """Return the campaign that this person has begun by the same form a moment ago, if it was sent twice."""
    said = (plan.name.strip(), plan.from_on, plan.until_on, list(plan.spaces), list(plan.topics))
    for one in campaigns.every(session, region):
        known = (one.name, one.from_on, one.until_on, one.space_ids, one.topics)
        if known == said and one.actor == person.actor and not is_over(one, region):
            return one
    return None


def _reach(person: Person) -> Reach:
    return reach(person, Action.SEE_QUEUE)


def _status(request: Request) -> Status | None:
    said = request.query_params.get("stand", "")
    return Status(said) if said in set(Status) else None


def _shown(
    request: Request, session: Session, region: Region, person: Person, campaign: Campaign, status: int = 200,
    **context: Any,  # noqa: ANN401
) -> Response:  # fmt: skip
    found = campaigns_standing.standing(session, region, campaign, _reach(person))
    chosen = _status(request)
    here = f"{CAMPAIGNS}/{campaign.id}"
    values: dict[str, Any] = {
        "campaign": campaign,
        "about": about(session, region, campaign),
        "progress": progress(found),
        "kinds": _kinds(found, here),
        "chosen": chosen,
        "statuses": STATUSES,
        "items": campaigns_standing.page_of(session, found, chosen, page_number(request), PER_PAGE),
        "page_url": lambda number: f"{here}?seite={number}" + (f"&stand={chosen}" if chosen else ""),
        "file_url": f"{here}/liste.csv" + (f"?stand={chosen}" if chosen else ""),
        "here": here,
        "is_over": is_over(campaign, region),
        "may_end": may_end(person, campaign),
        "who": actors(session, {campaign.actor}),
        "done": DONE.get(request.query_params.get("fertig", ""), ""),
    }
    return page(request, session, region, person, "campaign.html", status, **(values | context))


def _kinds(found: Standing, here: str) -> list[tuple[str, str, int, str]]:
    """Return how many have come how far, as links: slug, words, number, address."""
    kinds = [("", "alle", len(found.statuses), here)]
    counts = found.counts
    return kinds + [
        (status.value, words, counts[status], f"{here}?stand={status}")
        for status, words in STATUSES.items()
        if counts[status]
    ]


def _form(
    request: Request, session: Session, region: Region, person: Person, sent: Fields, status: int = 200,
    **context: Any,  # noqa: ANN401
) -> Response:  # fmt: skip
    values: dict[str, Any] = {
        "sent": sent,
        "choice": choice(session, region, person),
        "space_field": SPACE,
        "topic_field": TOPIC,
        "today": clock.today(region.timezone),
        "extent": None,
    }
    return page(request, session, region, person, "campaign_new.html", status, **(values | context))
