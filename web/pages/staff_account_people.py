"""The accounts of a region, for its admins: inviting, roles and their scopes, links, blocking, the log."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from api.accounts import audit, invitations, people
from api.accounts.models import Role
from api.accounts.policy import Action, Granted, Person
from api.core.deps import SessionDep
from api.core.errors import ConflictError, InvalidInputError, NotFoundError
from api.regions.deps import RegionDep
from api.regions.models import Region
from web.rendering import address
from web.sending.reading import Fields
from web.staff import scopes
from web.staff.forms import Sent, form
from web.staff.gate import PATH, allowed
from web.staff.showing import onward, page
from web.staff.words import ABOUT_ROLES, EVENTS, ROLES

PEOPLE: Final = f"{PATH}/konten"
EVENTS_ON_A_PAGE: Final = 50
MOST_FIELDS: Final = 3_000  # a box for each space
FIELDS: Final = {
    "email": "Das ist keine E-Mail-Adresse, die wir verwenden können.",
    "name": "Bitte schreiben Sie einen Namen.",
}
KNOWN: Final = (
    "Zu dieser Adresse gibt es schon ein Konto: Es ist gesperrt, oder es gehört zu einer anderen Landkarte. "
    "Geben Sie es zuerst frei, oder fragen Sie, wer die Landkarten betreibt."
)
LAST: Final = "Das ist die letzte Verwaltung dieser Landkarte. Geben Sie zuerst jemand anderem diese Rolle."
ELSEWHERE: Final = (
    "Dieses Konto hat auch auf einer anderen Landkarte Rechte. Entziehen Sie hier die Rollen; alles Weitere "
    "macht, wer die Landkarte betreibt."
)
DONE: Final = {
    "rolle": "Die Rolle ist vergeben. Sie gilt ab der nächsten Anmeldung.",
    "entzogen": "Die Rolle ist entzogen.",
    "gesperrt": "Das Konto ist gesperrt.",
    "frei": "Das Konto ist wieder frei.",
    "hat": "Diese Person hat schon ein Konto und bekommt die Rolle dazu. Sie meldet sich an wie gewohnt.",
}

Admin = Annotated[Person, Depends(allowed(Action.MANAGE_ACCOUNTS))]
Large = Annotated[Fields, Depends(form(200_000, MOST_FIELDS))]
router = APIRouter(prefix=PEOPLE)


@router.get("")
def listed(request: Request, session: SessionDep, region: RegionDep, person: Admin) -> Response:
    """Show everybody who has a role here."""
    members = [
        (member, [scopes.said(session, grant) for grant in member.grants])
        for member in people.of_region(session, region.id)
    ]
    return page(request, session, region, person, "people.html", members=members)


@router.get("/neu")
def asked(request: Request, session: SessionDep, region: RegionDep, person: Admin) -> Response:
    """Show the form of an invitation."""
    return _form(request, session, region, person)


@router.post("")
def invited(request: Request, session: SessionDep, region: RegionDep, person: Admin, sent: Large) -> Response:
    """Invite somebody, and show the link that opens the account."""
    try:
        given = scopes.chosen(session, region.id, sent)
        account, token = people.invite(
            session, region.id, person.actor, sent.get("name", ""), sent.get("email", ""), given
        )
    except ConflictError:
        session.rollback()
        return _form(request, session, region, person, 409, sent=sent, error=KNOWN)
    except InvalidInputError as error:
        session.rollback()
        return _form(request, session, region, person, 422, sent=sent, mistakes=_mistakes(error))
    if not token:
        return onward(f"{PEOPLE}/{account.id}?fertig=hat")
    return _link(request, session, region, person, token, name=account.name)


@router.get("/protokoll")
def logged(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Annotated[Person, Depends(allowed(Action.SEE_AUDIT))],
) -> Response:
    """Show what happened to rights here, the newest first."""
    said = request.query_params.get("vor", "")
    before = int(said) if said.isascii() and said.isdecimal() and len(said) < 16 else None  # noqa: PLR2004
    events = audit.of_region(session, region.id, EVENTS_ON_A_PAGE + 1, before)
    actors = {
        int(event.actor.removeprefix("account:")) for event in events if event.actor.startswith("account:")
    }
    names = people.names(session, actors | {event.account_id for event in events})
    shown = [
        {
            "at": event.at,
            "what": EVENTS[event.event],
            "whom": names.get(event.account_id, f"Konto {event.account_id}"),
            "by": _by(event.actor, names),
            "role": _role(session, region, event.details),
        }
        for event in events[:EVENTS_ON_A_PAGE]
    ]
    older = events[EVENTS_ON_A_PAGE - 1].id if len(events) > EVENTS_ON_A_PAGE else None
    return page(request, session, region, person, "audit.html", events=shown, older=older)


@router.get("/{account_id:int}")
def shown(
    request: Request, session: SessionDep, region: RegionDep, person: Admin, account_id: int
) -> Response:
    """Show one account with its roles."""
    done = DONE.get(request.query_params.get("fertig", ""), "")
    return _member(request, session, region, person, account_id, done=done)


@router.post("/{account_id:int}/rolle")
def granted(
    request: Request, session: SessionDep, region: RegionDep, person: Admin, account_id: int, sent: Large
) -> Response:
    """Give one more role."""
    member = people.get(session, region.id, account_id)
    try:
        people.grant(
            session, region.id, person.actor, member.account, scopes.chosen(session, region.id, sent)
        )
    except InvalidInputError as error:
        return _member(
            request, session, region, person, account_id, 422, sent=sent, mistakes=_mistakes(error)
        )
    return onward(f"{PEOPLE}/{account_id}?fertig=rolle")


@router.post("/{account_id:int}/rolle/{grant_id:int}/entziehen")
def revoked(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Admin,
    account_id: int,
    grant_id: int,
    _sent: Sent,
) -> Response:
    """Take a role away; who has none left is in the list no more."""
    member = people.get(session, region.id, account_id)
    if grant_id not in {grant.id for grant in member.grants}:
        raise NotFoundError
    try:
        people.revoke(session, region.id, person.actor, grant_id)
    except ConflictError:
        return _member(request, session, region, person, account_id, 409, error=LAST)
    return onward(f"{PEOPLE}/{account_id}?fertig=entzogen" if len(member.grants) > 1 else PEOPLE)


@router.post("/{account_id:int}/link")
def renewed(
    request: Request, session: SessionDep, region: RegionDep, person: Admin, account_id: int, sent: Sent
) -> Response:
    """Show a new link for who has forgotten the password or lost the second factor."""
    resets = sent.get("zweiter_faktor") == "ja"
    try:
        token = people.renew(session, region.id, person.actor, account_id, resets_factors=resets)
    except ConflictError:
        return _member(request, session, region, person, account_id, 409, error=ELSEWHERE)
    name = people.get(session, region.id, account_id).account.name
    return _link(request, session, region, person, token, name=name)


@router.post("/{account_id:int}/sperren")
def blocked(
    request: Request, session: SessionDep, region: RegionDep, person: Admin, account_id: int, _sent: Sent
) -> Response:
    """Let an account in no more."""
    people.hold(session, region.id)
    member = people.get(session, region.id, account_id)
    if member.is_elsewhere:
        return _member(request, session, region, person, account_id, 409, error=ELSEWHERE)
    if people.is_last_admin(session, member.grants):
        return _member(request, session, region, person, account_id, 409, error=LAST)
    people.disable(session, person.actor, member.account, region.id)
    return onward(f"{PEOPLE}/{account_id}?fertig=gesperrt")


@router.post("/{account_id:int}/freigeben")
def unblocked(
    request: Request, session: SessionDep, region: RegionDep, person: Admin, account_id: int, _sent: Sent
) -> Response:
    """Let an account in again."""
    member = people.get(session, region.id, account_id)
    if member.is_elsewhere:
        return _member(request, session, region, person, account_id, 409, error=ELSEWHERE)
    people.enable(session, person.actor, member.account, region.id)
    return onward(f"{PEOPLE}/{account_id}?fertig=frei")


def _mistakes(error: InvalidInputError) -> dict[str, str]:
    return {one.field: FIELDS.get(one.field, one.detail) for one in error.errors}


def _by(actor: str, names: dict[int, str]) -> str:
    number = actor.removeprefix("account:")
    if number == actor:
        return "Befehlszeile" if actor == audit.COMMAND else actor
    return names.get(int(number), f"Konto {number}")


def _role(session: Session, region: Region, details: dict[str, Any]) -> str:
    if "role" not in details:
        return ""
    return scopes.said(
        session,
        Granted(
            region.id,
            Role(details["role"]),
            details["organization_id"],
            frozenset(details["space_ids"]),
            details["may_publish"],
        ),
    )


def _choices(session: Session, region: Region, sent: dict[str, str]) -> dict[str, Any]:
    return {
        "roles": [(role.value, ROLES[role], ABOUT_ROLES[role]) for role in Role],
        "organizations": scopes.organizations(session, region.id),
        "levels": scopes.levels(session, region.id),
        "space_field": scopes.SPACE,
        "sent": sent,
        "mistakes": {},
    }


def _form(
    request: Request,
    session: Session,
    region: Region,
    person: Person,
    status: int = 200,
    *,
    sent: dict[str, str] | None = None,
    **context: Any,  # noqa: ANN401
) -> Response:
    said = _choices(session, region, sent or {})
    return page(request, session, region, person, "invite.html", status, **(said | context))


def _member(
    request: Request,
    session: Session,
    region: Region,
    person: Person,
    account_id: int,
    status: int = 200,
    *,
    sent: dict[str, str] | None = None,
    **context: Any,  # noqa: ANN401
) -> Response:
    member = people.get(session, region.id, account_id)
    said = _choices(session, region, sent or {}) | {
        "member": member,
        "grants": [(grant.id, scopes.said(session, grant)) for grant in member.grants],
    }
    return page(request, session, region, person, "member.html", status, **(said | context))


def _link(
    request: Request, session: Session, region: Region, person: Person, token: str, *, name: str
) -> Response:
    link = f"{address(request, region).rstrip('/')}{PATH}/einladung/{token}"
    return page(request, session, region, person, "link.html", link=link, name=name, days=invitations.DAYS)
