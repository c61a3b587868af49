"""The demonstration estate, loaded once: it is frozen."""

import pytest

from controlroom.estate.load import load
from controlroom.estate.model import Estate
from simulators.estate import DEMONSTRATION_SEED, generate


@pytest.fixture(scope="session")
def estate() -> Estate:
    """Return the demonstration estate."""
    return load(generate(DEMONSTRATION_SEED))
