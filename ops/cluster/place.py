"""Where the cluster lies, which system user runs it, and which PostgreSQL programs belong to it."""

import hashlib
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FALLBACK: Final = Path("/var/lib/unterstuetzungs-landkarte")
PROGRAMS: Final = Path("/usr/lib/postgresql")  # Debian and Ubuntu: one folder per major version
SOCKET_NAME: Final = ".s.PGSQL.5432"
SOCKET_PATH_BYTES: Final = 107  # sun_path of Linux, less the closing zero
NOTE: Final = "WO-DIE-DATENBANK-LIEGT.txt"


class ClusterError(Exception):
    """Something a person has to set right; its text is German and says what."""


@dataclass(frozen=True)
class Cluster:
    """One cluster: locks in `var`, files in `home`, the door in `socket`, run by the user `owner`."""

    var: Path
    home: Path
    socket: Path
    owner: pwd.struct_passwd

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What PostgreSQL says while it starts; later lines are in postgresql-*.log beside it."""
        return self.home / "log" / "start.log"


def locate(var: Path) -> Cluster:
    """Find the cluster that belongs to `var`, created if missing; raise ClusterError if we may not run it."""
    make_var(var)
    var = var.resolve()
    owner = _owner()
    home = _home(var, owner)
    if home.is_dir() and home.stat().st_uid != 0:  # root's own only while it is being made
        _refuse_foreign(home, owner)
    return Cluster(var=var, home=home, socket=_socket(home, owner), owner=owner)


def make_var(var: Path) -> None:
    """Create the folder for run-time files, open for passing through whatever the umask says."""
    if not var.is_dir():
        var.mkdir(parents=True, exist_ok=True)
        var.chmod(0o755)  # as root, the user postgres has to pass through


def run_as_owner(cluster: Cluster, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the cluster's user, in its home, and return its output."""
    return subprocess.run(
        command,
        check=False,
        cwd=cluster.home,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": str(cluster.home)},  # no PG* from outside
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        umask=0o077,
        **_as(cluster.owner),
    )


def make_private(folder: Path, owner: pwd.struct_passwd) -> None:
    """Create `folder` for the owner alone; raise ClusterError if it is already somebody else's."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0 and folder.lstat().st_uid == 0:
        os.chown(folder, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
    _refuse_foreign(folder, owner)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def programs(data: Path) -> Path:
    """Return the folder of initdb and pg_ctl that fit `data`, or the newest before `data` exists."""
    version_file = data / "PG_VERSION"
    if version_file.exists():
        version = version_file.read_text().strip()
        found = next((folder for major, folder in _installed() if major == version), None)
        if found is None:
            raise ClusterError(
                f"Die Datenbank in {data} stammt von PostgreSQL {version}, das hier fehlt. "
                f"Bitte postgresql-{version} und postgresql-{version}-postgis-3 installieren."
            )
        return found
    complete = [folder for _, folder in _installed() if (folder.parent / "lib" / "postgis-3.so").exists()]
    if not complete:
        raise ClusterError("PostgreSQL mit PostGIS fehlt. Bitte „sh ops/packages.sh database“ ausführen.")
    return complete[0]


def _refuse_foreign(folder: Path, owner: pwd.struct_passwd) -> None:
    """Raise ClusterError if `folder` is another user's (also one put in our way under /tmp)."""
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != owner.pw_uid:
        raise ClusterError(
            f"Der Ordner {folder} gehört dem Benutzer mit der Nummer {found.st_uid}, die Datenbank läuft "
            f"aber als „{owner.pw_name}“ ({owner.pw_uid}). "
            f"Bitte so starten wie beim ersten Mal: mit oder ohne sudo."
        )


def _installed() -> list[tuple[str, Path]]:
    """Return (major version, folder) of every installed PostgreSQL server, newest first."""
    folders = [path.parent for path in PROGRAMS.glob("*/bin/initdb")]
    found = [(folder.parent.name, folder) for folder in folders if folder.parent.name.isdigit()]
    return sorted(found, key=lambda pair: int(pair[0]), reverse=True)


def _owner() -> pwd.struct_passwd:
    """PostgreSQL refuses to run as root: then its own user `postgres` does, otherwise whoever asks."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise ClusterError(
            "Der Systembenutzer „postgres“ fehlt. Bitte „sh ops/packages.sh database“ ausführen."
        ) from None


def _home(var: Path, owner: pwd.struct_passwd) -> Path:
    """Return var/postgres, or a folder under /var/lib where the owner cannot pass through to `var`."""
    home = var / "postgres"
    elsewhere = FALLBACK / hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
    if (home / "data").exists() and not _reaches(owner, var):
        raise ClusterError(
            f"„{owner.pw_name}“ kann die Datenbank in {home} nicht mehr erreichen: "
            f"ein Ordner auf dem Weg dorthin ist für ihn gesperrt (chmod o+x hilft)."
        )
    if (home / "data").exists() or (not (elsewhere / "data").exists() and _reaches(owner, var)):
        return home
    elsewhere.parent.mkdir(mode=0o755, exist_ok=True)
    elsewhere.parent.chmod(0o755)
    (var / NOTE).write_text(
        f"Die Datenbank liegt in {elsewhere},\n"
        f"weil der Systembenutzer „{owner.pw_name}“ diesen Ordner hier nicht betreten darf.\n"
    )
    return elsewhere


def _reaches(owner: pwd.struct_passwd, folder: Path) -> bool:
    """Tell whether the owner may pass through to `folder`."""
    if os.geteuid() != 0:
        return True
    probe = subprocess.run(["/usr/bin/test", "-x", folder], check=False, cwd="/", **_as(owner))
    return probe.returncode == 0


def _socket(home: Path, owner: pwd.struct_passwd) -> Path:
    """Return the socket's folder, outside `home` where its path would be too long or has a comma in it."""
    socket = home / "socket"
    if "," not in str(socket) and len(os.fsencode(socket / SOCKET_NAME)) <= SOCKET_PATH_BYTES:
        return socket
    return Path(f"/tmp/landkarte-{owner.pw_uid}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}")  # noqa: S108


def _as(owner: pwd.struct_passwd) -> dict[str, Any]:
    """Return the arguments for subprocess.run that make it run as `owner`."""
    if os.geteuid() != 0:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
