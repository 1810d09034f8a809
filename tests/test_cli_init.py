"""`ctkms init`: what it writes is valid, with and without the examples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ctkms_opa import expectations
from ctkms_opa.cli import group

KEY = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TRAIL = "arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"
STORE = "arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE"
BOB = "arn:aws:iam::111111111111:user/Bob"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def init(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["init", *arguments])


def test_it_writes_a_valid_file() -> None:
    result = init()
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr == "ctkms: wrote expectations.yaml; next: ctkms check POLICY -d expectations.yaml\n"
    assert not expectations.load(["expectations.yaml"]).value.get("trails")


def test_its_examples_are_valid_too() -> None:
    text = init("-").stdout
    head, _, body = text.partition("expected:\n")
    lines = [re.sub(r"^( *)# ", r"\1", line) for line in body.splitlines()]
    uncommented = [line for line in lines if not re.match(r" *(What|Findings) ", line)]
    Path("all.yaml").write_text(head + "expected:\n" + "\n".join(uncommented) + "\n")
    found = expectations.load(["all.yaml"]).value
    assert set(found) == {
        "keys",
        "trails",
        "event_data_stores",
        "principals",
        "accounts",
        "organization",
        "waivers",
    }


def test_what_is_given_is_filled_in() -> None:
    result = init("mine.yaml", "--trail", TRAIL, "--event-data-store", STORE, "--key", KEY, "--reader", BOB)
    assert result.exit_code == 0
    assert expectations.load(["mine.yaml"]).value == {
        "keys": {KEY: {}},
        "trails": {TRAIL: {"key": KEY, "readers": {BOB: {}}}},
        "event_data_stores": {STORE: {"key": KEY, "users": {BOB: {}}}},
    }


def test_a_file_is_not_overwritten_unasked() -> None:
    Path("expectations.yaml").write_text("mine")
    result = init()
    assert result.exit_code == 2
    assert result.stderr == "ctkms: expectations.yaml exists; --force overwrites it\n"
    assert Path("expectations.yaml").read_text() == "mine"
    assert init("--force").exit_code == 0
    assert Path("expectations.yaml").read_text() == init("-").stdout


def test_where_it_cannot_write() -> None:
    result = init("missing/expectations.yaml")
    assert result.exit_code == 2
    assert result.stderr == "ctkms: missing/expectations.yaml: cannot be written: No such file or directory\n"


def test_what_is_no_arn_is_refused() -> None:
    result = init("--trail", "trail/x")
    assert result.exit_code == 2
    assert "--trail" in result.stderr
    assert not Path("expectations.yaml").exists()
