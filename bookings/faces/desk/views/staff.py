"""The people and rooms that can be booked: adding somebody, switching off, who they sign in as."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Capability
from bookings import commands
from bookings.faces.access import DeskRequest, by_name, desk, one
from bookings.faces.desk.deciding import attempted, done, refused
from bookings.faces.desk.frame import address_of, show
from bookings.faces.desk.people_forms import LinkForm, NewStaffForm, StaffForm
from bookings.models import Membership, Resource
from bookings.models.catalogue import Acceptance

HERE = "people"


@desk("GET", "POST", needs=Capability.EDIT_STAFF)
def new_staff(request: DeskRequest) -> HttpResponse:
    """Ask for somebody new who can be booked; a POST adds them."""
    form = NewStaffForm(request.POST if request.method == "POST" else {"role": "guest"})
    status = 200
    if request.method == "POST":
        status = refused(
            form,
            lambda: commands.add_staff(
                business=request.colleague.business,
                person=form.person(),
                role=form.typed("role"),
                now=timezone.now(),
                actor=request.actor,
            ),
        )
        if not status:
            return done(
                request, _("They are in the list now."), to=address_of(request.colleague, HERE)
            )
    return show(request, "desk/people/new_staff.html", {"form": form}, here=HERE, status=status)


@desk("GET", "POST", needs=Capability.EDIT_STAFF)
def staff(request: DeskRequest, resource: UUID) -> HttpResponse:
    """Show somebody who can be booked, or a room; a POST changes name, address and switches."""
    found = one(request.colleague.resources(Capability.EDIT_STAFF), resource)
    form = StaffForm(request.POST if request.method == "POST" else None, of=found)
    status = 200
    if request.method == "POST":
        status = refused(
            form,
            lambda: commands.change_staff(
                resource=found, fields=form.fields_typed(), now=timezone.now(), actor=request.actor
            ),
        )
        if not status:
            return done(request, _("Saved."), to=address_of(request.colleague, HERE))
    return _page(request, found, form, status)


@desk("POST", needs=Capability.EDIT_STAFF)
def link(request: DeskRequest, resource: UUID) -> HttpResponse:
    """Say which member somebody of the staff is."""
    found = one(request.colleague.resources(Capability.EDIT_STAFF), resource)
    named = request.POST.get("member", "")
    members = request.colleague.members(Capability.EDIT_STAFF).select_related("user")
    user = by_name(members, named).user if named else None
    return attempted(
        request,
        lambda: commands.link_staff(
            resource=found, user=user, now=timezone.now(), actor=request.actor
        ),
        _("Saved."),
        to=address_of(request.colleague, "staff", found.public_id),
    )


@desk("POST", needs=Capability.EDIT_STAFF)
def ask(request: DeskRequest, resource: UUID) -> HttpResponse:
    """Ask somebody of the staff by letter whether they take bookings."""
    found = one(request.colleague.resources(Capability.EDIT_STAFF), resource)
    return attempted(
        request,
        lambda: commands.ask_staff(resource=found, now=timezone.now(), actor=request.actor),
        _("The letter is on its way. Nobody can book them before they agree."),
        to=address_of(request.colleague, "staff", found.public_id),
    )


def _page(request: DeskRequest, found: Resource, form: StaffForm, status: int) -> HttpResponse:
    shown = {
        "form": form,
        "resource": found,
        "is_person": found.kind == "staff",
        "agrees": found.acceptance == Acceptance.ACTIVE.value,
        "link_form": _link_form(request, found) if found.kind == "staff" else None,
    }
    return show(request, "desk/people/staff.html", shown, here=HERE, status=status)


def _link_form(request: DeskRequest, found: Resource) -> LinkForm:
    """Return the choice among the members who are nobody of the staff yet, and who it is now."""
    others = Resource.objects.filter(business=found.business, user__isnull=False)
    taken = others.exclude(pk=found.pk).values("user")
    free = Membership.objects.filter(business=found.business).exclude(user__in=taken)
    members = list(free.select_related("user").order_by("user__name", "user__email"))
    mine = (str(each.public_id) for each in members if each.user_id == found.user_id)
    return LinkForm(members=members, chosen=next(mine, ""))
