"""Finding and reading inputs, what their text shows, and the way back from a finding to its place."""

from __future__ import annotations

import io
import os
import socket
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctkms_opa import files
from ctkms_opa.errors import InputError
from ctkms_opa.inputs import Document, document_from_text, read_document, read_documents
from ctkms_opa.json_text import MAX_BYTES

if TYPE_CHECKING:
    from pathlib import Path

POLICY = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "A", "Effect": "Allow"},
    {"Sid": "B", "Effect": "Deny", "Condition": {"Bool": {"a:b": "true"}}}
  ]
}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(*paths: str, stdin: bytes = b"") -> list[str]:
    """What is read: labels of documents, texts of errors."""
    return [one.label if isinstance(one, Document) else f"! {one}" for one in read_documents(paths, io.BytesIO(stdin))]


def fail(data: bytes) -> str:
    found = next(iter(read_documents(["-"], io.BytesIO(data))))
    assert isinstance(found, InputError)
    return str(found)


# Files and folders.


def test_files_in_the_order_given(folder: Path) -> None:
    (folder / "b.json").write_text("{}")
    (folder / "a.txt").write_text("{}")
    assert read("b.json", "./a.txt", "-", stdin=b"a: 1") == ["b.json", "./a.txt", "<stdin>"]


def test_a_folder_is_searched_sorted_and_through(folder: Path) -> None:
    for name in ("p/b.json", "p/a/z.yaml", "p/a/y.yml", "p/c.JSON", "p/no.txt", "p/.hidden/x.json", "p/.x.json"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}")
    assert read("p") == ["p/a/y.yml", "p/a/z.yaml", "p/b.json", "p/c.JSON"]


def test_a_folder_without_files(folder: Path) -> None:
    (folder / "p/q").mkdir(parents=True)
    (folder / "p/x.txt").write_text("")
    assert read("p") == ["! p: nothing to check in this folder: it holds no *.json, *.yaml or *.yml file"]


def test_what_cannot_be_read_does_not_stop_the_rest(folder: Path) -> None:
    (folder / "good.json").write_text(POLICY)
    (folder / "broken.json").write_text('{"a": 1 "b": 2}')
    (folder / "empty.json").write_text(" \n")
    assert read("missing", "broken.json", "empty.json", "nul\0", "good.json", "-") == [
        "! missing: there is no such file or folder",
        "! broken.json:1:9: expected ',' after 1 (the value of \"a\", line 1)",
        "! empty.json: the file is empty",
        "! nul\0: it cannot be read: embedded null byte",
        "good.json",
        "! <stdin>: standard input is empty",
    ]


def test_a_file_that_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.json").write_text("{}")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    assert read("a.json") == ["! a.json: it may not be read: permission denied"]


@pytest.mark.usefixtures("folder")
def test_a_folder_that_may_not_be_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "listdir", refuse)
    assert read(".") == ["! .: it cannot be read: Input/output error"]


def test_links(folder: Path) -> None:
    (folder / "p/q").mkdir(parents=True)
    (folder / "p/a.json").write_text("{}")
    (folder / "p/link.json").symlink_to("a.json")
    (folder / "p/q/back").symlink_to("..")
    (folder / "p/gone.json").symlink_to("nowhere")
    (folder / "p/gone.txt").symlink_to("nowhere")
    (folder / "p/folder").symlink_to("nowhere")
    (folder / "p/loop").symlink_to("loop")
    (folder / "p/r").symlink_to("q")
    assert read("p") == [
        "p/a.json",
        "! p/folder: there is no such file or folder",
        "! p/gone.json: there is no such file or folder",
        "p/link.json",
        "! p/loop: it cannot be read: Too many levels of symbolic links",
        "! p/q/back: the link leads back to a folder that it lies in",
    ]


def test_many_links_to_one_folder_are_followed_once(folder: Path) -> None:
    at = folder
    for _ in range(30):
        (at / "x").mkdir()
        (at / "y").symlink_to("x")
        at /= "x"
    (at / "a.json").write_text("{}")
    assert read(".") == ["./" + "x/" * 30 + "a.json"]


def test_folders_that_are_nested_too_deeply(folder: Path) -> None:
    deep = "/".join("d" * files._LEVELS)
    (folder / deep).mkdir(parents=True)
    (folder / deep / "a.json").write_text("{}")
    assert read("d/d") == ["d/" * 100 + "a.json"]
    assert read(".") == [f"! ./{deep}: folders nested more than 100 levels deep are not searched"]


def test_what_is_no_file(folder: Path) -> None:
    os.mkfifo(folder / "a.json")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("b.json")
        assert read(".", "a.json") == [
            "! ./a.json: this is a named pipe, not a file",
            "! ./b.json: this is a socket, not a file",
            "! a.json: this is a named pipe, not a file",
        ]


def test_pipes_of_the_shell() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"{}")
    os.close(writing)
    assert read(f"/dev/fd/{reading}") == [f"/dev/fd/{reading}"]
    os.close(reading)


def test_an_endless_device() -> None:
    assert read("/dev/zero") == [f"! /dev/zero: the file has more than {MAX_BYTES} bytes, which is no policy"]


def test_standard_input_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a: 1")))
    (found,) = read_documents(["-"])
    assert isinstance(found, Document)
    assert found.value == {"a": 1}


def test_read_document_raises(folder: Path) -> None:
    (folder / "a.yaml").write_text("a: 1")
    document = read_document("a.yaml")
    assert (document.value, document.format, document.text) == ({"a": 1}, "yaml", "a: 1")
    with pytest.raises(InputError, match=r"^b.yaml: there is no such file or folder$"):
        read_document("b.yaml")
    with pytest.raises(InputError, match=r"^policy: the text is empty$"):
        document_from_text(" ")


# Encodings.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings(encoding: str) -> None:
    (found,) = read_documents(["-"], io.BytesIO('{"a": "é😀"}'.encode(encoding)))
    assert isinstance(found, Document)
    assert found.value == {"a": "é😀"}


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-32-be"])
def test_big_endian_marks(encoding: str) -> None:
    (found,) = read_documents(["-"], io.BytesIO(("\ufeff" + '{"a": "é😀"}').encode(encoding)))
    assert isinstance(found, Document)
    assert found.value == {"a": "é😀"}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_utf_16_without_a_mark(encoding: str) -> None:
    message = "<stdin>:1:1: the file looks like UTF-16 or UTF-32 without a byte-order mark: save it as UTF-8"
    assert fail(b'{"a": 1}'.decode().encode(encoding)) == message


def test_bytes_that_are_no_text() -> None:
    assert fail('{"é":\n "'.encode() + b'\xff"}') == "<stdin>:2:3: the file is not UTF-8 text: byte FF here"
    assert fail("[1]".encode("utf-16") + b"x") == "<stdin>:1:4: the file is not UTF-16 text: byte 78 here"
    assert fail("[]".encode("utf-32") + b"\0\0\xff\xff") == "<stdin>:1:3: the file is not UTF-32 text: byte 00 here"
    assert fail(b"\x1f\x8b\x08") == "<stdin>:1:2: the file is not UTF-8 text: byte 8B here"


@given(st.binary(max_size=60))
def test_arbitrary_bytes_give_a_document_or_an_error(data: bytes) -> None:
    (found,) = read_documents(["-"], io.BytesIO(data))
    assert isinstance(found, Document | InputError)


def test_size() -> None:
    assert fail(b" " * (MAX_BYTES + 1)) == f"<stdin>: the file has more than {MAX_BYTES} bytes, which is no policy"


def test_an_account_id_without_quotes_is_a_number_in_a_policy_and_text_elsewhere() -> None:
    statement = "Statement:\n- Effect: Allow\n  Principal: {AWS: 111111111111}\n"
    policy = document_from_text(statement, "policy.yaml").value
    assert policy == {"Statement": [{"Effect": "Allow", "Principal": {"AWS": 111111111111}}]}
    quoted = document_from_text(statement.replace("111111111111", '"111111111111"'), "policy.yaml").value
    assert quoted == {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "111111111111"}}]}
    template = document_from_text("Resources: {Key: {Account: 111111111111}}\n", "template.yaml").value
    assert template == {"Resources": {"Key": {"Account": "111111111111"}}}


def test_a_file_that_several_paths_stand_for_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    (tmp_path / "b.json").write_text("{}")
    paths = [str(tmp_path / "b.json"), str(tmp_path), str(tmp_path / "." / "a.json"), str(tmp_path / "*.json")]
    read = [one for one in read_documents(paths) if isinstance(one, Document)]
    assert [one.label.removeprefix(f"{tmp_path}/") for one in read] == ["b.json", "a.json"]
