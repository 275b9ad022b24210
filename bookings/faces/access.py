"""Who may open a page of the desk, and what the page then knows of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from accounts.doors import opens_to
from accounts.factors import ask_for_factor, lacks_required_factor
from accounts.models import User
from accounts.roles import Capability, Role
from bookings.commands import Actor
from bookings.errors import NotAllowed, NotFound
from bookings.faces import unsent
from bookings.faces.replies import takes
from bookings.queries.colleagues import Colleague, colleague

Params = ParamSpec("Params")
RowT = TypeVar("RowT", bound=Model)


class DeskRequest(HttpRequest):
    """A request by somebody who works for the business."""

    user: User
    colleague: Colleague
    actor: Actor


View = Callable[Concatenate[DeskRequest, Params], HttpResponseBase]
Opened = Callable[Concatenate[HttpRequest, Params], HttpResponseBase]


def desk(*methods: str, needs: Capability) -> Callable[[View[Params]], Opened[Params]]:
    """Return a decorator for a view of one business's desk, the business's slug in the address.

    Whoever is not signed in is sent to sign in (a script is answered 401); to whom the business
    is none of theirs, it is not there; whose role lacks `needs` is told so, as is who meets
    NotAllowed inside. An admin without the second factor that the settings require is led to set
    one up. What is not found becomes a 404.
    """

    def decorate(view: View[Params]) -> Opened[Params]:
        @opens_to(needs)
        @wraps(view)
        @takes(*methods)
        def answer(
            request: HttpRequest, /, *args: Params.args, **kwargs: Params.kwargs
        ) -> HttpResponseBase:
            slug = str(kwargs.pop("slug"))
            user = request.user
            if not isinstance(user, User):
                return ask_to_sign_in(request)
            known = cast(DeskRequest, request)
            known.colleague = colleague(user, slug)
            known.actor = Actor.of(user)
            if known.colleague.role is Role.ADMIN and lacks_required_factor(request):
                return HttpResponse(status=403) if is_script(request) else ask_for_factor(request)
            try:
                if not known.colleague.may(needs):
                    raise NotAllowed()
                response = view(known, *args, **kwargs)
            except NotAllowed:
                return render(request, "403.html", status=403)
            return theirs_alone(request, response)

        return answer

    return decorate


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Return the way to the sign-in and back; what was typed into a form is there again after it.

    A script is told with 401 and a sentence.
    """
    if is_script(request) or "HX-Request" in request.headers:
        said = _("Your session has ended. Please sign in again.")
        return HttpResponse(said, status=401, content_type="text/plain; charset=utf-8")
    if request.method != "POST":
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    unsent.keep(request, now=timezone.now())
    return redirect_to_login(reverse("desk:resume"), settings.LOGIN_URL)


def theirs_alone(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Return an answer to somebody who is signed in, kept by no cache for anybody else.

    What they had typed before their session ended is forgotten once it is sent.
    """
    if request.method == "POST":
        unsent.forget(request, request.get_full_path())
    unsent.sign(request, response)
    patch_cache_control(response, private=True, no_cache=True)
    return response


def is_script(request: HttpRequest) -> bool:
    """Say whether one of our scripts asks, which reads the status and a sentence, no page."""
    return request.headers.get("X-Requested-With") == "fetch"


def one(rows: QuerySet[RowT], public_id: UUID) -> RowT:
    """Return the row with this public id among those within reach. Cost: one query.

    Raises:
        NotFound: it is not among them; nobody shall learn whether it exists.
    """
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise NotFound()
    return row


def by_name(rows: QuerySet[RowT], named: str) -> RowT:
    """Return the row whose public id a form names. Cost: one query.

    Raises:
        NotFound: it names none of them, or no id at all.
    """
    try:
        public_id = UUID(named)
    except ValueError:
        raise NotFound() from None
    return one(rows, public_id)
