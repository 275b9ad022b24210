"""The page at the foot of reminders: it ends them, and begins them again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from accounts.doors import Door, opens_to
from bookings import commands
from bookings.faces.replies import private, see_other, takes
from bookings.faces.site.cards import house
from bookings.models import Customer
from bookings.queries import pages


@csrf_exempt
@opens_to(Door.LINK)
@takes("GET", "POST")
@private
def reminders(request: HttpRequest, token: str) -> HttpResponse:
    """Show whether a customer gets reminders; a POST ends them, or begins them again.

    Mail programs end them with one click (RFC 8058): a POST without a cookie, which is answered
    at once, because not all of them follow a redirect. So nothing but the link is asked for.
    """
    customer = pages.customer_of_opt_out(token)
    if request.method != "POST":
        return _page(request, customer)
    decide = commands.opt_in if request.POST.get("reminders") == "on" else commands.opt_out
    customer = decide(customer=customer, now=timezone.now())
    if "List-Unsubscribe" in request.POST:
        return _page(request, customer)
    return see_other(request.path)


def _page(request: HttpRequest, customer: Customer) -> HttpResponse:
    shown = {"house": house(customer.business), "customer": customer, "here": request.path}
    return render(request, "site/reminders.html", shown)
