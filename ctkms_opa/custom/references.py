"""What rules read and nothing defines: in Rego it is undefined, so the rule finds nothing, and nobody would know."""

from __future__ import annotations

import os
import re
from operator import ne
from typing import TYPE_CHECKING

from ctkms_opa.custom import syntax
from ctkms_opa.custom.tree import files_below
from ctkms_opa.errors import Problem
from ctkms_opa.expectation_schema import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ctkms_opa.custom.syntax import Path, Syntax
    from ctkms_opa.pack import Module

_API = ("ctkms", "api")
_ACTION = re.compile(r"[A-Za-z0-9-]+:.+")
_YAML_OR_JSON = (".json", ".yaml", ".yml")


def undefined(
    parsed: Sequence[Syntax],
    data: Iterable[Path],
    roots: Iterable[str],
    own: Sequence[Module] = (),
    parse: Callable[[Sequence[Module]], Sequence[Syntax]] = lambda _: (),
) -> Iterator[Problem]:
    """What modules read and neither they, nor data, nor the pack define.

    Args:
        parsed: The users' modules.
        data: The paths that data files fill.
        roots: The files and folders that were given, for a hint.
        own: The modules of the pack; without any, what is read of the pack is not looked at.
        parse: Parses modules of the pack, of which only those are that are read.
    """
    users = {definition.path for one in parsed for definition in one.definitions} | set(data)
    users |= {path for one in parsed for definition in one.definitions for path in definition.replaces}
    pack = _Pack(own, parse)
    for definition in (definition for one in parsed for definition in one.definitions):
        for path in definition.reads:
            if path[:1] == ("expected",) or (path[:1] == ("ctkms",) and not own):
                continue
            known = pack.beside(path) if path[:1] == ("ctkms",) else users
            if not any(syntax.overlap(path, other) for other in known):
                yield Problem(
                    f"{_name(definition.path)} reads {_name(('data', *path))}, which nothing that is loaded defines: "
                    f"it would find nothing{_hint(path, known, roots)}",
                    definition.file,
                    definition.line,
                )


def misasked(parsed: Iterable[Syntax]) -> Iterator[Problem]:
    """Requests for actions that are none, which no statement would ever allow."""
    for definition in (definition for one in parsed for definition in one.definitions):
        for path, arguments in definition.calls:
            if path == (*_API, "request") and len(arguments) == 3:
                action = arguments[1]
                if action is not None and not _ACTION.fullmatch(action):
                    yield Problem(
                        f"{_name(definition.path)} asks for the action {action!r}: write its service, as kms:Decrypt",
                        definition.file,
                        definition.line,
                    )


def untried(parsed: Iterable[Syntax], capabilities: Sequence[str]) -> Iterator[Problem]:
    """Questions for capabilities that there are none of: nothing was ever tried for them."""
    for definition in (definition for one in parsed for definition in one.definitions):
        for path, arguments in definition.calls:
            if path == (*_API, "tried") and arguments and arguments[0] not in (None, *capabilities):
                hint = did_you_mean(str(arguments[0]), capabilities) or f": {', '.join(capabilities)}"
                message = f"{_name(definition.path)}: there is no capability {arguments[0]!r}{hint}"
                yield Problem(message, definition.file, definition.line)


class _Pack:
    """The pack, parsed as far as it is asked for."""

    def __init__(self, modules: Sequence[Module], parse: Callable[[Sequence[Module]], Sequence[Syntax]]) -> None:
        self._modules = {module: tuple(module.package.split(".")) for module in modules}
        self._parse = parse
        self._parsed: dict[Module, list[Path]] = {}

    def beside(self, path: Path) -> list[Path]:
        """What the modules define in whose package a path lies, and the packages that lie below it."""
        found = []
        for module, package in self._modules.items():
            if package == path[: len(package)] and package != path:
                if module not in self._parsed:
                    (one,) = self._parse([module])
                    self._parsed[module] = [definition.path for definition in one.definitions]
                found += self._parsed[module]
            else:
                found.append(package)
        return found


def _name(path: Path) -> str:
    return ".".join(path)


def _hint(path: Path, known: Iterable[Path], roots: Iterable[str]) -> str:
    known = {other[: len(path)] for other in known if len(other) >= len(path)}
    near_by = [other for other in known if sum(map(ne, path, other)) == 1]
    names = sorted(_name(("data", *other)) for other in near_by)
    near = did_you_mean(_name(("data", *path)), names)
    if near:
        return near
    others = [file for root in roots for file in _not_data(root)]
    if others and path[:1] == ("custom",):
        return f"; data of yours stand in files data.yaml, as {others[0]} is not called"
    return (
        "; give the folder that holds its file (data: that which holds custom/) after -p; "
        "data that may be missing stand there as an empty list or map"
    )


def _not_data(root: str) -> Iterator[str]:
    """Files that might hold data, had they the right name."""
    for file in files_below(root):
        name = os.path.basename(file)  # noqa: PTH119 - as in pack
        if name.endswith(_YAML_OR_JSON) and not name.startswith(("data.", ".")):
            yield file
