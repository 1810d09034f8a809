"""What all commands share: help, version, errors and exit codes."""

from __future__ import annotations

import subprocess
import sys
from typing import NoReturn

import click
import pytest
from click.testing import CliRunner

from ctkms_opa import __version__
from ctkms_opa.cli import group
from ctkms_opa.cli import rules as rules_command
from ctkms_opa.errors import CtkmsError, EngineError, InputError


def test_the_version() -> None:
    result = CliRunner().invoke(group, ["--version"])
    assert result.exit_code == 0
    assert result.stdout == f"ctkms {__version__}\n"


def test_the_help_names_every_command_and_the_exit_codes() -> None:
    shown = CliRunner().invoke(group, ["--help"]).stdout
    for command in ("check", "simulate", "rules", "test", "init"):
        assert f"\n  {command} " in shown
    assert "Exit codes: 0 clean, 1 findings" in shown


@pytest.mark.parametrize("command", ["check", "simulate", "rules", "test", "init"])
def test_every_command_has_help(command: str) -> None:
    for option in ("--help", "-h"):
        result = CliRunner().invoke(group, [command, option])
        assert result.exit_code == 0
        assert result.stdout.startswith("Usage: ")


def test_an_unknown_command_is_a_usage_error() -> None:
    result = CliRunner().invoke(group, ["chekc"])
    assert result.exit_code == 2
    assert "No such command 'chekc'" in result.stderr


@pytest.mark.parametrize(
    ("error", "code", "shown"),
    [
        (CtkmsError("no good"), 2, "ctkms: no good\n"),
        (InputError("no good", "f\x1b.json", 3, 4), 2, "ctkms: f\\x1b.json:3:4: no good\n"),
        (EngineError("it stopped\n::error::"), 4, "ctkms: it stopped\nctkms: ::error::\n"),
        (KeyboardInterrupt(), 130, ""),
        (OSError(28, "No space left on device"), 2, "ctkms: the result cannot be written: No space left on device\n"),
        (
            KeyError("rule"),
            4,
            "ctkms: ctkms itself failed, which says nothing about the policy: KeyError: 'rule'\n",
        ),
    ],
    ids=["usage", "input", "engine", "interrupt", "output", "own mistake"],
)
def test_errors_are_one_line_and_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, shown: str
) -> None:
    def fail() -> NoReturn:
        raise error

    monkeypatch.setattr(rules_command, "command", click.Command("rules", callback=fail))
    result = CliRunner().invoke(group, ["rules"])
    assert result.exit_code == code
    assert result.stderr == shown
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("redirection", "code", "complaint"),
    [
        (">&-", 2, "ctkms: standard output is closed: there is nowhere to write the result to\n"),
        (">/dev/full", 2, "ctkms: the result cannot be written: No space left on device\n"),
        (">/dev/full 2>&-", 2, ""),
    ],
)
def test_a_result_that_cannot_be_written_is_no_success(redirection: str, code: int, complaint: str) -> None:
    command = f"'{sys.executable}' -m ctkms_opa rules {redirection}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", complaint)


def test_closed_standard_input_is_an_input_error() -> None:
    command = f"'{sys.executable}' -m ctkms_opa check - <&-"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "<stdin>: standard input is closed" in done.stdout
