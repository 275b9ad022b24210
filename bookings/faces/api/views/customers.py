"""Customers: found, read, added, corrected, erased."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from accounts.roles import Capability, Reach
from accounts.scopes import Scope
from bookings import commands
from bookings.commands import Contact
from bookings.commands.customers import locked_customers
from bookings.commands.erasing import locked_with_bookings
from bookings.errors import ChangedMeanwhile, Invalid, NotAllowed, StillComing
from bookings.faces.api.call import Call, one
from bookings.faces.api.changing import Change
from bookings.faces.api.lists import listed, turn_of, wants_count
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes import Listed
from bookings.faces.api.shapes.customers import (
    CustomerAsked,
    CustomerChanged,
    CustomerQuery,
    CustomerShown,
    CustomersQuery,
    shown_customer,
)
from bookings.models import Customer
from bookings.queries.customers import matching, with_address
from bookings.queries.histories import totals_of
from bookings.queries.turning import turned

SEE, EDIT, CONTROL = (
    Capability.SEE_CUSTOMERS,
    Capability.EDIT_CUSTOMERS,
    Capability.CONTROL_CUSTOMERS,
)
NAMES = {"zone": "time_zone"}
"""How the API calls a field of a customer that the commands call otherwise."""

_ORDERS = {
    "name": ("said", "pk"),
    "created_at": ("created_at", "pk"),
    "-created_at": ("-created_at", "-pk"),
}


class Customers(Endpoint):
    """The customers of a business."""

    @Operation(
        "list_customers",
        "List the customers",
        scope=Scope.CUSTOMERS_READ,
        needs=SEE,
        query=CustomersQuery,
        shows=Listed[CustomerShown],
    )
    def get(self, call: Call, query: CustomersQuery) -> Listed[CustomerShown]:
        """Return the customers within reach, those who were erased left out."""
        rows = matching(call.colleague, query.q)
        if query.email:
            rows = with_address(rows, query.email)
        if query.opted_out is not None:
            rows = rows.filter(opted_out_at__isnull=not query.opted_out)
        page = turned(
            rows.select_related("business"),
            turn_of(query),
            order=_ORDERS[query.order],
            among=call.colleague.customers(SEE),
        )
        count = rows.count() if wants_count(call) else None
        return listed(call, page.showing(_shown(call, page.rows, query)), count=count)

    @Operation(
        "add_customer",
        "Add a customer",
        scope=Scope.CUSTOMERS_WRITE,
        needs=EDIT,
        body=CustomerAsked,
        shows=CustomerShown,
        status=201,
        refuses=(Invalid, NotAllowed),
    )
    def post(self, call: Call, body: CustomerAsked) -> Change[Customer]:
        """Store a new contact.

        Whoever reaches only customers of their own bookings adds one by booking.
        """
        if call.colleague.reach(EDIT) is not Reach.ANY:
            raise NotAllowed()
        contact = Contact(
            name=body.name,
            email=body.email,
            phone=body.phone,
            notes=body.notes,
            zone=body.time_zone,
            language=body.language,
        )
        return Change(
            partial(
                commands.add_customer,
                business=call.colleague.business,
                contact=contact,
                now=call.now,
                actor=call.actor,
            ),
            shows=shown_customer,
            at=lambda made: call.address("customer", customer=made.public_id),
            names=NAMES,
        )


class OneCustomer(Endpoint):
    """One customer."""

    @Operation(
        "read_customer",
        "Read a customer",
        scope=Scope.CUSTOMERS_READ,
        needs=SEE,
        query=CustomerQuery,
        shows=CustomerShown,
    )
    def get(self, call: Call, query: CustomerQuery, customer: UUID) -> CustomerShown:
        """Return a customer."""
        row = one(call.colleague.customers(SEE).select_related("business"), customer)
        (shown,) = _shown(call, [row], query)
        return shown

    @Operation(
        "change_customer",
        "Correct a customer",
        scope=Scope.CUSTOMERS_WRITE,
        needs=EDIT,
        body=CustomerChanged,
        shows=CustomerShown,
        refuses=(Invalid, ChangedMeanwhile),
    )
    def patch(self, call: Call, body: CustomerChanged, customer: UUID) -> Change[Customer]:
        """Write what was sent, and return the customer as they are then.

        With another e-mail address their calendar feeds end.
        """
        row = one(call.colleague.customers(EDIT), customer)
        ours = {called: name for name, called in NAMES.items()}
        typed = {ours.get(name, name): value for name, value in body.sent().items()}
        return Change(
            partial(
                commands.change_customer,
                customer=row,
                typed=typed,
                seen={name: getattr(row, name) for name in typed},
                now=call.now,
                actor=call.actor,
            ),
            shows=shown_customer,
            seen=lambda: shown_customer(locked_customers(row.pk)[0]),
            names=NAMES,
        )

    @Operation(
        "erase_customer",
        "Erase a customer",
        scope=Scope.CUSTOMERS_WRITE,
        needs=CONTROL,
        status=204,
        refuses=(StillComing, ChangedMeanwhile),
    )
    def delete(self, call: Call, customer: UUID) -> Change[Customer]:
        """Erase the person from everything that is stored; what the business counts stays.

        Nobody gets them back.
        """
        row = one(call.colleague.customers(CONTROL), customer)
        return Change(
            partial(commands.erase_customer, customer=row, now=call.now, actor=call.actor),
            shows=lambda _erased: None,
            seen=lambda: shown_customer(locked_with_bookings(row)),
        )


def _shown(
    call: Call, rows: Sequence[Customer], query: CustomersQuery | CustomerQuery
) -> list[CustomerShown]:
    """Return customers as they are said. Cost: none, one query with their totals."""
    if "totals" not in query.expand:
        return [shown_customer(row) for row in rows]
    totals = totals_of(call.colleague, rows)
    return [shown_customer(row, totals[row.pk]) for row in rows]
