"""Which topics a publisher may name for its receipt."""

import pytest

from controlroom.ingest.topics import is_receipt_topic


@pytest.mark.parametrize(
    "topic",
    [
        "leedswatch/receipts/desk-7",
        "leedswatch/receipts/inner-east/arc-alarm/SCH-001",
        "leedswatch/receipts/" + "/".join("x" * 64 for _ in range(8)),
    ],
)
def test_a_plain_topic_below_receipts_is_for_receipts(topic: str) -> None:
    """One to eight plain levels below `leedswatch/receipts/` may carry a receipt."""
    assert is_receipt_topic(topic)


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "leedswatch/receipts",
        "leedswatch/receipts/",
        "leedswatch/receipts//x",
        "leedswatch/receipts/x/",
        "leedswatch/receipts/x\n",
        "leedswatch/receipts/+",
        "leedswatch/receipts/#",
        "leedswatch/receipts/a b",
        "leedswatch/receipts/\u202edesk",
        "leedswatch/receipts/" + "/" * 300,
        "leedswatch/receipts/" + "x" * 65,
        "leedswatch/receipts/" + "/".join("x" for _ in range(9)),
        "leedswatch/dispatch/MR-01/orders",
        "x/leedswatch/receipts/desk-7",
    ],
)
def test_no_other_topic_is_for_receipts(topic: str) -> None:
    """Anything that a broker might close the connection for, or that is not below receipts, is refused."""
    assert not is_receipt_topic(topic)
