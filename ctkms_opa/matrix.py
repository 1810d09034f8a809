"""Who may do what with a key, as the rules say it: rows of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctkms_opa.report import Cell, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def rows(said: Iterable[Mapping[str, Any]]) -> tuple[Row, ...]:
    """The rows that `data.ctkms.matrix.table` holds."""
    return tuple(
        Row(
            one["kind"],
            one["who"],
            tuple(one["roles"]),
            tuple(Cell(**(cell | {"statements": tuple(cell["statements"])})) for cell in one["cells"]),
        )
        for one in said
    )


def agreed(variants: Sequence[Sequence[Row]], *, complete: bool) -> tuple[Row, ...]:
    """What holds in all variants of a template; what differs between them, or where there are more, is not told."""
    by_who = [{(row.kind, row.who): row for row in one} for one in variants]
    names = dict.fromkeys(name for one in by_who for name in one)
    return tuple(_agreed([one.get(name) for one in by_who], complete=complete) for name in names)


def _agreed(found: Sequence[Row | None], *, complete: bool) -> Row:
    first = next(row for row in found if row is not None)
    cells = [None if row is None else row.cells for row in found]
    return first._replace(
        cells=tuple(
            cell if complete and all(one is not None and one[place] == cell for one in cells) else _open(cell)
            for place, cell in enumerate(first.cells)
        ),
    )


def _open(cell: Cell) -> Cell:
    return cell._replace(decision="unknown", statements=(), fits="open")
