"""Every text of the pages is there in every language, and no German word is left on a translated page."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from babel.messages.catalog import Catalog, Message
from jinja2 import nodes
from sqlalchemy import Engine
from starlette.testclient import TestClient

from ops import texts
from web.language import CATALOGUES, DEFAULT, LANGUAGES
from web.main import create_app
from web.problems import PROBLEMS
from web.rendering import TEMPLATES, environment
from web.wish import MISTAKES
from web.words import LABELS

TRANSLATED = sorted(set(LANGUAGES) - {DEFAULT})
PAGES = [
    "/",
    "/angebote?stadtteil=fennpfuhl",
    "/stadtteil/fennpfuhl",
    "/angebot/anton-saefkow-bibliothek",
    "/quellen",
]
SPOKEN_ATTRIBUTES = {"alt", "aria-label", "data-copied", "placeholder", "title"}
VOID = {"br", "hr", "img", "input", "link", "meta"}
EXPRESSION = "q7"  # stands for {{ … }} in a template: fits a tag's name, a value and a text, and is no word
INSIDE_A_TAG = {"main_class", "prose_lang"}  # a block and a macro that fill attributes
ATTRIBUTE = re.compile(r"\baria-(?:invalid|describedby)=\"[^\"]*\"")
WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{3,}")


class VisibleText(HTMLParser):
    """Collects what people read or hear, without the pieces that carry another language's mark."""

    def __init__(self, *, foreign: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._foreign = foreign
        self._open: list[tuple[str, bool]] = []
        self._reads_json = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._reads_json = tag == "script" and given.get("type") == "application/json"
        skips = given.get("lang") == self._foreign or given.get("translate") == "no"
        if not skips and not self._skips:
            self.found += [given[name] or "" for name in sorted(SPOKEN_ATTRIBUTES & given.keys())]
        if tag not in VOID:
            self._open.append((tag, skips or tag in ("script", "style")))

    def handle_endtag(self, tag: str) -> None:
        # Branches of a template may open a tag twice; only a page has to be balanced.
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._reads_json and data.strip().startswith("{"):
            self.found += [str(text) for text in json.loads(data).values()]
        elif data.strip() and not self._skips:
            self.found.append(" ".join(data.split()))

    @property
    def _skips(self) -> bool:
        return any(skips for _tag, skips in self._open)


def visible(html: str, *, foreign: str = DEFAULT) -> list[str]:
    reader = VisibleText(foreign=foreign)
    reader.feed(html)
    reader.close()
    return reader.found


def catalogue(locale: str) -> Catalog:
    return texts.read(CATALOGUES / locale / "LC_MESSAGES" / "messages.po")


def messages(locale: str) -> list[Message]:
    return [message for message in catalogue(locale) if message.id]


def forms(value: object) -> list[str]:
    return [value] if isinstance(value, str) else [str(form) for form in value or ()]  # type: ignore[attr-defined]


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|\{\w+\}", text))


def markup(text: str) -> list[str]:
    return sorted(re.findall(r"<[^>]+>|&\w+;", text))


@pytest.fixture(scope="module")
def visitor(demo: Engine) -> Iterator[TestClient]:
    """Somebody who reads the demo regions."""
    with TestClient(create_app(demo), base_url="http://localhost") as client:
        yield client


def test_there_is_a_catalogue_for_each_language_and_no_other() -> None:
    assert [path.parents[1].name for path in texts.catalogues()] == TRANSLATED


@pytest.mark.parametrize("locale", TRANSLATED)
def test_catalogue_holds_exactly_the_texts_in_use(locale: str) -> None:
    used = {message.id for message in texts.extracted() if message.id}
    known = catalogue(locale)
    assert {message.id for message in messages(locale)} == used, "run: python -m ops.texts"
    assert not known.obsolete


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_text_is_translated_in_all_its_forms(locale: str) -> None:
    assert texts.missing(catalogue(locale)) == []
    assert [message.id for message in messages(locale) if message.fuzzy] == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_translations_keep_placeholders_and_markup(locale: str) -> None:
    for message in messages(locale):
        german, translated = forms(message.id), forms(message.string)
        for form in translated:
            # A singular may say "the one offer" without its number, but none may ask for an unknown name.
            assert placeholders(form) in [placeholders(original) for original in german], message.id
            assert markup(form) == markup(german[-1]), message.id
        assert placeholders(translated[-1]) == placeholders(german[-1]), message.id


@pytest.mark.parametrize("locale", TRANSLATED)
def test_catalogue_reads_as_the_tool_would_write_it(locale: str) -> None:
    path = CATALOGUES / locale / "LC_MESSAGES" / "messages.po"
    assert path.read_bytes() == texts.written(texts.updated(path, texts.extracted()))


@pytest.mark.parametrize("locale", TRANSLATED)
def test_words_that_are_chosen_by_a_code_are_in_the_catalogue(locale: str) -> None:
    labels = [word for kind in LABELS.values() for word in kind.values()]
    problems = [text for problem in PROBLEMS.values() for text in (problem.title, problem.text)]
    known = catalogue(locale)
    assert [text for text in (*labels, *problems, *MISTAKES.values()) if text not in known] == []


@pytest.mark.parametrize(
    "name", sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
)
def test_template_says_nothing_that_cannot_be_translated(name: str) -> None:
    tree = environment(DEFAULT).parse((TEMPLATES / name).read_text(encoding="utf-8"))
    said = visible("".join(_outline(tree)), foreign="en")
    # A macro may give only the attributes of an element.
    assert [text for text in said if WORD.search(ATTRIBUTE.sub("", text))] == []
    assert [text for text in _strings(tree) if re.search(r"[ÄÖÜäöüß]|^[A-Z][a-z]{2}", text)] == []


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("locale", TRANSLATED)
def test_page_speaks_its_language_only(visitor: TestClient, locale: str, page: str) -> None:
    said = visible(visitor.get(f"/{locale}{page}").text)
    assert len(said) > 20
    german = _german(locale)
    assert [text for text in said if german.search(text)] == []


def _outline(node: nodes.Node) -> Iterator[str]:
    """Yield the fixed parts of a template in order; trans blocks are expressions after parsing."""
    if getattr(node, "name", "") in INSIDE_A_TAG:
        return
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.TemplateData):
            yield child.data
        elif isinstance(node, nodes.Output):
            yield EXPRESSION
        else:
            yield from _outline(child)


def _strings(node: nodes.Node) -> Iterator[str]:
    """Yield the strings in a template's expressions that do not pass through the catalogue."""
    called = node.node.name if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) else ""
    if called in ("_", "gettext", "ngettext"):
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for child in node.iter_child_nodes():
        yield from _strings(child)


def _german(locale: str) -> re.Pattern[str]:
    """Return a pattern that finds every German text that the language says in other words."""
    patterns = []
    for message in messages(locale):
        for german in set(forms(message.id)) - set(forms(message.string)):
            words = [re.escape(words) for words in re.split(r"%\(\w+\)s", german)]
            patterns.append(r"\w+".join(words).replace(r"\ ", " "))
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")
