"""Users in the admin."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import vouch
from accounts.factors import remove_factors
from accounts.models import User
from accounts.sessions import disable, enable


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
    actions = ("switch_off", "switch_on", "remove_factor")
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

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Return what is only shown; nobody takes their own rights away by mistake."""
        fixed = tuple(super().get_readonly_fields(request, obj))
        return (*fixed, "is_active", "is_superuser") if obj == request.user else fixed

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Store the account; the admin vouches for its address, and ends what they switch off."""
        obj.email = obj.email.lower()
        super().save_model(request, obj, form, change)
        vouch(obj)
        if change and "is_active" in form.changed_data:
            switch = enable if obj.is_active else disable
            switch(obj, now=timezone.now())

    @admin.action(description=_("Switch off: sign out everywhere, no way in"))
    def switch_off(self, request: HttpRequest, rows: QuerySet[User]) -> None:
        """Switch off the chosen accounts, one's own left out."""
        chosen = rows.exclude(pk=cast(User, request.user).pk)
        for user in chosen:
            disable(user, now=timezone.now())
        self.message_user(request, _("Switched off: %(count)s.") % {"count": len(chosen)})

    @admin.action(description=_("Switch on again"))
    def switch_on(self, request: HttpRequest, rows: QuerySet[User]) -> None:
        """Switch on the chosen accounts."""
        for user in rows:
            enable(user, now=timezone.now())
        self.message_user(request, _("Switched on: %(count)s.") % {"count": len(rows)})

    @admin.action(description=_("Remove the second factor of somebody who lost it"))
    def remove_factor(self, request: HttpRequest, rows: QuerySet[User]) -> None:
        """Let the chosen people sign in without the second factor they lost."""
        for user in rows:
            remove_factors(user)
        self.message_user(request, _("Second factor removed: %(count)s.") % {"count": len(rows)})


def is_superuser(request: HttpRequest) -> bool:
    """Say whether who asks may do everything everywhere."""
    return request.user.is_active and request.user.is_superuser
