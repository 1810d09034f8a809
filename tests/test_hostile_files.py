"""File trees, names and patterns made to hold a check up: it ends soon, and says of what it could not look at."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctkms_opa import config
from ctkms_opa.errors import InputError
from ctkms_opa.files import Found, find, read_bytes
from ctkms_opa.path_pattern import matches_end

ROOT = Path(__file__).resolve().parent.parent
POLICY = (ROOT / "data" / "policies" / "trail.json").read_text()
SECONDS = 60
"""Far more than anything here takes, and far less than what grows without bounds."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ctkms(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, which must end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "ctkms_opa", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )


def found(path: str) -> list[str]:
    """The files that a path stands for, and the errors."""
    return [one.path if isinstance(one, Found) else str(one) for one in find(path)]


# Patterns of files.


def test_a_pattern_follows_links_in_circles_once() -> None:
    Path("a/b").mkdir(parents=True)
    Path("a/b/p.json").write_text("{}")
    for number in range(6):
        Path(f"a/up{number}").symlink_to("..")
        Path(f"a/b/top{number}").symlink_to("../..")
    (file,) = found("**/*.json")
    assert file.endswith("p.json")
    assert len(found("**/**/b/**/*.json")) == 1
    assert [file for file in found("a/b/**") if Path(file).samefile("a/b/p.json")] == ["a/b/p.json"]


def test_what_a_pattern_matches() -> None:
    for name in ("p/a.json", "p/q/b.json", "p/q/.c.json", "p/.h/d.json", "p/q/e[1].json", "p/q/f.yaml"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("{}")
    assert found("p/*.json") == ["p/a.json"]
    assert found("p/**/*.json") == ["p/a.json", "p/q/b.json", "p/q/e[1].json"]
    assert found("p/**") == ["p/a.json", "p/q/b.json", "p/q/e[1].json", "p/q/f.yaml"]
    assert found("./*/q/[bf].*") == ["./p/q/b.json", "./p/q/f.yaml"]
    assert found("p/q/e[[]1].json") == ["p/q/e[1].json"]
    assert found("p/.*/*.json") == ["p/.h/d.json"]
    assert found(f"{Path.cwd()}/p/?.json") == [f"{Path.cwd()}/p/a.json"]
    for nothing in ("p/*/b", "none/*.json", "p/a.json/*", "p/*.json/x"):
        assert found(nothing) == [f"{nothing}: no file matches this pattern"]


def test_a_folder_that_may_not_be_listed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("p/locked").mkdir(parents=True)
    Path("p/a.json").write_text("{}")
    listed = os.listdir

    def refuse(path: str) -> list[str]:  # root may list every folder
        if path.endswith("locked"):
            raise PermissionError(13, "Permission denied", path)
        return listed(path)

    monkeypatch.setattr(os, "listdir", refuse)
    assert found("p/**/*.json") == ["p/a.json", "p/locked: it may not be read: permission denied"]
    assert found("p/locked/*") == ["p/locked: it may not be read: permission denied"]


def test_links_to_themselves_are_named_once() -> None:
    Path("self.json").symlink_to("self.json")
    Path("gone.json").symlink_to("nowhere")
    gone, itself = found("*.json")
    assert gone == "gone.json: there is no such file or folder"
    assert itself.startswith("self.json: it cannot be read: ")
    assert found("**/s*.json") == [itself]


# Patterns in the expectations.


def as_regex(pattern: str) -> str:
    """What a pattern means, as a regular expression: slow in some cases, but easy to see that it is right."""
    parts = {"**/": r"(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pieces = re.findall(r"\*\*/|\*\*|\*|\?|[^*?]", pattern)
    return "(?:^|.*/)" + "".join(parts.get(piece) or re.escape(piece) for piece in pieces)


@settings(max_examples=2000, deadline=None, derandomize=True)
@given(
    st.lists(st.sampled_from(["a", "b", "/", "*", "**", "**/", "?", "/*", "[", "."]), min_size=1, max_size=8).map(
        "".join
    ),
    st.lists(st.text("ab.[", min_size=1, max_size=4), min_size=1, max_size=4).map(lambda names: "/" + "/".join(names)),
)
def test_a_pattern_matches_what_its_regular_expression_does(pattern: str, path: str) -> None:
    pattern = pattern.removeprefix("./")
    assert matches_end(pattern, path) is (re.fullmatch(as_regex(pattern), path, re.DOTALL) is not None)


@pytest.mark.parametrize(
    "pattern", ["*a" * 2000 + "*b", "**/" * 2000 + "b", "**/a/" * 500 + "b", "?*" * 2000 + "b", "**" * 999]
)
def test_no_pattern_takes_long(pattern: str) -> None:
    """A search that tries one way after the other would not end on any but the last."""
    path = "/" + "a" * 250 + "/a" * 1500
    assert matches_end(pattern, path) is (set(pattern) == {"*"})


# What is no regular file, wherever a file is named.


@pytest.mark.parametrize("option", ["--baseline", "--config", "-d", "--describe-key", "--changed-from", "INPUT"])
def test_a_named_pipe_is_refused_rather_than_waited_for(option: str) -> None:
    Path("p.json").write_text(POLICY)
    os.mkfifo("pipe.json")
    result = ctkms("check", "p.json", *([option] if option.startswith("-") else []), "pipe.json")
    assert result.returncode == 2
    assert "pipe.json: this is a named pipe, not a file" in result.stderr + result.stdout


def test_a_pipe_in_the_place_of_a_configuration_is_refused_unread() -> None:
    Path("p.json").write_text(POLICY)
    os.mkfifo("pyproject.toml")
    result = ctkms("check", "p.json")
    assert (result.returncode, result.stderr) == (2, "ctkms: pyproject.toml: this is a named pipe, not a file\n")


def test_a_pipe_from_the_shell_is_read() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"{}")
    os.close(writing)
    assert read_bytes(f"/dev/fd/{reading}") == b"{}"
    os.close(reading)


def test_what_vanishes_after_it_was_found_is_named() -> None:
    Path("p.json").write_text(POLICY)
    (one,) = find("p.json")
    assert isinstance(one, Found)
    Path("p.json").unlink()
    with pytest.raises(InputError, match=r"^p.json: there is no such file or folder$"):
        read_bytes(one.path)
    os.mkfifo("p.json")
    with pytest.raises(InputError, match=r"^p.json: this is a named pipe, not a file$"):
        read_bytes(one.path)


# Configurations that Python's TOML chokes on.


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("[" * 5000 + "]" * 5000, "ctkms.toml: nested too deeply for TOML that is read"),
        ("1" * 5000, "ctkms.toml: it holds a number with more digits than are read"),
    ],
)
def test_toml_that_python_cannot_read(value: str, message: str) -> None:
    Path("ctkms.toml").write_text(f"[tool.ctkms]\ndata = {value}\n")
    with pytest.raises(InputError) as caught:
        config.load("ctkms.toml")
    assert str(caught.value) == message
