"""What can go wrong in the domain: one family, each member knows its HTTP status and its page."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """One thing that is wrong with one field of the input."""

    field: str
    detail: str


class DomainError(Exception):
    """An answer other than success; rendered as RFC 9457 problem+json or as a friendly page."""

    status = 500
    slug = "internal-error"
    title = "Something went wrong on our side"

    def __init__(self, detail: str = "", errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.errors = list(errors)


class NotFoundError(DomainError):
    """There is nothing (public) at this address."""

    status = 404
    slug = "not-found"
    title = "Nothing is found at this address"


class InvalidInputError(DomainError):
    """A parameter or field does not have the form it needs; errors name the fields."""

    status = 422
    slug = "invalid-input"
    title = "The input has a mistake"


class ConflictError(DomainError):
    """The change collides with a newer one or with something that depends on it."""

    status = 409
    slug = "conflict"
    title = "The change collides with the present state"


class UnavailableError(DomainError):
    """The database cannot be reached or is not ready."""

    status = 503
    slug = "unavailable"
    title = "The service is not available at the moment"
    # When to try again, in seconds (Retry-After).
    retry_seconds = 30


class BusyError(UnavailableError):
    """More is asked at once than can be computed, or one answer takes too long."""

    slug = "busy"
    title = "Too many people ask at the moment"
    retry_seconds = 5


class TooManyError(UnavailableError):
    """More is sent than anybody sends by hand; nothing was stored (RFC 6585, 4)."""

    status = 429
    slug = "too-many"
    title = "Too much is sent at once"
    retry_seconds = 600


class ForeignRequestError(DomainError):
    """Something was sent from the page of somebody else."""

    status = 403
    slug = "foreign-request"
    title = "This was not sent from a page of ours"


class NotAllowedError(DomainError):
    """Who is signed in has no right to do this here."""

    status = 403
    slug = "not-allowed"
    title = "This is not allowed for this account"


class TooLargeError(DomainError):
    """The request itself is too large: its body (413), address (414) or headers (431, RFC 6585)."""

    status = 413
    slug = "too-large"
    title = "The request is too large"


class MethodNotAllowedError(DomainError):
    """The address exists but does not take this method."""

    status = 405
    slug = "method-not-allowed"
    title = "This method is not allowed here"


class MovedError(Exception):
    """What was asked for is found under another name: in its address, old (a slug, an id) becomes new."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(f"{old} is {new} now")
        self.old, self.new = old, new


def every_error() -> list[type[DomainError]]:
    """Return every kind of error the service can answer with, sorted by slug."""
    kinds: list[type[DomainError]] = [DomainError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    return sorted(kinds, key=lambda kind: kind.slug)
