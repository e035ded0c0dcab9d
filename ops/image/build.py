"""Carries out a Dockerfile step by step in folders; what stands for the engine's build."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from ops.image import base, context
from ops.image.chroot import World
from ops.image.dockerfile import DockerfileError, Instruction, substituted
from ops.image.mirrors import Mirrors

PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class BuildError(Exception):
    """A step of the build failed; says which and what it printed last."""


@dataclass
class Stage:
    """An image while it grows: its files in `root`, and what it says about running them."""

    root: Path
    name: str
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": PATH})
    arguments: dict[str, str] = field(default_factory=dict)
    user: str = "0:0"
    folder: str = "/"
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)
    ports: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    stop_signal: str = "SIGTERM"


class Build:
    """One build: `source` is the context, `work` takes the stages, `store` keeps the base."""

    def __init__(self, source: Path, work: Path, store: Path) -> None:
        self._source, self._work, self._store = source, work, store
        self._mirrors = Mirrors(work / "mirrors")
        self._given: dict[str, str] = {}  # ARG before the first FROM
        self._stages: list[Stage] = []

    @property
    def image(self) -> Stage:
        """The last stage: what the build is for."""
        return self._stages[-1]

    def steps(self, instructions: list[Instruction]) -> Iterator[tuple[Instruction, Callable[[], None]]]:
        """Yield each instruction with what carries it out."""
        for instruction in instructions:
            yield instruction, lambda said=instruction: DOES[said.name](self, said)  # type: ignore[misc]

    def _values(self) -> dict[str, str]:
        return self.image.arguments | self.image.environment if self._stages else self._given

    def _filled(self, said: Instruction) -> str:
        return substituted(said.rest, self._values())

    def _from(self, said: Instruction) -> None:
        image, *named = substituted(said.rest, self._given).split()
        name = named[1] if len(named) == 2 and named[0].upper() == "AS" else str(len(self._stages))  # noqa: PLR2004
        root = self._work / f"stage-{name}"
        base.unpack(image, self._store, root)
        self._stages.append(Stage(root, name))

    def _arg(self, said: Instruction) -> None:
        name, equals, default = said.rest.partition("=")
        if not self._stages:
            self._given[name] = default
        elif not equals and name in self._given:
            self.image.arguments[name] = self._given[name]
        else:
            self.image.arguments[name] = substituted(default, self._values())

    def _env(self, said: Instruction) -> None:
        values = self._values()
        self.image.environment |= {name: substituted(value, values) for name, value in said.pairs.items()}

    def _run(self, said: Instruction) -> None:
        stage = self.image
        variables = {"HOME": "/root"} | stage.arguments | stage.environment | self._mirrors.environment
        world = World(stage.root, variables, stage.user, stage.folder, self._mirrors.binds)
        done = world.run(*said.command, check=False)
        if done.returncode:
            raise BuildError(f"Zeile {said.line}: RUN endete mit {done.returncode}\n{done.stdout[-2000:]}")

    def _copy(self, said: Instruction) -> None:
        *sources, target = self._filled(said).split()
        root = self.image.root / self._absolute(target).lstrip("/")
        if len(sources) != 1:
            raise DockerfileError(f"line {said.line}: COPY of one source only is known here")
        if "from" in said.flags:
            stage = next((one for one in self._stages if one.name == said.flags["from"]), None)
            if stage is None:
                raise DockerfileError(f"line {said.line}: there is no stage {said.flags['from']}")
            shutil.copytree(stage.root / sources[0].lstrip("/"), root, symlinks=True, dirs_exist_ok=True)
            return
        wanted = PurePosixPath(sources[0])
        found = [path for path in context.files(self._source) if wanted in (path, *path.parents)]
        if not found:
            raise BuildError(f"Zeile {said.line}: COPY {sources[0]} findet nichts")
        for path in found:
            beneath = path.relative_to(wanted)
            place = root / beneath if beneath.parts or not target.endswith("/") else root / path.name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self._source / path, place, follow_symlinks=False)
            if os.geteuid() == 0:
                os.chown(place, 0, 0, follow_symlinks=False)

    def _absolute(self, path: str) -> str:
        return os.path.normpath(os.path.join(self.image.folder, path))  # noqa: PTH118 - a path inside

    def _workdir(self, said: Instruction) -> None:
        self.image.folder = self._absolute(self._filled(said))
        (self.image.root / self.image.folder.lstrip("/")).mkdir(parents=True, exist_ok=True)

    def _user(self, said: Instruction) -> None:
        if not self._filled(said).replace(":", "").isdecimal():
            raise DockerfileError(f"line {said.line}: USER takes numbers here, so that others can check it")
        self.image.user = self._filled(said)

    def _healthcheck(self, said: Instruction) -> None:
        name, _, rest = said.rest.partition(" ")
        if name.upper() != "CMD":
            raise DockerfileError(f"line {said.line}: HEALTHCHECK {name} is not known here")
        self.image.health = Instruction(said.line, "CMD", {}, rest.strip()).command

    def _cmd(self, said: Instruction) -> None:
        self.image.command = said.command

    def _expose(self, said: Instruction) -> None:
        self.image.ports += self._filled(said).split()

    def _label(self, said: Instruction) -> None:
        values = self._values()
        self.image.labels |= {name: substituted(value, values) for name, value in said.pairs.items()}

    def _stopsignal(self, said: Instruction) -> None:
        self.image.stop_signal = self._filled(said)


DOES: Final[dict[str, Callable[[Build, Instruction], None]]] = {
    "ARG": Build._arg,  # noqa: SLF001 - the table of the class's own verbs
    "CMD": Build._cmd,  # noqa: SLF001
    "COPY": Build._copy,  # noqa: SLF001
    "ENV": Build._env,  # noqa: SLF001
    "EXPOSE": Build._expose,  # noqa: SLF001
    "FROM": Build._from,  # noqa: SLF001
    "HEALTHCHECK": Build._healthcheck,  # noqa: SLF001
    "LABEL": Build._label,  # noqa: SLF001
    "RUN": Build._run,  # noqa: SLF001
    "STOPSIGNAL": Build._stopsignal,  # noqa: SLF001
    "USER": Build._user,  # noqa: SLF001
    "WORKDIR": Build._workdir,  # noqa: SLF001
}
