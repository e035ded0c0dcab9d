"""What an operator can set, all by environment variables that begin with LANDKARTE_."""

import re
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

# Where the service itself hands out the files in tiles_dir.
TILES_PATH = "/kacheln"
# Whose pages may show ours, as a policy names them (CSP 3, host-source): nothing that could end it.
_HOST: Final = re.compile(r"\*|https?://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:([0-9]{1,5}|\*))?")

_ISSUER: Final = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?(/[\w.~%/-]*)?", re.ASCII)
_LOOPBACK_ISSUER: Final = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?(/[\w.~%/-]*)?")


class Settings(BaseSettings):
    """The installation's settings; every one is explained in docs/reference/einstellungen.md."""

    # Where a value is wrong, its error must not repeat it: it may be a password.
    model_config = SettingsConfigDict(
        env_prefix="LANDKARTE_", env_file=".env", extra="ignore", hide_input_in_errors=True
    )

    # What is secret is left out by repr, and kept from the worker of imports (importers/jobs/foreman.py).
    database_url: str = Field(repr=False)
    owner_database_url: str | None = Field(default=None, repr=False)
    test_database_url: str | None = Field(default=None, repr=False)
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
    form_secret: str = Field(default="", repr=False)
    # Seals the secrets of second factors; empty: they stand in the database as they are.
    account_secret: str = Field(default="", pattern=r"^(.{24,500})?$", repr=False)
    # Where staff may also sign in (OpenID Connect); empty: nowhere else. label: how people call it.
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = Field(default="", repr=False)
    oidc_label: str = Field(default="", max_length=60)
    # Classes of authentication (acr) that stand for two factors, separated by blanks.
    oidc_acr: str = ""
    # Whether the issuer may be http on this very machine; for tests and for trying it out.
    oidc_loopback: bool = False
    # Whether lists can be brought in through pages of staff.
    import_pages: bool = True
    # After these days without use, uploaded files are deleted.
    import_days: int = Field(default=7, ge=1, le=365)
    # Whose pages may show /embed in a frame, separated by blanks; * is everybody.
    embed_hosts: str = ""

    # Asked for addresses that no table of our own knows, by command only and never for hidden ones.
    geocoder: Literal["none", "photon", "nominatim"] = "none"
    geocoder_url: str = ""
    geocoder_contact: str = ""
    geocoder_per_second: float = Field(default=1, gt=0, le=1_000)
    # Stands in each request for a web address of an offer; empty: none is asked for. See importers.checking.
    link_contact: str = Field(default="", pattern=r"^[!-~]{0,200}$")

    # Months after which what has been overdue is archived, a month after a warning; 0: never.
    archive_months: int = Field(default=0, ge=0, le=120)
    # So many days a list that somebody hands on can be opened (api.referrals).
    referral_days: int = Field(default=30, ge=1, le=365)
    # Whether it is counted how often offers are found and opened (api.uptake); never by whom.
    uptake: bool = True
    # An organization gets a mail about its entries at most every so many weeks.
    digest_weeks: int = Field(default=8, ge=1, le=52)
    # Where mail is handed over; without a host none is sent.
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: str = Field(default="", repr=False)
    smtp_from: str = ""

    @model_validator(mode="after")
    def _provider_is_complete(self) -> Self:
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_client_secret and self.oidc_label):
            raise ValueError(
                "LANDKARTE_OIDC_ISSUER also needs LANDKARTE_OIDC_CLIENT_ID, LANDKARTE_OIDC_CLIENT_SECRET"
                " and LANDKARTE_OIDC_LABEL"
            )
        is_ours = self.oidc_loopback and _LOOPBACK_ISSUER.fullmatch(self.oidc_issuer)
        if self.oidc_issuer and not (is_ours or _ISSUER.fullmatch(self.oidc_issuer)):
            raise ValueError(
                "LANDKARTE_OIDC_ISSUER must be https://host/path, exactly as the provider says it"
            )
        return self

    @model_validator(mode="after")
    def _smtp_is_complete(self) -> Self:
        if self.smtp_host and not self.smtp_from:
            raise ValueError("LANDKARTE_SMTP_HOST also needs LANDKARTE_SMTP_FROM")
        if self.smtp_user and self.smtp_security == "none":
            raise ValueError("LANDKARTE_SMTP_USER needs LANDKARTE_SMTP_SECURITY=starttls or tls")
        return self

    @model_validator(mode="after")
    def _geocoder_is_complete(self) -> Self:
        if self.geocoder != "none" and not (self.geocoder_url and self.geocoder_contact):
            raise ValueError(
                f"LANDKARTE_GEOCODER={self.geocoder} also needs LANDKARTE_GEOCODER_URL"
                " and LANDKARTE_GEOCODER_CONTACT"
            )
        if self.geocoder_url and not _is_safe(self.geocoder_url):
            raise ValueError("LANDKARTE_GEOCODER_URL must begin with https://, or name a host of your own")
        return self

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

    @model_validator(mode="after")
    def _embed_hosts_are_hosts(self) -> Self:
        wrong = [host for host in self.embedding_hosts if not _HOST.fullmatch(host)]
        if wrong:
            raise ValueError(
                f"LANDKARTE_EMBED_HOSTS: {wrong[0]!r} is no origin such as https://www.example.org"
            )
        return self

    @property
    def embedding_hosts(self) -> tuple[str, ...]:
        """Whose pages may show the map in a frame; none: nobody's."""
        return tuple(dict.fromkeys(self.embed_hosts.lower().split()))

    @property
    def serves_tiles(self) -> bool:
        """Whether the basemap is a file in tiles_dir, which the service itself hands out."""
        return self.basemap == "pmtiles" and self.basemap_url.startswith(f"{TILES_PATH}/")


def _is_safe(address: str) -> bool:
    """Return whether what is sent to an address is encrypted, or does not leave the own network."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme == "https":
        return bool(host)
    try:
        is_own = ip_address(host).is_private
    except ValueError:
        is_own = bool(host) and "." not in host  # localhost, or a neighbouring container
    return parts.scheme == "http" and is_own


@cache
def settings() -> Settings:
    """Return the settings, read once."""
    return Settings()  # pydantic-settings fills the fields from the environment
