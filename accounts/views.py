"""One's own account at a glance."""

from __future__ import annotations

from typing import cast

from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.internal.flows.sessions import end_sessions
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.doors import Door, opens_to
from accounts.factors import FACTORS
from accounts.forms import NameForm
from accounts.models import User
from accounts.sessions import places


@opens_to(Door.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Show name, address, second factor and sessions; a POST changes the name."""
    user = request.user
    assert isinstance(user, User)
    form = NameForm(request.POST or None, initial={"name": user.name})
    if form.is_valid():
        user.name = form.cleaned_data["name"]
        user.save(update_fields=["name"])
        messages.success(request, _("Your name has been changed."))
        return redirect("account_overview")
    shown = {
        "form": form,
        "has_password": user.has_usable_password(),
        "has_factor": is_mfa_enabled(user, FACTORS),
        "sessions": len(places(user)),
        "connections": list(SocialAccount.objects.filter(user=user)),
    }
    return render(request, "account/overview.html", shown, status=422 if form.errors else 200)


@opens_to(Door.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """Show where one is signed in; a POST ends the session it names, or all but this one."""
    listed = places(cast(User, request.user))
    if request.method != "POST":
        return render(request, "account/sessions.html", {"places": listed})
    named = request.POST.get("session")
    if named is None:
        ended = [place.session for place in listed if not place.is_here]
    else:
        ended = [place.session for place in listed if str(place.session.pk) == named]
    end_sessions(request, ended)
    messages.success(request, _("What you ended is signed out now."))
    return redirect("usersessions_list")
