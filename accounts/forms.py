"""The forms of sign-in and sign-up, in the portal's words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.webauthn import forms as webauthn
from allauth.socialaccount.forms import SignupForm as SocialSignup
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.invited import proven_address

EMAIL = _("E-mail address")


def plain(name: str) -> str:
    """Return a name as one line, without what cannot be seen."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())


class NameField(forms.CharField):
    """Somebody's name."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Your name"),
            max_length=200,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
        )

    def clean(self, value: Any) -> str:
        """Return the name as one line; what cannot be seen does not count."""
        return str(super().clean(plain(value or "")))


class NameForm(forms.Form):
    """Change one's name."""

    name = NameField()


class Worded(forms.Form):
    """Call the field for the address what the portal calls it everywhere."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"login", "email"} & set(self.fields):
            self.fields[name].label = EMAIL


class LoginForm(Worded, account.LoginForm):
    """Ask for address and password."""


class RequestLoginCodeForm(Worded, account.RequestLoginCodeForm):
    """Ask where to send a code to."""


class ResetPasswordForm(Worded, account.ResetPasswordForm):
    """Ask where to send the link for a new password to."""


class ChangeEmailForm(Worded, account.AddEmailForm):
    """Ask for the new address."""


UNREADABLE = _("This passkey cannot be read.")
BROKEN = (AttributeError, LookupError, TypeError, ValueError)
"""What reading an answer raises that no passkey gives."""


class CredentialField(forms.JSONField):
    """What a passkey answers; text that cannot be read at all is refused like any wrong answer."""

    def to_python(self, value: Any) -> Any:
        """Return what was read."""
        try:
            return super().to_python(value)
        except (ValueError, RecursionError):
            raise forms.ValidationError(UNREADABLE) from None


class Answered(forms.Form):
    """Take what a passkey answers, and refuse what none does."""

    credential = CredentialField(widget=forms.HiddenInput)

    def clean_credential(self) -> Any:
        """Return the passkey that answered."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except BROKEN:
            raise forms.ValidationError(UNREADABLE) from None


class PasskeyLoginForm(Answered, webauthn.LoginWebAuthnForm):
    """Sign in with a passkey alone."""


class PasskeyFactorForm(Answered, webauthn.AuthenticateWebAuthnForm):
    """Give a passkey beside the password."""


class PasskeyAgainForm(Answered, webauthn.ReauthenticateWebAuthnForm):
    """Prove once more by a passkey who one is."""


class PasskeyForm(webauthn.AddWebAuthnForm):
    """Ask for a passkey; it may stand for the password too."""

    credential = CredentialField(widget=forms.HiddenInput)
    passwordless = forms.BooleanField(
        label=_("Sign in with it alone, without the password"),
        required=False,
        initial=True,
        help_text=_("It then asks for your finger, your face or a PIN."),
    )

    def clean(self) -> dict[str, Any]:
        """Return what was filled in; what no passkey answers is refused."""
        try:
            return dict(super().clean())
        except BROKEN:
            raise forms.ValidationError(UNREADABLE) from None


class Invited(Worded):
    """Ask for a name too; whoever was invited signs up with the invited address and no other."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"name": NameField()} | self.fields
        if proven := proven_address(context.request):
            self.initial["email"] = proven
            self.fields["email"].disabled = True


class SignupForm(Invited, account.SignupForm):
    """Make an account with a password."""


class SocialSignupForm(Invited, SocialSignup):
    """Make an account for somebody whose provider did not tell an address."""
