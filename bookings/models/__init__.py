"""The rows, from what a business offers to what is sent about it."""

from __future__ import annotations

from bookings.models.appointment import Appointment, Booking, ManageLink
from bookings.models.business import Business
from bookings.models.capability import (
    OPTIONS,
    Choice,
    ChoiceLink,
    ChoicePurpose,
    Feed,
    StoppedNumber,
)
from bookings.models.catalogue import (
    LocationKind,
    PriceKind,
    Resource,
    ResourceKind,
    Service,
    ServiceResource,
)
from bookings.models.claim import CatalogueVersion, Claim, ResourceVersion
from bookings.models.customer import Customer
from bookings.models.hours import AvailabilityRange, HoursException, HoursRule, TimeOff
from bookings.models.outbox import (
    Attempt,
    Audience,
    Era,
    Event,
    HeldBecause,
    Instance,
    Message,
    Outlet,
)
from bookings.models.people import Invitation, Membership
from bookings.models.program import Call, CallCount, KeptAnswer
from bookings.models.question import Answer, Question, QuestionKind, ServiceQuestion
from bookings.models.reminder import (
    OwnWording,
    Reminder,
    ReminderChannel,
    ReminderKind,
    ReminderRecipients,
    Replanning,
)
from bookings.models.subscription import Dialect, DisabledBecause, Subscription

__all__ = [
    "OPTIONS",
    "Answer",
    "Appointment",
    "Attempt",
    "Audience",
    "AvailabilityRange",
    "Booking",
    "Business",
    "Call",
    "CallCount",
    "CatalogueVersion",
    "Choice",
    "ChoiceLink",
    "ChoicePurpose",
    "Claim",
    "Customer",
    "Dialect",
    "DisabledBecause",
    "Era",
    "Event",
    "Feed",
    "HeldBecause",
    "HoursException",
    "HoursRule",
    "Instance",
    "Invitation",
    "KeptAnswer",
    "LocationKind",
    "ManageLink",
    "Membership",
    "Message",
    "Outlet",
    "OwnWording",
    "PriceKind",
    "Question",
    "QuestionKind",
    "Reminder",
    "ReminderChannel",
    "ReminderKind",
    "ReminderRecipients",
    "Replanning",
    "Resource",
    "ResourceKind",
    "ResourceVersion",
    "Service",
    "ServiceQuestion",
    "ServiceResource",
    "StoppedNumber",
    "Subscription",
    "TimeOff",
]
