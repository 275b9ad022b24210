"""What a business says of itself, and its policy."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bookings import outbox
from bookings.commands.actor import Actor
from bookings.commands.checking import Fields, differing, saved, told, written
from bookings.commands.decision import decision
from bookings.commands.people import locked_business
from bookings.commands.setting_up import TAKEN
from bookings.errors import Invalid
from bookings.models import Business
from bookings.models.policy import POLICY_FIELDS

FIELDS: Final = frozenset(
    {
        "slug",
        "name",
        "about",
        "mailbox",
        "zone",
        "currency",
        "brand",
        "address",
        "phone",
        "website",
        "country",
        "sender_name",
        "reply_to",
        "quiet_from",
        "quiet_until",
        "is_published",
        "shows_business_zone",
        "staff_must_accept",
        *POLICY_FIELDS,
    }
)
"""What can be changed of a business."""

_BLAMES: Final = {
    "business_interval_from_one_minute": "interval",
    "business_policy_not_negative": "maximum_advance",
}


@decision
def change_business(*, business: Business, fields: Fields, now: datetime, actor: Actor) -> Business:
    """Change some fields of a business, of `FIELDS`, and return it; the others stay.

    What is booked stays as it is. A field that is as it was changes nothing.
    Locks: the business.

    Raises:
        Invalid: with a sentence for each field that cannot be accepted: also a name that passes
            for that of another business, and the address of another page.
    """
    business = locked_business(business.pk)
    wanted = differing(business, fields)
    if not wanted:
        return business
    before = written(business, wanted, blames=_BLAMES)
    if "slug" in wanted and Business.objects.filter(slug=wanted["slug"]).exists():
        raise Invalid({"slug": TAKEN})
    saved(business, wanted, taken={"slug": TAKEN})
    outbox.record_alone(
        business=business,
        kind="business.changed",
        actor=str(actor),
        now=now,
        data={"before": told(before), "after": told(wanted)},
    )
    return business
