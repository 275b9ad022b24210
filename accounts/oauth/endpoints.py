"""Where clients call, in JSON: for tokens, and about tokens (RFC 6749, 7009, 7662)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, cast

from allauth.core.exceptions import RateLimited
from allauth.core.internal import ratelimit
from allauth.idp.oidc.internal.oauthlib.utils import (
    convert_response,
    extract_headers,
    get_validator_context,
)
from allauth.idp.oidc.internal.resources import InvalidTargetError, get_resources
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from oauthlib.common import urlencode
from oauthlib.oauth2 import OAuth2Error

from accounts.doors import Door, opens_to
from accounts.oauth.clients import BY_SECRET
from accounts.oauth.server import Server

logger = logging.getLogger(__name__)

RETRY_SECONDS = 60

Spoken = Any
"""Headers, body and status, as oauthlib answers."""


def parameters(request: HttpRequest) -> tuple[str, str, str, dict[str, str]]:
    """Return a request as oauthlib reads it, the address without what does not belong there."""
    body = urlencode(list(request.POST.items()))
    return request.path, str(request.method), body, extract_headers(request)


def spoken_to(
    *methods: str, limit: str = ""
) -> Callable[[Callable[[HttpRequest], Spoken]], Callable[[HttpRequest], HttpResponse]]:
    """Return a decorator for an endpoint that clients call: every answer is JSON.

    `limit` names the rate limit by address that is tried first.
    """

    def decorate(
        endpoint: Callable[[HttpRequest], Spoken],
    ) -> Callable[[HttpRequest], HttpResponse]:
        @wraps(endpoint)
        def answer(request: HttpRequest) -> HttpResponse:
            if request.method not in methods:
                said = _error("invalid_request", "This method is not taken.", 405)
                said["Allow"] = ", ".join(methods)
                return said
            response = _answered(endpoint, request, limit)
            patch_cache_control(response, no_store=True)
            return response

        vars(answer)["verbs"] = methods
        return opens_to(Door.PUBLIC)(csrf_exempt(answer))

    return decorate


@spoken_to("POST", limit="token")
@transaction.atomic
def token(request: HttpRequest) -> Spoken:
    """Give tokens for a code, a refresh token, or a client's own secret.

    In one transaction, with refusals that are answers: a refusal may end a grant.
    """
    get_validator_context().requested_resources = get_resources(request)
    return Server().create_token_response(*parameters(request))


@spoken_to("POST", limit="token")
@transaction.atomic
def revoke(request: HttpRequest) -> Spoken:
    """End a token of the client that asks."""
    return Server().create_revocation_response(*parameters(request))


@spoken_to("POST", limit="introspect_ip")
def introspect(request: HttpRequest) -> Spoken:
    """Tell a client whether a token of its own is good, and for what."""
    get_validator_context().supported_auth_methods = BY_SECRET
    return Server().create_introspect_response(*parameters(request))


@spoken_to("GET", "POST")
def userinfo(request: HttpRequest) -> Spoken:
    """Tell a client who has let it in (OpenID Connect Core §5.3)."""
    return Server().create_userinfo_response(*parameters(request))


def _answered(
    endpoint: Callable[[HttpRequest], Spoken], request: HttpRequest, limit: str
) -> HttpResponse:
    try:
        if limit:
            _limit(request, limit)
        if why := _why_not(request):
            return _error("invalid_request", why, 400)
        return cast(HttpResponse, convert_response(*endpoint(request)))
    except OAuth2Error as refusal:
        headers = {"Content-Type": "application/json", **refusal.headers}
        answer = convert_response(headers, refusal.json, refusal.status_code)
        return cast(HttpResponse, answer)
    except ValidationError:
        return _error(InvalidTargetError.error, InvalidTargetError.description, 400)
    except RateLimited:
        said = _error("temporarily_unavailable", "Too many requests.", 429)
        said["Retry-After"] = str(RETRY_SECONDS)
        return said
    except RequestDataTooBig:
        return _error("invalid_request", "The request is too large.", 413)
    except (BadRequest, SuspiciousOperation):
        return _error("invalid_request", "The request could not be read.", 400)
    except Exception:
        logger.exception("a request of a client failed")
        return _error("server_error", "Something went wrong on our side.", 500)


def _why_not(request: HttpRequest) -> str:
    """Return why nothing can be made of what was sent (RFC 6749 §3.2), "" where it can."""
    if request.META.get("QUERY_STRING"):
        return "Parameters do not belong into the address."
    for name, values in request.POST.lists():
        if len(values) > 1 and name != "resource":
            return "A parameter is given more than once."
        if any("\0" in value for value in values):
            return "A parameter has a NUL."
    return ""


def _limit(request: HttpRequest, action: str) -> None:
    ratelimit.consume(request, app="allauth.idp.oidc", action=action, raise_exception=True)


def _error(code: str, description: str, status: int) -> HttpResponse:
    return JsonResponse(
        {"error": code, "error_description": description}, status=HTTPStatus(status)
    )
