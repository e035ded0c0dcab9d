"""A city with an admin, in a database whose commits are real."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from api.accounts.models import Role
from tests.accounts.people import Browser, make_member
from tests.factories import make_region

ADMIN = "admin@stadt.example"


@pytest.fixture
def city(database: Engine) -> Engine:
    """A database with one region and its admin."""
    with Session(database) as session, session.begin():
        region = make_region(session, slug="stadt", name="Musterstadt")
        make_member(session, region, Role.ADMIN)
    return database


@pytest.fixture
def admin(city: Engine) -> Browser:
    """The admin's browser, signed in."""
    return Browser(city).come_in(ADMIN)
