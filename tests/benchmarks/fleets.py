"""An organization's whole fleet of keys: what it takes to judge it, from files and through OPA servers."""

from __future__ import annotations

import json
import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import fleet
from opa_servers import Served, serve

from ctkms_opa import Checker, bundle, pack

from . import timing
from .servers import spent
from .table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ctkms_opa.report import Report

_WHOLE = 100_000
_SAMPLE = 2_000
_SERVERS = 2
_COLUMNS = (
    "",
    "keys",
    "client's ms a key",
    "servers' ms a key",
    "keys a second and core",
    f"core-hours for {_WHOLE:,} keys",
    "wrong answers",
)
_NOTE = (
    f"An organization of {_WHOLE // fleet.KEYS_OF_AN_ACCOUNT:,} accounts with {fleet.KEYS_OF_AN_ACCOUNT} keys each, "
    f"{fleet.MISTAKEN:.0%} of them with one of {len(fleet.MISTAKES)} mistakes that people make. CPU time, the "
    "expectations included. A wrong answer is an error for a key without a mistake, or none of the right rule for one "
    "with."
)


class _Judged(NamedTuple):
    keys: int
    wrong: int
    client: float
    """Seconds of processor time of this process."""
    servers: float = 0.0

    def row(self, way: str) -> tuple[str, ...]:
        """What it means for one core, and for the whole organization."""
        each = (self.client + self.servers) / self.keys
        hours = each * _WHOLE / 3600
        parts = [f"{seconds / self.keys * 1000:.1f}" if seconds else "" for seconds in (self.client, self.servers)]
        return way, str(self.keys), *parts, f"{1 / each:.0f}", f"{hours:.2f}", str(self.wrong)


def run(most: int | None) -> Iterator[Table]:
    """Accounts spread over the fleet, so many that they have as many keys as wanted."""
    count = max(1, (most or _SAMPLE) // fleet.KEYS_OF_AN_ACCOUNT)
    every = max(1, _WHOLE // fleet.KEYS_OF_AN_ACCOUNT // count)
    accounts = [fleet.account(number * every) for number in range(count)]
    with tempfile.TemporaryDirectory() as name:
        files = [_inventory(Path(name), account) for account in accounts]
        rows = (
            _each(accounts, files).row("files, a run for each account"),
            _together(accounts, files).row("files, one run for all accounts"),
            _served(accounts, files, Path(name)).row(f"{_SERVERS} OPA servers, a run for each account"),
        )
    yield Table("A fleet", f"{_NOTE} `--most` says how many keys are judged.", _COLUMNS, rows)


def run_whole(most: int | None) -> Iterator[Table]:
    """Every account of the fleet from its file, one after the other in each of as many processes as processors."""
    numbers = range((most or _WHOLE) // fleet.KEYS_OF_AN_ACCOUNT)
    with ProcessPoolExecutor() as pool:
        judged = list(pool.map(_of_account, numbers))
    whole = _Judged(*(sum(column) for column in zip(*judged, strict=True)))
    yield Table("The whole fleet", _NOTE, _COLUMNS, (whole.row("files, a run for each account"),))


def _of_account(number: int) -> _Judged:
    account = fleet.account(number)
    with tempfile.TemporaryDirectory() as name:
        return _each([account], [_inventory(Path(name), account)])


def _inventory(folder: Path, account: fleet.Account) -> Path:
    file = folder / f"{account.number}.json"
    keys = {key.arn: {"Policy": json.dumps(key.policy)} for key in account.keys}
    file.write_text(json.dumps({"ctkms_inventory": 1, "keys": keys}), "utf-8")
    return file


def _each(accounts: list[fleet.Account], files: list[Path]) -> _Judged:
    before = timing.cpu_seconds()
    reports = [
        Checker({"expected": account.expected}).check_paths([file])
        for account, file in zip(accounts, files, strict=True)
    ]
    return _judged(accounts, reports, timing.cpu_seconds() - before)


def _together(accounts: list[fleet.Account], files: list[Path]) -> _Judged:
    before = timing.cpu_seconds()
    report = Checker({"expected": _merged(accounts)}).check_paths(files)
    return _judged(accounts, [report], timing.cpu_seconds() - before)


def _served(accounts: list[fleet.Account], files: list[Path], folder: Path) -> _Judged:
    made = folder / "bundle.tar.gz"
    made.write_bytes(bundle.build(pack.load()).content)
    with ExitStack() as stack:
        servers: list[Served] = [
            stack.enter_context(serve("--bundle", str(made), processors=1)) for _ in range(_SERVERS)
        ]
        urls = [server.url for server in servers]
        before = timing.cpu_seconds(), spent(servers)
        reports = [
            Checker({"expected": account.expected}, engine=urls).check_paths([file])
            for account, file in zip(accounts, files, strict=True)
        ]
        return _judged(accounts, reports, timing.cpu_seconds() - before[0], spent(servers) - before[1])


def _merged(accounts: list[fleet.Account]) -> dict[str, Any]:
    parts = accounts[0].expected
    return {part: {name: one for account in accounts for name, one in account.expected[part].items()} for part in parts}


def _judged(accounts: list[fleet.Account], reports: Iterable[Report], client: float, servers: float = 0.0) -> _Judged:
    answers = {key.key: key for report in reports for key in report.keys}
    keys = [key for account in accounts for key in account.keys]
    return _Judged(len(keys), sum(not key.is_right(answers[key.arn]) for key in keys), client, servers)
