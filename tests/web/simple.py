"""The rules of Einfache Sprache that a program can check, after DIN 8581-1 and the house's own word list."""

import re
from collections.abc import Iterator

LONGEST = 12  # words of a sentence
PLACEHOLDER = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
RULES = {
    "genitive": re.compile(r"\b(?:des|eines|Ihres|unseres|wessen|deren|dessen)\b"),
    "passive": re.compile(
        r"\b(?:wird|werden|wurden?|worden)\b[^.!?:]*\b(?:ge\w{2,}|\w+ge\w{2,}|\w+ier)(?:t|en)\b"
    ),
    "conjunctive": re.compile(r"\b(?:könnten?|würden?|hätten?|wären?|sollten?|dürften?)\b"),
    "brackets": re.compile(r"[()\[\]]"),
    "semicolon or dash": re.compile(r";| [–—] "),
    "abbreviation": re.compile(r"\b(?:z\. ?B|usw|bzw|ggf|ca|evtl|inkl|u\. ?a|d\. ?h)\b\.?"),
}


def broken(text: str) -> Iterator[str]:
    """Yield the names of the rules that a text breaks."""
    plain = PLACEHOLDER.sub("Wort", re.sub(r"<[^>]+>|&\w+;", " ", text))
    if any(len(words(sentence)) > LONGEST for sentence in sentences(plain)):
        yield "long sentence"
    yield from (name for name, rule in RULES.items() if rule.search(plain))


def sentences(text: str) -> list[str]:
    """Return the sentences; what follows a colon is one of its own, the full stop of "1." ends none."""
    return re.split(r"(?<=[^\d\s][.!?:])\s+", text)


def words(sentence: str) -> list[str]:
    return re.findall(r"[\w-]+", sentence)
