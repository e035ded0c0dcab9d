"""What each kind of error means, in words for people; a test demands an entry for every kind."""

from typing import NamedTuple

from web.words import _


class Problem(NamedTuple):
    """An error as pages explain it."""

    status: int
    title: str
    text: str


PROBLEMS = {
    "busy": Problem(
        503,
        _("Gerade fragen sehr viele auf einmal"),
        _("Bitte versuchen Sie es in ein paar Sekunden noch einmal."),
    ),
    "conflict": Problem(
        409,
        _("Jemand anderes war schneller"),
        _("Inzwischen steht dort etwas anderes. Bitte laden Sie die Seite neu."),
    ),
    "foreign-request": Problem(
        403,
        _("Das kam nicht von unserer Seite"),
        _("Bitte öffnen Sie das Formular auf dieser Landkarte und füllen Sie es dort aus."),
    ),
    "internal-error": Problem(
        500,
        _("Da ist uns ein Fehler passiert"),
        _("Es liegt nicht an Ihnen. Bitte versuchen Sie es in ein paar Minuten noch einmal."),
    ),
    "invalid-input": Problem(
        422,
        _("Mit dieser Internet-Adresse stimmt etwas nicht"),
        _("Eine Angabe passt nicht. Die Antwort nennt das Feld und sagt, was dort stehen kann."),
    ),
    "method-not-allowed": Problem(
        405,
        _("Das geht hier nicht"),
        _("Diese Seite können Sie nur ansehen."),
    ),
    "not-allowed": Problem(
        403,
        _("Das dürfen Sie hier nicht"),
        _("Ihr Konto hat dafür kein Recht. Fragen Sie bitte, wer die Konten verwaltet."),
    ),
    "not-found": Problem(
        404,
        _("Diese Seite gibt es nicht"),
        _("Vielleicht gibt es das Angebot nicht mehr, oder in der Internet-Adresse ist ein Tippfehler."),
    ),
    "too-large": Problem(
        413,
        _("Das war zu viel auf einmal"),
        _("Die Anfrage ist zu lang. Bitte beginnen Sie auf der Startseite neu."),
    ),
    "too-many": Problem(
        429,
        _("Gerade kommt sehr viel auf einmal an"),
        _("Wir haben nichts gespeichert. Bitte versuchen Sie es später noch einmal, oder rufen Sie an."),
    ),
    "unavailable": Problem(
        503,
        _("Die Landkarte macht gerade eine kurze Pause"),
        _("Bitte versuchen Sie es in ein paar Minuten noch einmal. Es ist nichts verloren gegangen."),
    ),
}
