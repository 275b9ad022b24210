"""Who may open a page of the desk, and what the page then knows of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from accounts.doors import opens_to
from accounts.models import User
from accounts.roles import Capability
from bookings.commands import Actor
from bookings.faces.replies import takes
from bookings.queries.colleagues import Colleague, colleague

Params = ParamSpec("Params")


class DeskRequest(HttpRequest):
    """A request by somebody who works for the business."""

    user: User
    colleague: Colleague
    actor: Actor


View = Callable[Concatenate[DeskRequest, Params], HttpResponse]
Opened = Callable[Concatenate[HttpRequest, str, Params], HttpResponse]


def desk(*methods: str, needs: Capability) -> Callable[[View[Params]], Opened[Params]]:
    """Return a decorator for a view of one business's desk, the business's slug in the address.

    Whoever is not signed in is sent to sign in; to whom the business is none of theirs, it is
    not there; whose role lacks `needs` is told so. What is not found becomes a 404.
    """

    def decorate(view: View[Params]) -> Opened[Params]:
        @opens_to(needs)
        @wraps(view)
        @takes(*methods)
        def answer(
            request: HttpRequest, slug: str, /, *args: Params.args, **kwargs: Params.kwargs
        ) -> HttpResponse:
            user = request.user
            if not isinstance(user, User):
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            known = cast(DeskRequest, request)
            known.colleague = colleague(user, slug)
            known.actor = Actor("staff", str(user)[:100])
            if not known.colleague.may(needs):
                return render(request, "403.html", status=403)
            response = view(known, *args, **kwargs)
            patch_cache_control(response, private=True, no_cache=True)
            return response

        return answer

    return decorate
