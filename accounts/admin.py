"""Users in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.addresses import vouch
from accounts.models import User


class NewUserForm(AdminUserCreationForm[User]):
    """Ask for what a new account needs."""

    class Meta:
        model = User
        fields = ("email", "name")


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    """List, search and edit accounts: for superusers alone.

    What somebody may do in a business is their role there, which is given on its desk. Django's
    groups and permissions say nothing here.
    """

    add_form = NewUserForm
    ordering = ("email",)
    list_display = ("email", "name", "is_superuser", "is_active", "last_login")
    list_filter = ("is_superuser", "is_active")
    search_fields = ("email", "name")
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (_("What they may do"), {"fields": ("is_active", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "name", "usable_password", "password1", "password2"),
            },
        ),
    )

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Say whether the index lists users."""
        return is_superuser(request)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Say whether accounts are shown."""
        return is_superuser(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say whether accounts are made."""
        return is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Say whether accounts are changed."""
        return is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Say whether accounts are deleted."""
        return is_superuser(request)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Store the account; the admin vouches for its address."""
        super().save_model(request, obj, form, change)
        vouch(obj)


def is_superuser(request: HttpRequest) -> bool:
    """Say whether who asks may do everything everywhere."""
    return request.user.is_active and request.user.is_superuser
