"""A real terminal: a command runs on a pseudo-terminal, and an emulator (pyte) makes of it what a terminal shows."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyte

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

COLUMNS = 100
_SECONDS = 120
_HARMLESS = {"draw", "linefeed", "carriage_return", "select_graphic_rendition"}
_STYLES = {(), (0,), (1, 31), (1, 33), (1, 32), (1, 36), (1,), (2,), (31,), (32,), (33,), (36,)}
_OWN_STYLE = re.compile(rb"\x1b\[[0-9;]*m")


class _Screen(pyte.Screen):
    """A screen so high that nothing leaves it, which keeps what it was told to do."""

    def __init__(self, lines: int) -> None:
        super().__init__(COLUMNS, lines)
        self.done: list[tuple[str, tuple[Any, ...]]] = []
        self._acts = False
        for name in pyte.Stream.events:
            setattr(self, name, self._noted(name, getattr(self, name)))

    def _noted(self, name: str, act: Callable[..., None]) -> Callable[..., None]:
        def noted(*arguments: Any, **options: Any) -> None:
            if self._acts:  # one thing that it was told to do takes others
                act(*arguments, **options)
                return
            self.done.append((name, arguments))
            self._acts = True
            act(*arguments, **options)
            self._acts = False

        return noted


@dataclass(frozen=True)
class Shown:
    """What a command showed.

    Attributes:
        code: How it ended.
        sent: The bytes that it sent to the terminal.
        rows: The rows of the screen, without the empty ones at the end.
        title: What the title of the terminal was changed to.
        done: What the terminal was told to do, as (what, arguments).
    """

    code: int
    sent: bytes
    rows: list[str]
    title: str
    done: list[tuple[str, tuple[Any, ...]]] = field(repr=False)


def show(command: Sequence[str], environment: Mapping[str, str]) -> Shown:
    """Runs a command with its streams on a terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env={**environment, "TERM": "xterm-256color"}
    )
    os.close(theirs)
    sent = b"".join(_pieces(ours))
    os.close(ours)
    code = process.wait(timeout=_SECONDS)
    screen = _Screen(sent.count(b"\n") + len(sent) // COLUMNS + 2)
    pyte.ByteStream(screen).feed(sent)
    rows = [row.rstrip() for row in screen.display]
    while rows and not rows[-1]:
        rows.pop()
    return Shown(code, sent, rows, screen.title, screen.done)


def _pieces(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            piece = os.read(descriptor, 65536)
        except OSError:  # Linux says so when the other end is closed
            return
        if not piece:
            return
        yield piece


def check_harmless(shown: Shown, plain: str) -> None:
    """Checks that nothing but text was shown, all of it, and in no style but ours.

    Args:
        shown: What a command showed on the terminal.
        plain: What the same command writes where there is no terminal.

    Raises:
        AssertionError: The terminal was made to do something else, or lines are not whole.
    """
    assert {name for name, _ in shown.done} <= _HARMLESS
    assert {arguments for name, arguments in shown.done if name == "select_graphic_rendition"} <= _STYLES
    assert shown.title == ""
    # What emulators leave out without a word: links, the clipboard, strings for devices.
    text = _OWN_STYLE.sub(b"", shown.sent).decode()
    odd = {char for char in text if unicodedata.category(char)[0] == "C" or char in "\u2028\u2029"}
    assert odd <= {"\r", "\n"}, odd
    assert text.count("\r") == text.count("\r\n")
    assert shown.rows == [row.rstrip() for line in plain.splitlines() for row in _rows(line)]
    # What the logs of pipelines would take for a command.
    for line in text.splitlines():
        assert not line.lstrip().startswith("::"), line
        assert not re.search(r"##(\[|vso\[|teamcity\[)", line, re.IGNORECASE), line


def _rows(line: str) -> list[str]:
    """The rows that a line takes on the terminal."""
    return [line[start : start + COLUMNS] for start in range(0, len(line), COLUMNS)] or [""]
