"""Many inputs: shared among processes, told in their order, kept out of memory; and a bar that shows how far it is."""

from __future__ import annotations

import copy
import json
import os
import pickle
import signal
import subprocess
import sys
import time
import tracemalloc
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from test_cli_check import BAD, FLAGS, GOOD, KEY, OTHER_KEY, TRAIL

from ctkms_opa import Checker, expectations, formats, parallel
from ctkms_opa.cli import group, progress
from ctkms_opa.errors import EngineError, UsageError
from ctkms_opa.files import Found
from ctkms_opa.run import Judged
from ctkms_opa.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctkms_opa.report import Report

STORE = "arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE"
CTKMS = str(Path(sys.executable).with_name("ctkms"))
TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("many").mkdir()
    return tmp_path


def write(**policies: Any) -> None:
    for name, policy in policies.items():
        text = policy if isinstance(policy, str) else json.dumps(policy, indent=1)
        Path("many", f"{name}.json").write_text(text)


def both(expected: Any, *paths: str, **options: Any) -> Report:
    """The report of one process and of three, which must be the same, member for member."""
    one, three = (Checker(expected, **options).check_paths(paths or ["many"], jobs=jobs) for jobs in (1, 3))
    assert one.to_dict() == three.to_dict()
    assert one == three
    return three


def test_inputs_are_told_in_their_order() -> None:
    write(**{f"p{number:02}": GOOD if number % 3 else BAD for number in range(20)})
    report = both({"trails": {TRAIL: {"key": KEY}}}, key=KEY)
    assert [key.source.file for key in report.keys] == [f"many/p{number:02}.json" for number in range(20)]
    assert [key.verdict for key in report.keys] == ["pass" if number % 3 else "fail" for number in range(20)]


def test_one_broken_file_costs_one_error() -> None:
    write(a=GOOD, b='{"Version": ', c=GOOD, d="")
    Path("many/e.json").symlink_to("missing")
    report = both({"trails": {TRAIL: {"key": KEY}}}, key=KEY)
    assert [key.source.file for key in report.keys] == ["many/a.json", "many/c.json"]
    assert [error.file for error in report.errors] == ["many/b.json", "many/d.json", "many/e.json"]
    assert report.exit_code == 2


def test_facts_that_lie_in_different_files_meet() -> None:
    """A trail of one template whose key another document shows, and a store whose key nobody shows."""
    trail: dict[str, Any] = {
        "Type": "AWS::CloudTrail::Trail",
        "Properties": {"TrailName": "management-events", "KMSKeyId": KEY, "S3BucketName": "b", "IsLogging": True},
    }
    lonely = copy.deepcopy(trail)
    lonely["Properties"]["KMSKeyId"] = OTHER_KEY
    write(
        a={"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Trail": trail}},
        b={"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Lonely": lonely}},
        c=GOOD,
    )
    expected = {"keys": {KEY: {}}, "trails": {TRAIL: {"key": KEY}}, "event_data_stores": {STORE: {"key": OTHER_KEY}}}
    report = both(expected, account="111111111111", region="us-east-1", key=KEY)
    # Whether the trail of the first template is settled hangs on what the third file says.
    assert [key.source.file for key in report.keys] == ["many/b.json", "many/c.json"]
    why = f"no input is the policy of {OTHER_KEY}, which event data store {STORE} uses"
    assert [one.why for one in report.not_evaluated if one.rule == "CT-EDS-ENCRYPT"] == [why]


def test_waivers_are_counted_over_all_processes() -> None:
    write(**{f"p{number}": BAD for number in range(12)})
    waiver = {"rule": "CT-TRAIL-ENCRYPT", "key": KEY, "reason": "r", "owner": "o"}
    waivers = {
        "used": waiver | {"expires": "2999-01-01"},
        "unused": waiver | {"rule": "CT-TRAIL-DESCRIBE", "expires": "2999-01-01"},
    }
    report = both({"keys": {KEY: {}}, "trails": {TRAIL: {"key": KEY}}, "waivers": waivers})
    assert (len(report.waived), report.unused_waivers) == (12, ("unused",))


def test_templates_are_judged_by_other_processes_too() -> None:
    report = both(None, str(TEMPLATES))
    assert len(report.keys) > 4


def test_standard_input_is_judged_in_its_place() -> None:
    write(a=GOOD, b=GOOD)
    arguments = ["check", "many/a.json", "-", "many/b.json", *FLAGS, "--format", "json", "--jobs", "2"]
    result = CliRunner().invoke(group, arguments, input=json.dumps(BAD))
    keys = json.loads(result.stdout)["keys"]
    assert [(key["source"]["file"], key["verdict"]) for key in keys] == [
        ("many/a.json", "pass"),
        ("<stdin>", "fail"),
        ("many/b.json", "pass"),
    ]


@pytest.mark.parametrize(
    ("pattern", "files"),
    [
        ("many/*.json", ["many/a.json", "many/b.json"]),
        ("many/**/*.json", ["many/a.json", "many/b.json", "many/deep/c.json"]),
        ("many/**", ["many/a.json", "many/b.json", "many/deep/c.json"]),
        ("many/[ab].json", ["many/a.json", "many/b.json"]),
        ("many/?.json", ["many/a.json", "many/b.json"]),
    ],
)
def test_patterns_stand_for_files(pattern: str, files: list[str]) -> None:
    write(a=GOOD, b=GOOD)
    Path("many/deep").mkdir()
    Path("many/deep/c.json").write_text(json.dumps(GOOD))
    report = Checker(key=KEY).check_paths([pattern])
    assert [key.source.file for key in report.keys] == files


def test_patterns_that_match_nothing_or_what_is_not_there() -> None:
    Path("many/*").symlink_to("missing")
    Path("many/a[1].json").write_text(json.dumps(GOOD))
    report = Checker(key=KEY).check_paths(["none/*.json", "many/*", "many/a[1].json", "missing.json"])
    assert [key.source.file for key in report.keys] == ["many/a[1].json"]
    assert [(error.file, error.msg) for error in report.errors] == [
        ("none/*.json", "no file matches this pattern"),
        ("many/*", "there is no such file or folder"),
        ("missing.json", "there is no such file or folder"),
    ]


class Deadly(Checker):
    """Ends its process on some inputs, as an engine does that runs out of stack."""

    def judge(self, one: Any) -> Any:
        if "dies" in one.path:
            os.kill(os.getpid(), signal.SIGSEGV)
        if "ends" in one.path:
            os._exit(7)
        return super().judge(one)


def test_a_process_that_dies_costs_the_file_that_it_died_of() -> None:
    write(**{f"p{number:02}": GOOD for number in range(20)})
    write(p03dies=GOOD, p04ends=GOOD, p19dies=GOOD)
    report = Deadly({"trails": {TRAIL: {"key": KEY}}}, key=KEY).check_paths(["many"], jobs=2)
    assert len(report.keys) == 20
    assert {key.verdict for key in report.keys} == {"pass"}
    assert [(error.file, error.engine) for error in report.errors] == [
        ("many/p03dies.json", True),
        ("many/p04ends.json", True),
        ("many/p19dies.json", True),
    ]
    assert "was killed by signal 11; " in report.errors[0].msg
    assert "ended with status 7; " in report.errors[1].msg
    assert report.exit_code == 4


class Restless(Checker):
    """Starts a process for each input, as rules of users' own need one, and does not end it."""

    def judge(self, one: Any) -> Judged:
        started = subprocess.Popen(["sleep", "600"], stdin=subprocess.DEVNULL)
        Path(f"{one.path}.pid").write_text(str(started.pid))
        return super().judge(one)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="this system does not tell what processes there are")
def test_what_a_process_started_ends_with_it() -> None:
    write(a=GOOD, b=GOOD)
    report = Restless({"trails": {TRAIL: {"key": KEY}}}, key=KEY).check_paths(["many"], jobs=2)
    assert report.verdict == "pass"
    for file in Path("many").glob("*.pid"):
        status = Path("/proc", file.read_text(), "stat")
        deadline = time.monotonic() + 60
        # Whoever inherits it may leave the entry of an ended process there for a while.
        while status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z":
            assert time.monotonic() < deadline
            time.sleep(0.05)


class Sleeper(Checker):
    """Is not done with some inputs before the check ends."""

    def judge(self, one: Any) -> Judged:
        if "sleeps" in one.path:
            Path(f"{one.path}.begun").touch()
            time.sleep(600)
        return super().judge(one)


def test_a_check_that_is_given_up_ends_processes_in_the_middle_of_their_work() -> None:
    """What their threads notice meanwhile is no failure."""
    write(**{f"p{number}": GOOD for number in range(8)})
    files = [Found(f"many/p{number}.json") for number in range(8)]  # as many as a process takes at once
    files += [Found(f"many/sleeps{number}.json") for number in range(40)]
    judged = parallel.judge(Sleeper({"trails": {TRAIL: {"key": KEY}}}, key=KEY), files, 6)
    next(judged)
    deadline = time.monotonic() + 60
    while len([*Path("many").glob("*.begun")]) < 5:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    judged.close()


class Unready(Checker):
    """Cannot be made in another process."""

    def __setstate__(self, state: dict[str, Any]) -> None:
        raise EngineError("no")


def test_processes_that_do_not_start_end_the_check() -> None:
    write(a=GOOD, b=GOOD)
    with pytest.raises(EngineError, match="a further process did not start: it ended with status 1; try --jobs 1"):
        Unready(key=KEY).check_paths(["many"], jobs=2)


def test_a_module_in_the_working_directory_is_not_run() -> None:
    write(a=GOOD, b=GOOD)
    for name in ("signal", "pickle", "subprocess", "ctkms_opa", "yaml", "click"):
        Path(f"{name}.py").write_text("raise SystemExit('a module that nobody asked for')")
    command = [CTKMS, "check", "many", *FLAGS, "--jobs", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("jobs", "files", "processes"), [(None, 63, 0), (None, 64, 2), (1, 64, 0), (3, 2, 2), (3, 64, 3)]
)
def test_few_inputs_are_judged_in_one_process(
    jobs: int | None, files: int, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def judge(_checker: Checker, _inputs: list[Any], processes: int) -> Iterator[Any]:
        asked.append(processes)
        return iter(())

    monkeypatch.setattr(parallel, "judge", judge)
    monkeypatch.setattr(parallel, "processors", lambda: 2)
    monkeypatch.setattr(Checker, "judge", lambda *_: Judged([]))
    for number in range(files):
        Path("many", f"{number}.json").touch()
    Checker().check_paths(["many"], jobs=jobs)
    assert asked == [processes] * bool(processes)


def test_a_number_of_processes_that_is_none() -> None:
    with pytest.raises(UsageError, match="jobs: 0 is no number of processes"):
        Checker().check_paths(["many"], jobs=0)
    result = CliRunner().invoke(group, ["check", "many", "--jobs", "0"])
    assert (result.exit_code, "--jobs" in result.stderr) == (2, True)


def test_a_checker_travels_to_another_process() -> None:
    here = Checker({"keys": {KEY: {}}, "trails": {TRAIL: {"key": KEY}}}, today="2026-01-01")
    there = pickle.loads(pickle.dumps(here))  # noqa: S301 - our own
    assert there.check_policy(GOOD).verdict == "pass"


def test_ctrl_c_ends_all_processes_and_writes_nothing() -> None:
    """As at a terminal: the signal reaches every process of the group."""
    for number in range(3000):
        Path("many", f"p{number}.json").write_text(json.dumps(GOOD))
    Path("report.json").write_text("as it was")
    command = [CTKMS, "check", "many", *FLAGS, "--jobs", "2"]
    command += ["--format", "json", "--output", "report.json"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, process_group=0)
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    if not children.exists():
        running.kill()
        pytest.skip("this system does not tell the children of a process")
    workers: list[str] = []
    while len(workers) < 2:
        workers = [pid for task in children.parent.parent.iterdir() for pid in (task / "children").read_text().split()]
        assert running.poll() is None
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    said, complained = running.communicate(timeout=60)
    assert (running.returncode, said, complained) == (130, b"", b"")
    assert Path("report.json").read_text() == "as it was"
    assert [path.name for path in Path().iterdir() if path.name != "many"] == ["report.json"]
    assert not [pid for pid in workers if Path("/proc", pid).exists()]


def test_a_spool_gives_back_what_it_was_given() -> None:
    spool: Spool[int] = Spool(at_once=3)
    for number in range(10):
        assert list(spool) == list(range(number))
        assert spool.in_memory == (number <= 3)
        spool.append(number)
    assert list(zip(spool, spool, strict=True)) == [(number, number) for number in range(10)]


def test_many_keys_are_told_like_few(monkeypatch: pytest.MonkeyPatch) -> None:
    write(**{f"p{number}": GOOD if number % 2 else BAD for number in range(9)})
    expected = {"trails": {TRAIL: {"key": KEY}}}
    few = Checker(expected, key=KEY).check_paths(["many"])
    monkeypatch.setattr(Spool.__init__, "__defaults__", (2,))
    many = Checker(expected, key=KEY).check_paths(["many"])
    assert not isinstance(many.keys, tuple)
    assert many.to_dict() == few.to_dict()
    assert (len(many.keys), many.verdict, many.exit_code) == (9, "fail", 1)
    assert many.keys[-1] == few.keys[-1]
    assert many.findings == few.findings


class Quick(Checker):
    """Says of every input what it once found, so that nothing but the gathering of results takes memory."""

    def __init__(self, policy: Any) -> None:
        super().__init__({"trails": {TRAIL: {"key": KEY}}}, key=KEY)
        Path("first.json").write_text(json.dumps(policy))
        self.said = pickle.dumps(super().judge(Found("first.json")))

    def judge(self, one: Any) -> Judged:
        assert isinstance(one, Found)
        judged: Judged = pickle.loads(self.said)  # noqa: S301 - our own
        return judged


def memory_for(files: int, checker: Checker) -> int:
    """The most memory in bytes that a check of so many files and its report take."""
    folder = Path(str(files))
    folder.mkdir()
    for number in range(files):
        (folder / f"{number}.json").touch()
    tracemalloc.start()
    report = checker.check_paths([folder])
    for piece in formats.renderer("json")(report, formats.Options()):
        assert piece
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(report.keys) == files
    return most


def test_memory_does_not_grow_with_the_number_of_files() -> None:
    checker = Quick(BAD)
    memory_for(300, checker)
    few, many = memory_for(1000, checker), memory_for(2000, checker)
    # The path of a file is all that is kept of it: a small part of what was said of it.
    assert (many - few) / 1000 < len(checker.said) / 10


class Terminal:
    """Stands for stderr at a terminal."""

    def __init__(self) -> None:
        self.text = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass


def test_a_terminal_shows_how_far_the_work_is(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with suppress(KeyboardInterrupt), progress.Progress() as shown:
        for done in range(1, 21):
            shown(done, 20)
        raise KeyboardInterrupt
    assert "20/20" in terminal.text
    assert terminal.text.endswith("\x1b[?25h\n")


@pytest.mark.parametrize(("count", "is_terminal"), [(19, True), (20, False)])
def test_few_inputs_and_logs_show_no_bar(count: int, is_terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(terminal, "isatty", lambda: is_terminal)
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress.Progress() as shown:
        for done in range(1, count + 1):
            shown(done, count)
    assert terminal.text == ""


def test_expectations_with_places_travel() -> None:
    Path("data.yaml").write_text(f"expected:\n  keys:\n    {KEY}:\n  trails:\n    {TRAIL}: {{key: '{KEY}'}}\n")
    write(a=GOOD, b=BAD)
    both(expectations.load(["data.yaml"]))
