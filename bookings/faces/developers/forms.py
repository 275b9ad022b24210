"""What is typed about keys: what they are called, what they may do, for whom, until when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from typing import Final

from allauth.idp.oidc.models import Client
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.clients import GRANTS, WantedClient
from accounts.scopes import SCOPES, Scope
from accounts.tokens import WantedToken
from accounts.wanted import LONGEST_NAME
from bookings.faces.reading import read_day
from bookings.faces.typed import TypedForm, line, text

READ, ALL, SOME = "read", "all", "some"
ON_DAY, NEVER = "day", "never"
DAYS: Final = (30, 90, 365)
PUBLIC, CONFIDENTIAL = str(Client.Type.PUBLIC), str(Client.Type.CONFIDENTIAL)
READING: Final = tuple(scope.value for scope in Scope if scope.endswith(":read"))


@dataclass(frozen=True)
class Choice:
    """A scope to choose, and what it lets a program do."""

    id: str
    scope: str
    lets: str | Promise
    is_chosen: bool


@dataclass(frozen=True)
class Group:
    """The scopes of one resource."""

    title: str
    choices: Sequence[Choice]


class KeyForm(TypedForm):
    """A key's name, and what it is good for; the page draws the scopes in groups."""

    needed = frozenset({"name", "reach"})

    def __init__(self, data: Mapping[str, object] | None) -> None:
        super().__init__(data)
        self.fields["name"] = line(_("Name"), maxlength=LONGEST_NAME, autocomplete="off")
        self.fields["name"].help_text = _("What the program is called, or what it is for.")
        reaches = [
            (READ, _("See everything, and change nothing")),
            (ALL, _("Everything")),
            (SOME, _("Only what I choose")),
        ]
        self.fields["reach"] = forms.Field(
            label=_("What it may do"),
            required=False,
            widget=forms.RadioSelect(choices=reaches),
            help_text=_("It never may do more than the person that it works for."),
        )
        boxes = forms.CheckboxSelectMultiple(choices=[(each, each) for each in SCOPES])
        self.fields["scopes"] = forms.Field(label=_("Scopes"), required=False, widget=boxes)

    def groups(self) -> Iterator[Group]:
        """Yield the scopes that can be chosen, by resource."""
        chosen = set(self["scopes"].value() or ())
        for resource, numbered in groupby(enumerate(SCOPES), lambda each: each[1].resource):
            listed = [
                Choice(f"id_scopes_{number}", scope.value, SCOPES[scope], scope in chosen)
                for number, scope in numbered
            ]
            yield Group(capfirst(resource), listed)

    def chosen(self) -> Sequence[str]:
        """Return the scopes that are wanted, as typed."""
        reach = self.typed("reach")
        if reach == READ:
            return READING
        return [*SCOPES] if reach == ALL else list(self.cleaned_data.get("scopes") or ())


class TokenForm(KeyForm):
    """An access token, and how long it lasts."""

    needed = KeyForm.needed | {"lasts", "expires_at"}

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__({"reach": READ, "lasts": DAYS[0]} if data is None else data)
        spans = [(str(days), _("%(days)s days") % {"days": days}) for days in DAYS]
        lasts = [*spans, (ON_DAY, _("Until the end of a day")), (NEVER, _("Until I revoke it"))]
        self.fields["lasts"] = forms.Field(
            label=_("It works for"), required=False, widget=forms.Select(choices=lasts)
        )
        self.fields["expires_at"] = line(_("Last day"), "date")

    def wanted(self, *, now: datetime) -> WantedToken:
        """Return what is wanted, as typed.

        Raises:
            ValidationError: how long it lasts cannot be read.
        """
        return WantedToken(self.typed("name"), self.chosen(), self._expires_at(now))

    def _expires_at(self, now: datetime) -> datetime | None:
        lasts = self.typed("lasts")
        if lasts == NEVER:
            return None
        if lasts in map(str, DAYS):
            return now + timedelta(days=int(lasts))
        if lasts != ON_DAY:
            raise ValidationError({"lasts": _("Please choose how long it works.")})
        day = read_day(self.typed("expires_at"))
        if day is None:
            raise ValidationError({"expires_at": _("Please give a day.")})
        return datetime.combine(day, time.min, UTC) + timedelta(days=1)


class ClientForm(KeyForm):
    """An OAuth client; whether it keeps a secret is asked when it is made."""

    needed = KeyForm.needed | {"kind", "grants"}

    def __init__(
        self, data: Mapping[str, object] | None = None, *, of: Client | None = None
    ) -> None:
        super().__init__(_shown(of) if data is None else data)
        self.of = of
        if of is None:
            kinds = [
                (CONFIDENTIAL, _("On a server, which keeps a secret")),
                (PUBLIC, _("On people’s devices, where nothing stays secret")),
            ]
            self.fields["kind"] = forms.Field(
                label=_("Where it runs"), required=False, widget=forms.RadioSelect(choices=kinds)
            )
        grants = [(grant, f"{lets} ({grant})") for grant, lets in GRANTS.items()]
        self.fields["grants"] = forms.Field(
            label=_("For whom it works"),
            required=False,
            widget=forms.CheckboxSelectMultiple(choices=grants),
        )
        self.fields["redirect_uris"] = text(_("Redirect URIs"), 6000)
        self.fields["redirect_uris"].help_text = _(
            "Where people come back to who have signed in: one address in each line, https, or "
            "http://127.0.0.1 for a program on their own machine."
        )

    def wanted(self) -> WantedClient:
        """Return what is wanted, as typed."""
        is_public = self.of.type == PUBLIC if self.of else self.typed("kind") == PUBLIC
        return WantedClient(
            name=self.typed("name"),
            is_public=is_public,
            grants=[str(each) for each in self.cleaned_data.get("grants") or ()],
            redirect_uris=self.typed("redirect_uris").split(),
            scopes=self.chosen(),
        )


def _shown(of: Client | None) -> dict[str, object]:
    if of is None:
        return {"reach": READ, "kind": CONFIDENTIAL}
    return {
        "name": of.name,
        "reach": _reach_of(of.get_scopes()),
        "scopes": of.get_scopes(),
        "grants": of.get_grant_types(),
        "redirect_uris": of.redirect_uris,
    }


def _reach_of(scopes: Sequence[str]) -> str:
    if set(scopes) == set(READING):
        return READ
    return ALL if set(scopes) == set(SCOPES) else SOME
