"""Makes text from documents harmless for terminals and CI logs."""

from __future__ import annotations

import re

_LOG_COMMAND = re.compile(r"##(?=\[|vso\[|teamcity\[)", re.IGNORECASE)


def visible(text: str) -> str:
    r"""The text in one line, with whatever does not print (controls, bidi overrides, halves of pairs) as `\x1b`."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
    return _LOG_COMMAND.sub(r"#\\#", text)


def in_json(text: str) -> str:
    r"""JSON text with the `##` before what CI systems would take for a command as `#\u0023`, which says the same."""
    return _LOG_COMMAND.sub(r"#\\u0023", text)


def inert(line: str) -> str:
    r"""The line with a `\` before a leading `::`, which CI systems would take for a command."""
    words = line.lstrip()
    return f"{line[: len(line) - len(words)]}\\{words}" if words.startswith("::") else line
