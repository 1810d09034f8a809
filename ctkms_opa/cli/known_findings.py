"""The options `--baseline` and `--write-baseline`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctkms_opa.cli import output
from ctkms_opa.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ctkms_opa.metadata import Rule
    from ctkms_opa.report import Report


def chosen(known: str | None, remember: str | None, custom: Iterable[Rule] = ()) -> Callable[[Report], Report]:
    """What the options make of a report; what is wrong with them shows before the work is done.

    Args:
        known: The file of `--baseline`.
        remember: The file of `--write-baseline`.
        custom: The rules of the user's own.

    Raises:
        UsageError: Both are given, or a file cannot be read or written.
    """
    if known is not None and remember is not None:
        raise UsageError("--baseline and --write-baseline exclude each other: --write-baseline overwrites its FILE")
    if known is not None:
        return _compare(known, _unwaivable(custom))
    return (lambda report: report) if remember is None else _write(remember, _unwaivable(custom))


def _compare(file: str, unwaivable: set[str]) -> Callable[[Report], Report]:
    from ctkms_opa import baseline  # noqa: PLC0415 - start-up time

    entries = baseline.load(file, unwaivable)
    return lambda report: baseline.compare(report, entries, file)


def _write(file: str, unwaivable: set[str]) -> Callable[[Report], Report]:
    from ctkms_opa import baseline, whole_file  # noqa: PLC0415 - start-up time

    def write(report: Report) -> Report:
        if report.errors or not report.keys:
            output.complain(f"{file}: not written, for not every input was judged")
            return report
        entries = baseline.entries(report, unwaivable)
        baseline.write(file, entries)
        output.complain(f"{file}: {len(entries)} finding{'s' if len(entries) != 1 else ''} written, known from now on")
        return baseline.compare(report, entries, file)

    whole_file.check_folder(file)
    return write


def _unwaivable(custom: Iterable[Rule]) -> set[str]:
    from ctkms_opa import metadata, pack  # noqa: PLC0415 - start-up time

    return {rule.id for rule in (*metadata.catalogue(pack.load()), *custom) if rule.custom.get("waivable") is False}
