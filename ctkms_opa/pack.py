# Pathlib would cost start-up time.
# ruff: noqa: PTH112, PTH113, PTH118, PTH119, PTH120, PTH123
"""The rule pack: where it lies, which modules it has. What the modules say is none of this package's business."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ctkms_opa.errors import CtkmsError, EngineError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike
    from pathlib import Path

_PACKAGE = re.compile(r"^package[ \t]+([\w.]+)", re.MULTILINE)
_TEST_SUFFIX = "_test.rego"
_REGISTERED = re.compile(r"\bdata\.(ctkms\.rules\.\w+\.\w+)\.findings\b")


@dataclass(frozen=True)
class Module:
    """One Rego file: its path below the folder that was read, where it lies, and its text."""

    path: str
    location: str
    text: str

    @property
    def file(self) -> Path:
        """Where the file lies."""
        from pathlib import Path  # noqa: PLC0415 - as in `directory`

        return Path(self.location)

    @property
    def is_test(self) -> bool:
        """Whether the file holds tests."""
        return self.path.endswith(_TEST_SUFFIX)

    @cached_property
    def package(self) -> str:
        """The package that the module declares; empty where it declares none."""
        found = _PACKAGE.search(self.text)
        return found[1] if found else ""

    def defines(self, rule: str) -> bool:
        """Whether the module has a rule of that name."""
        if rule not in self.text:  # most modules lack most rules, and an expression takes long to look for a line
            return False
        return re.search(rf"^(?:default[ \t]+)?{re.escape(rule)}\b", self.text, re.MULTILINE) is not None


@dataclass(frozen=True)
class Pack:
    """The modules of a rule pack, without its tests."""

    root: str
    modules: tuple[Module, ...]

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all paths and texts."""
        sha = hashlib.sha256()
        for module in self.modules:
            for part in (module.path.encode(), module.text.encode()):
                sha.update(len(part).to_bytes(8, "big"))
                sha.update(part)
        return sha.hexdigest()

    def rule_packages(self) -> list[Module]:
        """The modules that hold one rule each: `ctkms.rules.<family>.<rule>`."""
        return [module for module in self.modules if re.fullmatch(r"ctkms\.rules\.\w+\.\w+", module.package)]


def directory() -> Path:
    """The folder of the pack: inside the installed package, or beside it in a checkout.

    Raises:
        CtkmsError: There is no pack in either place.
    """
    from pathlib import Path  # noqa: PLC0415 - it takes its time, and a check does not need it

    return Path(_directory())


def load(root: str | PathLike[str] | None = None) -> Pack:
    """Reads the pack at `root` (default: the one that came with ctkms, which must be complete).

    Raises:
        InputError: A file or folder cannot be read.
        EngineError: Rules are missing from the pack that came with ctkms, or are not registered.
    """
    if root is not None:
        return Pack(os.fspath(root), read_modules(root, tests=False))
    own = _directory()
    loaded = Pack(own, read_modules(own, tests=False))
    check_complete(loaded)
    return loaded


def check_complete(loaded: Pack) -> None:
    """Checks that every rule is there: of a rule that is missing, nobody would see that it finds nothing.

    Raises:
        EngineError: The rules that are there are not those that the registry names.
    """
    present = {module.package for module in loaded.rule_packages()}
    registry = next((module.text for module in loaded.modules if module.package == "ctkms.registry"), "")
    registered = set(_REGISTERED.findall(registry))
    if not registered:
        raise EngineError("the rule pack is damaged: ctkms.registry, which names the rules, is missing", loaded.root)
    if present != registered:
        names = ", ".join(sorted(present ^ registered))
        raise EngineError(f"the rule pack is damaged: its rules and its registry differ in {names}", loaded.root)


def read_modules(root: str | PathLike[str], *, tests: bool) -> tuple[Module, ...]:
    """The `.rego` files below `root` (or the one that it is) in the order of their paths, tests only if asked for.

    Raises:
        InputError: A file cannot be read.
    """
    root = os.fspath(root)
    found = [(os.path.basename(root), root)] if os.path.isfile(root) else sorted(_files(root, ""))
    return tuple(Module(path, file, _read(file)) for path, file in found if tests or not path.endswith(_TEST_SUFFIX))


def _directory() -> str:
    here = os.path.dirname(os.path.realpath(__file__))
    for candidate in (os.path.join(here, "policies"), os.path.join(os.path.dirname(here), "policies")):
        if os.path.isdir(candidate):
            return candidate
    raise CtkmsError("the rule pack is missing from this installation of ctkms")


def _files(folder: str, below: str) -> Iterator[tuple[str, str]]:
    """The Rego files in a folder: each one's path, in which `below` stands for the folder, and where it lies.

    A folder that cannot be read may hold rules: without them everything would seem in order.
    """
    try:
        entries = [*os.scandir(folder)]
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", error.filename) from None
    for entry in entries:
        path = below + entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path, f"{path}/")
        elif entry.name.endswith(".rego") and not entry.is_dir():
            yield path, entry.path


def _read(file: str) -> str:
    try:
        with open(file, encoding="utf-8") as opened:
            return opened.read()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file) from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", file) from None
