"""How this machine reaches the packages of Debian and Python: lent to a build, never left in an image."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

LENT: Final = "/mnt"  # empty in Debian; only what runs sees something there
PROXIES: Final = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
PIP: Final = ("index-url", "extra-index-url", "trusted-host", "proxy", "timeout", "cert", "client-cert")


class Mirrors:
    """Files and variables that lead to the mirrors; `folder` holds the files while the proof runs."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        sources = folder / "sources.list"
        sources.write_text("".join(f"deb {line}\n" for line in _sources()), encoding="utf-8")
        (folder / "apt.conf").write_text(_apt_settings(), encoding="utf-8")
        self.environment = {name: os.environ[name] for name in PROXIES if name in os.environ}
        self.environment |= {"APT_CONFIG": f"{LENT}/apt.conf", "PIP_CONFIG_FILE": os.devnull}
        self._lend_pip(folder)
        (folder / "auth.conf.d").mkdir()
        for file in Path("/etc/apt/auth.conf.d").glob("*.conf"):
            (folder / "auth.conf.d" / file.name).write_bytes(file.read_bytes())
        self.binds = {LENT: folder}
        for name in ("/etc/resolv.conf", "/etc/hosts"):
            self.binds[name] = Path(name).resolve()

    def _lend_pip(self, folder: Path) -> None:
        """Turn pip's settings into variables; indexes in the file system stay out of reach."""
        for name, value in _pip_settings().items():
            kept = " ".join(word for word in value.split() if not word.startswith("file:"))
            if name.endswith("cert"):
                (folder / name).write_bytes(Path(value).read_bytes())
                kept = f"{LENT}/{name}"
            if kept:
                self.environment[f"PIP_{name.replace('-', '_').upper()}"] = kept


def main_source() -> str:
    """Return the address that this machine gets Debian from."""
    return _sources()[0].split()[0]


def _sources() -> list[str]:
    """Return (address, suite, component) lines of the Debian sources that are set here."""
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME) $(COMPONENT)"]
    done = subprocess.run(
        [*command, "Created-By: Packages", "Origin: Debian"], check=True, capture_output=True, text=True
    )
    return list(dict.fromkeys(done.stdout.splitlines()))


def _apt_settings() -> str:
    done = subprocess.run(["apt-config", "dump", "Acquire"], check=True, capture_output=True, text=True)
    ours = [
        f'Dir::Etc::SourceList "{LENT}/sources.list";',
        'Dir::Etc::SourceParts "-";',
        f'Dir::Etc::NetrcParts "{LENT}/auth.conf.d/";',
    ]
    return "\n".join([*done.stdout.splitlines(), *ours, ""])


def _pip_settings() -> dict[str, str]:
    """Return pip's settings that lead to the index; what stands in the environment goes before files."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "config", "list"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, dict[str, str]] = {"global": {}, ":env:": {}}
    for line in done.stdout.splitlines():
        section, _, setting = line.partition(".")
        name, _, value = setting.partition("=")
        if section in found and name in PIP:
            found[section][name] = value.strip("'").replace("\\n", " ")
    return found["global"] | found[":env:"]
