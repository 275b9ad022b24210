"""The members of a business: who they are, inviting others, changing roles, ending memberships."""

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
from bookings.faces.desk.people_forms import InviteForm, RoleForm
from bookings.queries.people import people as everybody

HERE = "people"


@desk("GET", needs=Capability.SEE_STAFF)
def people(request: DeskRequest) -> HttpResponse:
    """Show who works here, who was invited, and what else can be booked."""
    shown = {
        "people": everybody(request.colleague.business),
        "may_edit": request.colleague.may(Capability.EDIT_STAFF),
        "now": timezone.now(),
    }
    return show(request, "desk/people/list.html", shown, here=HERE)


@desk("GET", "POST", needs=Capability.EDIT_STAFF)
def invite(request: DeskRequest) -> HttpResponse:
    """Ask whom to invite as what; a POST sends the letter. `staff` names who they are there."""
    named = request.POST.get("staff", "") or request.GET.get("staff", "")
    rows = request.colleague.resources(Capability.EDIT_STAFF)
    person = by_name(rows, named) if named else None
    asked = {"email": person.email} if person else None
    form, status = InviteForm(request.POST if request.method == "POST" else asked), 200
    if request.method == "POST":
        status = refused(
            form,
            lambda: commands.invite(
                business=request.colleague.business,
                email=form.typed("email"),
                role=form.typed("role"),
                resource=person,
                now=timezone.now(),
                actor=request.actor,
            ),
        )
        if not status:
            return done(
                request, _("The invitation is on its way."), to=address_of(request.colleague, HERE)
            )
    shown = {"form": form, "person": person}
    return show(request, "desk/people/invite.html", shown, here=HERE, status=status)


@desk("POST", needs=Capability.EDIT_STAFF)
def resend(request: DeskRequest, invitation: UUID) -> HttpResponse:
    """Send an invitation anew; the older link ends."""
    found = one(request.colleague.invitations(Capability.EDIT_STAFF), invitation)
    return attempted(
        request,
        lambda: commands.invite(
            business=request.colleague.business,
            email=found.email,
            role=found.role,
            resource=found.resource,
            now=timezone.now(),
            actor=request.actor,
        ),
        _("A new letter is on its way; the older link no longer works."),
        to=address_of(request.colleague, HERE),
    )


@desk("POST", needs=Capability.EDIT_STAFF)
def withdraw(request: DeskRequest, invitation: UUID) -> HttpResponse:
    """Take an invitation back."""
    found = one(request.colleague.invitations(Capability.EDIT_STAFF), invitation)
    return attempted(
        request,
        lambda: commands.withdraw_invitation(
            invitation=found, now=timezone.now(), actor=request.actor
        ),
        _("The invitation is withdrawn; its link no longer works."),
        to=address_of(request.colleague, HERE),
    )


@desk("GET", "POST", needs=Capability.EDIT_STAFF)
def member(request: DeskRequest, member: UUID) -> HttpResponse:
    """Show a member and their role; a POST changes it."""
    rows = request.colleague.members(Capability.EDIT_STAFF).select_related("user")
    found = one(rows, member)
    form = RoleForm(request.POST if request.method == "POST" else {"role": found.role})
    status = 200
    if request.method == "POST":
        status = refused(
            form,
            lambda: commands.change_role(
                membership=found,
                role=form.typed("role"),
                by=request.user,
                now=timezone.now(),
                actor=request.actor,
            ),
        )
        if not status:
            return done(request, _("The role is changed."), to=address_of(request.colleague, HERE))
    shown = {"form": form, "member": found, "is_me": found.user_id == request.user.pk}
    return show(request, "desk/people/member.html", shown, here=HERE, status=status)


@desk("POST", needs=Capability.EDIT_STAFF)
def remove_member(request: DeskRequest, member: UUID) -> HttpResponse:
    """End a membership."""
    found = one(request.colleague.members(Capability.EDIT_STAFF), member)
    return attempted(
        request,
        lambda: commands.remove_member(
            membership=found, by=request.user, now=timezone.now(), actor=request.actor
        ),
        _("They no longer work here. Their account stays."),
        to=address_of(request.colleague, HERE),
    )
