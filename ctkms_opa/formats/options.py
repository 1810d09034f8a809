"""What a reader may choose about a format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """What a reader may choose; formats for programs pay no heed to it."""

    color: bool = False
    notes: bool = False
    verbose: bool = False
    width: int = 100
