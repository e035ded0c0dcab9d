"""Sources as pages and API show them."""

from datetime import date

from pydantic import BaseModel, ConfigDict


class SourceOut(BaseModel):
    """Where facts come from and on what terms they may be used."""

    model_config = ConfigDict(from_attributes=True)

    slug: str
    title: str
    publisher: str
    url: str
    licence: str
    licence_url: str
    attribution: str
    date_on: date | None
    is_example: bool
