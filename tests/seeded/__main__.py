"""`python -m seeded [TEST…]`: shows for every property and fuzzer that it finds a bug."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import click

from seeded import bugs, table, trial


@click.command()
@click.argument("words", nargs=-1)
@click.option("--write", is_flag=True, help="Keep what was found in README.md; with WORDS, of those tests alone.")
@click.option("--processes", default=2, show_default=True, help="How many bugs are tried at a time.")
@click.option("--show", is_flag=True, help="Print what a test says that does not find its bug.")
def main(words: tuple[str, ...], *, write: bool, processes: int, show: bool) -> None:
    """Puts every bug of bugs.yaml into a copy of the project, one at a time, and has its test find it there.

    With WORDS, those alone whose test has one of them in its name. Exit code: 0 where every bug is found, else 1.
    """
    listed = bugs.listed()
    chosen = [one for one in listed if not words or any(word in one.test for word in words)]
    for one in chosen:
        one.changed(bugs.text_of(one))  # before anything takes its time

    def attempt(bug: bugs.Bug) -> trial.Outcome:
        start = time.monotonic()
        outcome = trial.of(bug)
        click.echo(
            f"{'found' if outcome.found else 'NOT FOUND'} {time.monotonic() - start:.0f} s {bug.test}: {bug.why}"
        )
        if show and not outcome.found:
            click.echo(outcome.said[-3000:])
        return outcome

    with ThreadPoolExecutor(processes) as executor:
        outcomes = dict(zip(chosen, executor.map(attempt, chosen), strict=True))
    found = [bug for bug, outcome in outcomes.items() if outcome.found]
    click.echo(f"{len(found)} of {len(chosen)} found", err=True)
    if write:
        table.keep(found, tried=chosen, listed=listed)
    sys.exit(len(found) != len(chosen))


main()
