"""The proof from the Dockerfile to a page through the proxy; needs root, debootstrap and PostgreSQL."""

import json
import os
import secrets
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from ops.cluster import locks
from ops.image import checks, compose, dockerfile, network
from ops.image.build import Build, Stage
from ops.image.expecting import OK, expect, fails, page_of, went_well
from ops.image.front import ask_through_proxy, ask_without_app, proxy
from ops.image.network import Answer, ask
from ops.image.services import Running, ServiceError, Services
from ops.image.stand_ins import Database
from ops.image.table import Table

ROOT: Final = Path(__file__).resolve().parents[2]
STORE: Final = ROOT / "var" / "image"
PASSWORDS: Final = ("DB_ADMIN_PASSWORD", "DB_OWNER_PASSWORD", "DB_APP_PASSWORD")
STOPPED: Final = (0, 128 + signal.SIGTERM)
READY: Final = "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz')"
NEEDED: Final = ("debootstrap", "unshare", "nsenter", "setpriv", "openssl", "tar")


def lacking() -> str | None:
    """Return why the proof cannot run on this machine, or None."""
    if os.geteuid() != 0:
        return "only root can make a chroot"
    missing = [name for name in NEEDED if shutil.which(name) is None]
    return f"missing: {', '.join(missing)}" if missing else None


def prove() -> None:
    """Carry out the whole proof and print its table; raises what the first step raised that failed."""
    STORE.mkdir(parents=True, exist_ok=True)
    table = Table()
    with locks.exclusive(STORE / "proof.lock"), _workplace() as work, ExitStack() as until_the_end:
        image = _build(table, work)
        _inspect(table, image)
        inside = until_the_end.enter_context(network.network())
        values = {name: secrets.token_hex(24) for name in PASSWORDS}
        _refuse(table)
        services = Services(ROOT / "compose.yaml", values, image, inside, work)
        database = Database(work / "database", inside, services.said["db"])
        with table.step("db: PostgreSQL mit den Einstellungen aus compose.yaml"):
            until_the_end.enter_context(database.running())
        _prepare(table, services, database, values)
        _serve(table, services, database, inside, work)
        _save_and_restore(table, services, database)
    table.close()


@contextmanager
def _workplace() -> Iterator[Path]:
    """Make a folder for the stages, gone afterwards; nothing is mounted in it but in worlds that ended."""
    for left in STORE.glob("work-*"):  # by a proof that was killed; all that ran in it went with it
        shutil.rmtree(left)
    work = Path(tempfile.mkdtemp(prefix="work-", dir=STORE))
    work.chmod(0o755)
    try:
        yield work
    finally:
        shutil.rmtree(work)


def _build(table: Table, work: Path) -> Stage:
    build = Build(ROOT, work, STORE)
    for said, carry_out in build.steps(dockerfile.read(ROOT / "Dockerfile")):
        words = f"{said.name} {' '.join(f'--{name}={value}' for name, value in said.flags.items())}"
        with table.step(f"Dockerfile {said.line:2}: {words.strip()} {said.rest}"[:100]):
            carry_out()
    return build.image


def _inspect(table: Table, image: Stage) -> None:
    with table.step("Abbild: Größe") as remark:
        whole, ours = checks.size(image)
        remark(f"{whole:.0f} MB, davon {ours:.0f} MB Programm mit seinen Paketen")
    with table.step("Abbild: ohne pip, Übersetzer, Tests, versteckte Dateien und Spuren des Bauens"):
        checks.holds_nothing_unwanted(image)
    with table.step("Abbild: nichts, was git nicht kennt") as remark:
        remark(f"{checks.holds_only_what_git_knows(ROOT, image)} Dateien")
    with table.step("Abbild: kein setuid"):
        checks.lends_no_rights(image)
    with table.step("Abbild: der Benutzer ist nicht root und kann nichts ändern") as remark:
        checks.is_closed_to_its_user(image)
        remark(f"Benutzer {image.user}")
    with table.step("Abbild: setzt ein Blatt als PDF, mit Schrift für alle Sprachen"):
        checks.sets_sheets(image)
    with table.step("Abbild: alles vorab übersetzt") as remark:
        remark(f"{checks.is_compiled(image)} Module")


def _refuse(table: Table) -> None:
    for name in PASSWORDS:
        with table.step(f"compose.yaml: ohne {name} geht nichts"):
            others = {other: "x" for other in PASSWORDS if other != name}
            fails(compose.ComposeError, partial(compose.read, ROOT / "compose.yaml", others))


def _prepare(table: Table, services: Services, database: Database, values: dict[str, str]) -> None:
    """Run the one-shot services in their order."""
    with table.step("roles: weist Beispielkennwörter, kurze und gleiche ab") as remark:
        for weak in ("hier-ein-langes-kennwort", "geheim" * 5, "abc123", values["DB_OWNER_PASSWORD"]):
            said = _roles(database, services, DB_APP_PASSWORD=weak, succeeds=False)
        remark(said.splitlines()[0])
    with table.step("roles: legt Rollen und Datenbank an, ein zweites Mal ändert es nichts"):
        _roles(database, services)
        _roles(database, services)
    with table.step("roles: ein neues Kennwort gilt, das alte nicht mehr"):
        _roles(database, services, DB_OWNER_PASSWORD=secrets.token_hex(24))
        fails(ServiceError, lambda: services.run("migrate"))
        _roles(database, services)
    with table.step("migrate: mit der Adresse der App allein wird nichts verändert"):
        fails(ServiceError, lambda: services.run("load", *services.said["migrate"]["command"]))
    with table.step("migrate: alle Migrationen, ein zweites Mal ändert es nichts"):
        services.run("migrate")
        services.run("migrate")
    with table.step("load: die Beispielregionen") as remark:
        remark(services.run("load").splitlines()[-1][:60])


def _serve(table: Table, services: Services, database: Database, inside: int, work: Path) -> None:
    """Start the app as compose.yaml says, the proxy in front of it, and ask both."""
    with table.step("HEALTHCHECK: sagt nein, solange nichts läuft"):
        expect(not services.is_healthy("app"), "healthy without a server")
    with proxy(table, services, inside, work) as ours:
        ask_without_app(table, inside, ours)
        with services.running("app") as app:
            with table.step("app: startet und wird gesund"):
                services.await_health("app")
            _look_at_process(table, services, app)
            with table.step("app: /readyz, /, /angebote und /api/v1/offers antworten"):
                for path in ("/readyz", "/", "/angebote"):
                    found = ask(inside, path)
                    expect(found.status == OK, f"{path}: {found.status}\n{app.said[-3000:]}")
                expect(bool(json.loads(page_of(ask(inside, "/api/v1/offers")))["results"]), "no offers")
            ask_through_proxy(table, inside, ours)
            with table.step("app: Speicher nach diesen Anfragen") as remark:
                limit = services.said["app"]["mem_limit"]
                remark(f"{app.megabytes():.0f} MB in allen Prozessen, Grenze {limit}")
            with table.step("app: SIGTERM beendet; was gerade läuft, wird noch beantwortet") as remark:
                took, code = _terminated(app, database, inside)
                remark(f"{took:.1f} s nach der Antwort, Exit-Code {code}")


def _look_at_process(table: Table, services: Services, app: Running) -> None:
    with table.step(
        "app: läuft als Prozess 1, nicht als root, ohne Rechte und ohne Weg zu welchen"
    ) as remark:
        facts = app.facts()
        uid, gid = facts["Uid"].split()[0], facts["Gid"].split()[0]
        nothing_left = int(facts["CapEff"], 16) == int(facts["CapBnd"], 16) == 0
        expect(uid != "0" and gid != "0" and nothing_left, str(facts))
        expect(facts["NoNewPrivs"] == "1" and facts["NSpid"].split()[-1] == "1", str(facts))
        remark(f"uid {uid}, gid {gid}")
    with table.step("app: kann nur nach /tmp schreiben"):
        world = services.world("app")
        script = "touch /tmp/here && ! touch /app/there 2>/tmp/said && grep -q 'Read-only' /tmp/said"
        expect(world.run("sh", "-c", script, check=False).returncode == 0, "the root can be written")


def _terminated(app: Running, database: Database, inside: int) -> tuple[float, int]:
    """End the app while an answer waits for the database; return seconds from the answer, and exit code."""
    hold = "BEGIN; LOCK TABLE offer IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(2.5); COMMIT"
    with ThreadPoolExecutor(2) as pool:
        locked = pool.submit(database.client, "psql", "-qAtd", "landkarte", "-c", hold)
        time.sleep(0.8)
        waiting: Future[Answer] = pool.submit(ask, inside, "/api/v1/offers?per_page=7")
        time.sleep(0.7)
        expect(not waiting.done(), "the request did not wait for the database")
        app.stop()
        answer = waiting.result()
        began = time.monotonic()
        expect(answer.status == OK and bool(json.loads(answer.body)["results"]), str(answer))
        code = app.wait(15)
        locked.result()
    expect(code in STOPPED, f"exit code {code}\n{app.said}")
    return time.monotonic() - began, code


def _save_and_restore(table: Table, services: Services, database: Database) -> None:
    """Do what docs/how-to/container.md says about backups, with the clients of this machine."""
    count = ("psql", "--tuples-only", "--dbname=landkarte", "--command=SELECT count(*) FROM offer")
    before = database.client(*count).stdout
    with table.step("sichern, Datenbank weg, roles, zurückspielen, wieder alles da") as remark:
        saved = database.folder / "landkarte.dump"
        dump = ("--format=custom", "--exclude-table-data=spatial_ref_sys", f"--file={saved}")
        went_well(database.client("pg_dump", *dump, "landkarte"))
        went_well(database.client("dropdb", "--force", "landkarte"))
        _roles(database, services)
        went_well(database.client("pg_restore", "--dbname=landkarte", "--single-transaction", saved))
        expect(database.client(*count).stdout == before, "not all offers are back")
        services.run("migrate")
        remark(f"{int(before)} Angebote, {saved.stat().st_size / 1000:.0f} kB")
    with (
        table.step("CMD des Abbilds, ohne compose.yaml: läuft mit dem Zurückgespielten"),
        services.running("app", plain=True),
    ):
        services.await_health("app")
        expect(services.world("app").run("python", "-c", READY, check=False).returncode == 0, "not ready")


def _roles(database: Database, services: Services, *, succeeds: bool = True, **changed: str) -> str:
    """Run the roles service with this machine's shell and psql; return what it said."""
    given = {name: services.said["roles"]["environment"][name] for name in PASSWORDS}
    script = ROOT / "ops" / "image" / Path(services.said["roles"]["entrypoint"][-1]).name
    done = database.client("sh", script, environment=given | changed)
    expect((done.returncode == 0) is succeeds, done.stdout.decode())
    return done.stdout.decode()
