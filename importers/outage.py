"""What it means for a person when the database does not carry a command out, in German."""

from sqlalchemy.exc import DBAPIError

# Classes of SQLSTATE (PostgreSQL, Appendix A) that tell of the database and not of the row at hand:
# connection, transaction, rights, deadlock, resources, locks, operators, system, damaged files.
_NOT_OF_THE_ROW = ("08", "25", "28", "40", "53", "55", "57", "58", "XX001", "XX002")
_DISK_FULL = "53100"
_AT_ONCE = "40"
_LOCKED = "55P03"
_AGAIN = "Bitte denselben Befehl in ein paar Minuten noch einmal ausführen."


def is_of_the_row(error: DBAPIError) -> bool:
    """Return whether the database refuses this one row, so that the next ones can still be taken."""
    state = _state(error)
    return bool(state) and not error.connection_invalidated and not state.startswith(_NOT_OF_THE_ROW)


def is_at_once(error: DBAPIError) -> bool:
    """Return whether two transactions got into each other's way, so that a second attempt may succeed."""
    return _state(error).startswith(_AT_ONCE)


def explained(error: DBAPIError) -> str:
    """Return what happened and what to do; nothing of the command's transaction is written."""
    state = _state(error)
    if state == _DISK_FULL:
        return (
            "Die Festplatte ist voll, auf der die Datenbank liegt. Es ist nichts verloren und nichts halb "
            "geschrieben. Bitte Platz schaffen und denselben Befehl noch einmal ausführen."
        )
    if is_at_once(error):
        return f"Jemand hat gleichzeitig dieselben Einträge geändert. {_AGAIN}"
    if state == _LOCKED:
        return f"Die Tabellen werden gerade gebraucht. {_AGAIN}"
    if not state or error.connection_invalidated:
        return (
            f"Die Verbindung zur Datenbank fehlt oder ist abgerissen ({_first_line(error)}). "
            f"{_AGAIN} Was schon geschrieben ist, kommt nicht doppelt."
        )
    return f"Die Datenbank macht nicht mit: {_first_line(error)}"


def _state(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def _first_line(error: DBAPIError) -> str:
    return (str(error.orig).strip().splitlines() or [type(error.orig).__name__])[0]
