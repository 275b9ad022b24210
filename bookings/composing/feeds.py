"""What calendar feeds say: of an appointment to the house, of a booking to its customer.

Neither has internal notes, answers or e-mail addresses in it: calendars pass on what they hold.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from bookings.calendars.event import CalendarEvent
from bookings.calendars.feed import FeedEntry, calendar_file
from bookings.calendars.ics import Method, invitation
from bookings.commands import live_manage_token
from bookings.models import Appointment, Business, Feed
from bookings.models.money import price_in_words
from bookings.outlets import facts
from bookings.outlets.letter import Audience, Place, Where
from bookings.queries.feeds import Guest, OpenFeed, Visit, visit_of, visits


def calendar_of(opened: OpenFeed, *, now: datetime) -> bytes:
    """Return a feed's calendar file; an empty one where its maker may no longer see what is in it.

    So calendars that know the address empty themselves. Cost: one query, none for an empty one.
    """
    feed = opened.feed
    with override(_language(feed)):
        if not opened.may_be_seen:
            return calendar_file(feed.business.name, [])
        said = _said_by(feed)
        entries = [_entry(visit, said(visit)) for visit in visits(feed, now=now)]
        return calendar_file(name_of(feed), entries)


def file_of(appointment: Appointment) -> bytes:
    """Return one appointment as a calendar file for the house. Cost: one query.

    Raises:
        NotFound: nobody has ever confirmed it.
    """
    with override(settings.LANGUAGE_CODE):
        visit = visit_of(appointment)
        event = _to_house(visit, appointment.business)
    method: Method = "CANCEL" if visit.is_cancelled else "PUBLISH"
    return invitation(event, method=method, stamp=visit.changed_at)


def name_of(feed: Feed) -> str:
    """Return what a feed is called in a list of calendars, in the active language."""
    business = feed.business.name
    if feed.customer is not None:
        return _("My appointments – %(business)s") % {"business": business}
    return f"{feed.resource.name} – {business}" if feed.resource else business


def _language(feed: Feed) -> str:
    return (feed.customer.language if feed.customer else "") or settings.LANGUAGE_CODE


def _said_by(feed: Feed) -> Callable[[Visit], CalendarEvent]:
    """Return how a feed words an entry."""
    business = feed.business
    if feed.customer is not None:
        return lambda visit: _to_customer(visit, business)
    return lambda visit: _to_house(visit, business, names_staff=feed.resource is None)


def _entry(visit: Visit, event: CalendarEvent) -> FeedEntry:
    return FeedEntry(event=event, is_cancelled=visit.is_cancelled, changed_at=visit.changed_at)


def _to_house(visit: Visit, business: Business, *, names_staff: bool = False) -> CalendarEvent:
    """Return an appointment as staff read it; the title says whose it is where it `names_staff`."""
    who = facts.listed([guest.name for guest in visit.guests])
    title = f"{visit.service} – {who}" if who else visit.service
    if visit.capacity > 1:
        title = f"{visit.service} ({visit.taken}/{visit.capacity})"
    staff = facts.listed(visit.staff)
    url = f"{settings.PUBLIC_URL}/desk/{business.slug}/appointments/{visit.public_id}/"
    lines = [
        *(_guest(guest) for guest in visit.guests),
        _labelled(pgettext("label", "Staff"), staff),
        facts.web_address(visit.join_link),
        _("On the desk: %(url)s") % {"url": url},
    ]
    return _event(
        visit,
        audience=Audience.STAFF,
        title=f"{title} · {staff}" if names_staff and staff else title,
        lines=lines,
        url=url,
    )


def _to_customer(visit: Visit, business: Business) -> CalendarEvent:
    """Return a booking as its customer reads it; of others in a group there is no word."""
    token = live_manage_token(visit.public_id, visit.links)
    url = f"{settings.PUBLIC_URL}/m/{token}/" if token else ""
    lines = [
        _labelled(pgettext("label", "With"), facts.listed(visit.staff)),
        _labelled(
            pgettext("label", "Price"),
            price_in_words(visit.price_kind, visit.price, visit.currency),
        ),
        _labelled(pgettext("label", "Places"), str(visit.seats) if visit.seats > 1 else ""),
        _labelled(pgettext("label", "Reference"), visit.reference),
        facts.web_address(visit.join_link),
        _("See, move or cancel: %(url)s") % {"url": url} if url else "",
    ]
    return _event(
        visit,
        audience=Audience.CUSTOMER,
        title=f"{visit.service} – {business.name}",
        lines=lines,
        url=url,
    )


def _event(
    visit: Visit, *, audience: Audience, title: str, lines: list[str], url: str
) -> CalendarEvent:
    place = Where(
        kind=cast(Place, visit.location_kind), place=visit.place, join_link=visit.join_link
    )
    link = facts.web_address(visit.join_link)
    where = " · ".join(part for part in (*visit.rooms, facts.where(place, audience)) if part)
    return CalendarEvent(
        uid=str(visit.public_id),
        sequence=visit.sequence,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        zone=visit.zone,
        summary=title,
        description="\n".join(line for line in lines if line),
        location=link or where,
        url=url,
    )


def _guest(guest: Guest) -> str:
    """Return in one line who comes, and how to reach them on the way."""
    seats = _labelled(pgettext("label", "Places"), str(guest.seats)) if guest.seats > 1 else ""
    awaiting = _("awaiting approval") if guest.is_awaiting else ""
    return facts.listed([guest.name or _("Customer"), guest.phone, seats, awaiting])


def _labelled(label: str, text: str) -> str:
    return f"{label}: {text}" if text else ""
