"""The names of files for services that know a repository and not the folder that a command ran in."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ctkms_opa.formats.options import Options


def inside(file: str, options: Options) -> str | None:
    """The path of a file relative to the repository, with `/` between its parts; None where it lies outside."""
    if not options.repository or file.startswith("<"):
        return None
    relative = os.path.relpath(os.path.join(options.folder, file), options.repository)  # noqa: PTH118 - start-up time
    return None if relative.startswith("..") else relative.replace(os.sep, "/")


def shown(file: str, options: Options) -> str:
    """The path of a file relative to the repository, or as it was given where it lies outside."""
    return inside(file, options) or file
