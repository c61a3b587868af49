"""The sections about partners: who can be referred to, and how patient we are with their receivers."""

from typing import Annotated

from pydantic import Field

from controlroom.settings.fields import Place, Seconds, Section


class Partners(Section):
    """Partners that incidents are referred to (docs/partners.md)."""

    file: Place | None = None
    """File that names the partners (`config/partners.yaml`); unset, nobody can be referred to."""


class Webhooks(Section):
    """Referrals that are sent to receivers of partners (docs/partners.md)."""

    keys_dir: Place | None = None
    """Folder with a file `<partner>.key` for each partner that is reached by webhook: at least 32 random
    bytes, used as they stand, of which the partner has a copy."""
    timeout_s: Seconds = 10.0
    """Seconds in which a receiver answers, connecting included. It only has to store what it is sent."""
    attempts_max: Annotated[int, Field(ge=1, le=100)] = 12
    """Attempts after which a referral is given up and a person told. With the two waits below, half an hour
    at most, and a quarter of an hour in the middle."""
    retry_first_s: Seconds = 2.0
    """Seconds, at most, before the second attempt; doubles with each further one."""
    retry_most_s: Seconds = 600.0
    """Seconds that no wait between two attempts exceeds."""
    in_flight_max: Annotated[int, Field(ge=1, le=100)] = 2
    """Referrals that are under way to one partner at the same time."""
