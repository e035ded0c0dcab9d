"""The form for consultation hours; it stores nothing, its whole state is in the address."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.core import clock
from api.core.deps import SessionDep
from api.core.languages import LANGUAGES
from api.regions.deps import RegionDep
from api.regions.models import Region
from api.schedules.saying import states
from api.schedules.saying.voice import voice
from api.schedules.schemas import EARLIEST
from web.language import letters_of, localized, translations
from web.rendering import environment, locale_of, render
from web.schedule_form import choices
from web.schedule_form.actions import READ, WAS_READ, Done, done
from web.schedule_form.meaning import meaning
from web.schedule_form.preview import Preview
from web.schedule_form.typed import MOST_DATES, MOST_LINES, MOST_PAUSES, NAMES, Form
from web.schedule_form.values import Mistake
from web.words import _

router = APIRouter()

PATH = "/sprechzeiten-formular"
# What somebody is still typing is for nobody else, and nobody searches for it.
HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}

Context = dict[str, Any]


@router.get(PATH)
def shown(request: Request, session: SessionDep, region: RegionDep) -> Response:
    """Show the form with what the address says, and what it comes to."""
    locale = locale_of(request)
    form, action = Form.of(request.query_params), request.query_params.get("tun", "")
    after = done(form, action)
    if isinstance(after, Done):
        return _onward(after, locale, was_read=action == READ)
    is_part = request.query_params.get("teil") == "vorschau"
    context = {**_context(region, form, locale, after), "is_part": is_part}
    if is_part:
        text = environment(locale).get_template("partials/hours_preview.html").render(context)
        return HTMLResponse(text, headers=HEADERS)
    context["was_read"] = action == WAS_READ
    page = render(request, session, region, "hours.html", **context)
    page.headers.update(HEADERS)
    return page


def _onward(after: Done, locale: str, *, was_read: bool) -> RedirectResponse:
    """Lead to an address that does not do it again when it is opened a second time."""
    pairs = after.form.pairs() + ([("tun", WAS_READ)] if was_read else [])
    address = f"{localized(PATH, locale)}?{urlencode(pairs)}#{after.part}"
    return RedirectResponse(address, status_code=303, headers=HEADERS)


def _context(region: Region, form: Form, locale: str, unread: Mistake | None) -> Context:
    """Return what the templates of the form need."""
    said = meaning(form)
    mistakes = [*([unread] if unread else []), *said.mistakes]
    shown_mistakes = [_in_words(mistake, locale) for mistake in mistakes]
    speaks = voice(locale)
    languages = [locale, *(one for one in form.languages if one in LANGUAGES and one != locale)]
    preview = Preview.of(said, region.timezone, region.state, clock.now())
    return {
        "form": form,
        "form_path": localized(PATH, locale),
        "most": {"lines": MOST_LINES, "pauses": MOST_PAUSES, "dates": MOST_DATES},
        "weekdays": [(key, speaks.weekday(i), letters_of(i, locale)) for i, key in enumerate(choices.DAYS)],
        "months": [(key, speaks.month(int(key), alone=True)) for key in choices.MONTHS],
        "languages": [(code, one.autonym) for code, one in LANGUAGES.items() if code != locale],
        "mistakes": shown_mistakes,
        "errors": {one["field"]: one["text"] for one in reversed(shown_mistakes)},
        "has_rules": bool(said.rules),
        "rows": preview.rows(locale) if said.rules else [],
        "sentences": [
            {
                "lang": LANGUAGES[code].tag,
                "dir": LANGUAGES[code].direction,
                "name": "" if code == locale else LANGUAGES[code].autonym,
                "hosts": preview.sentences(code),
            }
            for code in languages
        ],
        "technical": preview.technical(),
    }


def _in_words(mistake: Mistake, locale: str) -> dict[str, str]:
    """Return a mistake with the part of the form that it is in."""
    translate = translations(locale).gettext
    values = {
        name: states.day(locale, value, EARLIEST) if isinstance(value, date) else value
        for name, value in mistake.values.items()
    }
    kind, number = mistake.field[0], mistake.field[1:].partition("-")[0]
    part = translate(NAMES[kind]).format(number=number) if number.isdigit() else translate(_("Text"))
    return {"field": mistake.field, "part": part, "text": translate(mistake.text).format(**values)}
