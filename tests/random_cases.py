"""How many random cases a property tries, and that they are the same in every run but a long one."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

ASKED = os.environ.get("CTKMS_EXAMPLES")
"""How many cases a long run has, which then differ every time."""


def random_cases(examples: int) -> settings:
    """The settings of a property that tries this many cases, or as many as are asked for."""
    return this_many(int(ASKED or examples))


def this_many(examples: int) -> settings:
    """The settings of a property that tries this many cases, whatever is asked for."""
    return settings(
        max_examples=examples,
        derandomize=ASKED is None,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
