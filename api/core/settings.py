"""What an operator can set, all by environment variables that begin with LANDKARTE_."""

from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

# Where the service itself hands out the files in tiles_dir.
TILES_PATH = "/kacheln"


class Settings(BaseSettings):
    """The installation's settings; every one is explained in docs/reference/einstellungen.md."""

    model_config = SettingsConfigDict(env_prefix="LANDKARTE_", env_file=".env", extra="ignore")

    database_url: str
    owner_database_url: str | None = None
    test_database_url: str | None = None
    basemap: Literal["none", "pmtiles", "xyz"] = "none"
    basemap_url: str = ""
    basemap_attribution: str = ""
    tiles_dir: Path = Path("var/kacheln")
    # Search indexes; shared by all processes, and made anew when missing.
    index_dir: Path = Path("var/index")
    # For remembered answers, in each process; 0 remembers none.
    memory_megabytes: int = Field(default=64, ge=0, le=16_384)
    access_log: bool = False
    # Signs the tasks of forms that send something; several processes need the same.
    form_secret: str = ""

    @model_validator(mode="after")
    def _basemap_is_complete(self) -> Self:
        if self.basemap != "none" and not (self.basemap_url and self.basemap_attribution):
            raise ValueError(
                f"LANDKARTE_BASEMAP={self.basemap} also needs LANDKARTE_BASEMAP_URL"
                " and LANDKARTE_BASEMAP_ATTRIBUTION"
            )
        return self

    @model_validator(mode="after")
    def _basemap_has_a_whole_address(self) -> Self:
        # Pages lie at several depths: a relative address would mean another file on each.
        if self.basemap != "none" and not self.basemap_url.startswith(("/", "https://", "http://")):
            raise ValueError("LANDKARTE_BASEMAP_URL must begin with /, https:// or http://")
        return self

    @property
    def serves_tiles(self) -> bool:
        """Whether the basemap is a file in tiles_dir, which the service itself hands out."""
        return self.basemap == "pmtiles" and self.basemap_url.startswith(f"{TILES_PATH}/")


@cache
def settings() -> Settings:
    """Return the settings, read once."""
    return Settings()  # pydantic-settings fills the fields from the environment
