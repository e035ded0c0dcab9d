"""The form in which a mapping is checked and changed: from the assistant's draft to fields, and back."""

import re
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from importers.assistant.draft import BY_HAND, Draft, RuleGuess, changed
from importers.assistant.guess import TO_FILL_IN
from importers.assistant.written import write
from importers.errors import UnusableError
from importers.file_table import LON_LAT
from importers.mapping import UNKNOWN, mapping_of, read_mapping
from importers.rules import Rule
from web.importing import understood
from web.importing.labels import GROUPS, NEEDED, SOURCE
from web.importing.plain import plain
from web.sending.reading import Fields

KEEP: Final = "="  # what is there stays, though the form cannot show it
MOST_COLUMNS: Final = 200  # to choose from; who has more writes the mapping as a text
MORE_RULES: Final = 3  # empty lines for rules
LONGEST: Final = 2_000  # letters of one field
ORIGIN: Final = "Zuordnung"
OPEN: Final = ("title", "publisher", "attribution", "licence")  # what everybody is asked about a source
Context = dict[str, Any]


def context(draft: Draft, topics: list[tuple[str, str]], said: Fields | None = None) -> Context:
    """Return what the form shows. topics: slugs and names; said: what was sent and could not be taken."""
    said = said or {}
    mapping = draft.mapping
    columns = [column.name for column in draft.columns][:MOST_COLUMNS]
    words = dict(topics)
    source = mapping.source.model_dump(mode="json")
    chosen = mapping.defaults.get("topics", [])
    fields = {
        name: _field(draft, name, label, columns, said)
        for group in GROUPS.values()
        for name, label in group.items()
    }
    lines = understood.lines(draft)
    taken = {name for line in lines for name in line.fields}
    told = [
        {
            "name": name,
            "label": label,
            "value": said.get(f"quelle-{name}", "" if source[name] in (None, UNKNOWN) else source[name]),
            "is_missing": name in draft.missing,
        }
        for name, label in SOURCE.items()
    ]
    return {
        "columns": columns,
        "fields": fields,
        "sure": [line for line in lines if line.is_sure],
        "unsure": [line for line in lines if not line.is_sure],
        "free": {
            title: [fields[name] for name in group if name not in taken] for title, group in GROUPS.items()
        },
        "points": [plain(one.name) for one in draft.proposals],
        "hints": understood.in_words(draft, words),
        "reading": understood.reading(draft),
        "source": [one for one in told if one["name"] in OPEN],
        "is_open": any(not one["value"] for one in told if one["name"] in OPEN),
        "source_more": [one for one in told if one["name"] not in OPEN],
        "trust": said.get("quelle-trust", mapping.source.trust),
        "key": said.get("schluessel", _selected(list(mapping.file.key), columns)),
        "key_text": " und ".join(mapping.file.key),
        "key_reason": plain(draft.file_reasons.get("key", "")),
        "topics": topics,
        "topic": said.get("thema", chosen[0] if len(chosen) == 1 else KEEP if chosen else ""),
        "topic_text": ", ".join(words.get(one, one) for one in chosen),
        "rules": [
            _rule(number, rule, columns, said) | {"line": understood.rule(draft, number, words)}
            for number, rule in enumerate(mapping.rules)
        ],
        "new_rules": [_empty_rule(len(mapping.rules) + number, said) for number in range(MORE_RULES)],
        "skips": [skip.reason for skip in mapping.skip],
        "unused": [(one.column, plain(one.reason)) for one in draft.unused],
    }


def sent(draft: Draft, said: Fields) -> Draft:
    """Return the draft with what the form says, or raise UnusableError."""
    if any(len(value) > LONGEST or "\0" in value for value in said.values()):
        raise UnusableError("Ein Feld ist zu lang.")
    mapping = draft.mapping
    fields = {
        name: _specs(said[f"feld-{name}"], mapping.fields.get(name, []))
        for group in GROUPS.values()
        for name in group
        if f"feld-{name}" in said
    }
    differing = {name: specs for name, specs in fields.items() if specs != mapping.fields.get(name, [])}
    point = said.get("punkte", "")
    table = draft.proposals[int(point)].file if point in map(str, range(len(draft.proposals))) else {}
    if table:
        differing |= {name: [name] for name in LON_LAT}
    told = {name: said.get(f"quelle-{name}", "").strip() for name in SOURCE}
    source: Context = {name: value for name, value in told.items() if value or name not in NEEDED}
    # What somebody has emptied is open again; as long as it is, nothing is published.
    emptied = (name for name in TO_FILL_IN if f"quelle-{name}" in said and not told[name])
    source |= dict.fromkeys(emptied, UNKNOWN)
    source["date"] = source["date"] or None
    source["trust"] = "apply" if said.get("quelle-trust") == "apply" else "propose"
    key = _specs(said.get("schluessel", KEEP), list(mapping.file.key))
    topic = said.get("thema", KEEP)
    defaults = {} if topic == KEEP else {"topics": [topic] if topic else None}
    with_fields = changed(draft, differing, defaults, source, table | {"key": key})
    if table:
        with_fields = with_fields.model_copy(update={"proposals": []})
    return _with_rules(with_fields, said)


def typed(draft: Draft, text: str, region: str) -> Draft:
    """Return the draft with a mapping that somebody wrote as TOML, or raise UnusableError."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{ORIGIN}.toml"
        file.write_text(text.replace("\r\n", "\n"), encoding="utf-8", errors="replace")
        try:
            mapping = read_mapping(file)
        except UnusableError as error:
            raise UnusableError(str(error).replace(f"{folder}/", "")) from error
    told = mapping.model_dump(mode="json", exclude_defaults=True)
    told["source"]["region"] = region
    mapping = mapping_of(told, ORIGIN)
    mapping.check_columns({column.name for column in draft.columns} | set(mapping.file.made), ORIGIN)
    rules = [RuleGuess(reason=BY_HAND, rows=0) for _rule in mapping.rules]
    return draft.model_copy(update={"mapping": mapping, "rules": rules, "missing": []})


def as_text(draft: Draft) -> str:
    """Return the mapping as its file."""
    text = write(draft)
    tomllib.loads(text)  # what we hand out can be read again
    return text


def _field(draft: Draft, name: str, label: str, columns: list[str], said: Fields) -> Context:
    specs = draft.mapping.fields.get(name, [])
    return {
        "name": name,
        "label": label,
        "selected": said.get(f"feld-{name}", _selected(specs, columns)),
        "text": ", sonst ".join(_named(spec) for spec in specs),
    }


def _named(spec: str) -> str:
    """Return columns as people read them: "{Straße} {Nr}" → "Straße + Nr"."""
    return " + ".join(re.findall(r"\{([^{}]+)\}", spec)) or spec


def _selected(specs: list[str], names: list[str]) -> str:
    if not specs:
        return ""
    return specs[0] if len(specs) == 1 and specs[0] in names else KEEP


def _specs(said: str, before: list[str]) -> list[str]:
    if said == KEEP:
        return before
    return [said] if said else []


def _rule(number: int, rule: Rule, columns: list[str], said: Fields) -> Context:
    words = rule.contains or rule.equals
    topic = rule.topics[0] if len(rule.topics) == 1 and not rule.audiences else KEEP
    return {
        "number": number,
        "column": said.get(f"regel-{number}-spalte", _selected(rule.named, columns)),
        "columns_text": ", ".join(rule.named),
        "words": said.get(f"regel-{number}-woerter", ", ".join(words)),
        "topic": said.get(f"regel-{number}-thema", topic),
        "is_fixed": not words or any("," in word for word in words),
    }


def _empty_rule(number: int, said: Fields) -> Context:
    parts = {"column": "spalte", "words": "woerter", "topic": "thema"}
    told = {part: said.get(f"regel-{number}-{name}", "") for part, name in parts.items()}
    return told | {"number": number, "columns_text": "", "is_fixed": False}


def _with_rules(draft: Draft, said: Fields) -> Draft:
    before = [rule.model_dump(mode="json", exclude_defaults=True) for rule in draft.mapping.rules]
    rules: list[Context] = []
    guesses: list[RuleGuess] = []
    for number in range(len(before) + MORE_RULES):
        old = before[number] if number < len(before) else None
        rule = _rule_said(number, old, said)
        if rule is not None:
            rules.append(rule)
            known = old == rule and number < len(draft.rules)
            guesses.append(draft.rules[number] if known else RuleGuess(reason=BY_HAND, rows=0))
    told = draft.mapping.model_dump(mode="json", exclude_defaults=True) | {"rules": rules}
    mapping = mapping_of(told, ORIGIN)
    mapping.check_columns({column.name for column in draft.columns} | set(mapping.file.made), ORIGIN)
    return draft.model_copy(update={"mapping": mapping, "rules": guesses})


def _rule_said(number: int, old: Context | None, said: Fields) -> Context | None:
    """Return a rule as the form has it; None: there is none, or it was crossed out."""
    if said.get(f"regel-{number}-weg"):
        return None
    words = [word.strip() for word in said.get(f"regel-{number}-woerter", "").split(",") if word.strip()]
    if f"regel-{number}-woerter" not in said:
        return old
    column, topic = said.get(f"regel-{number}-spalte", ""), said.get(f"regel-{number}-thema", "")
    if not words or not (column and topic):
        if words or (old is None and topic):
            raise UnusableError(f"Regel {number + 1}: Bitte Spalte, Wörter und Thema angeben.")
        return None
    rule: Context = dict(old or {})
    rule["equals" if rule.get("equals") else "contains"] = words
    if column != KEEP:
        rule.pop("columns", None)
        rule["column"] = column
    if topic != KEEP:
        rule.pop("audiences", None)
        rule["topics"] = [topic]
    return rule
