"""Operations for everybody: no token, counted by network, and open to pages of other sites."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from rest_framework.request import Request

from accounts.doors import Door
from accounts.networks import network_of
from bookings.faces.abuse import named
from bookings.faces.api.operation import Counted, Described, Endpoint, nothing_at
from bookings.faces.api.repeating import HEADER as KEY
from bookings.faces.api.throttle import count_call, enforce

SENT: Final = ("Accept-Language", "Content-Type", KEY, "If-Match", "If-None-Match", "Prefer")
TOLD: Final = (
    *("Content-Language", "ETag", "Idempotency-Replayed", "Location", "Retry-After"),
    *("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"),
)
A_DAY: Final = 24 * 3600


@dataclass(frozen=True)
class Stranger(Counted):
    """Who has come in without a token; `connection` stands for their network."""

    connection: str


@dataclass(frozen=True)
class Visitor:
    """One call by somebody of whom nothing is known."""

    request: Request
    now: datetime
    connection: str

    @property
    def language(self) -> str:
        """Return the language that they read, of those that are installed."""
        return get_language() or settings.LANGUAGE_CODE


@dataclass(frozen=True)
class PublicOperation(Described):
    """What a method of an endpoint is for everybody."""

    def let_in(self, request: Request, ids: dict[str, Any]) -> Visitor:
        """Return the call."""
        stranger = request.auth
        assert isinstance(stranger, Stranger), "an operation for everybody is at a public endpoint"
        return Visitor(request, stranger.now, stranger.connection)


class PublicEndpoint(Endpoint):
    """One address of the API that needs no token.

    Pages of any other site may call it (CORS, Fetch Standard §3.2): no answer depends on who is
    signed in, and no cookie is asked for.
    """

    http_method_names = [*Endpoint.http_method_names, "options"]
    door = Door.PUBLIC

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let in whoever has not called too often; a question of their browser is no call.

        Raises:
            Problem: 429.
        """
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS":
            now, network = timezone.now(), network_of(request)
            connection = named("address", network)
            quota = count_call(connection, now=now)
            request.auth = Stranger(now, quota, connection)
            enforce(quota)

    def options(  # type: ignore[override]
        self, request: Request, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Answer a browser that asks whether a page of another site may call."""
        response = HttpResponse(status=HTTPStatus.NO_CONTENT)
        del response["Content-Type"]
        response["Allow"] = ", ".join(self.allowed_methods)
        response["Access-Control-Allow-Methods"] = ", ".join(self.allowed_methods)
        response["Access-Control-Allow-Headers"] = ", ".join(SENT)
        response["Access-Control-Max-Age"] = str(A_DAY)
        return response

    def finalize_response(  # type: ignore[override]
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Let pages of other sites read the answer, and say which language it is in."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = ", ".join(TOLD)
        response["Content-Language"] = get_language() or settings.LANGUAGE_CODE
        return response


class NothingPublic(PublicEndpoint):
    """Where nothing is; pages of other sites read that too."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say that there is nothing.

        Raises:
            Problem: 404.
        """
        raise nothing_at(request.path)

    post = put = patch = delete = get


class LinkEndpoint(PublicEndpoint):
    """One address that whoever holds a secret link may call; nobody keeps what it says."""

    door = Door.LINK

    def finalize_response(  # type: ignore[override]
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Mark the answer as a secret."""
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response
