"""What is decided about a customer: reminders or none, who is the same person, what goes out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from accounts.scopes import Scope
from bookings import commands
from bookings.commands.customers import locked_customers
from bookings.errors import Invalid
from bookings.faces.api.call import Call, one
from bookings.faces.api.changing import Change
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes.customers import CustomerShown, MergeAsked, shown_customer
from bookings.faces.api.shapes.dossiers import DossierShown, shown_dossier
from bookings.faces.api.views.customers import CONTROL, EDIT
from bookings.models import Customer
from bookings.queries.dossiers import dossier


class OptingOut(Endpoint):
    """Who wants nothing but news of their bookings."""

    @Operation(
        "opt_customer_out",
        "Send a customer no more reminders",
        scope=Scope.CUSTOMERS_WRITE,
        needs=EDIT,
        shows=CustomerShown,
    )
    def post(self, call: Call, customer: UUID) -> Change[Customer]:
        """Send nothing but news of bookings from now on; what waits is dropped."""
        return _opted(call, customer, commands.opt_out)


class OptingIn(Endpoint):
    """Who wants reminders again."""

    @Operation(
        "opt_customer_in",
        "Send a customer reminders again",
        scope=Scope.CUSTOMERS_WRITE,
        needs=EDIT,
        shows=CustomerShown,
    )
    def post(self, call: Call, customer: UUID) -> Change[Customer]:
        """Send reminders and the like again."""
        return _opted(call, customer, commands.opt_in)


class Merging(Endpoint):
    """Two entries for one person."""

    @Operation(
        "merge_customers",
        "Merge a duplicate into a customer",
        scope=Scope.CUSTOMERS_WRITE,
        needs=CONTROL,
        body=MergeAsked,
        shows=CustomerShown,
        refuses=(Invalid,),
    )
    def post(self, call: Call, body: MergeAsked, customer: UUID) -> Change[Customer]:
        """Move the bookings of the duplicate here, and take over what is not known here.

        The notes are joined, and reminders that either refused stay refused.
        """
        rows = call.colleague.customers(CONTROL)
        keep, duplicate = one(rows, customer), one(rows, body.duplicate, named="duplicate")
        return Change(
            partial(
                commands.merge_customers,
                keep=keep,
                duplicate=duplicate,
                now=call.now,
                actor=call.actor,
            ),
            shows=shown_customer,
            seen=lambda: shown_customer(locked_customers(keep.pk, duplicate.pk)[0]),
            names={"other": "duplicate"},
        )


class Exporting(Endpoint):
    """Everything that is stored about one person."""

    @Operation(
        "export_customer",
        "Take everything away that is stored about a customer",
        scope=Scope.CUSTOMERS_WRITE,
        needs=CONTROL,
        shows=DossierShown,
    )
    def post(self, call: Call, customer: UUID) -> Change[Customer]:
        """Return all that is stored, and put on record that it was taken away."""
        row = one(call.colleague.customers(CONTROL), customer)
        return Change(
            partial(commands.record_export, customer=row, now=call.now, actor=call.actor),
            shows=lambda current: shown_dossier(
                dossier(current, now=call.now), zone=current.business.zone
            ),
            seen=lambda: shown_customer(locked_customers(row.pk)[0]),
        )


def _opted(call: Call, customer: UUID, decide: Callable[..., Customer]) -> Change[Customer]:
    row = one(call.colleague.customers(EDIT), customer)
    return Change(
        partial(decide, customer=row, now=call.now, actor=call.actor),
        shows=shown_customer,
        seen=lambda: shown_customer(locked_customers(row.pk)[0]),
    )
