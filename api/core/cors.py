"""Pages of strangers may read the open data (CORS)."""

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from api.core.errors import InvalidInputError
from api.core.problems import problem


class OpenToAll(CORSMiddleware):
    """Lets any page ask, like everybody only with GET and HEAD; no cookies are read."""

    def preflight_response(self, request_headers: Headers) -> Response:
        """Return what a browser may send; its refusal is a problem like all others."""
        answer = super().preflight_response(request_headers)
        if answer.status_code < 400:  # noqa: PLR2004
            return answer
        error = InvalidInputError("From other pages only GET and HEAD with usual headers are allowed.")
        error.status = answer.status_code
        return problem(error, self.preflight_headers)
