"""What several test modules share."""

from __future__ import annotations

import os
import signal

import engines
import pytest
from hypothesis import Phase, settings

# Whoever runs the tests in the background has them ignore interrupts, and every process that they start would, too.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Of a seeded bug it is enough that it is found: its case need not be the smallest (see seeded/).
settings.register_profile("seeded", phases=(Phase.generate,), derandomize=True, database=None, deadline=None)


def absent(reason: str) -> None:
    """Skip for want of an engine; where CI is set that is a failure, so that CI cannot pass without it."""
    if os.environ.get("CI"):
        pytest.fail(f"CI must have it: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def opa() -> str:
    """The name of a real OPA engine: the library, or else the command."""
    found = [name for name in engines.OPA_ENGINES if name in engines.available()]
    if not found:
        absent("; ".join(engines.missing().values()))
    return found[0]


@pytest.fixture(scope="session")
def opa_command() -> str:
    """The opa command. Where only the library is, its tests are skipped, in CI too: the library stands in for it."""
    command = engines.opa_command()
    if engines.OPA_COMMAND in engines.missing() or command is None:
        pytest.skip(engines.missing()[engines.OPA_COMMAND])
    return command


@pytest.fixture(scope="session")
def conftest_command() -> str:
    """The conftest command; where it is not there, its tests are skipped, in CI too: not every machine can build it."""
    return _or_skip("conftest", engines.conftest_command())


@pytest.fixture(scope="session")
def regal_command() -> str:
    """The regal command; where it is not there, its tests are skipped, in CI too: not every machine can build it."""
    return _or_skip("regal", engines.regal_command())


def _or_skip(name: str, command: str | None) -> str:
    if command is None:
        pytest.skip(f"no {name} on PATH, and CTKMS_{name.upper()} is not set")
    return command
