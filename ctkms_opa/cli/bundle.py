"""`ctkms bundle`: the rule pack as a bundle for OPA."""

from __future__ import annotations

import sys

import click

from ctkms_opa import bundle, expectations, pack, whole_file
from ctkms_opa.cli import output, overwriting


@click.command()
@click.option(
    "-o",
    "--output",
    "file",
    default="bundle.tar.gz",
    show_default=True,
    metavar="FILE",
    help="Where the bundle goes; - for standard output.",
)
@click.option(
    "-d",
    "--data",
    multiple=True,
    metavar="DATA",
    help="A file or folder with expectations to put into the bundle; may be repeated.",
)
def command(*, file: str, data: tuple[str, ...]) -> None:
    """Write the rule pack as a bundle for OPA.

    `opa run --server --bundle bundle.tar.gz` serves it, and `ctkms check --engine URL` asks such servers. The same
    rules and expectations always give the same bytes. Tests are left out; `opa sign` signs.
    """
    overwriting.refuse([("--output", file)], [(overwriting.EXPECTATIONS, data)])
    made = bundle.build(pack.load(), expectations.load(data).value if data else None)
    if file == "-":
        sys.stdout.buffer.write(made.content)
        sys.stdout.flush()
        return
    whole_file.write_bytes(file, [made.content])
    output.complain(f"wrote {file}: revision {made.revision}, roots {' and '.join(made.roots)}")
