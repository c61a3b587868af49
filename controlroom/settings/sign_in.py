"""The section that says how people sign in through the council's own service, where it has one."""

from typing import Annotated, Literal

from pydantic import Field

from controlroom.settings.fields import Place, Section

Address = Annotated[
    str, Field(pattern=r"^(https://[^\s/?#]+|http://(127\.0\.0\.1|localhost)(:\d+)?)(/\S*)?$")
]
"""An address with TLS; without it only on this machine."""

Meaning = Annotated[str, Field(pattern=r"^.+=(operator|parkswatch|supervisor|engineer|manager|auditor)$")]
"""A value of the claim, and the role that it means."""

Claim = Annotated[str, Field(min_length=1, max_length=64)]


class SignIn(Section):
    """Signing in through OpenID Connect, beside local accounts. `docs/people.md` tells the whole."""

    issuer: Address | None = None
    """Address of the council's service, as it names itself; unset, there are local accounts alone."""
    client_id: Annotated[str, Field(min_length=1, max_length=256)] | None = None
    """Name under which that service knows this console."""
    password_file: Place | None = None
    """File with the client secret on its one line; unset for a client without one, whom PKCE serves."""
    label: Annotated[str, Field(min_length=1, max_length=64)] = "the council's account"
    """What the sign-in page calls it."""
    prompt: Literal["login", "select_account", "consent", ""] = "login"
    """What the service is asked to do with somebody whom it knows already. `login`: to ask for the password
    again, because desks are shared and the one before may still be signed in there; empty leaves it to it."""
    scopes: Annotated[str, Field(min_length=1, max_length=256)] = "openid profile"
    """What is asked for, with spaces between. `openid` is what makes it a sign-in."""
    name_claim: Claim = "preferred_username"
    """Claim that names a person: the author of what they do."""
    roles_claim: Claim = "groups"
    """Claim that lists what a person belongs to."""
    roles: Annotated[tuple[Meaning, ...], Field(strict=False)] = ()
    """What each of its values means here: `["cctv-operators=operator"]`. Who has none of them is not let in.
    A crew has a local account, with its unit."""
