"""My bookings, by e-mail."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.doors import Door, opens_to
from bookings import commands
from bookings.errors import Invalid
from bookings.faces.replies import takes
from bookings.faces.site.cards import house
from bookings.faces.site.forms import EmailForm
from bookings.queries import pages


@opens_to(Door.PUBLIC)
@takes("GET", "POST")
def mine(request: HttpRequest, slug: str) -> HttpResponse:
    """Send an address the links to its bookings; the answer never tells whether it has any."""
    business = pages.published_business(slug)
    form = EmailForm(request.POST if request.method == "POST" else None)
    shown = {"house": house(business), "form": form}
    if form.is_valid():
        try:
            commands.send_my_bookings(
                business=business, email=form.typed("email"), now=timezone.now()
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            shown["sent_to"] = form.typed("email").strip()
    return render(request, "site/mine.html", shown, status=422 if form.errors else 200)
