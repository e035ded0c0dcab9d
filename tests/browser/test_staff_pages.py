"""Every page of staff and of providers is looked at by axe: a new one fails here until it is."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine
from sqlmodel import col, select

from api.accounts.models import Account, Role
from api.chains import service as chains
from api.chains.schemas import ChainIn, LinkIn
from api.core import clock
from api.curation import bulk, campaigns, drafts, duplicates, freshness_links, past, service
from api.curation.bulk import Did, Wish
from api.curation.campaigns import CampaignIn
from api.curation.duplicates import Alike
from api.curation.duplicates_kinds import Likeness
from api.curation.freshness_models import Purpose
from api.curation.models import Kind as Proposed
from api.curation.sight import EVERYTHING
from api.doubts.models import Kind
from api.history.models import Origin
from api.offers import service as offers
from api.offers.models import Offer
from api.organizations import service as organizations
from api.places.models import Place
from tests.accounts.people import PASSWORD, make_account, make_link, make_member
from tests.accounts.serving import served
from tests.browser.test_staff_accounts import look, opened, sign_in
from tests.curation.sheets import by, entry, place
from tests.factories import make_source
from tests.web import staff_doubts
from tests.web.importing import Coordinator
from tests.web.staff_queue import Town, make_town
from web.main import PAGES

pytestmark = pytest.mark.browser

EMAIL: Final = "alle@stadt.example"
STAFF, PROVIDER = "/pflege", "/anbieter"
# What answers GET and is no page: files, parts of pages that scripts ask for, and what only leads on.
NO_PAGES: Final = {
    "/pflege/aktionen/{campaign_id:int}/liste.csv",
    "/pflege/anmelden/dienst/zurueck",
    "/pflege/einlesen/{job_id:int}/bericht.json",
    "/pflege/einlesen/{job_id:int}/bericht.txt",
    "/pflege/einlesen/{job_id:int}/stand",
    "/pflege/einlesen/{job_id:int}/zuordnung.toml",
    "/pflege/einlesen/stapel/{batch_id:int}",
    "/pflege/entwurf/punkt",
    "/pflege/entwurf/{draft_id:int}/vorschau/neben",
    "/pflege/zahlen/vorlage.csv",
}
# Between password and code; test_staff_accounts looks at it.
BETWEEN: Final = "/pflege/anmelden/code"
# Who is in has no use for them.
BEFORE: Final = ("/pflege/anmelden", "/pflege/einladung/{token}")
WIDTHS: Final = (360, 1280)


def routes() -> set[str]:
    """The paths of all that answers GET for staff and providers."""
    return {
        route.path
        for router in PAGES
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ())
        if re.match(rf"({STAFF}|{PROVIDER})(/|$)", route.path)
    }


@pytest.fixture
def town(database: Engine) -> Town:
    """Two changes, doubts, a list on its way, and somebody who may do everything."""
    found = make_town(database)
    staff_doubts.set_value(found, found.west, "contacts/phone", staff_doubts.WRONG)
    staff_doubts.look(found)
    with found.open() as (session, region):
        make_member(session, region, Role.ADMIN, EMAIL)
    return found


def numbers(town: Town) -> dict[str, Any]:
    """What stands for each part of a path, by its name, or by the path itself where a name means several."""
    change, other = town.suggest(town.west, summary="Für alle"), town.suggest(town.east, summary="Tee")
    job = Coordinator(town.engine).enter(Role.ADMIN, "stadt").bring()
    doubt = staff_doubts.line(town, Kind.PHONE_EXTRA_ZERO).id
    with town.open() as (session, region):
        account = session.exec(select(Account).where(Account.email == EMAIL)).one()
        act = by(region, f"account:{account.id}")
        provider = organizations.named(session, act, "Nachbarn e. V.").id
        nowhere = place(street="Ringweg 3", point=None, name="Nachbarschaftshaus")
        entry(session, region, name="Nähcafé", organization="Nachbarn e. V.", places={"new-1": nowhere})
        twins = Alike((town.west, town.east), Likeness.DOUBTFUL, 6.0, ["ähnlicher Name"])
        duplicates.note_found(session, region.id, [twins])
        today = clock.today(region.timezone)
        draft = drafts.new_draft(session, act)
        invited = make_account(session, "neu@stadt.example", password_hash=None)
        checking, quiet = (
            freshness_links.make(session, region.id, provider, one) for one in (Purpose.CHECK, Purpose.QUIET)
        )
        offers.change(session, act, session.get_one(Offer, town.west), {"description": "Mit Kuchen."})
        chain = chains.create(session, act, ChainIn(names={"de": "Mietschulden"}))
        link = chains.add_link(session, act, chain.id, LinkIn(names={"de": "Beratung"}, topic="geld"))
        session.flush()
        source, new = make_source(session, region), {"name": {"old": None, "new": "Café West e. V."}}
        by_list = by(region, "import", Origin.IMPORT)
        said = f"Vielleicht schon vorhanden: „Café West“ (Angebot {town.west}) – Name fast gleich."
        row, _ = service.propose(
            session, by_list, Proposed.CREATE, said, new, source_id=source.id, source_key="7", raw={}
        )
        return {
            "account_id": account.id,
            "/pflege/aufgaben/auswahl": f"art=aenderungen&tun=accepted&wahl={change}",
            "batch_id": bulk.do(session, act, [Wish(other, Did.ACCEPTED)]),
            "campaign_id": campaigns.start(
                session, act, CampaignIn("Vor dem Sommer", today, today + timedelta(days=9))
            ).id,
            "chain_id": chain.id,
            "doubt_id": doubt,
            "draft_id": draft.id,
            "job_id": job.strip("/"),
            "key": "was",
            "link_id": link.id,
            "offer_id": town.west,
            "/anbieter/pruefen/{token}/{offer_id:int}": entry(
                session, region, name="Kochen", organization="Nachbarn e. V."
            ).id,
            "organization_id": provider,
            "pair_id": duplicates.of_offers(session, region.id, town.west, town.east).id,
            "place_id": session.exec(select(Place.id).where(col(Place.lon).is_(None))).first(),
            "proposal_id": change,
            "/pflege/vorschlag/{proposal_id:int}/angebot": row.id,
            "step_id": past.history(session, region, town.west, EVERYTHING).results[0].id,
            "token": checking,
            "/anbieter/ruhe/{token}": quiet,
            "/pflege/einladung/{token}": make_link(session, invited).rpartition("/")[2],
        }


def filled(path: str, known: dict[str, Any]) -> str:
    """The address of a page; KeyError names a part that nobody has told how to fill."""
    if path in known and "{" not in path:
        return f"{path}?{known[path]}"
    *_, last = ["", *re.findall(r"{(\w+)", path)]

    def value(part: re.Match[str]) -> str:
        return str(known[path] if part[1] == last and path in known else known[part[1]])

    return re.sub(r"{(\w+)(?::\w+)?}", value, path)


@pytest.fixture
def house(town: Town, tmp_path: Path) -> Iterator[str]:
    """The service by https; the value is its address."""
    with served(town.engine, tmp_path) as address:
        yield address


def seen(page: Page, house: str, addresses: list[str]) -> None:
    """Look at pages on a phone and, for what sticks out, on a desk."""
    missing = []
    for address in addresses:
        answer = page.goto(address)
        if not answer or (answer.status, page.url) != (200, f"{house}{address}"):
            missing.append((address, answer and answer.status, page.url))
            continue
        page.locator("main details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            name = re.sub(r"/[\w-]{20,}|[?].*", "", address).replace("/", "-")
            look(page, f"seite{name}", axe=width == WIDTHS[0])
    assert not missing, f"no pages: {missing}"


def test_axe_sees_every_page(browser: Browser, town: Town, house: str) -> None:
    known = numbers(town)
    paths = routes()
    assert NO_PAGES | {BETWEEN, *BEFORE} <= paths, "an exception is for a page that is not there any more"
    inside = sorted(paths - NO_PAGES - {BETWEEN, *BEFORE})
    context = browser.new_context(base_url=house, ignore_https_errors=True, reduced_motion="reduce")
    with opened(context, house) as page:
        seen(page, house, [filled(path, known) for path in BEFORE])
        sign_in(page, EMAIL, PASSWORD)
        seen(page, house, [filled(path, known) for path in inside])
