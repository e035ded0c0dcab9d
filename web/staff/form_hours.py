"""The step for the times: the form for consultation hours, filled from a sheet and read back into it."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import date
from typing import Any, Final, NamedTuple

from starlette.datastructures import QueryParams

from api.core import clock
from api.curation.sheet_fields import Sheet
from api.regions.models import Region
from api.schedules.rules import Deviation, Rule
from api.schedules.saying import states
from api.schedules.saying.voice import voice
from api.schedules.schemas import EARLIEST, ScheduleIn
from web.language import letters_of
from web.schedule_form import choices
from web.schedule_form.actions import READ, Done, done
from web.schedule_form.filling import NoFieldError, filled
from web.schedule_form.meaning import Meaning, meaning
from web.schedule_form.preview import Preview
from web.schedule_form.typed import MOST_DATES, MOST_LINES, MOST_PAUSES, NAMES, Form, OneDate
from web.schedule_form.values import Mistake, shown_clock

OWN: Final = ""  # the key of the hours that belong to no place
_LOCALE: Final = "de"
_CHANGES: Final = {value: key for key, value in choices.CHANGES.items()}


class Shown(NamedTuple):
    """How a step is shown, beside what stands on the sheet."""

    hours_of: str = OWN  # key of a place
    adds: bool = False  # one more empty part
    suggests: bool = False  # topics
    tongue: str = ""  # which language of the texts
    form: Form | None = None  # the times as they were typed
    mistakes: tuple[Mistake, ...] = ()
    stays: bool = False  # there is something to do here first


class Typed(NamedTuple):
    """What came of the fields."""

    form: Form
    mistakes: tuple[Mistake, ...] = ()
    lines: list[dict[str, Any]] | None = None  # of the sheet; None: there is something to do first
    part: str = ""  # of the page, that somebody wants to see next


def of_lines(lines: Sequence[dict[str, Any]]) -> Form | None:
    """Return the form with lines of a sheet in it; None if it has no fields for them."""
    try:
        rules = [ScheduleIn.model_validate(line).rule() for line in lines]
        return _filled(rules)
    except ValueError:  # NoFieldError is one, and what cannot be validated
        return None


def typed(sent: QueryParams) -> Typed:
    """Return what the fields say; a text alone fills them by itself."""
    form, action = Form.of(sent), sent.get("tun", "")
    after = done(form, action)
    if isinstance(after, Done):
        return Typed(after.form, part=after.part)
    if isinstance(after, Mistake):
        return Typed(form, (after,))
    if form.is_untouched and form.text:
        read = done(form, READ)
        if isinstance(read, Mistake):
            return Typed(form, (read,))
        form = read.form if read else form
    said = meaning(form)
    if said.mistakes:
        return Typed(form, said.mistakes)
    return Typed(form, lines=[ScheduleIn.of(rule).model_dump(mode="json") for rule in said.rules])


def taken(sheet: Sheet, sent: QueryParams, said: Shown) -> tuple[Sheet, Shown]:
    """Return the sheet with the times that were typed; with mistakes the times stay as they were."""
    found = deepcopy(sheet)
    which = said.hours_of if said.hours_of in keys(sheet) else keys(sheet)[0]
    target = found["places"][which] if which else found
    target["hours_text"] = sent.get("worte", target["hours_text"]).replace("\r\n", "\n").strip()
    said = said._replace(hours_of=which)
    if sent.get("tun") == "neu":
        return found, said._replace(form=Form(), stays=True)
    if "zeiten-bleiben" in sent:
        return found, said
    read = typed(sent)
    if read.lines is None:
        return found, said._replace(form=read.form, mistakes=read.mistakes, stays=True)
    # Whoever changes nothing changes nothing: a rule can be written in several ways.
    if read.form._replace(text="") != of_lines(target["schedules"]):
        target["schedules"] = read.lines
    return found, said


def keys(sheet: Sheet) -> list[str]:
    """Return for what there are hours: each place, and what belongs to none."""
    places = list(sheet["places"])
    return [*places, OWN] if sheet["schedules"] or not places else places


def context(region: Region, form: Form, mistakes: Sequence[Mistake]) -> dict[str, Any]:
    """Return what the templates of the form for consultation hours need."""
    said: Meaning = meaning(form)
    speaks = voice(_LOCALE)
    told = [_in_words(one) for one in mistakes]
    preview = Preview.of(said, region.timezone, region.state, clock.now())
    return {
        "form": form,
        "most": {"lines": MOST_LINES, "pauses": MOST_PAUSES, "dates": MOST_DATES},
        "weekdays": [(key, speaks.weekday(i), letters_of(i, _LOCALE)) for i, key in enumerate(choices.DAYS)],
        "months": [(key, speaks.month(int(key), alone=True)) for key in choices.MONTHS],
        "mistakes": told,
        "errors": {one["field"]: one["text"] for one in reversed(told)},
        "at_one_place": True,
        "is_part": False,
        "has_rules": bool(said.rules),
        "rows": preview.rows(_LOCALE) if said.rules else [],
        "sentences": [{"lang": "de", "dir": "ltr", "name": "", "hosts": preview.sentences(_LOCALE)}],
        "technical": preview.technical(),
    }


def _filled(rules: Sequence[Rule]) -> Form:
    """Return the form for rules; single dates keep the line that they belong to."""
    if any(one.place is not None for rule in rules for one in rule.deviations):
        raise NoFieldError  # another place for one date: the form knows none here
    if not any(rule.deviations for rule in rules):
        return filled(Form(), rules) if rules else Form()
    form = Form(lines=())
    for number, rule in enumerate(rules, 1):
        more = filled(Form(), [rule._replace(deviations=())])
        if len(more.lines) != 1:
            raise NoFieldError
        pauses = tuple(pause._replace(line=str(number)) for pause in more.pauses)
        dates = tuple(_one_date(one, str(number)) for one in rule.deviations)
        form = Form(
            (*form.lines, *more.lines),
            (*form.pauses, *pauses),
            (*form.dates, *dates),
        )
    if len(form.lines) > MOST_LINES or len(form.pauses) > MOST_PAUSES or len(form.dates) > MOST_DATES:
        raise NoFieldError
    return form


def _one_date(one: Deviation, line: str) -> OneDate:
    return OneDate(
        _CHANGES[one.change],
        one.on.isoformat(),
        one.to.isoformat() if one.to else "",
        shown_clock(one.starts) if one.starts else "",
        shown_clock(one.ends, at_end=True) if one.ends else "",
        line=line,
        reason=one.note,
    )


def _in_words(mistake: Mistake) -> dict[str, str]:
    values = {
        name: states.day(_LOCALE, value, EARLIEST) if isinstance(value, date) else value
        for name, value in mistake.values.items()
    }
    number = mistake.field[1:].partition("-")[0]
    part = NAMES[mistake.field[0]].format(number=number) if number.isdigit() else "Text"
    return {"field": mistake.field, "part": part, "text": mistake.text.format(**values)}


def today(region: Region) -> date:
    """Return the day that it is in a region."""
    return clock.today(region.timezone)
