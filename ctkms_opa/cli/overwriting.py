"""Refuses to write a result over what it is made from."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

from ctkms_opa.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

EXPECTATIONS = "expectations"
"""What expectations are called among the sources."""

_RULES = ".rego"


def refuse(outputs: Iterable[tuple[str, str | None]], sources: Iterable[tuple[str, Iterable[str | None]]]) -> None:
    """Notices an output that is a source before anything is read or written.

    Args:
        outputs: Options, each with the file that it writes; None and ``-`` are standard output.
        sources: What is read, in words, and the files and folders that it is read from; ``-`` is standard input.

    Raises:
        UsageError: A file would be overwritten that is a source, lies in a folder that is one, or is two outputs.
    """
    written: list[tuple[str, str, os.stat_result]] = []
    others: dict[str, str] = {}
    for option, file in outputs:
        if file is None or file == "-":
            continue
        status = _regular(file)
        if status is not None:  # what is not there yet, or is no file, holds nothing to lose
            written.append((option, file, status))
        if status is not None or not os.path.exists(file):  # noqa: PTH110 - start-up time
            other = others.setdefault(os.path.realpath(file), option)
            if other != option:
                raise UsageError(f"{other} and {option} both go to {file}: choose another file for one of them")
    if not written:
        return
    for words, paths in sources:
        for path in paths:
            if path is not None:
                _refuse_one(written, words, path)


def _refuse_one(written: Iterable[tuple[str, str, os.stat_result]], words: str, path: str) -> None:
    for option, file, status in written:
        if words == EXPECTATIONS and os.path.isdir(path) and not _holds_expectations(file):  # noqa: PTH112
            continue  # other files of such a folder are left out
        where = "" if os.path.normpath(file) == os.path.normpath(path) else f" ({path})"
        if _is_source(file, status, path):
            raise UsageError(f"{option} {file} would overwrite {words}{where}: choose another file, elsewhere")


def _is_source(file: str, status: os.stat_result, path: str) -> bool:
    from ctkms_opa.files import SUFFIXES, Found, find  # noqa: PLC0415 - start-up time

    if path == "-":
        return sys.stdin is not None and _is_open(status)
    if not file.lower().endswith((*SUFFIXES, _RULES)):
        named = _regular(path)  # a search comes upon nothing that is called otherwise
        return named is not None and os.path.samestat(status, named)
    if file.lower().endswith(_RULES) and os.path.isdir(path):  # noqa: PTH112
        return _lies_in(file, path)
    return any(
        os.path.samestat(status, there)
        for one in find(path)
        if isinstance(one, Found) and (there := _regular(one.path)) is not None
    )


def _holds_expectations(file: str) -> bool:
    """Whether a file says something under ``expected``, or cannot be read, so that it may."""
    from ctkms_opa.errors import InputError  # noqa: PLC0415 - start-up time
    from ctkms_opa.inputs import read_document  # noqa: PLC0415

    try:
        value = read_document(file).value
    except InputError:
        return True
    return isinstance(value, dict) and "expected" in value


def _lies_in(file: str, folder: str) -> bool:
    inside, outside = os.path.realpath(file), os.path.realpath(folder)
    return os.path.commonpath([inside, outside]) == outside


def _is_open(status: os.stat_result) -> bool:
    try:
        return os.path.samestat(status, os.fstat(sys.stdin.fileno()))
    except (OSError, ValueError):
        return False  # standard input is closed, or is none of the system's


def _regular(path: str) -> os.stat_result | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - start-up time
    except (OSError, ValueError):
        return None
    return status if stat.S_ISREG(status.st_mode) else None
