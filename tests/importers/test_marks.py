"""A mark is a drawing: what could run, move, load or hide something is refused, with a way out."""

from pathlib import Path

import pytest

from importers import marks
from web.files import STATIC

GOOD = """<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn by hand -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 8 8">
  <title>Zeichen</title>
  <defs><linearGradient id="a"><stop offset="0" stop-color="#fff"/></linearGradient></defs>
  <style>.b { fill: url( "#a" ) } @media (prefers-color-scheme: dark) { .b { fill: #fff } }</style>
  <path class="b" d="M0 0h8v8z" style="stroke: url(#a)"/>
  <g id="c"><circle r="2" fill="url(#a)"/></g><use xlink:href="#c"/><use href="#c"/>
</svg>"""


def read(folder: Path, text: str | bytes) -> str:
    path = folder / "zeichen.svg"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return marks.read(path)


def test_a_drawing_is_taken_as_it_is(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD) == GOOD
    assert read(tmp_path, b"\xef\xbb\xbf" + GOOD.encode()) == GOOD


def test_our_own_mark_could_be_one() -> None:
    assert marks.read(STATIC / "icons" / "favicon.svg")


@pytest.mark.parametrize(
    ("instead_of", "stands", "complaint"),
    [
        (
            "<title>",
            "<script>alert(1)</script><title>",
            "enthält <script>; erlaubt sind nur gezeichnete Formen",
        ),
        ("<title>", '<h:script xmlns:h="http://www.w3.org/1999/xhtml"/><title>', "enthält <script>"),
        ("<title>", '<path xmlns="urn:x"/><title>', "enthält <path>"),
        ("<title>", "<foreignObject/><title>", "enthält <foreignObject>"),
        ("<title>", '<image href="#a"/><title>', "enthält <image>"),
        ("<title>", '<a href="#a"/><title>', "enthält <a>"),
        ("<title>", '<set attributeName="href" to="x"/><title>', "enthält <set>"),
        ("<title>", "<animate/><title>", "enthält <animate>"),
        ("<title>", "<?xml-stylesheet href='https://x.example/a.css'?><title>", "enthält <.xml-stylesheet"),
        ("<svg ", '<svg onload="alert(1)" ', "enthält Code im Attribut onload"),
        ("<svg ", '<svg ONCLICK="alert(1)" ', "enthält Code im Attribut ONCLICK"),
        ("<svg ", '<svg xml:base="https://x.example/" ', "verweist mit base="),
        ('href="#c"', 'href="https://x.example/a.svg#c"', "verweist mit href="),
        ('href="#c"', 'href="javascript:alert(1)"', "verweist mit href="),
        ('href="#c"', 'href="&#106;avascript:alert(1)"', "verweist mit href="),
        ('xlink:href="#c"', 'xlink:href="data:image/svg+xml,x"', "verweist mit href="),
        ('fill="url(#a)"', 'fill="url(https://x.example/a)"', "lädt im Attribut fill"),
        ("stroke: url(#a)", "stroke: URL( '//x.example')", "lädt im Attribut style"),
        ("stroke: url(#a)", "stroke: u\\72l(//x.example)", "lädt im Attribut style"),
        ("stroke: url(#a)", "background: image-set('//x.example' 1x)", "lädt im Attribut style"),
        ("<style>", "<style>@import 'https://x.example/a.css';", "lädt in <style> etwas nach"),
        ("<style>", "<style>@imp<!-- -->ort 'https://x.example/a.css';", "lädt in <style> etwas nach"),
        ("<style>", "<style><![CDATA[@import 'a.css';]]>", "lädt in <style> etwas nach"),
        ("<style>", "<style>@font-face { src: local(x) }", "lädt in <style> etwas nach"),
        ("<style>", "<style>a { cursor: url(a.cur) }", "lädt in <style> etwas nach"),
        ("<style>", "<style>a<style/>b", "enthält <style> in <style>"),
        ("<svg ", "<svg bad<", "kein wohlgeformtes SVG"),
        ("</svg>", "", "kein wohlgeformtes SVG"),
        (' viewBox="0 0 8 8"', "", "kein viewBox"),
        (' xmlns="http://www.w3.org/2000/svg"', "", "beginnt nicht mit <svg"),
        ("<!-- drawn by hand -->", "<!DOCTYPE svg>", "hat eine DOCTYPE-Zeile"),
        ("<!-- drawn by hand -->", '<!DOCTYPE svg [<!ENTITY a "b">]>', "hat eine DOCTYPE-Zeile"),
        ("Zeichen", "&unbekannt;", "kein wohlgeformtes SVG"),
        ("Zeichen", "x" * 20_000, "ist zu groß: 20"),
    ],
)
def test_anything_else_is_refused_with_the_reason(
    tmp_path: Path, instead_of: str, stands: str, complaint: str
) -> None:
    assert instead_of in GOOD
    with pytest.raises(marks.MarkError, match=complaint):
        read(tmp_path, GOOD.replace(instead_of, stands, 1))


def test_what_is_no_text_or_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(marks.MarkError, match="kein SVG in UTF-8"):
        read(tmp_path, b"\x89PNG\r\n\x1a\n\xff")
    with pytest.raises(marks.MarkError, match="lässt sich nicht lesen"):
        marks.read(tmp_path / "nirgends.svg")
