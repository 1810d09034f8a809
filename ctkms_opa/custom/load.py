"""Reads users' own rules, and refuses those that would weaken the pack, never run, or end the process."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from ctkms_opa import files, metadata
from ctkms_opa.custom import references, syntax
from ctkms_opa.custom.process import Process
from ctkms_opa.custom.tree import files_below
from ctkms_opa.errors import CtkmsError, EngineError, InputError, Problem, RulesError
from ctkms_opa.pack import Module, read_modules
from ctkms_opa.parse import parse
from ctkms_opa.report import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ctkms_opa.custom.syntax import Definition, Path, Syntax
    from ctkms_opa.metadata import Rule
    from ctkms_opa.pack import Pack

OUTPUTS = ("findings", "not_evaluated")
_DATA = ("data.json", "data.yaml", "data.yml")
_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)+")
_OWN_IDS = ("CT-", "KP-")
_DECISIONS = ("deny", "warn", "violation")
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_FORM = "a rule is a package custom.ctkms.<family>.<rule>"
_AFTER_THE_RULES = (("ctkms", "custom"), ("ctkms", "report"), ("ctkms", "main"))
"""What reads the findings of users' rules: a rule that reads it would wait for itself."""


@dataclass(frozen=True)
class Custom:
    """Users' own rules, as they may be loaded beside the pack."""

    modules: tuple[Module, ...]
    rules: tuple[Rule, ...]
    files: dict[str, tuple[str, int]]
    """By id, the file and line of each rule."""
    outputs: dict[str, tuple[str, ...]]
    """By id, which of `OUTPUTS` the rule has."""
    data: dict[str, Any]
    """What lies below `data`, all of it under `custom`."""
    syntax: tuple[Syntax, ...]
    """The syntax of the modules."""


def load(paths: Iterable[str], own: Pack, process: Process | None = None) -> Custom:
    """Reads the rules (and files `data.json`, `data.yaml`) in files and folders; tests are left out.

    Args:
        paths: The files and folders.
        own: The pack.
        process: Where the modules are parsed; by default one that ends with it.

    Raises:
        InputError: Something cannot be read.
        RulesError: Something may not be loaded; every mistake is named with file and line.
    """
    paths = list(dict.fromkeys(os.path.normpath(path) for path in paths))
    found = [module for path in paths for module in _modules(path)]
    modules = tuple(module for module in found if not module.is_test)
    process = process or Process()
    parsed = parse_modules(modules, process)
    problems = [problem for one in parsed for problem in _misplaced(one)]
    for module in modules:
        try:
            metadata.check_blocks(module)
        except CtkmsError as error:
            problems.append(error.problem)
    problems += _rules_in_tests([module for module in found if module.is_test], process)
    problems += [problem for path in paths for problem in _misnamed(path)]
    rules = []
    for module, one in zip(modules, parsed, strict=True):
        if _is_rule(one.package) and any(definition.path[-1] in OUTPUTS for definition in one.definitions):
            try:
                rules.append((metadata.rule(module), one))
            except CtkmsError as error:
                problems.append(Problem(error.message, one.file, error.line or one.line))
    problems += _misdescribed(rules, metadata.catalogue(own))
    problems += _recursion(parsed)
    problems += _network(parsed)
    data = _Data(parsed)
    for path in paths:
        data.read(path)
    problems += data.problems
    problems += references.misasked(parsed)
    if not problems:  # what is refused defines nothing
        problems += references.undefined(
            parsed, data.paths, paths, own.modules, lambda some: parse_modules(some, process)
        )
    if not rules and not problems:
        problems.append(Problem(f"there is no rule: {_FORM} with findings", paths[0] if paths else None))
    if problems:
        raise RulesError(problems)
    return Custom(
        modules,
        tuple(rule for rule, _ in rules),
        {rule.id: (one.file, one.line) for rule, one in rules},
        {rule.id: tuple(name for name in OUTPUTS if _defines(one, name)) for rule, one in rules},
        data.value,
        tuple(parsed),
    )


def problem_of(message: str, file: str | None = None) -> Problem:
    """The problem in words of regorus, which begin with file, line and column where it can tell."""
    found = re.fullmatch(r"(.+?):(\d+):(\d+): (.*)", message)
    if found:
        return Problem(f"this is not Rego: {found[4]}", found[1], int(found[2]), int(found[3]))
    return Problem(f"this cannot be read as Rego: {message}", file)


def check_id(rule_id: str) -> str | None:
    """What is wrong with the id of a rule; None where nothing is."""
    if not _ID.fullmatch(rule_id):
        return f"{rule_id!r} is not written as ACME-ONE"
    if rule_id.startswith(_OWN_IDS):
        return f"{rule_id!r}: ids that begin with CT- or KP- are the pack's"
    return None


def parse_modules(modules: Sequence[Module], process: Process) -> list[Syntax]:
    """The syntax of modules, in their order.

    Raises:
        RulesError: A module is not Rego, or cannot be parsed in the time that there is.
    """
    parsed = []
    problems = []
    for module in modules:
        try:
            parsed += process.ask({"parse": [[module.location, module.text]]})
        except EngineError as error:
            problems.append(problem_of(error.message, module.location))
    if problems:
        raise RulesError(problems)
    return syntax.read(parsed)


def look_through(paths: Iterable[str], modules: Sequence[Module]) -> dict[str, Any]:
    """Looks through modules that are to be tested: the data beside them, and what would end the process.

    Args:
        paths: Where the modules come from.
        modules: The modules, tests among them.

    Returns:
        What lies below `data`.

    Raises:
        RulesError: A module is not Rego, rules or functions need themselves, or the data may not be loaded.
    """
    parsed = parse_modules(modules, Process())
    data = _Data(parsed)
    for path in paths:
        data.read(path)
    problems = [*_recursion(parsed), *data.problems]
    if not problems:
        problems += references.undefined(parsed, data.paths, paths)
    if problems:
        raise RulesError(problems)
    return data.value


def _modules(path: str) -> Iterator[Module]:
    if not os.path.exists(path):  # noqa: PTH110 - as in pack
        raise InputError("there is no such file or folder", path)
    for module in read_modules(path, tests=True):
        yield Module(module.location, module.location, module.text)


def _rules_in_tests(modules: Sequence[Module], process: Process) -> Iterator[Problem]:
    """Rules in files that are taken for tests by their name, and so would never run; OPA would run them."""
    for one in parse_modules(modules, process):
        for definition in one.definitions:
            if definition.path[:2] == ("custom", "ctkms") and definition.path[4:5] and definition.path[4] in OUTPUTS:
                message = f"{'.'.join(definition.path)} would never run: files called *_test.rego hold tests"
                yield Problem(message, definition.file, definition.line)


def _misnamed(root: str) -> Iterator[Problem]:
    """Files that look like Rego, and are not read as such."""
    for file in files_below(root):
        if file.lower().endswith(".rego") and not file.endswith(".rego"):
            yield Problem("would never run: files with rules are called *.rego, in small letters", file)


def _is_rule(package: Path) -> bool:
    return len(package) == 4 and package[:2] == ("custom", "ctkms")


def _defines(one: Syntax, name: str) -> bool:
    return any(definition.path == (*one.package, name) for definition in one.definitions)


def _misplaced(one: Syntax) -> Iterator[Problem]:
    """What would stand in the pack's way, or never run."""
    name = ".".join(one.package)
    if not all(_NAME.fullmatch(part) for part in one.package):
        yield Problem(f"package {name}: its names are letters, digits and _, without brackets", one.file, one.line)
        return
    if one.package[0] != "custom":
        why = "the pack is closed: your rules add to it" if one.package[0] == "ctkms" else "it would never run"
        yield Problem(
            f"package {name} is not loaded, {why}; {_FORM}, what rules share is below custom", one.file, one.line
        )
        return
    if one.package[:2] == ("custom", "ctkms") and not _is_rule(one.package):
        yield Problem(
            f"package {name} would never run: {_FORM}; what rules share is elsewhere below custom", one.file, one.line
        )
        return
    for definition in one.definitions:
        yield from _misplaced_definition(one, definition)
    if _is_rule(one.package) and not _defines(one, "findings"):
        yield Problem(f"package {name} has no findings (`findings contains … if {{…}}`)", one.file, one.line)


def _misplaced_definition(one: Syntax, definition: Definition) -> Iterator[Problem]:
    name = ".".join(definition.path)
    beyond = definition.path[len(one.package) :]
    place = (definition.file, definition.line)
    if definition.path[:2] == ("custom", "ctkms") and not _is_rule(one.package):
        yield Problem(f"{name} lies in another package than {'.'.join(one.package)}: {_FORM}", *place)
    elif not _is_rule(one.package) and beyond[0] in (*OUTPUTS, *_DECISIONS):
        yield Problem(f"{name} would never run: {_FORM}", *place)
    elif beyond[0] in _DECISIONS:
        yield Problem(f"{name} would never run: ctkms takes findings", *place)
    elif beyond[0] in OUTPUTS and not (len(beyond) == 1 and definition.is_set):
        yield Problem(f"{name} is no set: write `{beyond[0]} contains … if {{…}}`", *place)
    for path in definition.reads:
        if any(syntax.overlap(path, later) for later in _AFTER_THE_RULES):
            read = ".".join(("data", *path))
            yield Problem(
                f"{name} reads {read}, which waits for the findings of this rule; data.ctkms.api is there for you",
                *place,
            )


def _recursion(parsed: Iterable[Syntax]) -> Iterator[Problem]:
    circle = syntax.recursion(parsed)
    if circle:
        names = [".".join(definition.path) for definition in circle]
        again = "itself" if len(names) == 1 else names[0]
        yield Problem(f"recursion: {' needs '.join([*names, again])}", circle[0].file, circle[0].line)


def _network(parsed: Iterable[Syntax]) -> Iterator[Problem]:
    """Calls of `http.send`, which regorus leaves undefined: such a rule would find nothing, and nobody would know."""
    for definition in (one for module in parsed for one in module.definitions):
        if definition.asks_network:
            name = ".".join(definition.path)
            yield Problem(f"{name} calls http.send: rules reach no network", definition.file, definition.line)


def _misdescribed(rules: Sequence[tuple[Rule, Syntax]], own: Sequence[Rule]) -> Iterator[Problem]:
    """What is wrong in the METADATA of rules."""
    taken = {rule.id.upper(): f"the pack's own rule {rule.id}" for rule in own}
    for rule, one in rules:
        for message in _faults(rule):
            yield Problem(f"METADATA: {message}", one.file, one.line)
        other = taken.setdefault(rule.id.upper(), f"{one.file}:{one.line}")
        if other != f"{one.file}:{one.line}":
            yield Problem(f"METADATA: custom.id {rule.id} is already taken by {other}", one.file, one.line)


def _faults(rule: Rule) -> Iterator[str]:
    if not rule.title:
        yield "title is missing: what is true when the rule passes"
    problem = check_id(rule.id)
    if problem:
        yield f"custom.id {problem}"
    if rule.level not in LEVELS:
        yield f"custom.level is {rule.level!r}: choose error, warning or note"
    if not isinstance(rule.custom.get("waivable", True), bool):
        yield "custom.waivable is neither true nor false"
    for url in rule.urls:
        if not metadata.is_web_address(url):
            yield f"related_resources: {url!r} is no web address"


class _Data:
    """The data files of users: `data.json` and `data.yaml`, each below the path of its folder, as opa takes bundles."""

    def __init__(self, parsed: Sequence[Syntax]) -> None:
        self._paths = [definition.path for one in parsed for definition in one.definitions]
        self.value: dict[str, Any] = {}
        self.problems: list[Problem] = []

    @property
    def paths(self) -> list[Path]:
        """What the files fill."""
        return [path for path, _ in _leaves(self.value, ())]

    def read(self, root: str) -> None:
        """Takes in the data files of a folder."""
        for file in files_below(root):
            if os.path.basename(file) in _DATA:  # noqa: PTH119 - as in pack
                self._take(file, FilePath(os.path.relpath(os.path.dirname(file), root)).parts)  # noqa: PTH120

    def _take(self, file: str, path: Path) -> None:
        parsed = parse(files.decode(files.read_bytes(file), file), file)
        if parsed.duplicates:
            twice = parsed.duplicates[0]
            self.problems.append(Problem(f'the member "{twice.name}" stands here a second time', file, *twice.position))
        elif not isinstance(parsed.value, dict):
            self.problems.append(Problem("data is a map", file, 1))
        else:
            for leaf, value in _leaves(parsed.value, path):
                problem = self._problem(leaf)
                if problem is None:
                    problem = _put(self.value, leaf, value)
                if problem is not None:
                    line, column = parsed.position(leaf[len(path) :])
                    self.problems.append(Problem(f"data at {'.'.join(leaf)} {problem}", file, line, column))

    def _problem(self, leaf: Path) -> str | None:
        if leaf[:1] != ("custom",):
            return "is refused: your data lies below custom, in the file's folder or in the file itself"
        if any(syntax.overlap(leaf, path) for path in self._paths):
            return "is refused: it would replace a rule"
        return None


def _leaves(value: dict[str, Any], path: Path) -> Iterator[tuple[Path, Any]]:
    for name, member in value.items():
        if isinstance(member, dict) and member:
            yield from _leaves(member, (*path, name))
        else:
            yield (*path, name), member


def _put(tree: dict[str, Any], path: Path, value: Any) -> str | None:
    for step in path[:-1]:
        tree = tree.setdefault(step, {})
        if not isinstance(tree, dict):
            return "is given twice"
    if path[-1] in tree:
        return "is given twice"
    tree[path[-1]] = value
    return None
