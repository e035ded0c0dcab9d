"""Organizations as pages and API show them."""

from pydantic import BaseModel


class OrganizationOut(BaseModel):
    """A provider and the number of its published offers."""

    id: int
    name: str
    website: str | None
    offers: int
