"""The project as others get it, a repository that uses it, and the lines that the README gives them to paste."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
CTKMS = Path(sys.executable).with_name("ctkms")
REPOSITORY = "https://github.com/OWNER/ctkms"
REVISION = "v0.1.0"
_PARTS = ("ctkms_opa", "policies", ".github", ".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE")
_SNIPPET = re.compile(r"^```yml\n# (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def snippets() -> dict[str, str]:
    """The files that the README gives, by their name."""
    return dict(_SNIPPET.findall((ROOT / "README.md").read_text("utf-8")))


def snippet(file: str) -> Any:
    """A file that the README gives, as data; `on` is the word that GitHub means, and not YAML's true."""
    return yaml.safe_load(snippets()[file].replace("\non:", '\n"on":'))


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def publish(folder: Path) -> Path:
    """A repository of the project as it is now, with the revision that the README names."""
    folder.mkdir()
    for part in _PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / part)
    git(folder, "init", "--quiet")
    commit(folder)
    git(folder, "tag", REVISION)
    return folder


def sample(folder: Path) -> Path:
    """A repository with key policies and expectations, as a team has it."""
    for name in ("policies", "expectations"):
        (folder / name).mkdir(parents=True)
    for name in ("trail.json", "event-data-store.json"):
        shutil.copy(ROOT / "data" / "policies" / name, folder / "policies")
    for name in ("trails.yaml", "accounts.yaml"):
        shutil.copy(ROOT / "data" / name, folder / "expectations")
    (folder / "package.json").write_text('{"name": "no key policy"}')
    git(folder, "init", "--quiet")
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "As it is")


def spoil(folder: Path) -> None:
    """Puts a key policy into the sample that does not do."""
    shutil.copy(ROOT / "data" / "policies" / "trail-wrong-region.json", folder / "policies" / "trail.json")
    git(folder, "add", "--all")
