"""The files that expectations come from: what each says, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .cloudformation.template import TAGS
from .errors import InputError, Problem
from .expectation_schema import EXPECTED, SECTIONS, Report, did_you_mean, kind_of
from .files import decode, read_bytes
from .key_metadata import metadata_from_describe_key
from .own_files import own
from .parse import Parsed, Path, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

_INPUTS = frozenset(
    {
        "Statement",
        "Effect",
        "Policy",
        "Resources",
        "planned_values",
        "resource_changes",
        "values",
        "lineage",
        "ctkms_inventory",
        "configurationItems",
        "baseConfigurationItems",
        "Results",
        "resourceType",
        "Aliases",
        "Attributes",
        "EventDataStoreArn",
        "EventDataStores",
        "ServerSideEncryptionConfiguration",
        "Trail",
        "trailList",
    }
)
"""Members at the top of inputs, none of which expectations have."""

WHAT_TO_WRITE = 'write "expected:" and below it trails, event_data_stores, keys (ctkms init writes an example)'
"""What a file without expectations lacks."""


class Place(NamedTuple):
    """Where something is written."""

    file: str
    line: int | None
    column: int | None

    def __str__(self) -> str:
        """Returns ``file:line:column``."""
        return ":".join(str(part) for part in self if part is not None)


class Source(NamedTuple):
    """One place that expectations come from.

    Attributes:
        label: The file's name, or what stands for it.
        value: What it says, as ``data.expected``.
        parsed: The text and its positions; None where there is no text.
        below: Where in the file ``value`` stands; None where the file says it in another form (describe-key output).
    """

    label: str
    value: dict[str, object]
    parsed: Parsed | None = None
    below: Path | None = None

    def place(self, path: Sequence[str | int], *, name: bool = False) -> Place:
        """Returns where a value, or its name, is written; where it is not, where the nearest part around it is."""
        if self.parsed is None:
            return Place(self.label, None, None)
        full = (*self.below, *path) if self.below is not None else ()
        position = self.parsed.key_position(full) if name else self.parsed.position(full)
        return Place(self.label, *position)


def read_source(path: str, problems: list[Problem], *, named: bool = True) -> Source | None:
    """Reads one file of expectations.

    Args:
        path: The file.
        problems: Takes the mistakes in it.
        named: Whether the file was named itself, and not its folder, where inputs may lie beside expectations.

    Returns:
        What the file says, as far as it is correct; None for what lies in the folder and is clearly something else: an
        input, the configuration, data of users' rules.

    Raises:
        InputError: It cannot be read.
    """
    text = decode(read_bytes(path), path)
    if not text.strip():
        raise InputError(f"the file is empty: {WHAT_TO_WRITE}", path)
    if not named and _is_something_else(path, parse(text, path, TAGS).value):
        return None
    parsed = parse(text, path)
    problems.extend(
        Problem(f'"{one.name}" is given twice in one map', path, *one.position) for one in parsed.duplicates
    )

    def report(at: Path, message: str, name: bool) -> None:
        problems.append(Problem(message, path, *(parsed.key_position(at) if name else parsed.position(at))))

    described = _described(parsed.value, path)
    if described is not None:
        value = checked(described, (), lambda _, message, __: report((), message, False))
        return Source(path, value, parsed)
    if not isinstance(parsed.value, dict) or not _top_level(parsed.value, report):
        if not isinstance(parsed.value, dict):
            kind = kind_of(parsed.value)
            report((), f'expectations are a map with the member "expected"; this is {kind}: {WHAT_TO_WRITE}', False)
        return Source(path, {}, parsed, ("expected",))
    return Source(path, checked(parsed.value["expected"], ("expected",), report), parsed, ("expected",))


def checked(value: object, below: Path, report: Report) -> dict[str, object]:
    """Checks the value under ``expected``; returns it with empty maps as ``{}``."""
    found = EXPECTED(value, below, report)
    return found if isinstance(found, dict) else {}


def _is_something_else(path: str, value: object) -> bool:
    """Whether a file is clearly no expectations: what may be checked, or another file of ours."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, dict) and "Effect" in one for one in value)
    if isinstance(value, dict) and "expected" not in value and not _INPUTS.isdisjoint(value):
        return True
    return own(path, value) in {"a configuration", "data of rules"}


def _described(value: object, path: str) -> dict[str, object] | None:
    """What describe-key output says, as expectations; None for anything else."""
    try:
        found = metadata_from_describe_key(value)
    except InputError as error:
        raise InputError(error.message, path, 1, 1) from None
    return None if found is None else {"keys": {found[0]: {"metadata": found[1]}}}


def _top_level(value: dict[str, object], report: Report) -> bool:
    """Whether the file holds expectations; reports what it holds beside or instead of them."""
    for name in value:
        if name == "expected":
            continue
        if name in SECTIONS:
            report((name,), f'"{name}" stands at the top: put it below the one top-level member "expected"', True)
        else:
            hint = did_you_mean(name, ["expected"] if "expected" not in value else [])
            message = f'a file of expectations has one top-level member, "expected", and no "{name}"{hint}'
            report((name,), message, True)
    if not value:
        report((), f"the file holds nothing: {WHAT_TO_WRITE}", False)
    if "expected" in value and value["expected"] is None:
        report(("expected",), f'"expected" is empty: {WHAT_TO_WRITE}', True)
        return False
    return "expected" in value
