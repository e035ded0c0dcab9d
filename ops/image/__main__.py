"""`python -m ops.image` carries out the whole proof and prints what it shows."""

import sys

from ops.image.proof import lacking, prove


def main() -> int:
    """Return 0 if everything was shown, 1 if a step failed, 2 if this machine cannot do it."""
    if (reason := lacking()) is not None:
        print(f"Hier nicht möglich: {reason}", file=sys.stderr)
        return 2
    try:
        prove()
    except Exception as error:  # noqa: BLE001 - whatever a step found is its result
        print(f"\n{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
