"""Files of ours: kept for good under the address of their build, and one style sheet for every page."""

import re

import pytest
from starlette.testclient import TestClient

from web import files

FOREVER = "public, max-age=31536000, immutable"
OLD = "/static/0123456789"


@pytest.mark.parametrize("path", ["css/site.css", "js/map.js", "icons/sprite.svg"])
def test_files_of_this_build_are_kept_and_those_of_another_are_asked_for_again(
    visitor: TestClient, path: str
) -> None:
    ours = visitor.get(files.address(path))
    assert (ours.status_code, ours.headers["cache-control"]) == (200, FOREVER)
    for address in (f"{OLD}/{path}", f"/static/{path}"):
        other = visitor.get(address)
        assert (other.status_code, other.headers["cache-control"]) == (200, "no-cache"), address
        assert other.content == ours.content, "a page of yesterday still gets its files"
        again = visitor.get(address, headers={"if-none-match": other.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_every_file_that_a_page_names_is_there_and_kept(visitor: TestClient) -> None:
    for page in ("/", "/angebote", "/woche", "/sprechzeiten-formular"):
        named = set(re.findall(r'"(/static/[^"#]+)', visitor.get(page).text))
        assert named
        for address in named:
            answer = visitor.get(address)
            assert (answer.status_code, answer.headers["cache-control"]) == (200, FOREVER), address


def test_modules_name_each_other_in_a_way_that_carries_the_build(visitor: TestClient) -> None:
    for script in sorted((files.STATIC / "js").rglob("*.js")):
        for named in re.findall(r'(?:from|import)\s*\(?"([^"]+)"', script.read_text(encoding="utf-8")):
            assert named.startswith("."), (script.name, named)
            assert (script.parent / named).resolve().is_file(), (script.name, named)


def test_the_style_of_all_pages_holds_every_component_and_paper_comes_last() -> None:
    style = files.style()
    for component in sorted((files.STATIC / "css").glob("*.css")):
        text = component.read_text(encoding="utf-8")
        assert (text in style) == (component.stem != "takeaway"), component.name
    assert style.index(":root") < style.index(".button")
    assert style.rindex("@media print {") > style.index(".site-footer")


@pytest.mark.parametrize(
    "path", ["css/nix.css", "0123456789/nix.js", "../main.py", "0123456789/../../main.py"]
)
def test_what_is_no_file_of_ours_is_not_found(visitor: TestClient, path: str) -> None:
    assert visitor.get(f"/static/{path}").status_code == 404


def test_a_page_names_its_style_before_it_begins(visitor: TestClient) -> None:
    page = visitor.get("/")
    assert page.headers["link"] == f"<{files.address(files.STYLE)}>; rel=preload; as=style"
    assert f'href="{files.address(files.STYLE)}"' in page.text


def test_a_page_with_a_map_names_every_module_of_the_map_at_once(visitor: TestClient) -> None:
    named = files.modules("js/map.js")
    assert len(named) == len(set(named)) > 10
    assert {files.address("js/map/markers.js"), files.address("js/map/shapes.js")} <= set(named)
    page = visitor.get("/angebote").text
    for module in named:
        assert f'rel="modulepreload" href="{module}"' in page
