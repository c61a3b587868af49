"""How every property test runs: without a stopwatch, and on a build machine the same examples each time."""

import os

from hypothesis import settings

settings.register_profile("house", deadline=None)  # a busy machine is not a wrong answer
settings.register_profile("build", parent=settings.get_profile("house"), derandomize=True)
"""A build says the same of the same commit; what is new is looked for by people's runs, which are random."""

settings.load_profile("build" if os.environ.get("CI") else "house")
