"""The Dockerfile by its letters, and the reader that the proof carries it out with."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from ops.image import context, dockerfile
from ops.image.build import DOES
from ops.image.dockerfile import DockerfileError, Instruction, substituted

ROOT = Path(__file__).parents[2]
READ = dockerfile.read(ROOT / "Dockerfile")
LAST_STAGE = max(number for number, said in enumerate(READ) if said.name == "FROM")
FINAL = READ[LAST_STAGE:]


def only(name: str) -> Instruction:
    (found,) = [said for said in FINAL if said.name == name]
    return found


def read(tmp_path: Path, text: str) -> list[Instruction]:
    (tmp_path / "Dockerfile").write_text(text)
    return dockerfile.read(tmp_path / "Dockerfile")


def test_everything_that_can_be_read_can_be_carried_out() -> None:
    assert DOES.keys() == dockerfile.KNOWN


def test_joins_continued_lines_and_leaves_comments_out(tmp_path: Path) -> None:
    found = read(tmp_path, "# first\nFROM a AS b\nRUN one \\\n    # between\n    && two\n")
    assert [(said.line, said.name, said.rest) for said in found] == [
        (2, "FROM", "a AS b"),
        (3, "RUN", "one && two"),
    ]


def test_reads_flags_commands_and_pairs(tmp_path: Path) -> None:
    text = 'FROM a\nCOPY --from=b /c /d\nCMD ["e", "f g"]\nENV H=i J="k \\"l\\""\nRUN m && n\n'
    copy, cmd, env, run = read(tmp_path, text)[1:]
    assert (copy.flags, copy.rest) == ({"from": "b"}, "/c /d")
    assert cmd.command == ["e", "f g"]
    assert env.pairs == {"H": "i", "J": 'k "l"'}
    assert run.command == ["/bin/sh", "-c", "m && n"]


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nADD b c",
        "FROM a\nONBUILD RUN b",
        "FROM a\nENTRYPOINT b",
        "FROM a\nRUN --mount=type=cache,target=/b c",
        "FROM a\nCOPY --chown=b c d",
        "FROM a\nRUN <<EOF\nb\nEOF",
        "FROM a\nRUN b \\",
        "FROM a\nUSER",
        "# syntax=docker/dockerfile:1\nFROM a",
        "# nothing else",
    ],
)
def test_what_it_does_not_know_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(DockerfileError):
        read(tmp_path, text)


def test_fills_in_variables() -> None:
    assert substituted(r"$A ${B}c \$A $D", {"A": "1", "B": "2"}) == "1 2c $A "
    with pytest.raises(DockerfileError):
        substituted("${A:-b}", {})


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        ("api", True),
        ("web/a.py", False),
        ("web/deep/er/__pycache__/a.pyc", True),
        ("web/.env", True),
        ("requirements/app.txt", False),
        ("requirements/dev.txt", True),
        ("webs/a.py", True),
        ("data/cut.py", True),
    ],
)
def test_reads_dockerignore_as_docker_does(path: str, ignored: bool) -> None:
    rules = context.Rules(
        "# all\n*\n!web\n!requirements/app.txt\n!data/\n**/__pycache__\n**/.*\ndata/cut*.py\n"
    )
    assert rules.ignores(path) is ignored


def test_the_context_holds_the_program_and_nothing_else() -> None:
    found = {str(path) for path in context.files(ROOT)}
    assert {"web/server.py", "alembic/env.py", "data/README.md", "pyproject.toml", "LICENSE"} <= found
    tops = {path.partition("/")[0] for path in found}
    assert tops == {
        "LICENSE", "alembic", "api", "data", "importers", "pyproject.toml", "requirements", "web",
    }  # fmt: skip
    assert not [
        path for path in found if "/." in f"/{path}" or "__pycache__" in path or path.endswith(".pyc")
    ]


def test_the_context_holds_nothing_that_git_ignores() -> None:
    listed = "\n".join(str(path) for path in context.files(ROOT))
    done = subprocess.run(
        ["git", "check-ignore", "--stdin"],
        check=False,
        cwd=ROOT,
        input=listed,
        capture_output=True,
        text=True,
    )
    assert done.stdout == ""


def test_runs_as_a_numbered_user_that_is_not_root() -> None:
    uid, gid = only("USER").rest.split(":")
    assert int(uid) >= 10_000
    assert int(gid) >= 10_000
    made = next(said.rest for said in FINAL if said.name == "RUN")
    assert f"--gid {gid}" in made
    assert f"--uid {uid}" in made


def test_says_how_it_starts_ends_and_is_asked() -> None:
    assert only("CMD").command[:3] == ["python", "-m", "web.server"]
    assert only("CMD").command[-1] == only("EXPOSE").rest == "8000"
    assert only("STOPSIGNAL").rest == "SIGTERM"
    assert "/healthz" in only("HEALTHCHECK").rest


def test_brings_no_tools_of_the_builder_along() -> None:
    last = " ".join(said.rest for said in FINAL if said.name == "RUN")
    assert not re.search(r"pip|venv|gcc|binutils|curl|wget", last)
    assert all(said.flags.get("from") == "builder" for said in FINAL if said.name == "COPY")


def test_installs_only_what_is_locked_with_hashes() -> None:
    installs = [said.rest for said in READ if "install --no-cache-dir" in said.rest]
    assert len(installs) == 1
    assert "--require-hashes" in installs[0]
    assert "--only-binary=:all:" in installs[0]


def test_is_of_the_projects_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    version = next(said.rest for said in FINAL if said.rest.startswith("VERSION="))
    assert version == f"VERSION={project['version']}"
    assert f"unterstuetzungs-landkarte:{project['version']}\n" in (ROOT / "compose.yaml").read_text()


def test_every_stage_stands_on_one_base_with_a_fixed_tag() -> None:
    bases = {said.rest.split()[0] for said in READ if said.name == "FROM"}
    assert bases == {"${BASE}"}
    assert READ[0].rest == "BASE=debian:12-slim"


@pytest.mark.parametrize("name", ["Dockerfile", "compose.yaml", "ops/image/nginx.conf", "ops/image/roles.sh"])
def test_can_be_read_by_everybody(name: str) -> None:
    # The services mount these files and do not run as the one who checked them out.
    assert os.stat(ROOT / name).st_mode & 0o444 == 0o444  # noqa: PTH116
