"""The files below a folder that was given for rules of one's own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def files_below(root: str) -> Iterator[str]:
    """Every file in a folder and in those in it, in the order of their names; nothing for what is no folder."""
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            yield os.path.join(folder, name)  # noqa: PTH118 - as in pack
