"""Handing a letter to the mail server that the settings name."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from typing import Final

from api.core.settings import Settings
from web.mail.letters import Letter

SECONDS: Final = 30
ENCRYPTED: Final = "tls"
# What a mail program sends to that page when somebody presses its own button (RFC 8058).
ONE_CLICK: Final = "List-Unsubscribe=One-Click"


class NotSentError(Exception):
    """The mail server cannot be reached, or does not take the mail; the text says why, for the operator."""


def message(letter: Letter, sender: str) -> EmailMessage:
    """Return a letter as it goes out: both forms of it, and that a program has written it (RFC 3834)."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, letter.to, letter.subject
    made["Date"] = formatdate()
    # By the sender's domain: the name of this machine is nobody's business.
    domain = parseaddr(sender)[1].partition("@")[2] or "localhost"
    made["Message-ID"] = f"<{letter.name}@{domain}>" if letter.name else make_msgid(domain=domain)
    made["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:
        made["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        made["List-Unsubscribe-Post"] = ONE_CLICK
    made.set_content(letter.text)
    made.add_alternative(letter.html, subtype="html")
    return made


def send(settings: Settings, letter: Letter) -> None:
    """Hand over one letter; raises NotSentError if it was not taken."""
    try:
        with _server(settings) as server:
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(message(letter, settings.smtp_from))
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise NotSentError(f"{type(error).__name__}: {error}") from error


def _server(settings: Settings) -> smtplib.SMTP:
    where = (settings.smtp_host, settings.smtp_port)
    if settings.smtp_security == ENCRYPTED:
        return smtplib.SMTP_SSL(*where, timeout=SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(*where, timeout=SECONDS)
    if settings.smtp_security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server
