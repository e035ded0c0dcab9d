"""The docs show every kind of page, and the pictures stay small."""

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from ops import gallery
from ops.pages import PAGES
from web.main import create_app

MISTAKES = {"falscher-filter": 422, "nicht-gefunden": 404}
MOST_BYTES = 4_000_000


@pytest.mark.parametrize("page", PAGES)
def test_each_page_is_what_its_name_says(demo: Engine, page: str) -> None:
    with TestClient(create_app(demo), base_url="http://localhost") as visitor:
        assert visitor.get(PAGES[page]).status_code == MISTAKES.get(page, 200)


def test_the_docs_show_every_page_as_it_is_taken() -> None:
    assert gallery.INDEX.read_text(encoding="utf-8") == gallery.index()
    files = set(gallery.FOLDER.iterdir())
    assert files == {view.file for view in gallery.views()}
    assert sum(file.stat().st_size for file in files) < MOST_BYTES
