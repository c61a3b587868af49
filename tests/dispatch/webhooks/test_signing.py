"""The signature of a webhook, against the published example of Standard Webhooks."""

import base64
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from controlroom.dispatch.webhooks.signing import headers, signature

KEY = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
EVENT, MOMENT_S, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b'{"test": 2432232314}'


def test_the_published_example_is_signed_as_published() -> None:
    """Whoever verifies with a library of Standard Webhooks verifies ours."""
    assert signature(KEY, EVENT, MOMENT_S, BODY) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_headers_carry_what_was_signed() -> None:
    """Id, moment in whole seconds, signature."""
    moment = datetime.fromtimestamp(MOMENT_S + 0.75, UTC)

    assert headers(KEY, EVENT, moment, BODY) == {
        "webhook-id": EVENT,
        "webhook-timestamp": str(MOMENT_S),
        "webhook-signature": signature(KEY, EVENT, MOMENT_S, BODY),
    }


@given(st.binary(max_size=64), st.binary(min_size=32, max_size=48), st.integers(0, 2**40))
def test_any_other_body_key_or_moment_signs_otherwise(body: bytes, key: bytes, moment_s: int) -> None:
    """Nothing of what is signed can be exchanged."""
    signed = signature(key, EVENT, moment_s, body)

    assert signed != signature(key, EVENT, moment_s, body + b" ")
    assert signed != signature(key, EVENT, moment_s + 1, body)
    assert signed != signature(key[::-1] + b"x", EVENT, moment_s, body)
    assert signed != signature(key, EVENT + "x", moment_s, body)
