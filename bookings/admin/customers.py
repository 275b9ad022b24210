"""Customers: who booked, and what is known of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.admin.rows import OwnForm, Rows
from bookings.admin.show import isolated, moment
from bookings.models import Customer
from bookings.models.languages import language_choices


class CustomerForm(OwnForm):
    """A contact; each address once in a business."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            present = language_choices(self.instance.language)
            self.fields["language"].widget = forms.Select(choices=present)

    def clean(self) -> dict[str, Any] | None:
        """Refuse an address that another customer of the business has."""
        values = super().clean() or self.cleaned_data
        business = values.get("business") or (self.instance.business_id and self.instance.business)
        email = values.get("email")
        if business and email:
            same = Customer.objects.filter(business=business, email__iexact=email)
            if same.exclude(pk=self.instance.pk).exists():
                self.add_error("email", _("Another customer has this address already."))
        return values


@admin.register(Customer)
class CustomerAdmin(Rows[Customer]):
    """See and correct a contact; what was booked stays as it was given."""

    form = CustomerForm
    list_display = ("shown_name", "email", "phone", "business", "bookings_made", "since")
    list_filter = ("business",)
    list_select_related = ("business",)
    search_fields = ("name", "email", "phone")
    ordering = ("name", "pk")
    autocomplete_fields = ("business",)
    fields = ("business", "name", "email", "phone", "zone", "language", "notes")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        """Return the customers who are not erased, with the number of their bookings."""
        rows = super().get_queryset(request).filter(erased_at=None)
        return rows.annotate(booked=Count("bookings"))

    def has_delete_permission(self, request: HttpRequest, obj: Customer | None = None) -> bool:
        """Refuse: a customer is erased at the desk, which leaves no name behind."""
        return False

    @admin.display(description=gettext_lazy("name"), ordering="name")
    def shown_name(self, customer: Customer) -> SafeString | str:
        """Return the name as one harmless line."""
        return isolated(customer.name)

    @admin.display(description=gettext_lazy("bookings"), ordering="booked")
    def bookings_made(self, customer: Customer) -> int:
        """Return how many bookings the customer ever made."""
        count: int = getattr(customer, "booked", 0)
        return count

    @admin.display(description=gettext_lazy("since"), ordering="created_at")
    def since(self, customer: Customer) -> str:
        """Return when the contact was made."""
        return moment(customer.created_at, customer.business.zone)
