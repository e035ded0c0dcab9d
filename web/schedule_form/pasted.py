"""A pasted text: it fills the form, or it is said kindly what was not understood; the text always stays."""

from typing import Final

from api.schedules.reading import Doubt, read
from api.schedules.reading.tokens import tidy
from web.schedule_form.filling import NoFieldError, filled
from web.schedule_form.typed import LONGEST, Form
from web.schedule_form.values import Mistake
from web.words import _

_SHOWN: Final = 40  # letters from the place on that was not understood
DOUBTS: Final = {
    Doubt.TOO_LONG: _("Der Text ist zu lang. Bitte fügen Sie nur die Zeiten ein, höchstens {most} Zeichen."),
    Doubt.WORDS: _(
        "Einen Teil des Textes verstehen wir nicht. Bitte füllen Sie die Felder unten selbst aus."
    ),
    Doubt.NOTHING: _("Wir finden im Text keine Tage mit Uhrzeiten. Gut ist zum Beispiel: „Mo–Do 8–16 Uhr“."),
    Doubt.CLOCK: _("Eine Uhrzeit im Text ist uns unklar. Bitte prüfen Sie die Uhrzeiten."),
    Doubt.RHYTHM: _(
        "Ist eine Woche im Monat gemeint oder jede zweite Woche? Bitte wählen Sie unten den Rhythmus."
    ),
    Doubt.NO_ANCHOR: _(
        "Wir wissen nicht, mit welchem Tag es anfängt. Bitte tragen Sie unten Rhythmus und Tag ein."
    ),
    Doubt.SCOPE: _(
        "Wir wissen nicht, zu welcher Zeit ein Zusatz gehört. Bitte füllen Sie die Felder unten aus."
    ),
    Doubt.CONTRADICTION: _("Zwei Angaben im Text widersprechen sich. Bitte prüfen Sie den Text."),
    Doubt.TWO_READINGS: _("Der Text kann zweierlei heißen. Bitte füllen Sie die Felder unten selbst aus."),
    Doubt.NOT_EXPRESSIBLE: _(
        "Dafür haben wir noch kein Feld. Bitte schreiben Sie es als Hinweis zur Sprechzeit."
    ),
}
NO_TEXT: Final = _("Bitte fügen Sie zuerst einen Text ein.")
NO_FIXED_TIMES: Final = _(
    "Wir verstehen: nur mit Termin, ohne feste Zeiten. Dann gibt es keine Tage und Uhrzeiten zum Eintragen."
)
UNCLEAR_PART: Final = _(
    "Diese Stelle verstehen wir nicht: „{place}“. Bitte ändern Sie den Text oder füllen Sie die Felder aus."
)


def taken(form: Form) -> Form | Mistake:
    """Return the form filled by its text, or what is not understood in it."""
    if not form.text:
        return Mistake("text", NO_TEXT, {})
    if len(form.text) > LONGEST["text"]:
        return _doubt(Doubt.TOO_LONG)
    reading = read(form.text)
    if reading.doubt is not None:
        return _doubt(reading.doubt, _place(reading.text, reading.at))
    if not reading.rules:
        return Mistake("text", NO_FIXED_TIMES, {})
    try:
        return filled(form, reading.rules)
    except NoFieldError:
        return _doubt(Doubt.NOT_EXPRESSIBLE)


def _doubt(doubt: Doubt, place: str = "") -> Mistake:
    if doubt == Doubt.WORDS and place:
        return Mistake("text", UNCLEAR_PART, {"place": place})
    return Mistake("text", DOUBTS[doubt], {"most": LONGEST["text"]})


def _place(text: str, at: int | None) -> str:
    """Return how a text goes on where reading stopped, if that is known."""
    rest = "" if at is None else " ".join(tidy(text)[at:].split())
    return rest if len(rest) <= _SHOWN else f"{rest[:_SHOWN].rstrip()}…"
