"""What a reader may choose about a format, and what the formats need to know besides the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ctkms_opa.metadata import Rule


class Options(NamedTuple):
    """What a reader may choose, and where and with which rules the check ran."""

    color: bool = False
    notes: bool = False
    verbose: bool = False
    width: int = 100
    folder: str = ""
    """The absolute path of the folder that relative paths in the report start from."""
    repository: str = ""
    """The absolute path of the repository, whose services name files relative to it; empty where nobody knows."""
    rules: tuple[Rule, ...] = ()
    """The catalogue, for formats that describe the rules: see `formats.DESCRIBE_RULES`."""

    lines: Callable[[str], Sequence[str]] = lambda _: ()
    """The lines of a file, for formats that show them; none where they are not at hand."""

    @property
    def shows_notes(self) -> bool:
        """Whether notes are listed."""
        return self.notes or self.verbose
