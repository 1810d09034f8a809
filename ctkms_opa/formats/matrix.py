"""The access matrix for a terminal: who may do what with each key, and whether that is expected."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ctkms_opa.formats import fold, text, words
from ctkms_opa.formats.escape import inert, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ctkms_opa.formats.options import Options
    from ctkms_opa.report import Cell, KeyReport, Report, Row

_COLORS = {"yes": "32", "no": "1;31", "open": "33"}
_LEGEND = (
    "needs IAM: the account is let in, and its IAM policies decide.  !: not what is expected.",
    "?: hangs on what is not told here.  -: not tried.",
)


def render(report: Report, options: Options) -> Iterator[str]:
    """A table for each key, the names above the cells where both do not fit beside each other; then the summary."""
    for key in report.keys:
        yield "".join(f"{inert(line)}\n" for line in _key(key, options))
    rest = [line for title, items in words.rest(replace(report, not_evaluated=()), options) for line in (title, *items)]
    yield "".join(f"{inert(visible(line))}\n" for line in rest)
    yield f"{inert(text.summary(report, options))}\n"


def _key(key: KeyReport, options: Options) -> Iterator[str]:
    yield f"{visible(key.key)}: {words.shown(key.verdict)}"
    yield ""
    width = fold.room(options.width)
    if key.matrix:
        yield from _table(key.matrix, options)
        yield from ("", *(line for said in _LEGEND for line in fold.folded(said, width, "  ", "    ")))
    else:
        yield "  There is no policy to judge."
    if key.cannot_tell:
        reasons = (fold.folded(reason, width, "    - ", "      ") for reason in key.cannot_tell)
        yield from ("", "  Cannot tell:", *(line for lines in reasons for line in lines))
    yield ""


def _table(rows: Sequence[Row], options: Options) -> Iterator[str]:
    """A row for each name; where not even the cells fit beside each other, a row for each cell."""
    columns = [cell.column for cell in rows[0].cells]
    widths = [
        max(len(column), *(len(words.cell(row.cells[place])) for row in rows)) for place, column in enumerate(columns)
    ]
    cells = sum(width + 2 for width in widths)
    if len("    ") + cells > options.width:
        yield from _list(rows, columns, max(widths), options)
        return
    names = [_name(row) for row in rows]
    first = max(map(len, names))
    if first + cells + 2 > options.width:
        first = 2
    heads = "".join(f"  {column:<{width}}" for column, width in zip(columns, widths, strict=True))
    yield f"  {'':<{first}}{heads}".rstrip()
    for row, name in zip(rows, names, strict=True):
        beside = "".join(f"  {_painted(cell, width, options)}" for cell, width in zip(row.cells, widths, strict=True))
        if len(name) > first:
            yield f"  {name}"
        yield f"  {name if len(name) <= first else '':<{first}}{beside}".rstrip()


def _list(rows: Sequence[Row], columns: Sequence[str], width: int, options: Options) -> Iterator[str]:
    first = max(map(len, columns))
    for row in rows:
        yield f"  {_name(row)}"
        for column, cell in zip(columns, row.cells, strict=True):
            yield f"    {column:<{first}}  {_painted(cell, width, options)}".rstrip()


def _name(row: Row) -> str:
    return visible(f"{row.who} ({', '.join(row.roles)})" if row.roles else row.who)


def _painted(cell: Cell, width: int, options: Options) -> str:
    shown = f"{words.cell(cell):<{width}}"
    if not options.color or cell.decision is None:
        return shown
    return f"\x1b[{_COLORS[cell.fits]}m{shown}\x1b[0m"
