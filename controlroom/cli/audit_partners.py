"""What people say about partners as lines of the audit."""

from collections.abc import Callable

from controlroom.commands.referrals import ReferralCommand


def partner_line(command: ReferralCommand, clean: Callable[[str], str]) -> str:
    """Return who referred what to whom; `clean` makes free text printable."""
    who, partner = clean(command.author), clean(command.partner)
    return f"{who} refers {command.incident} to {partner} ({command.category}): {clean(command.reason)}"
