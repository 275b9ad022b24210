"""Who decides."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """Who is behind a decision: `kind` is customer, staff, program or system.

    Written to the event as `kind` or `kind:name`.
    """

    kind: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else self.kind

    @property
    def is_customer(self) -> bool:
        return self.kind == "customer"


CUSTOMER = Actor("customer")
SYSTEM = Actor("system")
