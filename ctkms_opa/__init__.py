"""Judges AWS KMS key policies for CloudTrail by simulating the requests that really reach the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .checker import Checker
    from .report import Report

__version__ = "0.1.0"
__all__ = ["Checker", "Report", "__version__"]


def __getattr__(name: str) -> object:
    """Loads the public classes when they are asked for, so that the command line starts without them."""
    if name == "Checker":
        from .checker import Checker  # noqa: PLC0415

        return Checker
    if name == "Report":
        from .report import Report  # noqa: PLC0415

        return Report
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
