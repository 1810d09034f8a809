"""Every property and fuzzer has a bug that it finds, and the runner that shows it tells a bug from none."""

from __future__ import annotations

from typing import Any

import pytest
import test_fuzz
import test_metamorphic
from seeded import bugs, table, trial

BUGS = bugs.listed()
POSITIONS = next(one for one in BUGS if "test_every_position" in one.test)

# What has its own broken judges.
FAILS_ON_PURPOSE = "test_metamorphic.py::test_a_check_that_breaks_the_law_is_found_out"


def test_every_property_and_fuzzer_has_a_bug() -> None:
    found = {one.test for one in BUGS}
    fuzzers = {f"test_fuzz.py::test_nearly_right_documents[{name}]" for name in test_fuzz.TARGETS}
    laws = {f"test_metamorphic.py::test_a_check_obeys_the_law[{name}]" for name in test_metamorphic.LAWS}
    assert fuzzers | laws <= found
    assert {one.partition("[")[0] for one in found} == {*bugs.properties()} - {FAILS_ON_PURPOSE}


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.test)
def test_a_bug_fits_the_code(bug: bugs.Bug) -> None:
    assert bug.changed(bugs.text_of(bug)) != bugs.text_of(bug)


def test_a_bug_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="stands there 0 times"):
        trial.of(POSITIONS._replace(old="no such text"))


def test_the_table_is_of_these_bugs() -> None:
    assert table.rows() == sorted(map(table.row, BUGS))


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, True),
        ({"new": f"{POSITIONS.old}  # the same"}, False),
        ({"new": "_LINE_BREAK = no_such_name"}, False),
        ({"test": "test_parse.py::test_no_such_test"}, False),
        # A test that fails, and searches for nothing.
        ({"test": "test_parse.py::test_lines"}, False),
    ],
)
def test_a_bug_is_told_from_none(change: dict[str, Any], outcome: bool) -> None:
    assert trial.of(POSITIONS._replace(**change)).found is outcome
