"""Disks that are full, readers who go away and interrupts: what is written is whole or absent, and the code right."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
POLICY = str(ROOT / "data" / "policies" / "trail-wrong-region.json")
CTKMS = f"'{sys.executable}' -m ctkms_opa"
CASE = {
    "id": 1,
    "policy": {"Statement": []},
    "request": {"principal": "*", "action": "kms:Decrypt", "resource": "arn:aws:kms:us-east-1:111111111111:key/x"},
}
SECONDS = 120


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("trails", "accounts"):
        Path(f"{name}.yaml").write_bytes((ROOT / "data" / f"{name}.yaml").read_bytes())
    return tmp_path


def shell(command: str) -> subprocess.CompletedProcess[str]:
    """A line of bash, with `ctkms` and `check` (a policy that fails) in it."""
    prelude = f'ctkms() {{ {CTKMS} "$@"; }}; check() {{ ctkms check {POLICY} -d trails.yaml -d accounts.yaml "$@"; }}\n'
    return subprocess.run(
        ["bash", "-c", prelude + command],
        env={**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(Path.cwd() / "cache")},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )


@pytest.mark.parametrize("form", ["json", "sarif", "text", "junit"])
def test_a_report_that_does_not_fit_leaves_the_old_one(form: str) -> None:
    Path("report").write_text("the old one")
    done = shell(f"ulimit -f 1; check --format {form} --output report")
    assert (done.returncode, done.stderr) == (2, "ctkms: report: cannot be written: File too large\n")
    assert Path("report").read_text() == "the old one"
    assert {one.name for one in Path().iterdir()} <= {"report", "trails.yaml", "accounts.yaml", "cache"}


@pytest.mark.parametrize("command", ["check --write-baseline new", "ctkms bundle -o new"])
def test_what_does_not_fit_is_not_there(command: str) -> None:
    done = shell(f"ulimit -f 1; {command}")
    assert (done.returncode, done.stderr) == (2, "ctkms: new: cannot be written: File too large\n")
    assert {one.name for one in Path().iterdir()} <= {"trails.yaml", "accounts.yaml", "cache"}


def test_a_cache_that_does_not_fit_costs_time_and_nothing_else() -> None:
    limited, free = shell("ulimit -f 1; check"), shell("check")
    assert limited.returncode == free.returncode == 1
    assert (limited.stdout, limited.stderr) == (free.stdout, free.stderr)


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_a_full_disk_on_standard_output_is_no_result(form: str) -> None:
    done = shell(f"check --format {form} > /dev/full")
    assert (done.returncode, done.stderr) == (
        2,
        "ctkms: the result cannot be written: No space left on device\n",
    )


@pytest.mark.parametrize("command", ["check", "check --format json", "ctkms rules"])
def test_a_reader_of_the_first_line_changes_no_code(command: str) -> None:
    done = shell(f'{command} | head -1 > first; exit "${{PIPESTATUS[0]}}"')
    assert (done.returncode, done.stderr) == (1 if command.startswith("check") else 0, "")
    assert Path("first").read_text().count("\n") <= 1


def test_a_batch_ends_when_its_reader_goes_away() -> None:
    Path("case").write_text(json.dumps(CASE))
    done = shell('yes "$(cat case)" | ctkms simulate --batch - | head -2; exit "${PIPESTATUS[1]}"')
    assert (done.returncode, done.stderr) == (0, "")
    assert [json.loads(line)["decision"] for line in done.stdout.splitlines()] == ["implicit_deny"] * 2


def test_a_line_without_an_end_is_refused_in_bounded_memory() -> None:
    endless = "head -c 900000000 /dev/zero | tr '\\0' a"
    done = shell(f"ulimit -v 1500000; ({endless}; printf '\\n%s' '{json.dumps(CASE)}') | ctkms simulate --batch -")
    bad, good = (json.loads(answer) for answer in done.stdout.splitlines())
    assert "more than 33554432 are not read" in bad["error"]
    assert good["decision"] == "implicit_deny"
    assert (done.returncode, done.stderr) == (2, "")


@pytest.mark.parametrize("sent", [signal.SIGINT])
def test_an_interrupt_leaves_no_half_report(sent: signal.Signals) -> None:
    """The check waits for its input when it is interrupted."""
    Path("report").write_text("the old one")
    process = subprocess.Popen(
        [sys.executable, "-m", "ctkms_opa", "check", "-", "--format", "json", "--output", "report"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(b"{" + b" " * 70_000)  # more than a pipe holds: written when the check reads
    process.stdin.flush()
    process.send_signal(sent)
    out, complaints = process.communicate(timeout=SECONDS)
    assert (process.returncode, out, complaints) == (130, b"", b"")
    assert [one.name for one in Path().iterdir() if "report" in one.name] == ["report"]
    assert Path("report").read_text() == "the old one"
