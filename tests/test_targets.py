"""Where reports go: `--format` and `--output` in pairs, and files that are whole or not there."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from ctkms_opa import whole_file
from ctkms_opa.cli.targets import Target, pair
from ctkms_opa.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


def given(line: str) -> list[tuple[str, str]]:
    """`F` begins a format, `O` an output."""
    return [("forms" if word[0] == "F" else "files", word[1:]) for word in line.split()]


@pytest.mark.parametrize(
    ("line", "targets"),
    [
        ("", [Target("text")]),
        ("Fjson", [Target("json")]),
        ("Oa", [Target("text", "a")]),
        ("Oa Fjson", [Target("json", "a")]),
        ("Fjson Oa", [Target("json", "a")]),
        ("Fjson Oa Ftext", [Target("json", "a"), Target("text")]),
        ("Ftext Fjson Oa", [Target("text"), Target("json", "a")]),
        ("Oa Fjson Ftext", [Target("json", "a"), Target("text")]),
        ("Oa Fjson Ob Ftext", [Target("json", "a"), Target("text", "b")]),
        ("Fjson Oa Ftext Ob", [Target("json", "a"), Target("text", "b")]),
        ("Fjson Oa Fjson Ob", [Target("json", "a"), Target("json", "b")]),
        ("Ftext O- Fjson Oa", [Target("text"), Target("json", "a")]),
    ],
)
def test_pairs(line: str, targets: list[Target]) -> None:
    assert pair(given(line)) == targets


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Fjson Ftext", "--format json and --format text both go to standard output: put --output FILE after one"),
        ("Fjson Ftext O-", "--format json and --format text both go to standard output"),
        ("Fjson Fjson", "--format json and --format json both go to standard output"),
        ("Fjson Oa Ftext Oa", "--format json and --format text both go to a: put --output FILE after one"),
        ("Oa Ob", "--output b has no --format of its own: put one before it"),
        ("Fjson Oa Ob", "--output b has no --format of its own: put one before it"),
    ],
)
def test_what_does_not_pair(line: str, message: str) -> None:
    with pytest.raises(click.UsageError, match=message):
        pair(given(line))


def test_a_file_is_written(tmp_path: Path) -> None:
    file = tmp_path / "a"
    whole_file.write(str(file), ["ü", "\ud800\n"])
    assert file.read_bytes() == b"\xc3\xbc\\ud800\n"
    assert stat.S_IMODE(file.stat().st_mode) & 0o600 == 0o600


def test_what_was_there_stays_until_all_is_written(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("before")

    def fails() -> Iterator[str]:
        yield "half"
        assert file.read_text() == "before"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        whole_file.write(str(file), fails())
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]


def test_links_and_modes_stay(tmp_path: Path) -> None:
    file, link = tmp_path / "a", tmp_path / "link"
    file.write_text("before")
    file.chmod(0o640)
    link.symlink_to(file)
    whole_file.write(str(link), ["after"])
    assert link.is_symlink()
    assert file.read_text() == "after"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_draft_that_is_someone_elses_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = tmp_path / f".report.{os.getpid()}.07070707"
    draft.write_text("theirs")
    whole_file.write(str(tmp_path / "other"), ["ours"])
    monkeypatch.setattr(os, "urandom", lambda count: b"\7" * count)
    with pytest.raises(UsageError, match="cannot be written"):
        whole_file.write(str(tmp_path / "report"), ["ours"])
    assert draft.read_text() == "theirs"


def test_devices_are_written_to() -> None:
    whole_file.write("/dev/null", ["gone"])
    assert Path("/dev/null").is_char_device()


def test_files_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="cannot be written: Is a directory"):
        whole_file.write(str(tmp_path / "folder"), ["x"])
    with pytest.raises(UsageError, match="cannot be written: its folder does not exist"):
        whole_file.check_folder(str(tmp_path / "missing" / "a"))
