"""Where everything is."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from bookings.faces.api.shapes import Shown
from bookings.faces.api.shapes.offered import address_of

SERVER: Final = "https://book.example.org"


class EntryShown(Shown):
    """The addresses from which a program goes on."""

    businesses: Annotated[str, Field(examples=[f"{SERVER}/api/v1/businesses/"])]
    """The businesses that the owner of a token works for."""
    schema_: Annotated[
        str, Field(serialization_alias="schema", examples=[f"{SERVER}/api/v1/schema/"])
    ]
    """This description, OpenAPI 3.1."""
    authorization_server: Annotated[
        str, Field(examples=[f"{SERVER}/.well-known/oauth-authorization-server"])
    ]
    """Where clients learn how to fetch tokens (RFC 8414)."""
    developers: Annotated[str, Field(examples=[f"{SERVER}/developers/"])]
    """Where people make tokens and clients."""
    reference: Annotated[str, Field(examples=[f"{SERVER}/developers/reference/"])]
    """This description for people, who can try each call."""
    problems: Annotated[str, Field(examples=[f"{SERVER}/developers/problems/"])]
    """What each code of a refusal means."""


def shown_entry() -> EntryShown:
    """Return the addresses of this installation."""
    return EntryShown(
        businesses=address_of("api:businesses"),
        schema_=address_of("api:schema"),
        authorization_server=address_of("oauth:metadata"),
        developers=address_of("developers:home"),
        reference=address_of("developers:reference"),
        problems=address_of("developers:problems"),
    )
