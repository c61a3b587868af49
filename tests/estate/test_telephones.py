"""A number as a spreadsheet may write it, and what is none."""

import pytest

from controlroom.estate.telephones import Telephone, read_telephone


@pytest.mark.parametrize(
    ("written", "dialled", "shown"),
    [
        ("0113 496 0000", "+441134960000", "0113 496 0000"),
        ("(0113) 496-0999", "+441134960999", "0113 496 0999"),
        ("+44 (0)113 4960123", "+441134960123", "0113 496 0123"),
        ("+447700900999", "+447700900999", "07700 900999"),
        ("07700900000", "+447700900000", "07700 900000"),
        ("020 7946 0000", "+442079460000", "020 7946 0000"),
        ("0808 157 0000", "+448081570000", "0808 157 0000"),
        ("+1 202 555 0100", "+12025550100", "+12025550100"),
    ],
)
def test_a_number_is_read_as_it_is_dialled_and_shown_as_it_is_said(
    written: str, dialled: str, shown: str
) -> None:
    """Spaces, brackets and dashes are nobody's business; abroad it is shown as it is dialled."""
    assert read_telephone(written) == Telephone(dialled, shown)


@pytest.mark.parametrize(
    "written",
    [
        "999",
        "1134960000",
        "0113 496 00",
        "07700 900 0000",
        "0044 113 496 0000",
        "ring the office",
        "+44 913 496 0000",
    ],
)
def test_what_cannot_be_dialled_is_no_number(written: str) -> None:
    """A lost first nought, a figure too few or too many, words: refused, and the refusal repeats nothing."""
    with pytest.raises(ValueError, match=r"^$"):
        read_telephone(written)


def test_no_number_is_none_and_what_prints_one_prints_dots() -> None:
    """An empty cell is nobody to ring; a number that finds its way into a log is not there to be read."""
    assert read_telephone("") is None
    assert str(read_telephone("0113 496 0000")) == "Telephone(…)"
