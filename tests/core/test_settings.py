"""What an operator can set."""

import pytest
from pydantic import ValidationError

from api.core.settings import Settings


@pytest.fixture(autouse=True)
def _no_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LANDKARTE_{name.upper()}", raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", None)


def test_a_database_must_be_named() -> None:
    with pytest.raises(ValidationError, match="database_url"):
        Settings()


def test_no_tiles_are_loaded_unless_somebody_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDKARTE_DATABASE_URL", "postgresql+psycopg:///x")
    assert Settings().basemap == "none"


@pytest.mark.parametrize("kind", ["pmtiles", "xyz"])
@pytest.mark.parametrize("missing", ["LANDKARTE_BASEMAP_URL", "LANDKARTE_BASEMAP_ATTRIBUTION"])
def test_refuses_a_basemap_without_address_or_attribution(
    monkeypatch: pytest.MonkeyPatch, kind: str, missing: str
) -> None:
    said = {
        "LANDKARTE_DATABASE_URL": "postgresql+psycopg:///x",
        "LANDKARTE_BASEMAP": kind,
        "LANDKARTE_BASEMAP_URL": "https://karte.example/{z}/{x}/{y}.png",
        "LANDKARTE_BASEMAP_ATTRIBUTION": "© Beispiel",
    }
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    assert Settings().basemap == kind
    monkeypatch.delenv(missing)
    with pytest.raises(ValidationError, match="LANDKARTE_BASEMAP_ATTRIBUTION"):
        Settings()


def test_refuses_an_unknown_basemap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDKARTE_DATABASE_URL", "postgresql+psycopg:///x")
    monkeypatch.setenv("LANDKARTE_BASEMAP", "google")
    with pytest.raises(ValidationError, match="basemap"):
        Settings()


@pytest.mark.parametrize(
    ("address", "serves"), [("/kacheln/a.pmtiles", True), ("https://k.example/a.pmtiles", False)]
)
def test_serves_only_tiles_of_its_own_address(address: str, serves: bool) -> None:
    chosen = Settings(database_url="x", basemap="pmtiles", basemap_url=address, basemap_attribution="©")
    assert chosen.serves_tiles == serves


def test_refuses_a_relative_address_of_a_basemap() -> None:
    with pytest.raises(ValidationError, match="must begin with /"):
        Settings(
            database_url="x", basemap="pmtiles", basemap_url="kacheln/a.pmtiles", basemap_attribution="©"
        )
