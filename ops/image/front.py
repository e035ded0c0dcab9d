"""The part of the proof that stands in front of the app: nginx with ops/image/nginx.conf."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ops.image.chroot import World, end
from ops.image.expecting import OK, expect, page_of
from ops.image.network import Answer, ask, ask_often
from ops.image.services import Services
from ops.image.stand_ins import USUAL, certificate, nginx
from ops.image.table import Table

CONFIGURATION: Final = Path(__file__).parent / "nginx.conf"
SECOND_REGION: Final = "unna.localhost"
PERMANENT_REDIRECT: Final = 308
TOO_MANY: Final = 429
UNAVAILABLE: Final = 503
MANY: Final = 300


@contextmanager
def proxy(table: Table, services: Services, inside: int, work: Path) -> Iterator[Path]:
    """Run nginx with our configuration and the user of compose.yaml; yields its certificate."""
    service = services.said["proxy"]
    with table.step("proxy: nginx aus Debian in einem eigenen chroot"):
        root = nginx(work, work.parent, "debian:12-slim")
        ours = certificate(work / "tls", "localhost", SECOND_REGION)
    (root / "tls").mkdir()
    binds = {"/etc/nginx/nginx.conf": CONFIGURATION, "/tls": ours.parent}
    world = World(root, USUAL, service["user"], "/", binds, inside, closed=True)
    with table.step("proxy: nginx -t als Benutzer 101, alles nur lesbar"):
        done = world.run("nginx", "-t", check=False)
        expect(done.returncode == 0, done.stdout)
    log = work / "nginx.log"
    with log.open("w") as output:
        started = world.start(*service["entrypoint"], output=output)
    try:
        yield ours
        with table.step("proxy: hat keine Adresse aufgeschrieben"):
            expect("127.0.0.1" not in log.read_text(), log.read_text())
    finally:
        end(started)


def ask_without_app(table: Table, inside: int, ours: Path) -> None:
    """Show what people get while the app is away."""
    with table.step("proxy: ohne App 503 mit Retry-After, an der Schnittstelle als problem+json"):
        page = _patiently(lambda: ask(inside, "/", port=8443, authority=ours))
        expect((page.status, page.headers.get("retry-after")) == (UNAVAILABLE, "30"), str(page))
        refusal = ask(inside, "/api/v1/offers", port=8443, authority=ours)
        expect(refusal.status == UNAVAILABLE == json.loads(refusal.body)["status"], str(refusal))
        expect(refusal.headers["content-type"] == "application/problem+json", str(refusal))


def ask_through_proxy(table: Table, inside: int, ours: Path) -> None:
    """Show TLS, the region by its name, the headers of the app and the bound on requests."""

    def secure(path: str, host: str = "localhost") -> Answer:
        return ask(inside, path, port=8443, host=host, authority=ours)

    with table.step("proxy: leitet auf https um"):
        found = ask(inside, "/angebote?a=b", port=8080, host=SECOND_REGION)
        there = f"https://{SECOND_REGION}/angebote?a=b"
        expect((found.status, found.headers["location"]) == (PERMANENT_REDIRECT, there), str(found))
    with table.step("proxy: Seite über TLS, Region am Rechnernamen erkannt, Sicherheits-Header der App"):
        one, other = secure("/"), secure("/", SECOND_REGION)
        expect("Lichtenberg" in page_of(one) and "Kreis Unna" in page_of(other), "not the region of the name")
        expect("strict-transport-security" in one.headers, "no HSTS")
        plain = ask(inside, "/")
        for name in ("content-security-policy", "x-content-type-options", "referrer-policy"):
            expect(one.headers.get(name) == plain.headers.get(name) is not None, name)
    with table.step("proxy: die App weiß, dass es https ist"):
        expect(f"https://{SECOND_REGION}/" in page_of(secure("/")), "links lead away from TLS")
    with table.step("proxy: bremst Maschinen, an der Schnittstelle mit problem+json") as remark:
        answers = ask_often(inside, "/api/v1/regions", MANY, port=8443, authority=ours)
        late = [answer for answer in answers if answer.status == TOO_MANY]
        expect(bool(late) and {answer.status for answer in answers} == {OK, TOO_MANY}, "no limit")
        expect(late[0].headers["content-type"] == "application/problem+json", str(late[0]))
        remark(f"{len(late)} von {MANY} abgewiesen")


def _patiently(attempt: Callable[[], Answer], seconds: float = 10) -> Answer:
    """Ask again until somebody listens."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return attempt()
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
