"""The pack under regal, OPA's linter, with the configuration of the project."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import engines

if TYPE_CHECKING:
    from pathlib import Path


def lint(command: str, root: Path) -> tuple[int, list[str]]:
    """Lints the pack under the root: the exit code, and what violates which rule in which file."""
    arguments = [command, "lint", "--format", "json", "policies"]
    done = subprocess.run(arguments, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 3}, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["summary"]["files_scanned"] == len(engines.modules(tests=True, root=root / "policies"))
    return done.returncode, [
        f"{one['location']['file']}:{one['location']['row']}: {one['title']}: {one['description']}"
        for one in report["violations"]
    ]


def test_the_pack_is_clean(regal_command: str) -> None:
    assert lint(regal_command, engines.ROOT) == (0, [])


def test_a_violation_is_found(regal_command: str, tmp_path: Path) -> None:
    """One in a copy of the pack, of a rule that regal leaves off by default: the configuration was read."""
    for name in (".regal", "policies"):
        shutil.copytree(engines.ROOT / name, tmp_path / name)
    module = tmp_path / "policies" / "ctkms" / "subject" / "subject.rego"
    with module.open("a", encoding="utf-8") as file:
        file.write("\n_seen := opa.runtime()\n")
    code, violations = lint(regal_command, tmp_path)
    last = len(module.read_text("utf-8").splitlines())
    assert code == 3
    assert violations == [
        f"policies/ctkms/subject/subject.rego:{last}: forbidden-function-call: Forbidden function call"
    ]
