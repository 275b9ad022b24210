"""What each role may do in a business: one table that every face asks, and nothing else."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Role(StrEnum):
    """What somebody is in one business."""

    ADMIN = "admin"
    TEAM_MEMBER = "team_member"
    SCHEDULER = "scheduler"
    VIEWER = "viewer"
    GUEST = "guest"


class Reach(IntEnum):
    """Whose things a capability covers: nobody's, one's own, or everybody's."""

    NONE = 0
    OWN = 1
    ANY = 2


class Capability(StrEnum):
    """One thing that can be done; the value is its name in words."""

    OPEN_DESK = "open the desk"
    SEE_BOOKINGS = "see bookings"
    BOOK = "create bookings"
    MOVE = "move bookings"
    REASSIGN = "give bookings to somebody else"
    CANCEL = "cancel bookings, decide about requests"
    BREAK_RULES = "book outside hours, lead time and limits"
    CHANGE_ATTENDEES = "add and remove people of a group"
    ATTEND = "check in, complete, mark no-shows"
    SEE_CUSTOMERS = "see customers"
    EDIT_CUSTOMERS = "create and edit customers"
    CONTROL_CUSTOMERS = "merge, export and erase customers"
    SEE_STAFF = "see the staff list"
    EDIT_STAFF = "add and remove staff, give roles"
    EDIT_HOURS = "edit working hours"
    TAKE_TIME_OFF = "enter time off"
    CLOSE = "close the whole business"
    SEE_SETTINGS = "see services, prices, questions and settings"
    EDIT_SETTINGS = "edit services, prices, questions and settings"
    PUBLISH = "publish and unpublish the page"
    SEE_REPORTS = "see and export reports"
    CONTROL_SUBSCRIPTIONS = "manage webhooks"


N, O, A = Reach.NONE, Reach.OWN, Reach.ANY  # noqa: E741

TABLE: dict[Capability, tuple[Reach, Reach, Reach, Reach, Reach]] = {
    #                                admin, team member, scheduler, viewer, guest
    Capability.OPEN_DESK: (A, A, A, A, N),
    Capability.SEE_BOOKINGS: (A, O, A, A, N),
    Capability.BOOK: (A, O, A, N, N),
    Capability.MOVE: (A, O, A, N, N),
    Capability.REASSIGN: (A, N, A, N, N),
    Capability.CANCEL: (A, O, A, N, N),
    Capability.BREAK_RULES: (A, N, N, N, N),
    Capability.CHANGE_ATTENDEES: (A, O, A, N, N),
    Capability.ATTEND: (A, O, A, N, N),
    Capability.SEE_CUSTOMERS: (A, O, A, A, N),
    Capability.EDIT_CUSTOMERS: (A, O, A, N, N),
    Capability.CONTROL_CUSTOMERS: (A, N, N, N, N),
    Capability.SEE_STAFF: (A, A, A, A, N),
    Capability.EDIT_STAFF: (A, N, N, N, N),
    Capability.EDIT_HOURS: (A, O, N, N, N),
    Capability.TAKE_TIME_OFF: (A, O, A, N, N),
    Capability.CLOSE: (A, N, A, N, N),
    Capability.SEE_SETTINGS: (A, A, A, A, N),
    Capability.EDIT_SETTINGS: (A, N, N, N, N),
    Capability.PUBLISH: (A, N, N, N, N),
    Capability.SEE_REPORTS: (A, N, N, N, N),
    Capability.CONTROL_SUBSCRIPTIONS: (A, N, N, N, N),
}
"""In the order of `Role`. A team member's own things are those they are assigned to."""

ORDER = tuple(Role)


def reach(role: str, capability: Capability) -> Reach:
    """Return whose things a role covers with a capability. Pure: no query.

    Raises:
        ValueError: there is no such role.
    """
    return TABLE[capability][ORDER.index(Role(role))]


def may(role: str, capability: Capability) -> bool:
    """Say whether a role has a capability at all, be it for one's own things alone."""
    return reach(role, capability) is not Reach.NONE
