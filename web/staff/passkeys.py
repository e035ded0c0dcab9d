"""For which site the browser's passkeys hold."""

from fastapi import Request

from api.accounts.passkeys import Site


def site(request: Request) -> Site:
    """Return the site that a request names; a wrong host only finds no passkey, they are bound to theirs."""
    return Site(request.url.hostname or "", f"{request.url.scheme}://{request.url.netloc}")
