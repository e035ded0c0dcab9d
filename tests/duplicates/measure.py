"""How well duplicates are told; `python -m tests.duplicates.measure` writes docs/reference/dubletten.md."""

import json
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from importers.matching import evidence, names
from importers.matching.evidence import Evidence, weigh
from importers.matching.facts import of_record
from importers.matching.names import Alike
from importers.matching.verdicts import CERTAIN, DOUBTFUL, Verdict, judge
from tests.duplicates.entries import LISTS
from tests.duplicates.make import OVERLAP, UNCLEAR, Pair, metres, stored

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "dubletten.md"
HALVES = {"train": "zum Einstellen", "held-out": "zurückgehalten"}
TOTALS = (
    "| Paare | Regel | richtig verbunden | falsch verbunden | Genauigkeit | gefunden"
    " | mit Vorschlägen gefunden | unnötig gefragt |"
)
SIMPLE_RULE = """„100 m und 30 %“ heißt: höchstens 100 m entfernt, und die Namen unterscheiden sich in
höchstens 30 % der Buchstaben. Mit dieser Regel warnen offene Karten heute vor Dubletten.
"""
SHOWN = {Verdict.CERTAIN: "verbunden", Verdict.DOUBTFUL: "gefragt", Verdict.NEW: "neu"}


@dataclass(frozen=True)
class Judged:
    """A labelled pair and what the matching says to it."""

    pair: Pair
    evidence: Evidence
    verdict: Verdict


@dataclass(frozen=True)
class Figures:
    """Counts of pairs by what they are and what was said."""

    same: int
    linked: int
    asked: int
    wrongly_linked: int
    wrongly_asked: int

    @property
    def precision(self) -> float:
        """Return the share of links that are right."""
        return self.linked / ((self.linked + self.wrongly_linked) or 1)

    @property
    def recall(self) -> float:
        """Return the share of duplicates that are linked."""
        return self.linked / self.same

    @property
    def recall_with_questions(self) -> float:
        """Return the share of duplicates that are linked or asked about."""
        return (self.linked + self.asked) / self.same


def districts() -> frozenset[str]:
    """Return the words for districts, as an import takes them from the region's spaces."""
    region = tomllib.loads((LISTS / "region.toml").read_text(encoding="utf-8"))
    found = [region["region"]["name"]]
    for path in sorted((LISTS / "spaces").glob("*.geojson")):
        found += _values(path, "name")
    return names.words_of(found)


def judged(pairs: Iterable[Pair] | None = None) -> list[Judged]:
    """Return the stored pairs with what the matching says; right is the row, left the offer."""
    words = districts()
    found = []
    for pair in stored() if pairs is None else pairs:
        said = weigh(of_record(pair.right, words), of_record(pair.left, words))
        found.append(Judged(pair, said, judge(said)))
    return found


def figures(found: Iterable[Judged], says: Callable[[Judged], Verdict] | None = None) -> Figures:
    """Return the counts of those that one of the labels decides."""
    counts = Counter((one.pair.label, says(one) if says else one.verdict) for one in found)
    return Figures(
        sum(count for (label, _), count in counts.items() if label == "same"),
        counts["same", Verdict.CERTAIN],
        counts["same", Verdict.DOUBTFUL],
        counts["different", Verdict.CERTAIN],
        counts["different", Verdict.DOUBTFUL],
    )


def simple_rule(one: Judged) -> Verdict:
    """Return what "at most 100 m, and titles within 30 % edit distance" says."""
    left, right = one.pair.left, one.pair.right
    alike = Levenshtein.normalized_distance(left.name.lower(), right.name.lower()) <= 0.3
    return Verdict.CERTAIN if alike and metres(left, right) <= 100 else Verdict.NEW


def page() -> str:
    """Return the page with all figures."""
    found = judged()
    counted = [one for one in found if one.pair.kind != OVERLAP]
    real = [one for one in found if one.pair.kind == OVERLAP]
    parts = (
        _head(counted),
        _totals(counted),
        _thresholds(counted),
        _kinds(counted),
        _overlaps(real),
        _weights(),
    )
    return "\n".join(parts)


def _head(counted: list[Judged]) -> str:
    same = sum(one.pair.is_same for one in counted)
    return f"""# Dubletten in Zahlen

Diese Seite schreibt `python -m tests.duplicates.measure`; ein Test vergleicht sie mit dem, was gemessen wird.

Gemessen ist an {len(counted)} Paaren: {same} sind dasselbe Angebot, {len(counted) - same} sind
verschiedene. Sie entstehen aus den echten Listen unter `data/lichtenberg` (`tests/duplicates/make.py`,
fester Startwert). Verschiedene sind echte Nachbarn – im selben Haus, mit derselben Nummer, mit ähnlichem
Namen – und erfundene Fallen wie „Kita 1“ und „Kita 2“. Gleiche sind echte Einträge, so verändert, wie
eine andere Liste sie schreiben würde (`tests/duplicates/changing.py`).

Veränderungen und Urteile standen fest, bevor es die Gewichte gab. Eingestellt wurde an der einen Hälfte,
die andere war zurückgehalten. Zwei Schwächen bleiben: Ein verändertes echtes Paar ist leichter als ein
echtes. Und wer die Wörterlisten schrieb (`importers/matching/words.py`), hatte alle Listen gelesen. Lesen
Sie die Zahlen als Obergrenze. Was zwei echte Listen gemeinsam haben, steht unten für sich.
"""


def _totals(counted: list[Judged]) -> str:
    lines = [
        "## Ergebnis\n",
        TOTALS,
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for half, title in (*HALVES.items(), ("", "alle")):
        some = [one for one in counted if half in ("", one.pair.half)]
        for rule, says in (("gewichtet", None), ("100 m und 30 %", simple_rule)):
            its = figures(some, says)
            lines.append(
                f"| {title} | {rule} | {its.linked} | {its.wrongly_linked} | {its.precision:.3f}"
                f" | {its.recall:.3f} | {its.recall_with_questions:.3f} | {its.wrongly_asked} |"
            )
    lines += [
        "",
        SIMPLE_RULE,
    ]
    return "\n".join(lines)


def _thresholds(counted: list[Judged]) -> str:
    lines = [
        "## Schwellen\n",
        f"Verbunden wird ab {CERTAIN:g} Punkten, gefragt ab {DOUBTFUL:g}. An der Hälfte zum Einstellen",
        "gäben andere Schwellen dies. Bei den Links bremsen vor allem die Bedingungen: gleicher Name, dazu",
        "Ort oder Kontakt, kein Widerspruch.\n",
        "| ab | falsch verbunden | verbunden gefunden | unnötig gefragt | mit Vorschlägen gefunden |",
        "|---:|---:|---:|---:|---:|",
    ]
    train = [one for one in counted if one.pair.half == "train"]
    for bound in (2, 3, 4, 5, 6, 7, 8, 9, 10):
        links = figures(train, lambda one, bound=bound: judge(one.evidence, certain=bound))  # type: ignore[misc]
        asks = figures(train, lambda one, bound=bound: judge(one.evidence, doubtful=bound))  # type: ignore[misc]
        lines.append(
            f"| {bound} | {links.wrongly_linked} | {links.recall:.3f} | {asks.wrongly_asked}"
            f" | {asks.recall_with_questions:.3f} |"
        )
    return "\n".join([*lines, ""])


def _kinds(counted: list[Judged]) -> str:
    lines = ["## Nach Art des Paares\n"]
    for label, title in (("same", "Dasselbe Angebot"), ("different", "Verschiedene Angebote")):
        lines += [
            f"### {title}\n",
            "| Art | Paare | verbunden | gefragt | neu | „100 m und 30 %“ verbindet |",
            "|---|---:|---:|---:|---:|---:|",
        ]
        some = [one for one in counted if one.pair.label == label]
        for kind in dict.fromkeys(one.pair.kind for one in some):
            these = [one for one in some if one.pair.kind == kind]
            said = Counter(one.verdict for one in these)
            simple = sum(simple_rule(one) == Verdict.CERTAIN for one in these)
            cells = (len(these), *(said[verdict] for verdict in SHOWN), simple)
            lines.append(f"| {kind} | {' | '.join(map(str, cells))} |")
        lines.append("")
    return "\n".join(lines)


def _overlaps(real: list[Judged]) -> str:
    lines = [
        "## Echte Überschneidungen\n",
        "Dasselbe Haus in zwei echten Listen, von Hand gelesen und beurteilt (`tests/duplicates/hand.toml`).",
        "Oben zählen sie nicht mit. „Unklar“ heißt: Zwei Menschen könnten verschieden urteilen.\n",
        "| Eintrag | andere Liste | Urteil von Hand | Ergebnis | Punkte |",
        "|---|---|---|---|---:|",
    ]
    hand = {"same": "dasselbe", "different": "verschieden", UNCLEAR: "unklar"}
    lines += [
        f"| {one.pair.left.name} | {one.pair.right.name} | {hand[one.pair.label]} | {SHOWN[one.verdict]}"
        f" | {one.evidence.score:g} |"
        for one in real
    ]
    return "\n".join([*lines, ""])


def _weights() -> str:
    far = [f"bis {metres:g} m" for metres, _ in evidence.METRES[:-1]] + ["weiter"]
    rows = [
        *((alike.value, evidence.NAMES[alike]) for alike in Alike),
        ("andere Zahl im Namen", evidence.OTHER_NUMBER),
        ("nur ein Name hat diese Zahl", evidence.ONE_NUMBER),
        (
            "nach dem Namen etwas anderes (Kita und Jugendclub), oder ein anderer Ortsteil",
            evidence.OTHER_KIND,
        ),
        ("ein Name sagt mehr darüber, was es ist", evidence.MORE_KINDS),
        ("nach dem Namen die gleiche Art von Haus", evidence.SAME_KIND),
        ("das eine findet wohl im anderen statt", evidence.INSIDE),
        *((f"Entfernung: {said}", weight) for said, (_, weight) in zip(far, evidence.METRES, strict=True)),
        (f"gleiche Adresse (ohne Punkt, oder bis {evidence.SAME_ADDRESS_METRES} m)", evidence.SAME_HOUSE),
        ("andere Adresse, ohne Punkt", evidence.OTHER_HOUSE),
        ("andere Adresse beim Punkt", evidence.OTHER_HOUSE_TOO),
        ("gleiche Telefonnummer", evidence.PHONE),
        ("gleiche Mailadresse", evidence.MAIL),
        ("gleiche Internetadresse", evidence.WEB),
        ("gleicher Auftritt, andere Seite", evidence.SITE),
        ("andere Nummer, Mail- oder Internetadresse, je", evidence.OTHER_PHONE),
        ("gleicher Anbieter", evidence.PROVIDER),
        ("anderer Anbieter", evidence.OTHER_PROVIDER),
    ]
    table = [f"| {said} | {f'{weight:+g}'.replace('-', '−')} |" for said, weight in rows]
    return "\n".join(
        [
            "## Gewichte\n",
            "Jeder Punkt verdoppelt die Wette, dass beide dasselbe sind; jeder Minuspunkt halbiert sie.",
            f"Kontaktdaten zählen zusammen höchstens {evidence.MOST_CONTACT:g}: Die Zentrale eines Trägers",
            "ist kein dreifacher Beleg.\n",
            "| was auffällt | Punkte |",
            "|---|---:|",
            *table,
            "",
        ]
    )


def _values(path: Path, name: str) -> list[str]:
    return [
        feature["properties"][name] for feature in json.loads(path.read_text(encoding="utf-8"))["features"]
    ]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
