"""The hook for pre-commit, run by pre-commit on a repository with key policies."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import published
import pytest
import yaml

PRE_COMMIT = Path(sys.executable).with_name("pre-commit")

pytestmark = pytest.mark.skipif(not PRE_COMMIT.exists(), reason="pre-commit is not installed: pip install -e '.[dev]'")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps what it installs, so that it does so once for all tests."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published.publish(tmp_path_factory.mktemp("published") / "ctkms")


@pytest.fixture
def repository(tmp_path: Path, project: Path) -> Path:
    folder = published.sample(tmp_path / "team")
    config = published.snippets()[".pre-commit-config.yaml"].replace(published.REPOSITORY, str(project))
    (folder / ".pre-commit-config.yaml").write_text(config)
    published.commit(folder)
    return folder


def run(folder: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # What git tells a hook of the repository that it runs for must not reach git in another one.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"}
    return subprocess.run(
        [PRE_COMMIT, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_manifest_is_one(home: Path) -> None:
    done = run(published.ROOT, home, "validate-manifest", ".pre-commit-hooks.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_lines_of_the_readme_judge_what_is_committed(repository: Path, home: Path) -> None:
    good = run(repository, home, "run", "--all-files", "--verbose")
    assert good.returncode == 0, good.stdout + good.stderr
    assert "KMS key policies for CloudTrail" in good.stdout
    assert "Verdict: pass" in good.stdout
    published.spoil(repository)
    bad = run(repository, home, "run")
    assert bad.returncode == 1
    assert "error CT-TRAIL-ENCRYPT  policies/trail.json:" in bad.stdout
    assert "exit code: 1" in bad.stdout
    # Only what is about to be committed is judged, so the other policy is not read.
    assert "event-data-store.json" not in bad.stdout


def test_without_files_the_hook_takes_what_is_called_a_key_policy(repository: Path, home: Path) -> None:
    config = yaml.safe_load((repository / ".pre-commit-config.yaml").read_text())
    del config["repos"][0]["hooks"][0]["files"]
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    published.commit(repository)
    none = run(repository, home, "run", "--all-files")
    assert (none.returncode, "no files to check" in none.stdout) == (0, True)
    published.git(repository, "mv", "policies", "kms-policies")
    some = run(repository, home, "run", "--all-files", "--verbose")
    assert "read from kms-policies/trail.json:1" in some.stdout
