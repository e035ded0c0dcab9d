"""The image built and run in a clean Debian; and the pieces of that proof which need no root."""

import socket
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from ops.image import base, dockerfile, network
from ops.image.build import Build, BuildError
from ops.image.proof import lacking
from ops.image.table import UNPROVEN, Table

ROOT = Path(__file__).parents[2]


@pytest.mark.proof
def test_the_image_builds_migrates_loads_serves_and_ends() -> None:
    if reason := lacking():
        pytest.skip(reason)
    done = subprocess.run(
        [sys.executable, "-m", "ops.image"],
        check=False,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=3000,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert not list((ROOT / "var" / "image").glob("work-*"))
    assert str(ROOT / "var" / "image") not in Path("/proc/mounts").read_text()


def test_a_step_that_fails_is_not_called_proven(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table()
    with table.step("one") as remark:
        remark("well")
    with pytest.raises(ValueError, match="two"), table.step("two"):
        raise ValueError("two")
    table.close()
    said = capsys.readouterr().out
    assert "one – well" in said
    assert "NEIN" in said
    assert "1 Schritte gezeigt" in said
    assert all(line in said for line in UNPROVEN)


def test_the_name_server_knows_every_name_as_this_machine() -> None:
    question = struct.pack(">6H", 7, 0x0100, 1, 0, 0, 0) + b"\x03app\x00" + struct.pack(">2H", 1, 1)
    answer = network.named(question)
    assert struct.unpack(">6H", answer[:12]) == (7, 0x8180, 1, 1, 0, 0)
    assert answer[-4:] == socket.inet_aton("127.0.0.1")
    other = network.named(question[:-4] + struct.pack(">2H", 28, 1))  # AAAA
    assert struct.unpack(">6H", other[:12])[3] == 0


DOCKERFILE = """\
ARG BASE=debian:12-slim
FROM ${BASE} AS first
ARG NAME=kept
COPY web /app
WORKDIR /app
WORKDIR deeper
FROM ${BASE}
COPY --from=first /app /copied
ENV PATH=/copied:$PATH LANG=C
USER 5:6
HEALTHCHECK --retries=1 CMD ["ask"]
CMD ["serve", "now"]
ARG VERSION=3
LABEL version="${VERSION}${NAME}"
"""


def test_carries_out_all_steps_but_those_that_need_root(small: Path) -> None:
    build = built(small, DOCKERFILE)
    image = build.image
    assert (image.root / "copied" / "page.html").read_text() == "page"
    assert not (image.root / "copied" / ".env").exists()
    assert image.environment["PATH"].startswith("/copied:/usr/local/sbin")
    assert (image.user, image.health, image.command) == ("5:6", ["ask"], ["serve", "now"])
    assert image.labels == {"version": "3"}, "an ARG ends with its stage"


def test_copy_that_finds_nothing_is_an_error(small: Path) -> None:
    with pytest.raises(BuildError, match="not-there"):
        built(small, "FROM debian:12-slim\nCOPY not-there /x\n")


def test_another_base_is_an_error(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    with pytest.raises(base.BaseError, match="alpine"):
        base.unpack("alpine:3", small, small / "root")


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project, and an empty folder for every base."""
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "page.html").write_text("page")
    (tmp_path / "web" / ".env").write_text("secret")
    (tmp_path / ".dockerignore").write_text("*\n!web\n**/.*\n")
    monkeypatch.setattr(base, "unpack", lambda _image, _store, root: root.mkdir())
    monkeypatch.setattr("ops.image.build.Mirrors", lambda _folder: None)
    return tmp_path


def built(folder: Path, text: str) -> Build:
    file, work = folder / "Dockerfile", folder / "work"
    file.write_text(text)
    work.mkdir()
    build = Build(folder, work, folder)
    for _said, carry_out in build.steps(dockerfile.read(file)):
        carry_out()
    return build
