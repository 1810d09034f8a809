"""Who may do what: the matrix as people get it, on every engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from reports import ENGINE, KEY

from ctkms_opa import Checker, expectations
from ctkms_opa.cli import group
from ctkms_opa.formats import Options, renderer
from ctkms_opa.matrix import agreed
from ctkms_opa.report import Cell, KeyReport, Report, Row, Source

ROOT = Path(__file__).resolve().parent.parent
DATA = [str(ROOT / "data" / name) for name in ("trails.yaml", "accounts.yaml")]
POLICY = str(ROOT / "data" / "policies" / "trail-wrong-region.json")

TABLE = """\
      encrypt    decrypt    describe   administer  grant
  arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events (trail)
      refused !  allowed    allowed    refused     refused
  arn:aws:iam::111111111111:root (administrator)
      allowed    allowed    allowed    allowed     allowed
  arn:aws:iam::111111111111:user/Bob (reader)
      needs IAM  allowed    needs IAM  needs IAM   needs IAM
  arn:aws:iam::222222222222:root (named)
      refused    needs IAM  refused    refused     refused
  arn:aws:iam::222222222222:user/Alice (reader)
      refused    allowed    refused    refused     refused
  anyone of the key's account
      needs IAM  needs IAM  needs IAM  needs IAM   needs IAM
  anyone of organization o-a1b2c3d4e5
      refused    refused    refused    refused     refused
  anyone of other accounts
      refused    refused    refused    refused     refused
  anyone without credentials
      refused    refused    refused    refused     refused
"""


def matrix(report: Report, **options: Any) -> str:
    return "".join(renderer("matrix")(report, Options(**options)))


def cell(decision: str | None, fits: str = "yes", column: str = "encrypt") -> Cell:
    return Cell(column, decision, (0,), "refuse", fits)


def report(*rows: Row) -> Report:
    return Report("documented", ENGINE, (KeyReport(KEY, Source("a.json", "key-policy"), "pass", True, matrix=rows),))


def test_the_matrix_in_the_terminal() -> None:
    done = CliRunner().invoke(group, ["check", POLICY, "-d", DATA[0], "-d", DATA[1], "--format", "matrix"])
    assert done.exit_code == 1
    assert done.stdout.startswith(f"{KEY}: fail\n\n{TABLE}\n  needs IAM: ")
    assert done.stdout.endswith("1 key: 3 errors, 1 warning, 1 note (--notes shows them). Verdict: fail\n")


@pytest.mark.parametrize("engine", ["compiled", "interpreted"])
def test_both_engines_give_the_same_matrix(engine: str) -> None:
    expected = expectations.load(DATA)
    found = Checker(expected, engine=engine, matrix=True).check_paths([POLICY])
    assert TABLE in matrix(found)
    plain = Checker(expected, engine=engine).check_paths([POLICY])
    assert plain.keys[0].matrix == ()
    assert plain.to_dict() == found.to_dict()


def test_names_stand_beside_the_cells_where_there_is_room() -> None:
    rows = (
        Row("person", "Ada", ("reader",), (cell("allow"), cell(None, "open", "decrypt"))),
        Row("anyone", "anyone", (), (cell("unknown", "open"), cell("explicit_deny", "no", "decrypt"))),
    )
    shown = matrix(report(*rows), width=60).splitlines()
    assert shown[2:5] == [
        "                encrypt        decrypt",
        "  Ada (reader)  allowed        -",
        "  anyone        cannot tell ?  refused !",
    ]
    assert "  \x1b[32mallowed      \x1b[0m  -" in matrix(report(*rows), width=60, color=True)


def test_a_narrow_terminal_gets_a_row_for_each_cell() -> None:
    rows = (
        Row("person", "Ada", ("reader",), (cell("allow"), cell(None, "open", "decrypt"))),
        Row("anyone", "anyone", (), (cell("unknown", "open"), cell("explicit_deny", "no", "decrypt"))),
    )
    assert matrix(report(*rows), width=30).splitlines()[2:4] == ["      encrypt        decrypt", "  Ada (reader)"]
    shown = matrix(report(*rows), width=29).splitlines()
    assert shown[2:8] == [
        "  Ada (reader)",
        "    encrypt  allowed",
        "    decrypt  -",
        "  anyone",
        "    encrypt  cannot tell ?",
        "    decrypt  refused !",
    ]
    assert shown[9:13] == [
        "  needs IAM: the account is let in, and",
        "    its IAM policies decide.  !: not",
        "    what is expected.",
        "  ?: hangs on what is not told here.  -:",
    ]


def test_without_a_policy_there_is_nothing_to_show() -> None:
    assert "\n  There is no policy to judge.\n" in matrix(report())


def test_what_is_in_a_name_does_nothing() -> None:
    for form in ("matrix", "html"):
        shown = "".join(
            renderer(form)(report(Row("person", "<b>\x1b[2J\u202e", ("\n::x::",), (cell("allow"),))), Options())
        )
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        assert "\n::x::" not in shown
        assert form == "matrix" or "<b>" not in shown


def test_the_page_has_the_matrix() -> None:
    page = "".join(
        renderer("html")(report(Row("trail", "arn:a", ("trail",), (cell("implicit_deny", "no"),))), Options())
    )
    assert (
        '<tr role="row"><th scope="row" role="rowheader"><code>arn:a</code> <span class="soft">trail</span></th>'
        '<td role="cell" data-label="encrypt"><span class="badge bad">refused !</span></td></tr>' in page
    )


def test_what_differs_between_the_variants_of_a_template_is_not_told() -> None:
    same, other = Row("person", "Ada", (), (cell("allow"),)), Row("person", "Bob", (), (cell("allow"),))
    refused = other._replace(cells=(cell("implicit_deny"),))
    unknown = (Cell("encrypt", "unknown", (), "refuse", "open"),)
    assert agreed([(same, other), (same, refused)], complete=True) == (same, other._replace(cells=unknown))
    assert agreed([(same,), (same, other)], complete=True) == (same, other._replace(cells=unknown))
    assert agreed([(same,)], complete=False) == (same._replace(cells=unknown),)
    assert agreed([(), ()], complete=True) == ()


def test_a_template_has_a_matrix(tmp_path: Path) -> None:
    policy = json.loads(Path(POLICY).read_text("utf-8"))
    key = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy}}
    (tmp_path / "stack.json").write_text(json.dumps({"Resources": {"Key": key}}), "utf-8")
    found = Checker(account="111111111111", region="us-east-1", matrix=True).check_paths([tmp_path / "stack.json"])
    rows = {row.who: [one.decision for one in row.cells] for row in found.keys[0].matrix}
    assert rows["anyone of the key's account"] == ["needs_iam_policy"] * 5
    assert rows["anyone of other accounts"] == ["implicit_deny"] * 5
