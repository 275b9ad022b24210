"""What is typed about people: whom to invite, as what, and who somebody of the staff is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Role
from bookings.commands.staff import NAME_LIMIT, Person
from bookings.faces.typed import TypedForm, line
from bookings.models import Membership, Resource

MEANINGS: dict[Role, Promise] = {
    Role.ADMIN: gettext_lazy("Admin: everything, and who may do what"),
    Role.TEAM_MEMBER: gettext_lazy("Team member: their own appointments, hours and time off"),
    Role.SCHEDULER: gettext_lazy("Scheduler: everybody's appointments and time off"),
    Role.VIEWER: gettext_lazy("Viewer: sees everything, changes nothing"),
    Role.GUEST: gettext_lazy("Guest: no desk, only mail about their appointments"),
}
"""What a role may do, in few words."""


def role_field(roles: Iterable[Role]) -> forms.Field:
    """Return the field that asks for one of some roles."""
    choices = [(role.value, MEANINGS[role]) for role in roles]
    return forms.Field(label=_("Role"), required=False, widget=forms.RadioSelect(choices=choices))


class InviteForm(TypedForm):
    """Whom to invite, and as what; guests are added to the staff instead."""

    needed = frozenset({"email", "role"})

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        self.fields["email"] = line(_("E-mail"), "email", autocomplete="off")
        self.fields["role"] = role_field(role for role in Role if role != Role.GUEST)


class RoleForm(TypedForm):
    """Another role for a member."""

    needed = frozenset({"role"})

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        self.fields["role"] = role_field(Role)


class NewStaffForm(TypedForm):
    """Somebody new who can be booked, and what they may do here."""

    needed = frozenset({"name", "role"})

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        self.fields["name"] = line(_("Name"), maxlength=NAME_LIMIT, autocomplete="off")
        self.fields["email"] = line(_("E-mail"), "email", autocomplete="off")
        self.fields["role"] = role_field(reversed(Role))

    def person(self) -> Person:
        """Return who it is, as typed."""
        return Person(self.typed("name"), self.typed("email"))


class StaffForm(TypedForm):
    """Somebody who can be booked, or a room; the two switches are drawn by the page."""

    needed = frozenset({"name"})

    def __init__(self, data: Mapping[str, object] | None = None, *, of: Resource) -> None:
        shown = {
            "name": of.name,
            "email": of.email,
            "is_active": of.is_active,
            "is_notified": of.is_notified,
        }
        super().__init__(shown if data is None else data)
        self.fields["name"] = line(_("Name"), maxlength=NAME_LIMIT, autocomplete="off")
        if of.kind == "staff":
            self.fields["email"] = line(_("E-mail"), "email", autocomplete="off")
        self.switches = [("is_active", _("Can be booked"))]
        if of.kind == "staff":
            self.switches.append(("is_notified", _("Gets mail about their appointments")))

    def is_on(self, name: str) -> bool:
        """Say whether a switch is on, as typed."""
        return bool(self.data.get(name))

    def shown_switches(self) -> list[tuple[str, str, bool]]:
        """Return name, label and state of each switch."""
        return [(name, label, self.is_on(name)) for name, label in self.switches]

    def fields_typed(self) -> dict[str, object]:
        """Return what is to be written, as typed."""
        on: dict[str, object] = dict.fromkeys(("is_active", "is_notified"), False)
        on |= {name: self.is_on(name) for name, _label in self.switches}
        return {"name": self.typed("name"), "email": self.typed("email"), **on}


class LinkForm(TypedForm):
    """Which member somebody of the staff is; each is named by the public id of the membership."""

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        members: Iterable[Membership],
        chosen: str,
    ) -> None:
        super().__init__({"member": chosen} if data is None else data)
        choices = [("", _("Nobody: a guest who only gets mail"))]
        choices += [(str(each.public_id), _named(each)) for each in members]
        self.fields["member"] = forms.Field(
            label=_("Signs in as"), required=False, widget=forms.Select(choices=choices)
        )


def _named(member: Membership) -> str:
    user = member.user
    return f"{user.name} ({user.email})" if user.name else user.email
