"""The page behind an invitation's link: see it, and answer it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils import timezone

from accounts.doors import Door, opens_to
from accounts.invited import sign_up_address
from accounts.models import User
from accounts.roles import Role
from bookings import commands
from bookings.errors import BookingError, WrongAccount
from bookings.faces.desk.people_forms import MEANINGS
from bookings.faces.replies import private, see_other, status_of, takes
from bookings.faces.words import said_in_full
from bookings.models import Invitation
from bookings.models.catalogue import Acceptance
from bookings.queries.people import invitation_by_token


@dataclass(frozen=True)
class Invited:
    """An invitation as one visitor meets it; `user` is who is signed in."""

    invitation: Invitation
    user: User | None
    path: str

    @property
    def is_for_guest(self) -> bool:
        """Whether it asks about bookings alone, which needs no account."""
        return self.invitation.role == Role.GUEST.value

    @property
    def is_for_another(self) -> bool:
        """Whether somebody is signed in, but not who was invited."""
        if self.is_for_guest or self.user is None:
            return False
        return self.user.email.lower() != self.invitation.email.lower()

    @property
    def may_accept(self) -> bool:
        """Whether this visitor can say yes as things are."""
        return self.is_for_guest or (self.user is not None and not self.is_for_another)

    @property
    def has_account(self) -> bool:
        """Whether there is an account with the address. Cost: one query."""
        return User.objects.filter(email__iexact=self.invitation.email).exists()

    @property
    def takes_bookings(self) -> bool | None:
        """What was answered about bookings; None where nothing was, or nobody asks."""
        resource, answered = self.invitation.resource, self.invitation.accepted_at
        if resource is None or (answered or self.invitation.declined_at) is None:
            return None
        return resource.acceptance == Acceptance.ACTIVE.value

    @property
    def sign_in_url(self) -> str:
        """Where to sign in; it leads back here."""
        return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': self.path})}"


@opens_to(Door.LINK)
@takes("GET", "POST")
@private
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show who invites to what, as what; a POST accepts, declines, or leads to a new account."""
    found = invitation_by_token(token, now=timezone.now())
    user = request.user if isinstance(request.user, User) else None
    invited = Invited(found, user, reverse("desk:invitation", args=[token]))
    if request.method != "POST":
        return _page(request, invited)
    answer = request.POST.get("answer", "")
    if answer == "join" and user is None and not invited.is_for_guest:
        return see_other(sign_up_address(request, found.email, after=invited.path))
    try:
        _answer(invited, answer)
    except BookingError as refusal:
        return _page(request, invited, said_in_full(refusal), status=status_of(refusal))
    return see_other(invited.path)


def _answer(invited: Invited, answer: str) -> None:
    """Decide; whoever is signed in as somebody else neither accepts nor declines."""
    if invited.is_for_another:
        raise WrongAccount(email=invited.invitation.email)
    if answer == "accept":
        commands.accept_invitation(
            invitation=invited.invitation, user=invited.user, now=timezone.now()
        )
    elif answer == "decline":
        commands.decline_invitation(invitation=invited.invitation, now=timezone.now())


def _page(
    request: HttpRequest, invited: Invited, refusal: str = "", status: int = 200
) -> HttpResponse:
    found = invited.invitation
    shown = {
        "invited": invited,
        "invitation": found,
        "role": MEANINGS[Role(found.role)],
        "refusal": refusal,
    }
    return render(request, "desk/people/invitation.html", shown, status=status)
