"""The user: a person who signs in with an e-mail address; and the keys of their programs."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.addresses import vouch
from accounts.roles import Capability, Role, may


class UserManager(BaseUserManager["User"]):
    """Make users; find them by e-mail, whatever the capitals."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Store a new user, whose address counts as verified: the caller vouches for it.

        Without a password nobody can sign in with one until it is set.

        Raises:
            ValueError: the address is empty.
        """
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        with transaction.atomic():
            user.save(using=self._db)
            vouch(user)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Store a new user who may do everything in the admin."""
        return self.create_user(email, password, **fields | {"is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the user with this address, whatever the capitals.

        Raises:
            User.DoesNotExist: nobody has it.
        """
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in."""

    email = models.EmailField(
        _("e-mail address"), unique=True, error_messages={"unique": _("This address is in use.")}
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Switch off instead of deleting an account.")
    )
    date_joined = models.DateTimeField(_("joined at"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message=_("This address is in use."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def is_staff(self) -> bool:
        """Say whether the admin opens for them, by the name that Django and allauth ask for.

        It does for a superuser, and for whoever may edit the settings of a business. Cost: one
        query, once, except for superusers.
        """
        roles = [role.value for role in Role if may(role, Capability.EDIT_SETTINGS)]
        return self.is_superuser or self.memberships.filter(role__in=roles).exists()

    def get_full_name(self) -> str:
        """Return the name, the address when there is none."""
        return str(self)

    def get_short_name(self) -> str:
        """Return the first word of the name, the address when there is none."""
        return (self.name.split() or [self.email])[0]


class AccessToken(models.Model):
    """A key that somebody made for a program of theirs; only its SHA-256 is kept.

    It is good for `scopes` until it expires or is revoked. `prefix` is how it begins, to tell it
    from others in a list.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="access_tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
