"""The configuration: `ctkms.yaml`, or `[tool.ctkms]` in `pyproject.toml`, checked with the place of every mistake."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ctkms_opa import files, formats
from ctkms_opa.errors import ConfigError, InputError, Problem, UsageError
from ctkms_opa.expectation_schema import did_you_mean, kind_of
from ctkms_opa.own_files import CONFIGURATIONS
from ctkms_opa.parse import parse
from ctkms_opa.report import LEVELS

_PYPROJECT = "pyproject.toml"
# TOML is loaded where it may be needed alone: a key ctkms after tool, or a table tool that may have one.
_MAY_CONFIGURE = re.compile(r"""\btool["']?\s*(?:\.\s*["']?ctkms\b|=|\])""")
_PROFILES = ("documented", "hardened")

Position = tuple[int | None, int | None]
_Place = Callable[[Sequence[str | int]], Position]


@dataclass(frozen=True)
class Config:
    """What a configuration says; None where it says nothing. Paths are as seen from the working directory."""

    file: str
    data: tuple[str, ...] | None = None
    policies: tuple[str, ...] | None = None
    profile: str | None = None
    fail_on: str | None = None
    levels: Mapping[str, str] | None = None
    disable: tuple[str, ...] | None = None
    formats: Mapping[str, str | None] | None = None
    """By format, the file that it is written to; None is standard output."""
    places: Mapping[str, Position] = field(default_factory=dict)
    """By rule, as it is written, and by path, where the configuration names it."""


def find(folder: str = ".") -> str | None:
    """The configuration in a folder, as a path; None where there is none.

    Raises:
        UsageError: There are two.
        InputError: A `pyproject.toml` that may hold one cannot be read.
    """
    # A link to nowhere is a configuration that cannot be read, and not none.
    found = [name for name in CONFIGURATIONS if os.path.lexists(os.path.join(folder, name))]  # noqa: PTH118 - start-up time
    if _has_table(os.path.normpath(os.path.join(folder, _PYPROJECT))):  # noqa: PTH118
        found.append(_PYPROJECT)
    if len(found) > 1:
        raise UsageError(f"both {' and '.join(found)} configure ctkms: keep one, or name one with --config")
    return os.path.normpath(os.path.join(folder, found[0])) if found else None  # noqa: PTH118


def load(file: str) -> Config:
    """Reads a configuration.

    Args:
        file: A YAML file, or a TOML file with a table `[tool.ctkms]`.

    Raises:
        InputError: It cannot be read.
        ConfigError: It holds mistakes; every one is named with its place.
    """
    text = files.decode(files.read_bytes(file), file)
    value, place = _toml(text, file) if file.endswith(".toml") else _yaml(text, file)
    reader = _Reader(file, place)
    config = reader.config(value)
    if reader.problems:
        raise ConfigError(reader.problems)
    return config


def _yaml(text: str, file: str) -> tuple[object, _Place]:
    if not re.search(r"^\s*[^\s#]", text, re.MULTILINE):
        return {}, lambda _: (None, None)
    parsed = parse(text, file)
    if parsed.duplicates:
        twice = parsed.duplicates[0]
        raise ConfigError([Problem(f'the member "{twice.name}" stands here a second time', file, *twice.position)])
    return {} if parsed.value is None else parsed.value, parsed.key_position


def _toml(text: str, file: str) -> tuple[object, _Place]:
    tool = _tool(text, file)
    if "ctkms" not in tool:
        raise InputError("there is no table [tool.ctkms]", file)
    return tool["ctkms"], lambda path: _toml_position(text.splitlines(), path)


def _tool(text: str, file: str) -> dict[str, Any]:
    """The table `tool` of a TOML file; an empty one where there is none."""
    import tomllib  # noqa: PLC0415 - start-up time: few configurations are TOML

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", str(error))
        place = (int(found[2]), int(found[3])) if found else ()
        raise InputError(f"this is not TOML: {found[1] if found else error}", file, *place) from None
    except RecursionError:
        raise InputError("nested too deeply for TOML that is read", file) from None
    except ValueError:  # Python's limit, which its TOML passes on without a place
        raise InputError("it holds a number with more digits than are read", file) from None
    tool = document.get("tool")
    return tool if isinstance(tool, dict) else {}


def _toml_position(lines: Sequence[str], path: Sequence[str | int]) -> Position:
    """The line that names the last part of a path, after that of the part before; Python's TOML has no positions."""
    line = 0
    for name in ("ctkms", *path):
        if isinstance(name, str):
            named = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
            line = next((number for number in range(line, len(lines)) if named.search(lines[number])), line)
    return line + 1, None


def _has_table(file: str) -> bool:
    if not os.path.lexists(file):
        return False
    text = files.decode(files.read_bytes(file), file)
    return _MAY_CONFIGURE.search(text) is not None and "ctkms" in _tool(text, file)


class _Reader:
    """Reads the members of a configuration, and keeps what is wrong."""

    def __init__(self, file: str, place: _Place) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._folder = os.path.dirname(file)  # noqa: PTH120 - start-up time
        self._place = place
        self._places: dict[str, Position] = {}

    def config(self, value: object) -> Config:
        members: dict[str, Callable[[str, Any], Any]] = {
            "data": self._paths,
            "policies": self._paths,
            "profile": lambda name, given: self._one_of(_PROFILES, (name,), given),
            "fail-on": lambda name, given: self._one_of(LEVELS, (name,), given),
            "levels": self._levels,
            "disable": self._rules,
            "formats": self._formats,
        }
        if not isinstance(value, dict):
            self._report((), "a configuration is a map")
            return Config(self._file)
        said = {}
        for name, given in value.items():
            if name not in members:
                self._report((name,), f'there is no "{name}"{did_you_mean(name, members) or _one_of(members)}')
            else:
                said[name.replace("-", "_")] = members[name](name, given)
        return Config(self._file, **said, places=self._places)

    def _report(self, path: Sequence[str | int], message: str) -> None:
        self.problems.append(Problem(message, self._file, *self._place(path)))

    def _texts(self, name: str, given: Any) -> list[str]:
        listed = [given] if isinstance(given, str) else given
        if not isinstance(listed, list):
            self._report((name,), f'"{name}" is a list of texts, not {kind_of(given)}')
            return []
        if not listed:
            self._report((name,), f'"{name}" is an empty list: name something, or leave "{name}" out')
        for position, one in enumerate(listed):
            if not isinstance(one, str) or not one:
                self._report((name, position), f'"{name}" is a list of texts, not of {_shown(one)}')
        return [one for one in listed if isinstance(one, str)]

    def _paths(self, name: str, given: Any) -> tuple[str, ...]:
        paths = []
        for position, one in enumerate(self._texts(name, given)):
            paths.append(self._path(one))
            place = self._place((name, position) if isinstance(given, list) else (name,))
            self._places |= {paths[-1]: place, os.path.normpath(paths[-1]): place}
        return tuple(paths)

    def _path(self, path: str) -> str:
        """A path that is written as seen from the configuration."""
        return os.path.join(self._folder, path)  # noqa: PTH118 - start-up time

    def _one_of(self, choices: Sequence[str], path: Sequence[str], given: Any) -> Any:
        if given not in choices:
            self._report(path, f'"{path[-1]}" is{_one_of(choices)[1:]}, not {_shown(given)}')
        return given

    def _rules(self, name: str, given: Any) -> tuple[str, ...]:
        rules = self._texts(name, given)
        self._places |= {rule: self._place((name, position)) for position, rule in enumerate(rules)}
        return tuple(rules)

    def _levels(self, name: str, given: Any) -> dict[str, str]:
        if not isinstance(given, dict):
            self._report((name,), f'"{name}" is a map from rules to levels')
            return {}
        self._places |= {rule: self._place((name, rule)) for rule in given}
        first: dict[str, str] = {}
        for rule in given:
            if first.setdefault(rule.upper(), rule) != rule:
                self._report((name, rule), f"{rule} is given twice: it is {first[rule.upper()]}")
        return {rule: self._one_of(LEVELS, (name, rule), level) for rule, level in given.items()}

    def _formats(self, name: str, given: Any) -> dict[str, str | None]:
        if isinstance(given, str | list):
            given = dict.fromkeys(self._texts(name, given), "")
        if not isinstance(given, dict) or not given:
            self._report((name,), f'"{name}" is a map from formats to files, or a format')
            return {}
        for form, file in given.items():
            if form not in formats.FORMATS:
                hint = did_you_mean(form, formats.FORMATS) or _one_of(formats.FORMATS)
                self._report((name, form), f'there is no format "{form}"{hint}')
            if not isinstance(file, str | None):
                self._report((name, form), f'"{form}" is the name of a file, or nothing for standard output')
        given = {form: None if file == "-" else file for form, file in given.items()}  # as --output has it
        screens = [form for form, file in given.items() if not file]
        if len(screens) > 1:
            self._report((name, screens[1]), f"{' and '.join(screens)} both go to standard output: give one a file")
        return {form: self._path(file) if isinstance(file, str) and file else None for form, file in given.items()}


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else kind_of(value)


def _one_of(choices: Mapping[str, object] | Sequence[str]) -> str:
    *others, last = choices
    return f": {', '.join(others)} or {last}"
