"""What stops a whole import, said to the person who started it."""


class UnusableError(Exception):
    """A file, a mapping or a region cannot be used; the text is one German sentence that says why."""
