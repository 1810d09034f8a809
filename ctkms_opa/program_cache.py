# Pathlib would cost start-up time.
# ruff: noqa: PTH103, PTH111, PTH117, PTH118
"""Compiled programs kept between runs: compiling the pack takes 0.2 s, loading it takes 2 ms.

A program is only taken from a folder and a file that belong to the current user and that nobody else can write.
Whatever goes wrong here costs time, never a result: the caller then compiles.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIGEST_BYTES = 32
_MAX_BYTES = 64 * 1024 * 1024
_KEPT_PROGRAMS = 8
_SUFFIX = ".program"
_DRAFT = re.compile(r".+\.program\.[0-9]+\.[0-9a-f]+")
_DRAFT_SECONDS = 3600
"""So long after it was begun no draft is being written any more: whoever began it was stopped."""


def key(*parts: str) -> str:
    """A file name for the program that is made from `parts`."""
    sha = hashlib.sha256()
    for part in parts:
        sha.update(len(part).to_bytes(8, "big"))
        sha.update(part.encode())
    return sha.hexdigest()


def load(name: str) -> bytes | None:
    """The program stored under `name`; None where there is none that can be trusted."""
    try:
        with _folder() as folder:
            content = _read(name + _SUFFIX, folder)
    except OSError:
        return None
    digest, payload = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    return payload if hashlib.sha256(payload).digest() == digest else None


def store(name: str, payload: bytes) -> None:
    """Keeps a program under `name`, if the cache folder can be had."""
    with contextlib.suppress(OSError), _folder(create=True) as folder:
        _forget_drafts(folder)
        _write(name + _SUFFIX, hashlib.sha256(payload).digest() + payload, folder)
        _forget_old(folder)


def _location() -> str:
    """The cache folder's path.

    Raises:
        FileNotFoundError: The cache is turned off, or there is no home to keep it in.
    """
    if os.environ.get("CTKMS_NO_CACHE") or not hasattr(os, "getuid"):
        raise FileNotFoundError
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):  # the specification says to ignore relative paths
        base = os.path.expanduser("~/.cache")
    if not os.path.isabs(base):
        raise FileNotFoundError
    return os.path.join(base, "ctkms")


@contextlib.contextmanager
def _folder(*, create: bool = False) -> Iterator[int]:
    """A descriptor of the cache folder, so that nobody can swap the folder between the look at it and its use."""
    path = _location()
    if create:
        os.makedirs(path, mode=0o700, exist_ok=True)
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        _trust(os.fstat(descriptor))
        yield descriptor
    finally:
        os.close(descriptor)


def _trust(status: os.stat_result) -> None:
    """Raises PermissionError for a file or folder that somebody else owns or can write."""
    if status.st_uid != os.getuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise PermissionError


def _read(name: str, folder: int) -> bytes:
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    with os.fdopen(os.open(name, flags, dir_fd=folder), "rb") as file:
        status = os.fstat(file.fileno())
        _trust(status)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_BYTES:
            raise PermissionError
        return file.read()


def _write(name: str, content: bytes, folder: int) -> None:
    # A process that was stopped may have left one of the same number: in containers all have the same few.
    temporary = f"{name}.{os.getpid()}.{os.urandom(4).hex()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, 0o600, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        os.unlink(temporary, dir_fd=folder)
        raise


def _forget_drafts(folder: int) -> None:
    """Removes what processes of ours that were stopped have left half written."""
    for entry in os.listdir(folder):
        if _DRAFT.fullmatch(entry):
            with contextlib.suppress(FileNotFoundError):  # another process may be faster
                status = os.stat(entry, dir_fd=folder, follow_symlinks=False)
                is_ours = stat.S_ISREG(status.st_mode) and status.st_uid == os.getuid()
                if is_ours and time.time() - status.st_mtime > _DRAFT_SECONDS:
                    os.unlink(entry, dir_fd=folder)


def _forget_old(folder: int) -> None:
    """Keeps the newest few programs: every change of the pack or the engine makes a new one."""
    programs = [entry for entry in os.listdir(folder) if entry.endswith(_SUFFIX)]
    programs.sort(key=lambda entry: os.stat(entry, dir_fd=folder, follow_symlinks=False).st_mtime, reverse=True)
    for entry in programs[_KEPT_PROGRAMS:]:
        os.unlink(entry, dir_fd=folder)
