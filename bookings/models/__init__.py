"""The rows, from what a business offers to what is sent about it."""

from __future__ import annotations

from bookings.models.appointment import Appointment, Booking, ManageLink
from bookings.models.business import Business
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
from bookings.models.outbox import Event, Message, Outlet
from bookings.models.people import Invitation, Membership
from bookings.models.question import Answer, Question, QuestionKind, ServiceQuestion

__all__ = [
    "Answer",
    "Appointment",
    "AvailabilityRange",
    "Booking",
    "Business",
    "CatalogueVersion",
    "Claim",
    "Customer",
    "Event",
    "HoursException",
    "HoursRule",
    "Invitation",
    "LocationKind",
    "ManageLink",
    "Membership",
    "Message",
    "Outlet",
    "PriceKind",
    "Question",
    "QuestionKind",
    "Resource",
    "ResourceKind",
    "ResourceVersion",
    "Service",
    "ServiceQuestion",
    "ServiceResource",
    "TimeOff",
]
