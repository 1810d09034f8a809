"""Files and folders: which there are, and the text in them."""

from __future__ import annotations

import codecs
import os
import re
import stat
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from .errors import InputError
from .json_text import MAX_BYTES
from .positions import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator

SUFFIXES = (".json", ".yaml", ".yml")
"""What names of files end with that are looked for in folders."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-32-le": "UTF-32", "utf-32-be": "UTF-32"}
_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)
_LEVELS = 100
_PATTERN = re.compile(r"[*?\[]")


class Found(NamedTuple):
    """A file to read.

    Attributes:
        path: Where it lies, as errors name it.
        data: Its content, where it was read already.
        root: The folder in which it was found; empty where the file itself was named.
        searched: Whether a search through a folder, or for a pattern, came upon it, so that nobody named it.
    """

    path: str
    data: bytes | None = None
    root: str = ""
    searched: bool = False


def find(path: str, nothing: str = "nothing to check in this folder") -> Iterator[Found | InputError]:
    """Finds the files that a path stands for.

    Args:
        path: A file, a folder, or a pattern of files as shells have them, where ``**`` stands for any folders.
        nothing: What the error for a folder without files begins with.

    Yields:
        The file; or, sorted, the files that the pattern matches; or, sorted, every file in the folder and the folders
        in it whose name ends with one of ``SUFFIXES``. What begins with a dot is left out, and so is a folder that was
        searched before. What cannot be looked at is an error of its own.
    """
    mode = _mode(path)
    if isinstance(mode, InputError):
        yield from [mode] if os.path.lexists(path) or not _PATTERN.search(path) else _matching(path)
        return
    if not stat.S_ISDIR(mode):
        yield _file(path, mode, named=True)
        return
    empty = True
    for found in _Search().folder(path, ()):
        empty = False
        yield found._replace(root=path, searched=True) if isinstance(found, Found) else found
    if empty:
        yield InputError(f"{nothing}: it holds no *.json, *.yaml or *.yml file", path)


def read_bytes(path: str, stream: BinaryIO | None = None) -> bytes:
    """Reads a file, or a stream, up to the size that is read at all.

    Raises:
        InputError: It cannot be read or is larger.
    """
    if stream is None:
        mode = _mode(path)
        found = mode if isinstance(mode, InputError) or stat.S_ISDIR(mode) else _file(path, mode, named=True)
        if isinstance(found, InputError):
            raise found
    try:
        if stream is not None:
            data = stream.read(MAX_BYTES + 1)
        else:
            with open(path, "rb") as file:  # noqa: PTH123 - pathlib would cost start-up time
                data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InputError(_reason(error), path) from None
    if len(data) > MAX_BYTES:
        raise InputError(f"the file has more than {MAX_BYTES} bytes, which is no policy", path)
    return data


def decode(data: bytes, label: str) -> str:
    """Turns bytes into text: UTF-8, or UTF-16 or UTF-32 that begins with a byte-order mark.

    Args:
        data: The bytes.
        label: The file's name for errors.

    Returns:
        The text without the mark.

    Raises:
        InputError: The bytes are no such text; with the place of the first that is not.
    """
    mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", "utf-8"))
    data = data[len(mark) :]
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace")
        wrong = " ".join(f"{byte:02X}" for byte in data[error.start : error.start + 1])
        raise InputError(
            f"the file is not {_NAMES[encoding]} text: byte {wrong} here", label, *Lines(before)(len(before))
        ) from None
    if not mark and re.match(r"\x00.|.\x00", text, re.DOTALL):
        message = "the file looks like UTF-16 or UTF-32 without a byte-order mark: save it as UTF-8"
        raise InputError(message, label, 1, 1)
    return text


def _mode(path: str) -> int | InputError:
    try:
        return os.stat(path).st_mode  # noqa: PTH116 - pathlib would cost start-up time
    except (OSError, ValueError) as error:
        return InputError(_reason(error), path)


def _matching(pattern: str) -> Iterator[Found | InputError]:
    """The files that a pattern matches, for whoever has no shell that puts them in its place."""
    empty = True
    for path, problem in sorted(_expanded(pattern).items(), key=lambda one: one[0]):
        mode = problem or _mode(path)
        if isinstance(mode, InputError) or not stat.S_ISDIR(mode):
            empty = False
            found = mode if isinstance(mode, InputError) else _file(path, mode, named=True)
            yield found._replace(searched=True) if isinstance(found, Found) else found
    if empty:
        yield InputError("no file matches this pattern", pattern)


def _expanded(pattern: str) -> dict[str, InputError | None]:
    """The paths that a pattern matches, and with their errors the folders that may hold more but cannot be listed.

    Not by Python's glob: that follows links in circles for as long as names can be, and keeps silent about folders
    that may not be listed.
    """
    import fnmatch  # noqa: PLC0415 - start-up time

    found: dict[str, InputError | None] = {}
    searched: set[tuple[int, int, int]] = set()
    begin = "/" if pattern.startswith("/") else ""
    waiting = [(begin, [part for part in pattern.split("/") if part])]
    while waiting:
        folder, parts = waiting.pop()
        if not parts:
            if os.path.lexists(folder):
                found.setdefault(folder, None)
            continue
        part, rest = parts[0], parts[1:]
        if not _PATTERN.search(part):
            waiting.append((os.path.join(folder, part), rest))  # noqa: PTH118
            continue
        try:
            status = os.stat(folder or ".")  # noqa: PTH116
            if not stat.S_ISDIR(status.st_mode):
                continue
            names = [name for name in os.listdir(folder or ".") if part.startswith(".") or name[0] != "."]  # noqa: PTH208
        except FileNotFoundError:
            continue
        except OSError as error:
            found[folder] = InputError(_reason(error), folder or ".")
            continue
        if part == "**":
            state = (status.st_dev, status.st_ino, len(rest))
            if state in searched:
                continue
            searched.add(state)
            waiting.append((folder, rest or ["*"]))
            rest = parts
        wanted = names if part == "**" else fnmatch.filter(names, part)
        waiting += [(os.path.join(folder, name), rest) for name in wanted]  # noqa: PTH118
    return found


def _file(path: str, mode: int, *, named: bool) -> Found | InputError:
    """A file that may be read: a regular one, or what the user names under /dev, as shells do for pipes."""
    if stat.S_ISREG(mode) or (named and os.path.abspath(path).startswith("/dev/")):  # noqa: PTH100
        return Found(path)
    kind = next((kind for test, kind in _KINDS if test(mode)), "not a regular file")
    return InputError(f"this is {kind}, not a file", path)


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder"
    if isinstance(error, PermissionError):
        return "it may not be read: permission denied"
    text = error.strerror if isinstance(error, OSError) else str(error)
    return f"it cannot be read: {text or error}"


class _Search:
    """One search through a folder."""

    def __init__(self) -> None:
        self._seen: set[tuple[int, int]] = set()

    def folder(self, path: str, above: tuple[tuple[int, int], ...]) -> Iterator[Found | InputError]:
        try:
            status = os.stat(path)  # noqa: PTH116
            names = sorted(os.listdir(path))  # noqa: PTH208
        except OSError as error:
            yield InputError(_reason(error), path)
            return
        identity = (status.st_dev, status.st_ino)
        if identity in above:
            yield InputError("the link leads back to a folder that it lies in", path)
            return
        if identity in self._seen:
            return
        self._seen.add(identity)
        if len(above) == _LEVELS:
            yield InputError(f"folders nested more than {_LEVELS} levels deep are not searched", path)
            return
        for name in names:
            if not name.startswith("."):
                yield from self._entry(os.path.join(path, name), (*above, identity))  # noqa: PTH118

    def _entry(self, path: str, above: tuple[tuple[int, int], ...]) -> Iterator[Found | InputError]:
        wanted = path.lower().endswith(SUFFIXES)
        try:
            mode = os.stat(path).st_mode  # noqa: PTH116
        except OSError as error:
            # A name without an ending may be that of a folder with policies in it.
            if wanted or "." not in os.path.basename(path):  # noqa: PTH119
                yield InputError(_reason(error), path)
            return
        if stat.S_ISDIR(mode):
            yield from self.folder(path, above)
        elif wanted:
            yield _file(path, mode, named=False)
