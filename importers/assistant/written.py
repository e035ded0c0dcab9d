"""A draft written down as a mapping file, with the reasons beside what they are for."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any, Final

from importers.assistant.draft import Draft, Proposal
from importers.mapping import Mapping

HEAD: Final = """\
# Zuordnung für „{file}“, vom Assistenten vorgeschlagen. Alles lässt sich ändern; was hinter # steht,
# erklärt nur. Zur Probe: make import f=LISTE mapping=DIESE_DATEI dry_run=1
"""


def write(draft: Draft) -> str:
    """Return the text of a mapping file; read again, it is the draft's mapping."""
    return "\n".join([HEAD.format(file=_one_line(draft.file)).rstrip(), *_lines(draft), ""])


def _lines(draft: Draft) -> Iterator[str]:
    mapping = draft.mapping
    if draft.warnings:
        yield from ("#", "# Bitte ansehen:", *(_comment(f"- {warning}") for warning in draft.warnings))
    yield from ("", "[source]", *_source(draft))
    yield from ("", "[file]", *_table(_said(mapping)["file"], draft.file_reasons))
    for proposal in draft.proposals:
        yield from _proposal(proposal)
    yield from ("", "[fields]", *_fields(draft))
    if mapping.defaults:
        yield from ("", "[defaults]", *_table(mapping.defaults, draft.file_reasons))
    for skip in mapping.skip:
        yield from ("", "[[skip]]", *_table(skip.model_dump(exclude_defaults=True), {}))
    for number, rule in enumerate(mapping.rules):
        yield from ("", "[[rules]]")
        if number < len(draft.rules):
            told = draft.rules[number]
            yield _comment(f"{told.reason}: {told.rows} {'Zeile' if told.rows == 1 else 'Zeilen'}")
        yield from _table(rule.model_dump(exclude_defaults=True), {})


def _said(mapping: Mapping) -> dict[str, Any]:
    return mapping.model_dump(mode="python", exclude_defaults=True)


def _source(draft: Draft) -> Iterator[str]:
    for name, value in _said(draft.mapping)["source"].items():
        if name in draft.missing:
            yield '# Bitte eintragen; vorher geht trust = "apply" nicht.'
        yield f"{name} = {_value(value)}"
    if draft.mapping.source.trust == "propose":
        yield '# Alles wird nur vorgeschlagen. trust = "apply" übernimmt direkt.'
        yield 'trust = "propose"'


def _fields(draft: Draft) -> Iterator[str]:
    guesses = draft.by_field
    for field, specs in draft.mapping.fields.items():
        if guess := guesses.get(field):
            yield _comment(f"{guess.certainty}: {guess.reason}")
        yield f"{field} = {_value(specs[0] if len(specs) == 1 else specs)}"
    if draft.unused:
        yield from ("", "# Nicht benutzt:")
        yield from (_comment(f"„{one.column}“: {one.reason}") for one in draft.unused)


def _proposal(proposal: Proposal) -> Iterator[str]:
    yield _comment(f'Vielleicht {proposal.name}; dann auch in [fields] lon = "lon" und lat = "lat":')
    yield from (_comment(f"{name} = {_value(value)}") for name, value in proposal.file.items())


def _table(told: dict[str, Any], reasons: dict[str, str]) -> Iterator[str]:
    for name, value in told.items():
        if name in reasons:
            yield _comment(reasons[name])
        yield f"{name} = {_value(value)}"


def _value(value: Any) -> str:  # noqa: ANN401 - whatever TOML has
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        pairs = (f"{_value(str(name))} = {_value(one)}" for name, one in value.items())
        return f"{{ {', '.join(pairs)} }}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        # JSON and TOML escape alike, but for the last of the control characters.
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)


def _comment(text: str) -> str:
    return f"# {_one_line(text)}"


def _one_line(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\s]+", " ", text).strip()
