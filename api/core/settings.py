"""What an operator can set, all by environment variables that begin with LANDKARTE_."""

from functools import cache
from typing import Literal, Self

from pydantic import model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The installation's settings; every one is explained in docs/reference/settings.md."""

    model_config = SettingsConfigDict(env_prefix="LANDKARTE_", env_file=".env", extra="ignore")

    database_url: str
    owner_database_url: str | None = None
    test_database_url: str | None = None
    basemap: Literal["none", "pmtiles", "xyz"] = "none"
    basemap_url: str = ""
    basemap_attribution: str = ""

    @model_validator(mode="after")
    def _basemap_is_complete(self) -> Self:
        if self.basemap != "none" and not (self.basemap_url and self.basemap_attribution):
            raise ValueError(
                f"LANDKARTE_BASEMAP={self.basemap} also needs LANDKARTE_BASEMAP_URL"
                " and LANDKARTE_BASEMAP_ATTRIBUTION"
            )
        return self


@cache
def settings() -> Settings:
    """Return the settings, read once."""
    return Settings()  # pydantic-settings fills the fields from the environment
