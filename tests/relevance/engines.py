"""The engines that are compared, filled with the default demo region."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from sqlalchemy import Engine as Database
from sqlalchemy import create_engine, select
from sqlalchemy.engine import make_url
from sqlmodel import Session, col

from api.offers.models import Offer
from api.regions.models import Region
from bench.search.corpus import Document, documents
from bench.search.engine import Engine, Filter
from bench.search.ours import Ours
from bench.search.postgres import Postgres
from bench.search.tantivy_engine import Tantivy
from tests.relevance.judging import DEPTH, Ask


def ours(engine: Database) -> Ours:
    """Return our own search on the default region of a database; its index is built anew."""
    return Ours(engine, default_region(engine), Path(mkdtemp(prefix="landkarte-index-"))).fill()


def postgres(engine: Database) -> Postgres:
    """Return PostgreSQL's full text search on the default region; whoever asks for it closes it."""
    plain = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return Postgres(plain, default_region(engine)).fill(offers(engine))


def tantivy(engine: Database) -> Tantivy:
    """Return Tantivy on the default region."""
    return Tantivy().fill(offers(engine))


ENGINES: Final[dict[str, Callable[[Database], Engine]]] = {
    "ours": ours,
    "postgres": postgres,
    "tantivy": tantivy,
}


def asking(found_by: Engine, engine: Database, depth: int = DEPTH) -> Ask:
    """Return the engine as a function from a text to the slugs of the best offers."""
    with Session(engine) as session:
        slugs = dict(session.execute(select(col(Offer.id), col(Offer.slug))).all())

    def ask(text: str) -> Sequence[str]:
        return [slugs[number] for number in found_by.find(text, Filter(), depth).ids]

    return ask


def offers(engine: Database) -> list[Document]:
    """Return the published offers of the default region."""
    with Session(engine) as session:
        return documents(session, default_region(engine))


def default_region(engine: Database) -> int:
    """Return the id of the region that answers to every host name."""
    with Session(engine) as session:
        return session.scalars(select(col(Region.id)).where(col(Region.is_default))).one()


def demo_database() -> Database:
    """Return the owner's engine on the demo database that the last run of the tests has left behind."""
    address = make_url(os.environ["LANDKARTE_TEST_DATABASE_URL"])
    name = f"{str(address.database).removesuffix('_test')}_demo_test"
    return create_engine(address.set(database=name))
