"""A booking as an entry for the customer's own calendar."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from bookings.calendars.event import CalendarEvent, Participant
from bookings.calendars.links import google_link, outlook_link
from bookings.faces.visit import Visit
from bookings.models import Booking


@dataclass(frozen=True)
class CalendarLink:
    """A way into a calendar."""

    url: str
    text: str
    icon: str
    is_file: bool


def calendar_entry(booking: Booking, *, visit: Visit, manage_url: str) -> CalendarEvent:
    """Return the entry; its uid is that of the file in the mail, so neither comes twice."""
    appointment = booking.appointment
    business = appointment.service.business
    lines = [
        _("With: %(who)s") % {"who": visit.who} if visit.who else "",
        _("Reference: %(reference)s") % {"reference": booking.reference},
        appointment.join_link,
        _("See, move or cancel: %(url)s") % {"url": manage_url},
    ]
    return CalendarEvent(
        uid=str(booking.public_id),
        sequence=booking.sequence,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        zone=appointment.zone,
        summary=f"{visit.service} – {business.name}",
        organizer=Participant(name=business.name, email=business.mailbox),
        description="\n".join(line for line in lines if line),
        location=visit.place.text,
        url=manage_url,
    )


def calendar_links(entry: CalendarEvent, *, ics_url: str) -> list[CalendarLink]:
    """Return the ways to add an entry to a calendar."""
    return [
        CalendarLink(ics_url, _("Calendar file"), "download", is_file=True),
        CalendarLink(google_link(entry), _("Google"), "calendar", is_file=False),
        CalendarLink(outlook_link(entry), _("Outlook"), "calendar", is_file=False),
    ]
