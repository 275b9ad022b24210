"""What queued messages say to those who work for a business, of what is no appointment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, Literal

from django.conf import settings
from django.utils import translation

from accounts.roles import Role
from bookings.commands import invitation_token
from bookings.models import Event, Invitation, Message, Resource, TimeOff
from bookings.outlets import letter as written
from bookings.outlets.house import Absence, Asked
from bookings.outlets.letter import Letter, Letterhead, Topic, When

NEWS: Final[dict[str, Literal["taken", "changed", "cancelled"]]] = {
    "time_off.taken": "taken",
    "time_off.changed": "changed",
    "time_off.cancelled": "cancelled",
}

Composed = Callable[[Event, Message, Letterhead], Letter | None]


def _invitation(event: Event, message: Message, head: Letterhead) -> Letter | None:
    """Return the letter with the link of an invitation; None once it is withdrawn or answered.

    Cost: one query.
    """
    asked = (
        Invitation.objects.filter(
            public_id=event.data["invitation"], accepted_at=None, declined_at=None
        )
        .select_related("resource", "business")
        .first()
    )
    if asked is None:
        return None
    with translation.override(settings.LANGUAGE_CODE):
        role = "" if asked.role == Role.GUEST.value else str(asked.get_role_display())
    token = invitation_token(invitation=asked)
    return Letter(
        topic=Topic.INVITATION,
        audience=written.Audience.STAFF,
        language=settings.LANGUAGE_CODE,
        business=head,
        reader=asked.resource.name if asked.resource else "",
        asked=Asked(
            by=asked.invited_by or head.name,
            url=f"{settings.PUBLIC_URL}/desk/invitation/{token}/",
            until=asked.expires_at,
            zone=asked.business.zone,
            role=role,
            person=asked.resource.name if asked.resource else "",
        ),
    )


def _time_off(event: Event, message: Message, head: Letterhead) -> Letter | None:
    """Return the letter about time off; None where it says something else by now.

    Cost: at most three queries.
    """
    told, zone = event.data, message.business.zone
    when = _when(told, zone)
    news = NEWS[event.kind]
    row = TimeOff.objects.filter(public_id=told["time_off"]).first()
    if news != "cancelled" and (
        row is None or (row.starts_at, row.ends_at) != (when.starts_at, when.ends_at)
    ):
        return None
    reader = Resource.objects.filter(
        business=message.business, kind="staff", email__iexact=message.address
    ).first()
    return Letter(
        topic=Topic.TIME_OFF,
        audience=written.Audience.STAFF,
        language=settings.LANGUAGE_CODE,
        business=head,
        reader=reader.name if reader else "",
        absence=Absence(
            news=news,
            by=event.actor.partition(":")[2] or head.name,
            when=when,
            before=_when(told["before"], zone) if "before" in told else None,
            title=str(told["title"]),
            is_closure=told["resource"] is None,
        ),
    )


def _when(told: dict[str, str], zone: str) -> When:
    return When(
        starts_at=datetime.fromisoformat(told["starts_at"]).astimezone(UTC),
        ends_at=datetime.fromisoformat(told["ends_at"]).astimezone(UTC),
        zone=zone,
    )


STAFF_LETTERS: Final[dict[str, Composed]] = {
    Topic.INVITATION: _invitation,
    Topic.TIME_OFF: _time_off,
}
"""By topic: the letter of an event, on the paper of its business."""
