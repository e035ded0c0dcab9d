"""The table that a proof prints: one line per step, proven or not, as it goes."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

# What no script on a machine without a container engine can show.
UNPROVEN: Final = (
    "Bauen mit einer Container-Engine: Schichten, ihr Zwischenspeicher, andere Prozessoren als dieser",
    "das Debian-Abbild von Docker Hub selbst (hier: debootstrap, dasselbe Debian, ohne dessen Feinschliff)",
    "die Abbilder postgis/postgis und nginx und ihre Benutzer (hier: PostgreSQL, PostGIS, nginx aus Debian)",
    "was die Engine durchsetzt: Netze, Ports, Speichergrenzen, seccomp, Reihenfolge und Neustart der Dienste",
)


class Table:
    """Collects the steps; a step that raises is not proven, and the proof ends there."""

    def __init__(self) -> None:
        self.proven = 0

    @contextmanager
    def step(self, title: str) -> Iterator[Callable[[str], None]]:
        """Show a step and how it went; the value adds a remark."""
        began, remarks = time.monotonic(), list[str]()
        try:
            yield remarks.append
        except BaseException:
            self._show("NEIN", title, began, remarks)
            raise
        self.proven += 1
        self._show("ja", title, began, remarks)

    def close(self) -> None:
        """Show what was proven in all and what cannot be proven here."""
        print(f"\n{self.proven} Schritte gezeigt. Hier nicht zu zeigen:")
        for line in UNPROVEN:
            print(f"  –    {line}")

    def _show(self, said: str, title: str, began: float, remarks: list[str]) -> None:
        remark = f" – {'; '.join(remarks)}" if remarks else ""
        print(f"{said:>5} {time.monotonic() - began:7.1f} s  {title}{remark}", flush=True)
