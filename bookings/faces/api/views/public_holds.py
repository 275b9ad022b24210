"""Times that are held for five minutes while somebody says who they are."""

from __future__ import annotations

from functools import partial

from bookings import commands
from bookings.commands import Held
from bookings.errors import NotBookable, NotFound, PartyTooLarge, StaffNotOffered
from bookings.faces.abuse import count_change, count_hold, once_counted
from bookings.faces.api.answering import Answer
from bookings.faces.api.call import named_by
from bookings.faces.api.changing import Change
from bookings.faces.api.free import days_answer, starts_answer
from bookings.faces.api.otherwise import OF_A_TIME, Otherwise
from bookings.faces.api.public import LinkEndpoint, PublicEndpoint, PublicOperation, Visitor
from bookings.faces.api.shapes.availability import DaysShown, SpanAsked, StartsShown
from bookings.faces.api.shapes.offered import address_of
from bookings.faces.api.shapes.tickets import (
    PublicHoldAsked,
    PublicHoldShown,
    shown_hold,
    zone_for,
)
from bookings.faces.api.views.public_services import chosen
from bookings.models import Appointment, Booking
from bookings.queries import availability, pages
from bookings.queries.availability import Offer
from bookings.queries.standing import is_held


class PublicHolds(PublicEndpoint):
    """Times that are held."""

    @PublicOperation(
        "create_public_hold",
        "Hold a time for five minutes",
        body=PublicHoldAsked,
        shows=PublicHoldShown,
        status=201,
        refuses=(*OF_A_TIME, PartyTooLarge, StaffNotOffered, NotBookable),
    )
    def post(self, call: Visitor, body: PublicHoldAsked, slug: str) -> Change[Held]:
        """Hold a free start: nobody else can take it meanwhile."""
        with named_by("service"):
            page = pages.service_page(slug, body.service)
        service, staff = page.service, chosen(page.staff, body.staff)
        make = partial(
            commands.hold,
            service=service,
            starts_at=body.starts_at,
            staff=staff,
            seats=body.seats,
            now=call.now,
            replacing=body.replacing or "",
        )
        otherwise = Otherwise(
            service,
            body.starts_at,
            {"service": body.service, "seats": body.seats}
            | ({"staff": str(body.staff)} if body.staff else {}),
            call.now,
            staff,
            body.seats,
        )
        return Change(
            once_counted(
                make,
                partial(count_hold, call.connection, now=call.now),
                partial(count_change, service.business, now=call.now),
            ),
            shows=lambda held: _shown(held.token, call),
            at=lambda held: address_of("api:public_hold", slug, held.token),
            instead=otherwise,
        )


class PublicHold(LinkEndpoint):
    """A time that is held."""

    @PublicOperation("read_public_hold", "Read a hold", shows=PublicHoldShown)
    def get(self, call: Visitor, slug: str, token: str) -> PublicHoldShown:
        """Return what is held, and until when."""
        return shown_hold(_held(slug, token), token=token, now=call.now)

    @PublicOperation("release_public_hold", "Give a hold back", status=204)
    def delete(self, call: Visitor, slug: str, token: str) -> Change[None]:
        """Give the time back before the hold ends; what is not held any more stays as it is."""
        booking = _held(slug, token)

        def seen() -> PublicHoldShown:
            Appointment.objects.select_for_update(no_key=True).get(pk=booking.appointment_id)
            return _shown(token, call)

        return Change(
            partial(commands.release, token=token, now=call.now),
            shows=lambda _none: None,
            seen=seen,
        )


class HoldStarts(LinkEndpoint):
    """The times that one may hold instead."""

    @PublicOperation(
        "list_public_hold_starts",
        "List the times that can be held instead",
        query=SpanAsked,
        shows=StartsShown,
        refuses=(StaffNotOffered,),
    )
    def get(self, call: Visitor, query: SpanAsked, slug: str, token: str) -> Answer:
        """Return what is free for as many; what is held counts as free."""
        offer, zone = _instead(call, query, _held(slug, token))
        return starts_answer(offer, zone)


class HoldDays(LinkEndpoint):
    """The days on which one may hold another time."""

    @PublicOperation(
        "list_public_hold_days",
        "List the days of times that can be held instead",
        query=SpanAsked,
        shows=DaysShown,
        refuses=(StaffNotOffered,),
    )
    def get(self, call: Visitor, query: SpanAsked, slug: str, token: str) -> Answer:
        """Return the days with a time that is free for as many; what is held counts as free."""
        offer, zone = _instead(call, query, _held(slug, token))
        return days_answer(offer.days(query.first_day, query.last_day, zone), zone)


def _instead(call: Visitor, query: SpanAsked, booking: Booking) -> tuple[Offer, str]:
    is_on = is_held(booking, now=call.now)
    return free_for(call, query, booking, moving=booking if is_on else None)


def free_for(
    call: Visitor, query: SpanAsked, booking: Booking, *, moving: Booking | None
) -> tuple[Offer, str]:
    """Return what is free for a booking elsewhere, and the zone to tell it in.

    `moving` is the booking whose own time counts as free.

    Raises:
        StaffNotOffered: whoever is named cannot be chosen.
    """
    service = booking.appointment.service
    zone = zone_for(service.business, query.time_zone or booking.zone)
    found = availability.over(
        service,
        first=query.first_day,
        last=query.last_day,
        zone=zone,
        now=call.now,
        staff=chosen(pages.staff_of(service), query.staff),
        seats=booking.seats,
        moving=moving,
    )
    return found, zone


def _held(slug: str, token: str) -> Booking:
    booking = pages.held(token)
    if booking.appointment.service.business.slug != slug:
        raise NotFound()
    return booking


def _shown(token: str, call: Visitor) -> PublicHoldShown:
    return shown_hold(pages.held(token), token=token, now=call.now)
