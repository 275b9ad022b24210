"""The second factor: what counts as one, and who must have one."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import User

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
"""An authenticator app or a passkey; recovery codes only stand in for one of these."""


def lacks_required_factor(user: User) -> bool:
    """Say whether an admin has yet to set up the second factor that the settings require.

    The caller knows who is an admin; for them every page that their role opens stays shut until
    this is False. Cost: one query where the setting is on, none where it is off.
    """
    return settings.REQUIRE_MFA_FOR_ADMINS and not is_mfa_enabled(user, FACTORS)


def remove_factors(user: User) -> None:
    """Take a user's second factor away, recovery codes included: for one who lost it.

    Where the settings require one they are asked to set it up again.
    """
    Authenticator.objects.filter(user=user).delete()


def ask_for_factor(request: HttpRequest) -> HttpResponse:
    """Return the way to the page where a second factor is set up, with a sentence that says why."""
    asked = _("Admins need a second factor here. Set one up, then everything opens.")
    messages.warning(request, asked)
    return redirect("mfa_index")
