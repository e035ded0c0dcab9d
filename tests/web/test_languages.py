"""Every page speaks every language, and no German word is left on a translated page without a mark."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from jinja2 import nodes
from starlette.testclient import TestClient

from api.core.languages import DEFAULT, LANGUAGES
from tests.web.catalogues import forms, messages
from web.language import localized, translations
from web.rendering import TEMPLATES, environment

FOREIGN = [code for code, language in LANGUAGES.items() if not language.is_german]
PAGES = [
    "/",
    "/angebote?stadtteil=fennpfuhl",
    "/stadtteil/fennpfuhl",
    "/angebot/anton-saefkow-bibliothek",
    "/quellen",
    "/woche",
    "/landkarten",
    "/sprechzeiten-formular",
    "/stadtteil/fennpfuhl/karte.html",
]
# Names stand everywhere as they are; with one of these words it is a German sentence.
LITTLE_WORDS = {"aber", "das", "der", "die", "ein", "für", "ist", "mit", "oder", "sind", "wird", "Sie", "wir"}
SPOKEN_ATTRIBUTES = frozenset({"alt", "aria-label", "data-copied", "placeholder", "title"})
VOID = {"br", "hr", "img", "input", "link", "meta"}
EXPRESSION = "q7"  # stands for {{ … }} in a template: fits a tag's name, a value and a text, and is no word
INSIDE_A_TAG = {"main_class", "proof", "prose_lang", "referrer"}  # blocks and macros that fill attributes
ATTRIBUTE = re.compile(r"\baria-(?:invalid|describedby)=\"[^\"]*\"")
WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{3,}")


class VisibleText(HTMLParser):
    """Collects what people read or hear, without the pieces that carry another language's mark."""

    def __init__(self, *, foreign: str, attributes: frozenset[str] = SPOKEN_ATTRIBUTES) -> None:
        super().__init__()
        self._attributes = attributes
        self.found: list[str] = []
        self._foreign = foreign
        self._open: list[tuple[str, bool]] = []
        self._reads_json = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._reads_json = tag == "script" and given.get("type") == "application/json"
        skips = given.get("lang") == self._foreign or given.get("translate") == "no"
        if not skips and not self._skips:
            self.found += [given[name] or "" for name in sorted(self._attributes & given.keys())]
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


class Tags(HTMLParser):
    """Collects tags with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def tags(html: str) -> list[tuple[str, dict[str, str]]]:
    reader = Tags()
    reader.feed(html)
    return reader.found


def visible(
    html: str, *, foreign: str = DEFAULT, attributes: frozenset[str] = SPOKEN_ATTRIBUTES
) -> list[str]:
    reader = VisibleText(foreign=foreign, attributes=attributes)
    reader.feed(html)
    reader.close()
    return reader.found


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("code", LANGUAGES)
def test_page_says_its_language_and_direction(visitor: TestClient, code: str, page: str) -> None:
    answer = visitor.get(localized(page, code))
    assert answer.status_code == 200
    language = LANGUAGES[code]
    assert f'<html lang="{language.tag}" dir="{language.direction}">' in answer.text


@pytest.mark.parametrize("code", LANGUAGES)
def test_errors_speak_the_language_of_the_address(visitor: TestClient, code: str) -> None:
    answer = visitor.get(localized("/gibt-es-nicht", code))
    assert answer.status_code == 404
    assert translations(code).gettext("Diese Seite gibt es nicht") in answer.text
    assert f'<html lang="{LANGUAGES[code].tag}" dir="{LANGUAGES[code].direction}">' in answer.text


@pytest.mark.parametrize("prefix", ["fr", "de", "DE-simple", "de_simple", "en-gb", "arabic"])
def test_a_language_that_we_do_not_speak_is_no_page(visitor: TestClient, prefix: str) -> None:
    assert visitor.get(f"/{prefix}/angebote").status_code == 404


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_menu_leads_to_the_same_page_with_all_that_it_shows(visitor: TestClient, code: str) -> None:
    state = "thema=familie&stadtteil=fennpfuhl&q=eltern&ansicht=karte&seite=1"
    html = visitor.get(localized(f"/angebote?{state}", code)).text
    menu = {
        attributes["href"]: attributes
        for tag, attributes in tags(html)
        if tag == "a" and "data-language" in attributes
    }
    assert list(menu) == [localized(f"/angebote?{state}", other) for other in LANGUAGES]
    assert [one["lang"] for one in menu.values()] == [language.tag for language in LANGUAGES.values()]
    chosen = [address for address, one in menu.items() if "aria-current" in one]
    assert chosen == [localized(f"/angebote?{state}", code)]


@pytest.mark.parametrize("code", LANGUAGES)
def test_search_engines_learn_of_each_language_once(visitor: TestClient, code: str) -> None:
    html = visitor.get(localized("/quellen", code)).text
    found = [
        (one["hreflang"], one["href"])
        for tag, one in tags(html)
        if tag == "link" and one.get("rel") == "alternate"
    ]
    assert found == [
        ("de", "http://localhost/quellen"),
        *((other, f"http://localhost/{other}/quellen") for other in ("en", "tr", "ar", "uk")),
        ("x-default", "http://localhost/quellen"),
    ]


@pytest.mark.parametrize("code", LANGUAGES)
def test_translations_say_that_nobody_has_checked_them(visitor: TestClient, code: str) -> None:
    html = visitor.get(localized("/", code)).text
    foot = html.partition('class="footer-unchecked"')[2].partition("</p>")[0]
    assert bool(foot) == (code != DEFAULT)
    assert code == DEFAULT or f'href="/{code}/barrierefreiheit"' in foot


@pytest.mark.parametrize("page", ["/angebote?stadtteil=fennpfuhl", "/angebot/anton-saefkow-bibliothek"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_german_sentences_of_offers_are_marked_where_others_read(
    visitor: TestClient, code: str, page: str
) -> None:
    html = visitor.get(localized(page, code)).text
    mark = f'<span class="in-german">{translations(code).gettext("auf Deutsch")}</span>'
    assert (mark in html) != LANGUAGES[code].is_german
    assert ('<span lang="de" dir="ltr">' in html) == LANGUAGES[code].is_rtl


def test_no_german_stands_unmarked_among_other_letters(visitor: TestClient) -> None:
    for code in ("ar", "uk"):
        for page in PAGES:
            # An attribute may hold a German name, which nothing can mark there.
            said = " ".join(visible(visitor.get(localized(page, code)).text, attributes=frozenset()))
            assert sorted(set(WORD.findall(said)) & LITTLE_WORDS) == [], f"{code} {page}"


def _read_by_all() -> list[str]:
    """Return all templates but those that only the people of a town hall see, who read German."""
    names = (str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
    return sorted(name for name in names if not name.startswith(("mail/", "provider/", "staff/")))


@pytest.mark.parametrize("name", _read_by_all())
def test_template_says_nothing_that_cannot_be_translated(name: str) -> None:
    tree = environment(DEFAULT).parse((TEMPLATES / name).read_text(encoding="utf-8"))
    said = visible("".join(_outline(tree)), foreign="en")
    # A macro may give only the attributes of an element.
    assert [text for text in said if WORD.search(ATTRIBUTE.sub("", text))] == []
    assert [text for text in _strings(tree) if re.search(r"[ÄÖÜäöüß]|^[A-Z][a-z]{2}", text)] == []


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("locale", FOREIGN)
def test_page_speaks_its_language_only(visitor: TestClient, locale: str, page: str) -> None:
    said = visible(visitor.get(f"/{locale}{page}").text)
    assert len(said) > 20
    german = _german(locale)
    # A translation may name the German word itself, as offices and letters do.
    own = {" ".join(form.split()) for message in messages(locale) for form in forms(message.string)}
    assert [text for text in said if german.search(text) and text not in own] == []


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
