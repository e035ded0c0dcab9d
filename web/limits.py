"""What a request may be: for one host, and not too large; refused before anything is read, with a way out."""

from collections.abc import Mapping
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.core.errors import InvalidInputError, TooLargeError
from web.errors import refusal

ADDRESS_BYTES: Final = 8_000  # what servers should take at least (RFC 9110, 4.1)
HEADER_BYTES: Final = 16_000
BODY_BYTES: Final = 256_000


class RequestLimits:
    """Refuses addresses (414), headers (431) and bodies (413) that are larger than anybody needs.

    Also requests that name no host or several (400, RFC 9112, 3.2): nobody knows whose answer they would get.
    """

    def __init__(self, app: ASGIApp, larger: Mapping[str, int] | None = None) -> None:
        """Allow the bodies of the paths in `larger` so many bytes."""
        self.app = app
        self.larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on or refuse it; see ASGI 3."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self.larger.get(scope["path"], BODY_BYTES)
        error = _too_large(scope, most) or _ambiguous(scope)
        if error is not None:
            answer = refusal(scope, error)
            answer.headers["Connection"] = "close"  # the rest of the request is not read
            await answer(scope, receive, send)
            return
        read = 0

        async def limited() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                # FastAPI lets this kind alone pass while it reads a body.
                raise HTTPException(413, f"The body may have {most} bytes.")
            return message

        await self.app(scope, limited, send)


def _too_large(scope: Scope, most: int) -> TooLargeError | None:
    if len(scope["raw_path"]) + len(scope["query_string"]) > ADDRESS_BYTES:
        return _refused(414, f"The address may have {ADDRESS_BYTES} bytes.")
    if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADER_BYTES:
        return _refused(431, f"The headers may have {HEADER_BYTES} bytes together.")
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if length.isdigit() and int(length) > most:
        return _refused(413, f"The body may have {most} bytes.")
    return None


def _ambiguous(scope: Scope) -> InvalidInputError | None:
    hosts = sum(name == b"host" for name, _value in scope["headers"])
    if hosts == 1 or (hosts == 0 and scope["http_version"] == "1.0"):
        return None
    error = InvalidInputError("The request must name one host.")
    error.status = 400
    return error


def _refused(status: int, detail: str) -> TooLargeError:
    error = TooLargeError(detail)
    error.status = status
    return error
