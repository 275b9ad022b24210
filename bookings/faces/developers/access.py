"""Who may open a page for developers: whoever is signed in, for their own keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.doors import Door, opens_to
from accounts.factors import ask_for_factor, lacks_required_factor
from accounts.models import User
from bookings.faces.access import ask_to_sign_in, theirs_alone
from bookings.faces.replies import takes

Params = ParamSpec("Params")


class DeveloperRequest(HttpRequest):
    """A request by somebody who is signed in."""

    user: User


View = Callable[Concatenate[DeveloperRequest, Params], HttpResponseBase]
Opened = Callable[Concatenate[HttpRequest, Params], HttpResponseBase]


def developer(*methods: str) -> Callable[[View[Params]], Opened[Params]]:
    """Return a decorator for a page about somebody's own keys.

    Whoever is not signed in is sent to sign in. An admin without the second factor that the
    settings require is led to set one up: a key would open what stays shut to them here.
    """

    def decorate(view: View[Params]) -> Opened[Params]:
        @opens_to(Door.SIGNED_IN)
        @wraps(view)
        @takes(*methods)
        def answer(
            request: HttpRequest, /, *args: Params.args, **kwargs: Params.kwargs
        ) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return ask_to_sign_in(request)
            if lacks_required_factor(request) and request.user.is_staff:
                return ask_for_factor(request)
            response = view(cast(DeveloperRequest, request), *args, **kwargs)
            return theirs_alone(request, response)

        return answer

    return decorate


def proven(view: View[Params]) -> View[Params]:
    """Ask whether it is still them before a page that makes or changes keys."""
    return cast(View[Params], reauthentication_required(view))
