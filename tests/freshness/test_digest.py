"""One mail for all entries of an organization, rarely, to a real mail server; nobody is followed by it."""

import re
import ssl
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from sqlalchemy import Engine
from sqlmodel import Session, select

from api.core import clock
from api.core.settings import Settings, settings
from api.curation import freshness_digest, freshness_links
from api.curation.freshness_models import ProviderLink, Purpose
from api.offers.models import Offer
from api.regions.models import Region
from ops import digest
from tests.factories import make_offer, make_region
from tests.freshness.post_office import PostOffice, open_office
from web.mail import letters, sending
from web.mail.letters import Letter


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_office() as opened:
        yield opened


def chosen(office: PostOffice, **changes: Any) -> Settings:
    said = {"smtp_host": "127.0.0.1", "smtp_port": office.port, "smtp_security": "none"}
    return Settings(**{**said, "smtp_from": "Landkarte <karte@stadt.example>", **changes})


def aged(
    session: Session, region: Region, days: int, name: str, email: str | None = None, **more: Any
) -> Offer:
    contact = {"label": "Büro", "email": email} if email else None
    day = clock.today(region.timezone) - timedelta(days=days)
    values = {"organization": "Träger <b>", "contact": contact, "verified_on": day, **more}
    return make_offer(session, region, name=name, **values)


def due(session: Session, region: Region) -> list[tuple[str, str | None]]:
    session.flush()
    return [(one.name, one.email) for one in freshness_digest.recipients(session, region, 8)]


def test_who_has_something_due_gets_a_mail_at_the_address_of_most_entries(
    session: Session, region: Region
) -> None:
    aged(session, region, 400, "Eins", "Buero@Traeger.example")
    aged(session, region, 10, "Zwei", "buero@traeger.example")
    aged(session, region, 10, "Drei", "kurse@traeger.example")
    aged(session, region, 10, "Neu", "a@neu.example", organization="Neu")
    aged(session, region, 400, "Beispiel", "a@b.example", organization="Ausgedacht", is_example=True)
    aged(session, region, 400, "Stumm", organization="Ohne Adresse")
    assert due(session, region) == [("Träger <b>", "buero@traeger.example"), ("Ohne Adresse", None)]


def test_an_address_of_its_own_goes_before_and_silence_before_all(session: Session, region: Region) -> None:
    offer = aged(session, region, 400, "Eins", "buero@traeger.example")
    assert offer.organization_id is not None
    freshness_links.set_mail(
        session, region.id, offer.organization_id, quiet=False, email="Amt@Stadt.example"
    )
    assert due(session, region) == [("Träger <b>", "amt@stadt.example")]
    freshness_links.set_mail(session, region.id, offer.organization_id, quiet=True)
    assert due(session, region) == []


def test_there_is_one_mail_within_so_many_weeks(
    session: Session, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    aged(session, region, 400, "Eins", "buero@traeger.example")
    session.flush()
    (recipient,) = freshness_digest.recipients(session, region, 8)
    assert freshness_digest.prepare(session, region, recipient, 8) is not None
    assert freshness_digest.prepare(session, region, recipient, 8) is None
    assert due(session, region) == []
    then = clock.now() + timedelta(weeks=8, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: then)
    assert due(session, region) == [("Träger <b>", "buero@traeger.example")]


def written(session: Session, region: Region) -> Letter:
    aged(session, region, 400, "Café & Rat", "buero@traeger.example")
    aged(session, region, 350, "Bald", "buero@traeger.example")
    aged(session, region, 1, "Frisch", "buero@traeger.example")
    session.flush()
    (recipient,) = freshness_digest.recipients(session, region, 8)
    prepared = freshness_digest.prepare(session, region, recipient, 8)
    assert prepared is not None
    return letters.digest(region, "https://karte.example", prepared)


def test_a_letter_names_what_is_old_and_leads_to_its_own_pages_alone(
    session: Session, region: Region
) -> None:
    letter = written(session, region)
    assert letter.subject == "Stimmt noch alles? Bitte sehen Sie 2 Angebote an"
    for said in (letter.text, letter.html):
        assert "Bald" in said
        assert "Frisch" not in said
        assert "Ein weiteres Angebot wurde" in said
    assert "- Café & Rat (zuletzt geprüft: " in letter.text
    assert "Café &amp; Rat" in letter.html
    assert "Träger &lt;b&gt;" in letter.html
    links = re.findall(r"https?://[^\s\"<]+", letter.text + letter.html)
    assert {link.partition("/anbieter")[0].rstrip("/") for link in links} == {"https://karte.example"}
    assert "?" not in "".join(links)
    assert not re.search(r"<(img|link|script|style|iframe)|src=|url\(", letter.html)


def test_its_links_do_what_they_say(session: Session, region: Region) -> None:
    letter = written(session, region)
    check = re.search(rf"{letters.CHECK_PATH}(\S+)", letter.text)
    quiet = re.search(rf"{letters.QUIET_PATH}(\S+)", letter.unsubscribe)
    assert check is not None
    assert quiet is not None
    assert freshness_links.find(session, region.id, check[1], Purpose.CHECK).standing == "open"
    assert freshness_links.be_quiet(session, region.id, quiet[1]).name == "Träger <b>"


def parts(letter: EmailMessage) -> dict[str, str]:
    return {
        part.get_content_type(): str(part.get_content()).replace("\r\n", "\n") for part in letter.iter_parts()
    }


LETTER = Letter(
    "buero@traeger.example", "Stimmt’s?", "Grüße\n.\n", "<p>Grüße</p>\n", "https://karte.example/x"
)


def test_a_mail_arrives_in_both_forms(office: PostOffice) -> None:
    sending.send(chosen(office), LETTER)
    (taken,) = office.letters
    assert parts(taken) == {"text/plain": LETTER.text, "text/html": LETTER.html}
    assert (taken["To"], taken["Subject"]) == ("buero@traeger.example", "Stimmt’s?")
    assert taken["From"] == "Landkarte <karte@stadt.example>"
    assert taken["Auto-Submitted"] == "auto-generated"
    assert taken["List-Unsubscribe"] == "<https://karte.example/x>"
    assert taken["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"  # RFC 8058
    assert taken["Message-ID"].endswith("@stadt.example>")


def test_what_cannot_be_sent_is_said(office: PostOffice) -> None:
    office.refused = {"traeger"}
    for changes in ({}, {"smtp_port": 1}, {"smtp_security": "starttls"}):
        with pytest.raises(sending.NotSentError):
            sending.send(chosen(office, **changes), LETTER)
    assert office.letters == []


def test_tls_is_spoken_and_the_certificate_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with open_office(context) as office:
        with pytest.raises(sending.NotSentError, match="CERTIFICATE"):
            sending.send(chosen(office, smtp_security="tls"), LETTER)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        sending.send(chosen(office, smtp_security="tls"), LETTER)
        assert len(office.letters) == 1


def test_the_command_writes_once_and_tries_again_what_was_not_taken(
    database: Engine, office: PostOffice, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Session(database) as session, session.begin():
        region = make_region(session, hostnames=["karte.example"])
        aged(session, region, 400, "Eins", "buero@traeger.example")
        aged(session, region, 400, "Zwei", "weg@anders.example", organization="Anders")
    for name, value in (
        chosen(office).model_dump(include={"smtp_host", "smtp_port", "smtp_security", "smtp_from"}).items()
    ):
        monkeypatch.setenv(f"LANDKARTE_{name.upper()}", str(value))
    monkeypatch.setenv("LANDKARTE_DATABASE_URL", database.url.render_as_string(hide_password=False))
    settings.cache_clear()
    assert digest.main(["--dry-run"]) == 0
    assert office.letters == []
    assert "Anders <weg@anders.example>" in capsys.readouterr().out
    office.refused = {"anders"}
    assert digest.main([]) == 1
    assert [letter["To"] for letter in office.letters] == ["buero@traeger.example"]
    office.refused = set()
    assert digest.main([]) == 0
    assert digest.main([]) == 0
    assert [letter["To"] for letter in office.letters] == ["buero@traeger.example", "weg@anders.example"]
    with Session(database) as session:
        assert len(session.exec(select(ProviderLink)).all()) == 4
    settings.cache_clear()
