"""Bundles for OPA: the rule pack as one archive that `opa` and OPA servers load, the same bytes for the same content.

The form is OPA's: https://www.openpolicyagent.org/docs/management-bundles. Signing is left to `opa sign`.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctkms_opa import __version__
from ctkms_opa.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ctkms_opa.pack import Pack

EXPECTED = "expected"
"""The root of the expectations, and the one member of a data file."""

_DIGITS = 16


def revision(pack: Pack) -> str:
    """What names a pack's content: ctkms's version and a digest of the rules."""
    return f"{__version__}-{pack.digest[:_DIGITS]}"


def is_revision_of(pack: Pack, served: str) -> bool:
    """Whether a bundle of that revision holds this pack, with or without expectations."""
    wanted = revision(pack)
    return served == wanted or served.startswith(f"{wanted}-")


@dataclass(frozen=True)
class Bundle:
    """A bundle: its revision, the roots of `data` that it owns, and the gzipped tar archive."""

    revision: str
    roots: tuple[str, ...]
    content: bytes


def build(pack: Pack, expected: Mapping[str, Any] | None = None) -> Bundle:
    """The bundle of a pack.

    Args:
        pack: The rules; their tests are left out.
        expected: The object for `data.expected`. With it, the bundle owns that root; without, whoever loads the bundle
            may bring expectations of their own.

    Raises:
        EngineError: The pack's manifest cannot be read.
    """
    manifest = _manifest(pack) | {"revision": revision(pack)}
    files = [(module.path, module.text.encode()) for module in pack.modules if not module.is_test]
    if expected is not None:
        data = _json(expected)
        files.append((f"{EXPECTED}/data.json", data))
        manifest["roots"] = [*manifest["roots"], EXPECTED]
        manifest["revision"] += f"-{hashlib.sha256(data).hexdigest()[:_DIGITS]}"
    files.append((".manifest", _json(manifest)))
    return Bundle(manifest["revision"], tuple(manifest["roots"]), _zipped(_archive(files)))


def _manifest(pack: Pack) -> dict[str, Any]:
    file = Path(pack.root) / ".manifest"
    try:
        manifest: dict[str, Any] = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise EngineError(f"the rule pack is damaged: its manifest cannot be read: {error}", str(file)) from None
    return manifest


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, indent=2).encode() + b"\n"


def _archive(files: list[tuple[str, bytes]]) -> bytes:
    """The files in the order of their names, with nothing of the machine, the user or the time."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            entry.mode = 0o644
            tar.addfile(entry, io.BytesIO(content))
    return archive.getvalue()


def _zipped(content: bytes) -> bytes:
    zipped = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=zipped, mode="wb", mtime=0) as file:
        file.write(content)
    return zipped.getvalue()
