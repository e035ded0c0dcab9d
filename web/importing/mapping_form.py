"""The form in which a mapping is checked and changed: from the assistant's draft to fields, and back."""

import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from importers.assistant.draft import BY_HAND, Draft, RuleGuess, changed
from importers.assistant.guess import TO_FILL_IN
from importers.assistant.written import write
from importers.errors import UnusableError
from importers.mapping import UNKNOWN, mapping_of, read_mapping
from importers.rules import Rule
from web.importing.labels import GROUPS, NEEDED, SOURCE
from web.sending.reading import Fields

KEEP: Final = "="  # what is there stays, though the form cannot show it
MOST_COLUMNS: Final = 200  # to choose from; who has more writes the mapping as a text
MORE_RULES: Final = 3  # empty lines for rules
LONGEST: Final = 2_000  # letters of one field
ORIGIN: Final = "Zuordnung"
Context = dict[str, Any]


def context(draft: Draft, topics: list[tuple[str, str]]) -> Context:
    """Return what the form shows. topics: slugs and names."""
    mapping = draft.mapping
    names = [column.name for column in draft.columns][:MOST_COLUMNS]
    source = mapping.source.model_dump(mode="json")
    chosen = mapping.defaults.get("topics", [])
    return {
        "columns": names,
        "groups": [
            (title, [_field(draft, name, label, names) for name, label in fields.items()])
            for title, fields in GROUPS.items()
        ],
        "source": [
            (name, label, "" if source[name] in (None, UNKNOWN) else source[name])
            for name, label in SOURCE.items()
        ],
        "missing": draft.missing,
        "trust": mapping.source.trust,
        "key": _selected(list(mapping.file.key), names),
        "key_text": ", ".join(mapping.file.key),
        "key_reason": draft.file_reasons.get("key", ""),
        "topics": topics,
        "topic": chosen[0] if len(chosen) == 1 else KEEP if chosen else "",
        "topic_text": ", ".join(chosen),
        "rules": [_rule(number, rule, names) for number, rule in enumerate(mapping.rules)]
        + [_empty_rule(len(mapping.rules) + number) for number in range(MORE_RULES)],
        "skips": [skip.reason for skip in mapping.skip],
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
    with_fields = changed(draft, differing, defaults, source, {"key": key})
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


def _field(draft: Draft, name: str, label: str, names: list[str]) -> Context:
    specs = draft.mapping.fields.get(name, [])
    guess = draft.by_field.get(name)
    is_guess = guess is not None and guess.specs == specs
    examples = next((column.examples for column in draft.columns if [column.name] == specs), [])
    return {
        "name": name,
        "label": label,
        "selected": _selected(specs, names),
        "text": " · sonst: ".join(specs),
        "certainty": str(guess.certainty) if guess and is_guess else "",
        "reason": guess.reason if guess and is_guess else "",
        "examples": ", ".join(examples[:3]),
    }


def _selected(specs: list[str], names: list[str]) -> str:
    if not specs:
        return ""
    return specs[0] if len(specs) == 1 and specs[0] in names else KEEP


def _specs(said: str, before: list[str]) -> list[str]:
    if said == KEEP:
        return before
    return [said] if said else []


def _rule(number: int, rule: Rule, names: list[str]) -> Context:
    words = rule.contains or rule.equals
    return {
        "number": number,
        "column": _selected(rule.named, names),
        "columns_text": ", ".join(rule.named),
        "words": ", ".join(words),
        "topic": rule.topics[0] if len(rule.topics) == 1 and not rule.audiences else KEEP,
        "topics_text": ", ".join([*rule.topics, *rule.audiences]),
        "is_fixed": not words or any("," in word for word in words),
        "is_new": False,
    }


def _empty_rule(number: int) -> Context:
    return {
        "number": number, "column": "", "columns_text": "", "words": "", "topic": "", "topics_text": "",
        "is_fixed": False, "is_new": True,
    }  # fmt: skip


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
