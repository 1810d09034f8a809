"""Expectations: which trails, event data stores, readers and keys there are; from files or flags, checked on load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import arn
from .errors import ExpectationsError, InputError, Problem, UsageError
from .expectation_rules import check_together
from .expectation_schema import is_unknown
from .expectation_sources import Place, Source, checked, read_source
from .files import find
from .key_metadata import metadata_from_describe_key
from .path_pattern import matches_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from .positions import Path

__all__ = [
    "Expectations",
    "Place",
    "Source",
    "from_flags",
    "from_value",
    "has_path",
    "keys_for_file",
    "keys_of",
    "load",
    "merge",
    "metadata_from_describe_key",
]


class Expectations:
    """What is expected, and where it is written.

    Attributes:
        value: The object for ``data.expected``; empty maps are ``{}``, never null.
        sources: What it was put together from.
        implied: Paths of values that nobody wrote; where another source says something else, that holds.
    """

    def __init__(
        self,
        value: dict[str, object] | None = None,
        sources: Sequence[Source] = (),
        implied: Iterable[Path] = (),
    ) -> None:
        """Takes a value that is known to be correct; see the class's attributes."""
        self.value: dict[str, object] = value or {}
        self.sources = list(sources)
        self.implied = frozenset(implied)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is expected."""
        return not self.value

    def place(self, path: Sequence[str | int], *, name: bool = False) -> Place | None:
        """Returns where a value, or its name, is written; None where no source has it.

        Args:
            path: The path in ``value``.
            name: Whether the place of the member's name is wanted.
        """
        for source in self.sources:
            if has_path(source.value, path):
                return source.place(path, name=name)
        return None


def load(paths: Iterable[str]) -> Expectations:
    """Reads expectations from files and folders, which say one thing together.

    A file holds one top-level member, ``expected``, or is what ``aws kms describe-key`` prints.

    Args:
        paths: Files, and folders with ``*.json``, ``*.yaml`` and ``*.yml`` files, of which what ``ctkms check`` judges,
            a configuration and the data of users' rules are left out; every other file must hold expectations.

    Returns:
        The expectations.

    Raises:
        ExpectationsError: They hold mistakes; all of them are in the error.
    """
    problems: list[Problem] = []
    sources: list[Source] = []
    for path in paths:
        sources.extend(_read(path, problems))
    return _together(sources, problems)


def _read(path: str, problems: list[Problem]) -> list[Source]:
    """The expectations in a file, or in a folder, where other files may lie beside them."""
    sources: list[Source] = []
    known = len(problems)
    for found in find(path, "no expectations in this folder"):
        if isinstance(found, InputError):
            problems.append(found.problem)
            continue
        try:
            source = read_source(found.path, problems, named=not found.root)
        except InputError as error:
            problems.append(error.problem)
            continue
        if source is not None:
            sources.append(source)
    if not sources and len(problems) == known:
        problems.append(Problem("no expectations in this folder: all that it holds is policies and the like", path))
    return sources


def from_value(value: Mapping[str, object], label: str = "expectations") -> Expectations:
    """Checks expectations that a program holds.

    Args:
        value: What a file would hold: a map with the member ``expected``; or what is below that.
        label: What errors call it.

    Returns:
        The expectations.

    Raises:
        ExpectationsError: They hold mistakes; all of them are in the error.
    """
    import json  # noqa: PLC0415

    try:
        plain = json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise ExpectationsError([Problem(f"this is no JSON data: {error}", label)]) from None
    problems: list[Problem] = []
    if isinstance(plain, dict) and "expected" in plain:
        beside = [name for name in plain if name != "expected"]
        problems += [Problem(f'"{name}" stands beside "expected": put it below', label) for name in beside]
        plain = plain["expected"]

    def report(path: Path, message: str, name: bool) -> None:  # noqa: ARG001
        where = " > ".join(str(step) for step in path)
        problems.append(Problem(f"{message} (at {where})" if where else message, label))

    return _together([Source(label, checked(plain, (), report))], problems)


def from_flags(
    trails: Sequence[str] = (),
    event_data_stores: Sequence[str] = (),
    readers: Sequence[str] = (),
    keys: Sequence[str] = (),
) -> Expectations:
    """Makes expectations from options of a command.

    Args:
        trails: ARNs of trails.
        event_data_stores: ARNs of event data stores.
        readers: ARNs of principals that read every one of these trails and use every one of these stores.
        keys: ARNs of keys; a single one is the key of all these trails and stores where no file says another.

    Returns:
        The expectations.

    Raises:
        UsageError: An ARN is not one, or there are readers of nothing.
    """
    options: list[tuple[str, Sequence[str], Callable[[str], str | None]]] = [
        ("--trail", trails, arn.check_trail),
        ("--event-data-store", event_data_stores, arn.check_store),
        ("--reader", readers, arn.check_principal),
        ("--key", keys, arn.check_key),
    ]
    wrong = [f"{option}: {problem}" for option, values, check in options for problem in map(check, values) if problem]
    if readers and not trails and not event_data_stores:
        wrong.append("--reader says who reads the trails of --trail and --event-data-store; there are none")
    if wrong:
        raise UsageError("\n".join(wrong))
    people: dict[str, object] = {reader: {} for reader in readers}
    single: dict[str, object] = {"key": keys[0]} if len(set(keys)) == 1 else {}
    value: dict[str, object] = {}
    if keys:
        value["keys"] = {key: {} for key in keys}
    if trails:
        value["trails"] = {trail: {**single, **({"readers": dict(people)} if people else {})} for trail in trails}
    if event_data_stores:
        value["event_data_stores"] = {
            store: {**single, **({"users": dict(people)} if people else {})} for store in event_data_stores
        }
    implied = [
        (section, subject, "key")
        for section, subjects in (("trails", trails), ("event_data_stores", event_data_stores))
        for subject in subjects
        if single
    ]
    return Expectations(value, [Source("the command line", value)], implied)


def merge(first: Expectations, second: Expectations) -> Expectations:
    """Puts two expectations together.

    Raises:
        ExpectationsError: They say different things about the same, of which the error names both places, or things
            that cannot be together.
    """
    problems: list[Problem] = []
    value = _merged(first, second, problems)
    whole = Expectations(value, [*first.sources, *second.sources], first.implied | second.implied)
    return _consistent(whole, problems)


def keys_for_file(expectations: Expectations, label: str) -> list[str]:
    """Returns the ARNs of the keys whose ``policy`` pattern matches a file.

    A pattern matches the end of the file's absolute path, folder by folder: ``*`` stands for any text in a name, ``**``
    for any number of folders, ``?`` for one character.

    Args:
        expectations: The expectations.
        label: The file as it was given.
    """
    import os.path  # noqa: PLC0415

    path = os.path.abspath(label).replace(os.sep, "/")  # noqa: PTH100 - links are matched by their own names
    patterns = {key: entry.get("policy") for key, entry in _entries(expectations.value.get("keys"))}
    return sorted(key for key, one in patterns.items() if isinstance(one, str) and matches_end(one, path))


def keys_of(expectations: Expectations, section: str) -> list[tuple[str, str]]:
    """Returns the trails or event data stores that name a key, each with that key's ARN.

    Args:
        expectations: The expectations.
        section: ``trails`` or ``event_data_stores``.
    """
    aliased = {
        name: key
        for key, entry in _entries(expectations.value.get("keys"))
        for alias, _ in _entries(entry.get("aliases"))
        for name in arn.alias_names(key, alias)
    }
    found = []
    for subject, entry in _entries(expectations.value.get(section)):
        reference = entry.get("key")
        if isinstance(reference, str):
            found.append((subject, aliased.get(reference, reference)))
    return found


def _entries(value: object) -> list[tuple[str, dict[str, object]]]:
    """The entries of a map as maps; none of what is not known yet."""
    if not isinstance(value, dict) or is_unknown(value):
        return []
    return [(name, entry if isinstance(entry, dict) and not is_unknown(entry) else {}) for name, entry in value.items()]


def has_path(value: object, path: Sequence[str | int]) -> bool:
    """Whether a path leads to something."""
    for step in path:
        if not isinstance(value, dict) or step not in value:
            return False
        value = value[step]
    return True


# Putting sources together.


def _together(sources: Sequence[Source], problems: list[Problem]) -> Expectations:
    """Merges sources and checks what they say together."""
    whole = Expectations()
    for source in sources:
        one = Expectations(source.value, [source])
        whole = Expectations(_merged(whole, one, problems), [*whole.sources, source])
    return _consistent(whole, problems)


def _consistent(whole: Expectations, problems: list[Problem]) -> Expectations:
    """The expectations, if what they say goes together; else raises with all problems, in the order of the files."""
    for path, message, name in check_together(whole.value):
        place = whole.place(path, name=name) or Place("expectations", None, None)
        where = f" (at {' > '.join(str(step) for step in path)})" if place.line is None else ""
        problems.append(Problem(message + where, *place))
    if problems:
        files = list(dict.fromkeys(one.file for one in problems))
        problems.sort(key=lambda one: (files.index(one.file), one.line or 0, one.column or 0))
        raise ExpectationsError(problems)
    return whole


def _merged(first: Expectations, second: Expectations, problems: list[Problem]) -> dict[str, object]:
    def conflict(path: Path, one: object, other: object) -> object:
        if path in second.implied:
            return one
        if path not in first.implied:
            here, there = second.place(path), first.place(path)
            message = f'"{path[-1]}" is given twice with different values: {_show(other)} here, {_show(one)} in {there}'
            problems.append(Problem(message, *(here or ())))
        return other

    return _deep(first.value, second.value, (), conflict)


def _deep(
    one: dict[str, object], other: dict[str, object], path: Path, conflict: Callable[[Path, object, object], object]
) -> dict[str, object]:
    found = dict(one)
    for name, value in other.items():
        at = (*path, name)
        before = found.get(name)
        if name not in found or before == value:
            found[name] = value
        elif _is_map(before, at) and _is_map(value, at) and isinstance(before, dict) and isinstance(value, dict):
            found[name] = _deep(before, value, at, conflict)
        else:
            found[name] = conflict(at, before, value)
    return found


def _is_map(value: object, path: Path) -> bool:
    """Whether a value is a map that merges; a policy document and what is not known yet are one thing each."""
    document = path[:1] == ("principals",) and path[2:3] in {("trust_policy",), ("identity_policies",)}
    if document and len(path) == (3 if path[2] == "trust_policy" else 4):
        return False
    return isinstance(value, dict) and not is_unknown(value)


def _show(value: object) -> str:
    import json  # noqa: PLC0415

    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "\u2026"
