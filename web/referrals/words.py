"""The fixed notes of a list, as people read them; translated where they are shown."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from api.referrals.models import Note
from web.words import _

NOTES: Final[Mapping[Note, str]] = {
    Note.CALL_FIRST: _("Bitte vorher anrufen"),
    Note.EXPECTED: _("Man weiß dort, dass Sie kommen"),
    Note.ACCOMPANIED: _("Ich komme mit"),
    Note.BRING_LETTER: _("Bitte den Brief mitbringen"),
    Note.BRING_ID: _("Bitte den Ausweis mitbringen"),
    Note.BRING_LEASE: _("Bitte den Mietvertrag mitbringen"),
    Note.BRING_INCOME: _("Bitte Papiere über Ihr Einkommen mitbringen"),
    Note.BRING_CHILD: _("Bitte das Kind mitbringen"),
    Note.COME_EARLY: _("Kommen Sie früh, dann warten Sie nicht so lange"),
    Note.ASK_INTERPRETER: _("Fragen Sie, ob jemand übersetzen kann"),
    Note.ASK_COST: _("Fragen Sie, ob es etwas kostet"),
    Note.FREE_WITH_BUT: _("Kostenlos mit „Bildung und Teilhabe“"),
    Note.HELP_WITH_FORMS: _("Dort hilft Ihnen jemand, Papiere auszufüllen"),
}


def said(notes: Iterable[Note], gettext: Callable[[str], str]) -> list[str]:
    """Return notes in the words of a language."""
    return [gettext(NOTES[note]) for note in notes]
