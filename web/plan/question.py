"""From the form to the question that the solver takes, or to what is wrong with its fields."""

import re
from typing import Any, Final, NamedTuple

from sqlmodel import Session

from api.plans.schemas import MOST_PEOPLE, PlanQuestion
from api.regions.models import Region
from api.search.schemas import LONGEST_QUESTION
from api.taxonomy import service as taxonomy
from web.plan import start
from web.plan.form import PARTS, Form
from web.plan.start import Start
from web.schedule_form.choices import DAYS
from web.sending.checking import UNCHOSEN, Field, Mistake, checked
from web.words import _

OLDEST: Final = 120
MOST_LANGUAGES: Final = 10
_AGES: Final = Field("alter", 80)
_ADDRESS: Final = Field("adresse", 200)
_BETWEEN: Final = re.compile(r"[\s,;.+&/،؛]+|\b(?:und|u|and|ve|i|та|і)\b|و")
_NO_WORRY: Final = _(
    "Bitte sagen Sie, worum es geht. Wählen Sie ein Thema, oder schreiben Sie ein paar Wörter."
)
_BOTH: Final = _("Bitte nehmen Sie nur eines: das Thema oder Ihre eigenen Wörter.")
_NO_AGE: Final = _("Bitte schreiben Sie Zahlen von 0 bis 120, zum Beispiel: 3, 7, 34.")
_TOO_MANY_AGES: Final = _("Hier passen höchstens {most} Personen hinein.")
_NO_LANGUAGE: Final = _("Bitte wählen Sie höchstens {most} Sprachen aus der Liste.")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


class Meant(NamedTuple):
    """What a form comes to: a question, or mistakes by the names of the fields."""

    question: PlanQuestion | None
    start: Start
    mistakes: dict[str, Mistake]


def meant(session: Session, region: Region, form: Form) -> Meant:
    """Return the question of a form, or what is wrong with it."""
    mistakes = _texts(form)
    values: dict[str, Any] = {
        "worries": _worries(
            form, {slug for one in taxonomy.topics(session) for slug in _slugs(one)}, mistakes
        ),
        "ages": _ages(form.ages, mistakes),
        "languages": _languages(form.languages, mistakes),
        "wheelchair": form.wheelchair,
        "cost_free": form.cost_free,
        "weekdays": [position for position, day in enumerate(DAYS) if day in form.days],
        "parts": [PARTS[part] for part in form.parts],
        "by_level": form.by_level,
    }
    found = Start() if "adresse" in mistakes else start.find(session, region, form)
    if not isinstance(found, Start):
        field, mistake = found
        mistakes.setdefault(field, mistake)
        found = Start()
    if mistakes:
        return Meant(None, found, mistakes)
    question = PlanQuestion.model_validate(values | {"space": found.key, "near": found.near})
    return Meant(question, found, {})


def _slugs(topic: Any) -> list[str]:  # noqa: ANN401 - TopicOut
    return [topic.slug, *(child.slug for child in topic.children)]


def _texts(form: Form) -> dict[str, Mistake]:
    """Return what is wrong with free texts: too long, or signs that nobody types."""
    said = {f"sorge-{number}-wort": row.words for number, row in enumerate(form.rows, 1)}
    fields = [Field(name, LONGEST_QUESTION) for name in said]
    found = checked(said | {"alter": form.ages, "adresse": form.address}, [*fields, _AGES, _ADDRESS])
    return dict(found.mistakes)


def _worries(form: Form, known: set[str], mistakes: dict[str, Mistake]) -> list[dict[str, Any]]:
    found = []
    for number, row in enumerate(form.rows, 1):
        words = " ".join(row.words.split())
        if row.is_empty:
            continue
        if row.topic and words:
            mistakes.setdefault(f"sorge-{number}-wort", Mistake(_BOTH))
        elif row.topic and row.topic not in known:
            mistakes.setdefault(f"sorge-{number}-thema", Mistake(UNCHOSEN))
        offer = int(row.offer) if row.offer else None
        found.append({"topic": row.topic or None, "words": words, "offer": offer})
    if not found:
        mistakes["sorge-1-thema"] = Mistake(_NO_WORRY)
    return found


def _ages(said: str, mistakes: dict[str, Mistake]) -> list[int]:
    parts = [part for part in _BETWEEN.split(said.strip().lower()) if part]
    if not all(part.isdecimal() and len(part) <= 3 and int(part) <= OLDEST for part in parts):  # noqa: PLR2004
        mistakes.setdefault("alter", Mistake(_NO_AGE))
        return []
    if len(parts) > MOST_PEOPLE:
        mistakes.setdefault("alter", Mistake(_TOO_MANY_AGES, MOST_PEOPLE))
        return []
    return [int(part) for part in parts]


def _languages(said: tuple[str, ...], mistakes: dict[str, Mistake]) -> list[str]:
    if len(said) > MOST_LANGUAGES or not all(map(_LANGUAGE.fullmatch, said)):
        mistakes["sprache"] = Mistake(_NO_LANGUAGE, MOST_LANGUAGES)
        return []
    return list(said)
