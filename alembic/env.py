"""Runs the migrations as the owner role, with a short wait for locks so that readers are never blocked."""

import sys

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel

import api.models  # noqa: F401 - all tables of the domain in one place
import importers.jobs.models  # noqa: F401 - and those of imports on their way
from api.core.settings import settings
from importers.outage import explained


def include_object(obj, name, type_, reflected, compare_to):  # noqa: ANN001, ANN201
    """Leave PostGIS's own tables and the views alone."""
    expressions = {"ix_place_geography", "ix_offer_by_name", "ix_offer_by_check", "ix_revision_parts_gone"}
    if type_ == "index" and name in expressions:
        return False  # an index on an expression cannot be compared
    return alembic_helpers.include_object(obj, name, type_, reflected, compare_to)


def run() -> None:
    """Migrate the database that the settings name."""
    url = context.get_x_argument(as_dictionary=True).get("url")
    url = url or settings().owner_database_url or settings().database_url
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            include_object=include_object,
            process_revision_directives=alembic_helpers.writer,
            render_item=alembic_helpers.render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


try:
    run()
except OperationalError as error:
    sys.exit(f"\n{explained(error)}")  # of a migration that does not end, nothing stays
