"""Every command line of the README is run, and what the README shows of their output is what they print."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import picture
import pytest
from engines import conftest_command, opa_command
from opa_servers import free_port, listens

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
FENCE = re.compile(r"^```([a-z]+)( set-up)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FENCES = FENCE.findall(README)

# What a test cannot run, each with its reason; everything else must run.
NOT_RUN = {
    "aws kms get-key-policy": "needs an AWS account",
    "ctkms scan": "needs an AWS account; tests/test_scan.py runs these two lines on one of its own",
    "ctkms check inventory.json": "needs what the scan wrote",
}
PLACEHOLDERS = {
    "KEY_ARN": "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "TRAIL_ARN": "arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events",
    "READER_ARN": "arn:aws:iam::111111111111:user/Bob",
}


def blocks() -> list[list[str]]:
    """The command lines of each fence of shell code, continuation lines joined; those that set up run in .ci/run."""
    texts = [text.replace("\\\n", " ") for language, set_up, text in FENCES if language == "sh" and not set_up]
    return [[line for line in text.splitlines() if line.strip() and not line.startswith("#")] for text in texts]


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs a command line in a folder that looks like a checkout, with this Python's ctkms on PATH."""
    return subprocess.run(  # noqa: S602 - the README's own lines
        filled(command), shell=True, cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )


@contextlib.contextmanager
def in_background(command: str, port: int, folder: Path) -> Iterator[None]:
    """Runs the command line of a server until the block ends."""
    process = subprocess.Popen(filled(command).split(), cwd=folder, env=environment(), stderr=subprocess.DEVNULL)
    try:
        assert listens(port, process)
        yield
    finally:
        process.kill()
        process.wait()


def filled(command: str) -> str:
    for placeholder, value in PLACEHOLDERS.items():
        command = command.replace(placeholder, value)
    return command


def environment() -> dict[str, str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for tool in (opa_command(), conftest_command()):
        if tool:
            path = os.pathsep.join([str(Path(tool).parent), path])
    return os.environ | {"PATH": path, "COLUMNS": "100", "NO_COLOR": "1"}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for folder in ("data", "policies"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "data" / "policies" / "trail.json", tmp_path / "policy.json")
    return tmp_path


@pytest.mark.parametrize("block", blocks(), ids=lambda block: block[0])
def test_the_commands_of_the_readme_run(block: list[str], checkout: Path) -> None:
    """One after the other: a later command may use what an earlier one wrote, or a server that it started."""
    port = free_port()
    with contextlib.ExitStack() as servers:
        for command in (line.replace("localhost:8181", f"127.0.0.1:{port}") for line in block):
            if any(command.startswith(start) for start in NOT_RUN):
                continue
            tool = command.split()[0]
            if (tool, None) in {("opa", opa_command()), ("conftest", conftest_command())}:
                pytest.skip(f"the {tool} command is not there")
            if command.endswith(" &"):
                servers.enter_context(in_background(command.removesuffix(" &"), port, checkout))
                continue
            done = run(command, checkout)
            assert done.returncode == 0, done.stdout + done.stderr


def test_the_picture_shows_the_report_of_today() -> None:
    assert f"](.github/{picture.PICTURE.name})" in README
    assert picture.PICTURE.read_bytes().startswith(b"\x89PNG")
    assert picture.SHOWN.read_text("utf-8").strip() == picture.digest(picture.page())


def test_the_readme_has_commands_and_set_up() -> None:
    assert sum(map(len, blocks())) >= 4
    assert sum(bool(set_up) for _, set_up, _ in FENCES) == 2


@pytest.mark.parametrize("text", [text for language, _, text in FENCES if language == "console"])
def test_the_readme_shows_what_is_printed(text: str, checkout: Path) -> None:
    command, _, shown = text.removeprefix("$ ").partition("\n")
    assert run(command, checkout).stdout.strip() == shown.strip()


@pytest.mark.parametrize("text", [text for language, _, text in FENCES if language == "python"])
def test_the_python_of_the_readme_runs(text: str, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout)
    exec(compile(text, "README.md", "exec"), {})  # noqa: S102 - the README's own lines


YAML = [text for language, _, text in FENCES if language == "yaml"]


@pytest.mark.parametrize("text", [text for text in YAML if text.startswith("expected:")])
def test_the_expectations_of_the_readme_are_valid(text: str, checkout: Path) -> None:
    (checkout / "expected.yaml").write_text(text, "utf-8")
    done = run("ctkms check policy.json -d expected.yaml", checkout)
    assert done.returncode != 2, done.stderr


@pytest.mark.parametrize("text", [text for text in YAML if not text.startswith("expected:")])
def test_the_configuration_of_the_readme_is_valid(text: str, checkout: Path) -> None:
    (checkout / "ctkms.yaml").write_text(text, "utf-8")
    done = run("ctkms check data/policies/trail.json", checkout)
    assert done.returncode == 1, done.stderr
    assert "KP-RESOURCE-STAR: 1 finding not shown" in done.stdout
    assert (checkout / "ctkms.sarif").exists()
