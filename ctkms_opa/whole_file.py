"""Writes files that are whole or not there. Loaded only where something is written: pathlib costs start-up time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ctkms_opa.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable


def check_folder(file: str) -> None:
    """Notices a folder that is not there before the work for a file is done, rather than after it.

    Raises:
        UsageError: The file's folder does not exist.
    """
    if not Path(file).parent.is_dir():
        raise UsageError("cannot be written: its folder does not exist", file)


def write(file: str, pieces: Iterable[str]) -> None:
    r"""Writes a file in UTF-8. What was there stays as it is until everything is written.

    Args:
        file: The path; a link is followed, and a device or a pipe is written to directly.
        pieces: The text. Halves of surrogate pairs, for which UTF-8 has nothing, are written as `\ud800`.

    Raises:
        UsageError: The file cannot be written.
    """
    write_bytes(file, (piece.encode("utf-8", "backslashreplace") for piece in pieces))


def write_bytes(file: str, pieces: Iterable[bytes]) -> None:
    """Writes a file of bytes, as `write` does.

    Raises:
        UsageError: The file cannot be written.
    """
    try:
        path = Path(file).resolve()
        if path.exists() and not path.is_file():
            with path.open("wb") as device:
                device.writelines(pieces)
        else:
            _replace(path, pieces)
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", file) from None


def _replace(path: Path, pieces: Iterable[bytes]) -> None:
    # What a process of the same number left that was stopped must not stand in the way: in containers all have few.
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    opened = draft.open("xb")  # Where this fails, the draft is someone else's and stays.
    try:
        with opened:
            opened.writelines(pieces)
        if path.exists():
            draft.chmod(path.stat().st_mode & 0o7777)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
