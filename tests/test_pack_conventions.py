"""Conventions of the pack that no linter knows: what keeps all engines at the same answer (see CONTRIBUTING.md)."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from ctkms_opa import pack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ctkms_opa.pack import Module

MODULES = pack.read_modules(pack.directory(), tests=True)
CODE = [module for module in MODULES if not module.is_test]

GENERATED = {"ctkms.catalogue", "ctkms.registry", "ctkms.expectations.shape"}

FORBIDDEN = {
    "rego.metadata": "regorus has no metadata builtins",
    "glob.match": "regorus and OPA differ on delimiters",
    "json.match_schema": "regorus does not compile it",
    "strings.render_template": "missing in regorus",
    "array.flatten": "missing in regorus",
    "http.send": "the pack never needs the network",
    "walk(": "compiled regorus has no walk",
    "import rego.v1": "the pack is written for OPA 1.0 and newer",
}


def code_of(module: Module) -> str:
    """The module without comments and strings."""
    without_strings = re.sub(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`', '""', module.text)
    return re.sub(r"#.*", "", without_strings)


@pytest.mark.parametrize("module", CODE, ids=lambda module: module.path)
def test_only_what_every_engine_has(module: Module) -> None:
    code = code_of(module)
    assert not [f"{word}: {why}" for word, why in FORBIDDEN.items() if word in code]


@pytest.mark.parametrize("module", CODE, ids=lambda module: module.path)
def test_rules_of_other_packages_are_read_by_their_full_path(module: Module) -> None:
    """Interpreted regorus loses rules that functions read through an import; calling functions so is fine."""
    code = code_of(module)
    imports = re.findall(r"^import (data\.[\w.]+?)(?: as (\w+))?$", code, re.MULTILINE)
    body = re.sub(r"^import .*$", "", code, flags=re.MULTILINE)
    read = [
        reference[0]
        for path, alias in imports
        for reference in re.finditer(rf"(?<![\w.]){alias or path.rpartition('.')[2]}\.\w+\b(?!\s*\()", body)
    ]
    assert read == []


@pytest.mark.parametrize("module", CODE, ids=lambda module: module.path)
def test_with_belongs_to_the_facades_alone(module: Module) -> None:
    if module.package not in {"ctkms.main", "ctkms.server"}:
        assert not re.search(r"\bwith (input|data)\b", code_of(module))


def parsed(opa: str, file: Path) -> Any:
    """The rules of a module as OPA parses them, with their locations."""
    command = [opa, "parse", "--format", "json", "--json-include", "locations", str(file)]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["rules"]


def conditions_in_loops(node: Any, *, in_loop: bool = False) -> Iterator[int]:
    """The lines of the comprehensions without a `some` in a body with one, and in what such a body is for.

    Where the condition is false, compiled regorus ends the loop around it.
    """
    if isinstance(node, list):
        for one in node:
            yield from conditions_in_loops(one, in_loop=in_loop)
    elif isinstance(node, dict):
        body = node.get("body", [])
        is_every = "domain" in node
        loops = is_every or any("symbols" in expression["terms"] for expression in body)
        if in_loop and body and not loops and "head" not in node:
            yield body[0]["location"]["row"]
        for name, value in node.items():
            within = loops if body and name != "domain" else in_loop
            yield from conditions_in_loops(value, in_loop=within)


@pytest.mark.parametrize("module", CODE, ids=lambda module: module.path)
def test_no_condition_ends_a_loop(module: Module, opa_command: str) -> None:
    assert list(conditions_in_loops(parsed(opa_command, module.file))) == []


@pytest.mark.parametrize(
    "rule",
    [
        "found := [pair | some one in [1, 2]; pair := [one, [1 | one > 1]]]",
        "found := [[one, [1 | one > 1]] | some one in [1, 2]]",
        "found contains [one, [1 | one > 1]] if some one in [1, 2]",
        "found if {\n\tsome one in [1, 2]\n\tcount({1 | one > 1}) > 0\n}",
        "found if {\n\tevery one in [1, 2] {\n\t\tcount([1 | one > 1]) > 0\n\t}\n}",
        "found := 1 if {\n\tfalse\n} else := pair if {\n\tsome one in [1, 2]\n\tpair := {one: 1 | one > 1}\n}",
    ],
)
def test_a_condition_that_ends_a_loop_is_found(rule: str, opa_command: str, tmp_path: Path) -> None:
    file = tmp_path / "module.rego"
    file.write_text(f"package module\n\n{rule}\n", "utf-8")
    assert len(list(conditions_in_loops(parsed(opa_command, file)))) == 1


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.path)
def test_the_folder_is_the_package(module: Module) -> None:
    folder = module.path.rpartition("/")[0].replace("/", ".")
    assert module.package == (f"{folder}_test" if module.is_test else folder)


@pytest.mark.parametrize(
    "module",
    # What is data alone, the tests in Python hold to its origin.
    [module for module in CODE if module.package not in {"ctkms.catalogue", "ctkms.expectations.shape"}],
    ids=lambda module: module.path,
)
def test_every_module_has_tests_beside_it(module: Module) -> None:
    assert module.file.with_name(module.file.stem + "_test.rego").is_file()


@pytest.mark.parametrize(
    "module",
    [module for module in MODULES if module.package not in GENERATED],
    ids=lambda module: module.path,
)
def test_lines_fit(module: Module) -> None:
    long = [number for number, line in enumerate(module.text.splitlines(), 1) if len(line) > 120 and "http" not in line]
    assert long == []
