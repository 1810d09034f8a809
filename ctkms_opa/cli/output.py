"""Writing to the terminal: stdout for the result, stderr for everything else, and no traceback from either."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

from ctkms_opa.errors import UsageError
from ctkms_opa.formats.escape import inert, visible
from ctkms_opa.formats.options import Options

if TYPE_CHECKING:
    from collections.abc import Iterable


def make_streams_safe() -> None:
    r"""Lets the streams write what their encoding has no character for as `\u1234`.

    Raises:
        UsageError: There is no standard output.
    """
    if sys.stdout is None:
        raise UsageError("standard output is closed: there is nowhere to write the result to")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def write(pieces: Iterable[str]) -> None:
    """Writes pieces of the result as they come; a reader who has gone away is no error, and wants no more of them."""
    for piece in pieces:
        try:
            sys.stdout.write(piece)
            sys.stdout.flush()
        except BrokenPipeError:
            _discard(sys.stdout.fileno())
            return


def width() -> int:
    """The width of the terminal; of what is no terminal nobody knows it."""
    if not sys.stdout.isatty():
        return Options().width
    import shutil  # noqa: PLC0415 - it loads what unpacks archives, which no pipeline needs

    return shutil.get_terminal_size().columns


def complain(message: str) -> None:
    """Writes a message to stderr, if there is one."""
    if sys.stderr is None:
        return
    try:
        for line in message.splitlines() or [""]:
            sys.stderr.write(inert(f"ctkms: {visible(line)}") + "\n")
        sys.stderr.flush()
    except BrokenPipeError:
        _discard(sys.stderr.fileno())


def _discard(descriptor: int) -> None:
    """Sends what a stream still has to write nowhere, so that it cannot fail again when the process ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
