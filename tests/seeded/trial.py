"""One seeded bug in a copy of the project, and whether its test finds it there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import engines

if TYPE_CHECKING:
    from .bugs import Bug

PROFILE = "seeded"
"""The profile of hypothesis in which a case that was found is not made smaller."""
ORDINARY = ("check", "data/policies/trail.json", "-d", "data")
_CASE = re.compile(r"^\W*(?:Failing test case|Falsifying example): ", re.MULTILINE)  # as hypothesis shows it
_SECONDS = 1800


@dataclass(frozen=True)
class Outcome:
    """What became of a bug.

    Attributes:
        found: A random case showed it.
        said: Where it was not found, why not, or what the test printed.
    """

    found: bool
    said: str


def of(bug: Bug) -> Outcome:
    """Whether the test finds the bug: by a random case, in a project that still judges an ordinary policy.

    Raises:
        ValueError: The bug does not fit its file.
    """
    with TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        _copy(root)
        file = root / bug.file
        file.write_text(bug.changed(file.read_text("utf-8")), "utf-8")
        ordinary = _run(root, "-m", "ctkms_opa", *ORDINARY)
        if ordinary.returncode not in {0, 1, 3}:
            return Outcome(False, f"nothing works any more: {ordinary.stdout}{ordinary.stderr}")
        long = {} if bug.examples is None else {"CTKMS_EXAMPLES": str(bug.examples)}
        test = _run(root, *_PYTEST, f"tests/{bug.test}", **long)
    said = test.stdout + test.stderr
    if test.returncode == 0:
        return Outcome(False, "the test passes")
    return Outcome(test.returncode == 1 and _CASE.search(said) is not None, said)


_PYTEST = (
    "-m",
    "pytest",
    "-q",
    "-x",
    "--no-cov",
    "--numprocesses=0",  # one test needs no further process
    "-p",
    "no:cacheprovider",
    f"--hypothesis-profile={PROFILE}",
    "--hypothesis-seed=1",
)


def _copy(root: Path) -> None:
    """Copies what git knows, as it is in the working tree."""
    names = subprocess.run(("git", "ls-files", "-z"), cwd=engines.ROOT, check=True, capture_output=True, text=True)
    for name in filter(None, names.stdout.split("\0")):
        if (engines.ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(engines.ROOT / name, root / name, follow_symlinks=False)


def _run(root: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, *arguments),
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"} | variables,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_SECONDS,
        check=False,
    )
