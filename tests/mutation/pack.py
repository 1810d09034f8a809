"""The modules of a pack, who refers to whom, and copies of some of them under names of their own."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from ctkms_opa.pack import Module, read_modules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

_PACKAGE = re.compile(r"^package ([\w.]+)$", re.MULTILINE)
_REFERENCE = re.compile(r"\bdata((?:\.\w+)+)")


class Pack:
    """All modules below a folder."""

    def __init__(self, root: Path) -> None:
        """Reads the modules."""
        self.modules = list(read_modules(root, tests=True))
        self._packages = {module.package for module in self.modules}

    def needed(self, modules: Iterable[Module]) -> list[Module]:
        """All that modules refer to, also by way of others."""
        found: set[str] = set()
        more = {package for module in modules for package in self._refers(module)}
        while more:
            found |= more
            more = {two for one in self.modules if one.package in more for two in self._refers(one)} - found
        return [module for module in self.modules if module.package in found]

    def beside(self, module: Module) -> list[Module]:
        """The module and the tests in its folder."""
        return [module, *(one for one in self.modules if one.is_test and one.file.parent == module.file.parent)]

    def dependants(self, module: Module, scope: Path) -> list[Module]:
        """The module, and all below a folder that refer to it, also by way of others; with their tests."""
        found = {module.package}
        inside = [one for one in self.modules if one == module or one.file.is_relative_to(scope)]
        while True:
            more = {one.package for one in inside if not found.isdisjoint(self._refers(one))} - found
            if not more:
                return [one for one in inside if one.package in found]
            found |= more

    def copy(self, modules: Iterable[Module], name: str, to: Path) -> None:
        """Writes modules below packages of a name, where they refer to each other and else to the pack."""
        copied = list(modules)
        packages = {module.package for module in copied}
        for module in copied:
            target = to / name / module.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(self._renamed(module.text, packages, name), "utf-8")

    def _renamed(self, text: str, packages: Collection[str], name: str) -> str:
        def renamed(reference: re.Match[str]) -> str:
            path = reference[1]
            return f"data.{name}{path}" if self._package(path) in packages else reference[0]

        return _REFERENCE.sub(renamed, _PACKAGE.sub(rf"package {name}.\1", text, count=1))

    @functools.cache  # noqa: B019 - one pack a run
    def _refers(self, module: Module) -> frozenset[str]:
        """What a module names in full, and what is below the path where that goes on with a variable."""
        paths = {reference[1].removeprefix(".") for reference in _REFERENCE.finditer(module.text)}
        named = {self._package(path) for path in paths}
        below = {package for path in paths for package in self._packages if package.startswith(f"{path}.")}
        return frozenset(package for package in named | below if package) - {module.package}

    def _package(self, path: str) -> str | None:
        """The package that a path such as `.ctkms.iam.decision` leads into."""
        steps = path.removeprefix(".").split(".")
        candidates = (".".join(steps[:length]) for length in range(len(steps), 0, -1))
        return next((one for one in candidates if one in self._packages), None)
