"""What ctkms depends on is bounded and locked, and nothing of ours runs while it is installed."""

from __future__ import annotations

import importlib.metadata
import itertools
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCK = (ROOT / ".ci" / "requirements.txt").read_text("utf-8")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"].values()
DEPENDENCIES = [*PROJECT["project"]["dependencies"], *(one for extra in EXTRAS for one in extra)]
LOCKED = re.compile(r"^([\w.-]+)(?:\[([\w.,-]+)\])?==([^\s;\\]+)", re.MULTILINE)


@pytest.mark.parametrize("text", [*DEPENDENCIES, *PROJECT["build-system"]["requires"]])
def test_every_dependency_has_a_lower_and_an_upper_bound(text: str) -> None:
    assert {one.operator for one in Requirement(text).specifier} == {">=", "<"}


@pytest.mark.parametrize("text", DEPENDENCIES)
def test_every_dependency_is_locked_within_its_bounds(text: str) -> None:
    wanted = Requirement(text)
    versions = [version for name, _, version in LOCKED.findall(LOCK) if name == canonicalize_name(wanted.name)]
    assert versions, f"{text} is not locked: lock anew (CONTRIBUTING.md)"
    assert all(version in wanted.specifier for version in versions), f"{text} is locked as {versions}: lock anew"


def test_every_package_is_locked_with_the_extras_that_are_asked_of_it() -> None:
    """pip takes a lock without them only as long as no newer version is there."""
    locked = {name: set(filter(None, extras.split(","))) for name, extras, _ in LOCKED.findall(LOCK)}
    asked = [Requirement(text) for text in DEPENDENCIES]
    for distribution in importlib.metadata.distributions():
        if canonicalize_name(distribution.metadata["Name"]) in locked:
            asked += [Requirement(text) for text in distribution.requires or []]
    needed = [one for one in asked if one.extras and (one.marker is None or one.marker.evaluate({"extra": ""}))]
    assert {canonicalize_name(one.name) for one in needed} >= {"coverage", "moto"}
    assert [str(one) for one in needed if not one.extras <= locked[canonicalize_name(one.name)]] == []


def test_the_lock_holds_versions_and_hashes_alone() -> None:
    """No option, address or path: each line names a version or a hash of the one before."""
    requirement = re.compile(r"[a-z0-9-]+(\[[a-z0-9,-]+\])?==[\w.!+]+( ; [^\\/]+)? \\")
    digest = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
    lines = LOCK.splitlines()
    odd = [line for line in lines if not (requirement.fullmatch(line) or digest.fullmatch(line))]
    bare = [one for one, after in itertools.pairwise(lines) if one[0] != " " and after[0] != " "]
    assert (odd, bare) == ([], [])


def test_nothing_of_ours_runs_while_it_is_installed() -> None:
    """The build is declarative: no script of setuptools, no hook of hatchling, no plugin, no file that Python runs."""
    assert PROJECT["build-system"]["build-backend"] == "hatchling.build"
    assert [Requirement(one).name for one in PROJECT["build-system"]["requires"]] == ["hatchling"]
    build = PROJECT["tool"]["hatch"]["build"]
    assert set(build) == {"targets"}
    assert set(build["targets"]["wheel"]) == {"packages", "force-include"}
    assert "dynamic" not in PROJECT["project"]
    assert set(PROJECT["project"]["scripts"]) == {"ctkms"}
    assert not {"setup.py", "setup.cfg", "hatch_build.py"} & {path.name for path in ROOT.iterdir()}
    assert list((ROOT / "ctkms_opa").rglob("*.pth")) == []
