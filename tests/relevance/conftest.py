"""The baselines on the demo region."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine as Database

from bench.search.corpus import Document
from bench.search.engine import Engine
from tests.relevance import engines


@pytest.fixture(scope="session")
def offers(demo: Database) -> dict[int, Document]:
    return {document.id: document for document in engines.offers(demo)}


@pytest.fixture(scope="session", params=["postgres", "tantivy"])
def baseline(request: pytest.FixtureRequest, demo: Database) -> Iterator[Engine]:
    if request.param == "tantivy":
        yield engines.tantivy(demo)
    else:
        with engines.postgres(demo) as opened:
            yield opened
