"""Who decides."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True)
class Actor:
    """Who is behind a decision: `kind` is customer, staff, program or system.

    Written to the event as `kind` or `kind:name`.
    """

    kind: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else self.kind

    @classmethod
    def of(cls, user: User) -> Actor:
        """Return somebody who is signed in, as one who decides."""
        return cls("staff", str(user)[:100])

    @property
    def is_customer(self) -> bool:
        return self.kind == "customer"


CUSTOMER = Actor("customer")
SYSTEM = Actor("system")
