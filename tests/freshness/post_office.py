"""A mail server on this machine that takes what it is given (RFC 5321, the little that a client needs)."""

import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


class PostOffice(socketserver.ThreadingTCPServer):
    """Keeps all letters; refuses those to the addresses in `refused`. With a context it speaks TLS."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.context = context
        self.letters: list[EmailMessage] = []
        self.refused: set[str] = set()
        # Called with each letter that has been kept, before whoever brought it hears so.
        self.on_letter: Callable[[EmailMessage], None] = lambda _letter: None

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Conversation(socketserver.StreamRequestHandler):
    server: PostOffice

    def setup(self) -> None:
        if self.server.context is not None:
            self.request = self.server.context.wrap_socket(
                self.request, server_side=True, do_handshake_on_connect=False
            )
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        if self.server.context is not None:
            try:
                self.request.do_handshake()
            except ssl.SSLError:  # whoever called does not trust us
                return
        self.say("220 localhost")
        while line := self.rfile.readline():
            word, _, rest = line.decode().strip().partition(" ")
            if word.upper() == "QUIT":
                self.say("221 bye")
                return
            if word.upper() == "DATA":
                self.say("354 go on")
                self.take()
            elif word.upper() == "RCPT" and any(one in rest for one in self.server.refused):
                self.say("550 no such box")
            elif word.upper() == "STARTTLS":
                self.say("502 not here")
            else:
                self.say("250 fine")

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        letter = message_from_bytes(b"".join(lines), policy=default)
        assert isinstance(letter, EmailMessage)
        self.server.letters.append(letter)
        self.server.on_letter(letter)
        self.say("250 taken")


@contextmanager
def open_office(context: ssl.SSLContext | None = None) -> Iterator[PostOffice]:
    """Open a post office on a free port, and close it afterwards."""
    with PostOffice(context) as office:
        thread = threading.Thread(target=office.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield office
        office.shutdown()
        thread.join()
