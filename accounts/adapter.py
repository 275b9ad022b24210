"""What the portal decides about signing in and up; the rest is allauth's."""

from __future__ import annotations

import logging
import smtplib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_email
from allauth.core import context as current
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives
from django.forms import Form
from django.http import Http404, HttpRequest
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi, gettext
from django.utils.translation import gettext_lazy as _

from accounts.invited import proven_address
from accounts.models import User

logger = logging.getLogger(__name__)

UNSENT = (OSError, smtplib.SMTPException)
"""What a mail server that cannot be reached, or refuses, raises."""

LINKS = {"password_reset_url", "signup_url"}
"""What letters lead to; the address they begin with is the portal's, not that of the request."""


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up by invitation, links that begin with the portal's address, letters in its style."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is switched off."),
        "email_password_mismatch": _("This address and this password do not belong together."),
        "email_taken": _("This address is in use."),
        "enter_current_password": _("This is not your password."),
        "incorrect_code": _("This is not the code, or it is too old."),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _("This link no longer works."),
        "rate_limited": _("That was tried too often. Please wait a few minutes."),
        "same_as_current": _("This is the address you have already."),
        "too_many_login_attempts": _("That was tried too often. Please wait a few minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say whether this visitor may make an account: by setting, or by an invitation."""
        return settings.SIGNUP_OPEN or bool(proven_address(request))

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        """Store a new user with the name that was typed; no other field decides anything."""
        user.name = form.cleaned_data["name"]
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in; the session lasts as long as any, whatever the visitor's before it."""
        super().login(request, user)
        request.session.set_expiry(None)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that rate limits count; that of the caller, where proxies are missing.

        The settings say how many proxies name the clients before them.
        """
        try:
            return str(super().get_client_ip(request))
        except ImproperlyConfigured:
            return str(request.META["REMOTE_ADDR"])

    def set_password(self, user: User, password: str) -> None:
        """Store a new password, but none for an account that was switched off meanwhile.

        Raises:
            ImmediateHttpResponse: it was; carries the way to the page that says so.
        """
        if not user.is_active:
            raise ImmediateHttpResponse(self.respond_user_inactive(current.request, user))
        super().set_password(user, password)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a letter that somebody waits for; say so when the mail server cannot be reached.

        Raises:
            ImmediateHttpResponse: the letter could not be sent; carries the page that says so.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except UNSENT:
            logger.exception("A letter about an account could not be sent")
            page = render(current.request, "account/mail_trouble.html", status=503)
            raise ImmediateHttpResponse(page) from None

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Tell somebody what happened to their account; what happened stands, told or not."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except ImmediateHttpResponse:
            logger.warning("Somebody was not told of a change to their account")

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        """Return a letter: the words of its text template, and the same ones as a page."""
        links = {name: settings.PUBLIC_URL + _path(context[name]) for name in LINKS & set(context)}
        known = (
            context
            | links
            | {
                "portal": settings.PUBLIC_URL,
                "is_signup_open": settings.SIGNUP_OPEN,
            }
        )
        letter: EmailMultiAlternatives = super().render_mail(template_prefix, email, known, headers)
        shown = known | {
            "subject": letter.subject,
            "paragraphs": str(letter.body).split("\n-- \n")[0].strip().split("\n\n"),
            "language": get_language(),
            "direction": "rtl" if get_language_bidi() else "ltr",
        }
        letter.attach_alternative(render_to_string("account/email/letter.html", shown), "text/html")
        return letter


class SocialAdapter(DefaultSocialAccountAdapter):
    """Google and Microsoft vouch for who somebody is, never for whose account an address is."""

    def get_app(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> SocialApp:
        """Return the portal's keys at a provider; without them there is no such page.

        Raises:
            Http404: the settings hold no keys for this provider.
        """
        try:
            return super().get_app(request, provider, client_id)
        except SocialApp.DoesNotExist:
            raise Http404 from None

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> User:
        """Fill in the name and address that the provider tells for a new user."""
        user: User = super().populate_user(request, sociallogin, data)
        told = data.get("name") or f"{data.get('first_name') or ''} {data.get('last_name') or ''}"
        user.name = told.strip()[:200]
        return user

    def save_user(
        self, request: HttpRequest, sociallogin: SocialLogin, form: Form | None = None
    ) -> User:
        """Store a new user; one who was invited gets the invited address, and no other.

        Raises:
            ImmediateHttpResponse: that address has an account; carries the way to sign in to it.
        """
        if proven := proven_address(request):
            if User.objects.filter(email__iexact=proven).exists():
                messages.error(request, _("There is an account with this address. Sign in to it."))
                raise ImmediateHttpResponse(redirect("account_login"))
            user_email(sociallogin.user, proven)
            sociallogin.email_addresses = []
        user: User = super().save_user(request, sociallogin, form)
        return user


class FactorAdapter(DefaultMFAAdapter):
    """Second factors in the portal's words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This is not the code, or it is too old."),
        "unverified_email": _("Please confirm your e-mail address first."),
    }

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        """Return a name for a new passkey: how many it makes."""
        held = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey %(number)s") % {"number": held + 1}


def _path(url: str) -> str:
    """Return an address of ours from the path on."""
    return "/" + url.split("://", 1)[-1].split("/", 1)[-1]
