"""A referral as the CloudEvent that a partner's receiver reads: the same bytes at each attempt."""

from datetime import UTC

import msgspec

from controlroom.incidents.referrals.state import Referral

REFERRAL_TYPE = "uk.gov.leeds.leedswatch.referral.v1"
"""The CloudEvents type of a referral."""

_encode = msgspec.json.Encoder().encode


def event_id(room: str, referral: Referral) -> str:
    """Return the name of the event, which no other room of the city gives to another one."""
    return f"{room}.{referral.id}"


def referral_message(room: str, referral: Referral) -> bytes:
    """Return the body. It holds what the sheet shows; who acts on it rings the control room."""
    about = referral.about
    return _encode(
        {
            "specversion": "1.0",
            "id": event_id(room, referral),
            "source": f"leedswatch/{room}",
            "type": REFERRAL_TYPE,
            "time": referral.at.astimezone(UTC).isoformat(),
            "datacontenttype": "application/json",
            "simulated": referral.simulated,
            "data": {
                "referral": referral.id,
                "incident": referral.incident,
                "partner": referral.partner,
                "category": referral.category,
                "reason": referral.reason,
                "author": referral.author,
                "reference": referral.reference,
                "kind": about.kind,
                "area": about.area,
                "site": about.site,
                "name": about.name,
                "event": about.event,
                "priority": about.priority,
                "opened_at": about.opened_at.astimezone(UTC).isoformat(),
            },
        }
    )
