"""`.ci/capabilities.json`: what of OPA the pack may use, which is what it does use, and what every engine has.

`CTKMS_UPDATE=1` writes the file anew: a new builtin is then there to be seen in the change.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import engines
import pytest

from ctkms_opa import bundle, pack

if TYPE_CHECKING:
    from pathlib import Path

FILE = engines.ROOT / ".ci" / "capabilities.json"
CAPABILITIES: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
#: How values of the types that builtins take are written.
SAMPLES = {
    "any": '"1"',
    "string": '"1"',
    "number": "1",
    "array": "[1]",
    "set": "{1}",
    "object": "{}",
    "boolean": "true",
}
#: What is more than a call: operators of the language, by the sign that they are written with.
OPERATORS = {one["name"]: one["infix"] for one in CAPABILITIES["builtins"] if "infix" in one}


@pytest.mark.usefixtures("opa_command")
def test_opa_takes_the_pack_with_these_capabilities_alone() -> None:
    arguments = ("check", "--strict", "--capabilities", str(FILE), "--ignore", "*_test.rego", str(engines.POLICIES))
    done = engines.run_opa(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.usefixtures("opa_command")
def test_opa_refuses_what_is_not_among_them(tmp_path: Path) -> None:
    (tmp_path / "a.rego").write_text('package a\n\np := http.send({"method": "get", "url": "https://example.com"})\n')
    done = engines.run_opa("check", "--capabilities", str(FILE), str(tmp_path))
    assert done.returncode != 0
    assert "undefined function http.send" in done.stdout + done.stderr


@pytest.mark.usefixtures("opa_command")
def test_the_pack_uses_all_of_them(tmp_path: Path) -> None:
    made = tmp_path / "bundle.tar.gz"
    made.write_bytes(bundle.build(pack.load()).content)
    used = json.loads(engines.run_opa("inspect", "--format", "json", str(made)).stdout)["capabilities"]
    used = {"builtins": used["builtins"], "features": used["features"], "allow_net": []}
    if os.environ.get("CTKMS_UPDATE"):
        FILE.write_text(json.dumps(used, indent=1) + "\n", "utf-8")
    assert json.loads(FILE.read_text("utf-8")) == used, "CTKMS_UPDATE=1 writes the file anew"


@pytest.mark.parametrize("name", [engines.COMPILED, engines.INTERPRETED])
@pytest.mark.parametrize("builtin", CAPABILITIES["builtins"], ids=lambda one: str(one["name"]))
def test_regorus_has_them(name: str, builtin: dict[str, Any]) -> None:
    """A builtin that an engine lacks is told apart by the words of its error."""
    assert lacking(name, called(builtin)) is None


def test_what_regorus_lacks_is_noticed() -> None:
    for name in (engines.COMPILED, engines.INTERPRETED):
        assert lacking(name, 'rego.parse_module("a", "package a")') is not None


def called(builtin: dict[str, Any]) -> str:
    """An expression that uses the builtin."""
    arguments = [SAMPLES[sample["type"]] for sample in builtin["decl"].get("args", [])]
    if builtin["name"].startswith("internal.member"):
        return "1 in [1]"
    if builtin["name"] in {"assign", "eq"}:
        return "1 == 1"
    if builtin["name"] in OPERATORS:
        return f" {OPERATORS[builtin['name']]} ".join(arguments)
    return f"{builtin['name']}({', '.join(arguments)})"


def lacking(name: str, expression: str) -> str | None:
    """What an engine says of a function that it lacks; None where it has the function."""
    source = (("a.rego", f"package a\n\nimport rego.v1\n\np := [{expression}]\n"),)
    try:
        engines.load(name, ("data.a.p",), sources=source).evaluate("data.a.p", {})
    except engines.EngineError as error:
        missing = "could not find function" in str(error) or "unknown function" in str(error).lower()
        return str(error) if missing else None
    return None
