"""How far the work is, on a terminal's stderr."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from types import TracebackType

    from click._termui_impl import ProgressBar

_WORTH_A_BAR = 20


class Progress:
    """A bar, where stderr is a terminal and there are many inputs; it goes with the context, whatever ends that."""

    def __init__(self) -> None:
        """Shows nothing yet."""
        self._shows = sys.stderr is not None and sys.stderr.isatty()
        self._bar: ProgressBar[int] | None = None

    def __call__(self, done: int, total: int) -> None:
        """Shows how many are done of how many."""
        if not self._shows or total < _WORTH_A_BAR:
            return
        if self._bar is None:
            self._bar = click.progressbar(length=total, file=sys.stderr, label="judging", show_pos=True)
        self._bar.update(done - self._bar.pos)

    def __enter__(self) -> Progress:
        """Begins."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the line, and gives the cursor back."""
        if self._bar is not None:
            self._bar.render_finish()
