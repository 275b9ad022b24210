"""What a program may ask for on somebody's behalf: one scope for each resource and verb."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Scope(StrEnum):
    """One thing that a token is good for. The role of its owner in a business still rules."""

    BUSINESSES_READ = "businesses:read"
    BUSINESSES_WRITE = "businesses:write"
    SERVICES_READ = "services:read"
    SERVICES_WRITE = "services:write"
    RESOURCES_READ = "resources:read"
    RESOURCES_WRITE = "resources:write"
    HOURS_READ = "hours:read"
    HOURS_WRITE = "hours:write"
    AVAILABILITY_READ = "availability:read"
    APPOINTMENTS_READ = "appointments:read"
    APPOINTMENTS_WRITE = "appointments:write"
    BOOKINGS_READ = "bookings:read"
    BOOKINGS_WRITE = "bookings:write"
    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_WRITE = "customers:write"
    EVENTS_READ = "events:read"
    MESSAGES_READ = "messages:read"
    MESSAGES_WRITE = "messages:write"
    SUBSCRIPTIONS_READ = "subscriptions:read"
    SUBSCRIPTIONS_WRITE = "subscriptions:write"
    REPORTS_READ = "reports:read"
    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"

    @property
    def resource(self) -> str:
        """Return what it is about."""
        return self.value.partition(":")[0]


SCOPES: Final[Mapping[Scope, str | Promise]] = {
    Scope.BUSINESSES_READ: _("See your businesses and their settings"),
    Scope.BUSINESSES_WRITE: _("Change the settings of your businesses"),
    Scope.SERVICES_READ: _("See services and the questions that they ask"),
    Scope.SERVICES_WRITE: _("Add, change and archive services and questions"),
    Scope.RESOURCES_READ: _("See people and rooms"),
    Scope.RESOURCES_WRITE: _("Add and change people and rooms"),
    Scope.HOURS_READ: _("See opening hours, working hours and time off"),
    Scope.HOURS_WRITE: _("Change opening hours, working hours and time off"),
    Scope.AVAILABILITY_READ: _("See which times are free, and why others are not"),
    Scope.APPOINTMENTS_READ: _("See appointments"),
    Scope.APPOINTMENTS_WRITE: _("Move, reassign and cancel appointments"),
    Scope.BOOKINGS_READ: _("See bookings"),
    Scope.BOOKINGS_WRITE: _("Book, move and cancel, decide about requests, note who came"),
    Scope.CUSTOMERS_READ: _("See customers"),
    Scope.CUSTOMERS_WRITE: _("Add, change, merge and erase customers"),
    Scope.EVENTS_READ: _("See what has happened"),
    Scope.MESSAGES_READ: _("See which messages were sent"),
    Scope.MESSAGES_WRITE: _("Send messages again"),
    Scope.SUBSCRIPTIONS_READ: _("See webhooks and what they were told"),
    Scope.SUBSCRIPTIONS_WRITE: _("Make, change, test and delete webhooks"),
    Scope.REPORTS_READ: _("See and export reports"),
    Scope.MEMBERS_READ: _("See who works for a business, and who is invited"),
    Scope.MEMBERS_WRITE: _("Invite people, change their roles and remove them"),
}
"""Scope → what it lets a program do, as somebody reads it who is asked to grant it."""


def covered(scopes: Iterable[str]) -> frozenset[Scope]:
    """Return what these scopes give; to write includes to read. What is no scope is left out."""
    known = {_BY_NAME[each] for each in scopes if each in _BY_NAME}
    reads = {_BY_NAME[name] for each in known if (name := f"{each.resource}:read") in _BY_NAME}
    return frozenset(known | reads)


_BY_NAME: Final = {scope.value: scope for scope in Scope}
