"""How a city calls its map and what it looks like: own name, mark and colour, or ours where it has none."""

from pydantic import BaseModel, ConfigDict

from api.regions.models import Region


class Identity(BaseModel):
    """What a city has of its own; what is empty is ours."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: dict[str, str] = {}  # language → name, German always among them
    mark: str = ""  # an SVG, checked by importers/marks.py
    accent: str = ""  # "#rrggbb"; what follows from it is in colours.py


def of_region(region: Region) -> Identity:
    """Return what a region has of its own."""
    return Identity.model_validate(region.identity)
