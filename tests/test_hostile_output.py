"""Disks that are full, readers who go away and interrupts: what is written is whole or absent, and the code right."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aws import Aws
from fuzz.servers import AWS_ANSWERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
POLICY = str(ROOT / "data" / "policies" / "trail-wrong-region.json")
CTKMS = f"'{sys.executable}' -m ctkms_opa"
CASE = {
    "id": 1,
    "policy": {"Statement": []},
    "request": {"principal": "*", "action": "kms:Decrypt", "resource": "arn:aws:kms:us-east-1:111111111111:key/x"},
}
SECONDS = 120
KEY = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("trails", "accounts"):
        Path(f"{name}.yaml").write_bytes((ROOT / "data" / f"{name}.yaml").read_bytes())
    return tmp_path


def shell(command: str, more: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A line of bash, with `ctkms` and `check` (a policy that fails) in it."""
    prelude = f'ctkms() {{ {CTKMS} "$@"; }}; check() {{ ctkms check {POLICY} -d trails.yaml -d accounts.yaml "$@"; }}\n'
    return subprocess.run(
        ["bash", "-c", prelude + command],
        env={**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(Path.cwd() / "cache"), **(more or {})},
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


FIX = f"--key {KEY} --trail arn:aws:cloudtrail:us-east-1:111111111111:trail/other-events"


def names() -> set[str]:
    """What lies in the folder, besides what every test has there."""
    return {one.name for one in Path().iterdir()} - {"trails.yaml", "accounts.yaml", "cache"}


def test_a_mended_policy_that_does_not_fit_leaves_the_old_one() -> None:
    old = (ROOT / "data" / "policies" / "trail.json").read_bytes()
    Path("policy.json").write_bytes(old)
    done = shell(f"ulimit -f 1; ctkms fix policy.json {FIX} --write")
    assert done.returncode == 2
    assert done.stderr.endswith("\nctkms: policy.json: cannot be written: File too large\n")
    assert Path("policy.json").read_bytes() == old
    done = shell(f"ctkms fix policy.json {FIX} --write > /dev/full")
    assert done.returncode == 2
    assert done.stderr.endswith("cannot be written: No space left on device\n")
    assert Path("policy.json").read_bytes() == old
    done = shell(f'ctkms fix policy.json {FIX} --write | head -1; exit "${{PIPESTATUS[0]}}"')
    assert done.returncode == 0
    assert done.stdout.startswith("--- policy.json")
    assert len(json.loads(Path("policy.json").read_bytes())["Statement"]) > len(json.loads(old)["Statement"])
    assert names() == {"policy.json"}


def test_of_several_reports_each_is_whole_or_the_old_one() -> None:
    Path("large").write_text("the old one")
    reports = "--format matrix --output small --format html --output large --format json --output never"
    done = shell(f"ulimit -f 8; check {reports}")
    assert (done.returncode, done.stderr) == (2, "ctkms: large: cannot be written: File too large\n")
    assert Path("small").read_text().rstrip().endswith("Verdict: fail")
    assert Path("large").read_text() == "the old one"
    assert names() == {"small", "large"}


def test_an_inventory_or_bundle_that_does_not_fit_leaves_the_old_one() -> None:
    for name in ("inventory", "bundle"):
        Path(name).write_text("the old one")
    with Aws() as aws:
        aws.answers = json.loads(AWS_ANSWERS)
        scan = "ctkms scan --region us-east-1 --output inventory --expectations new"
        done = shell(f"ulimit -f 1; {scan}", aws.environment)
        assert (done.returncode, done.stderr) == (2, "ctkms: inventory: cannot be written: File too large\n")
        done = shell(f"{scan} | head -1", aws.environment)
        assert json.loads(Path("inventory").read_text())["ctkms_inventory"] == 1
    done = shell("ulimit -f 1; ctkms bundle --output bundle")
    assert (done.returncode, done.stderr) == (2, "ctkms: bundle: cannot be written: File too large\n")
    assert Path("bundle").read_text() == "the old one"
    assert names() == {"inventory", "bundle", "new"}


def test_a_folder_of_policies_that_do_not_fit_has_no_halves() -> None:
    done = shell("ulimit -f 1; ctkms generate -d trails.yaml -d accounts.yaml --output made/")
    assert (done.returncode, "cannot be written: File too large" in done.stderr) == (2, True)
    assert all(json.loads(one.read_text())["Version"] for one in Path("made").iterdir())


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


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL], ids=lambda sent: sent.name)
def test_whenever_a_command_is_stopped_its_file_is_whole(sent: signal.Signals) -> None:
    """At moments all over its run: what stands in the file is what stood there, or all that is to stand there."""
    policy = (ROOT / "data" / "policies" / "trail.json").read_bytes()
    cases: list[tuple[str, bytes, Sequence[str]]] = [
        ("policy.json", policy, ["fix", "policy.json", *FIX.split(), "--write"]),
        ("bundle", b"the old one", ["bundle", "--output", "bundle"]),
        ("report", b"the old one", ["check", POLICY, "--key", KEY, "--format", "html", "--output", "report"]),
    ]
    for name, old, command in cases:
        whole = {old, _left_by(name, old, command, None, sent)}
        assert len(whole) == 2
        for moment in range(4):
            assert _left_by(name, old, command, moment / 6, sent) in whole


def _left_by(name: str, old: bytes, command: Sequence[str], moment: float | None, sent: signal.Signals) -> bytes:
    """What a command leaves in a file when it is stopped after so many seconds; None lets it end."""
    Path(name).write_bytes(old)
    process = subprocess.Popen(
        [sys.executable, "-m", "ctkms_opa", *command],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if moment is not None:
        time.sleep(moment)
        process.send_signal(sent)
    process.wait(timeout=SECONDS)
    if sent == signal.SIGINT:
        assert {one for one in names() if one.startswith(".")} == set()
    return Path(name).read_bytes()
