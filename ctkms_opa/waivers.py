"""What only the rules can say of waivers: whether there is such a rule, and whether its findings can be waived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctkms_opa.errors import ExpectationsError, Problem
from ctkms_opa.expectation_schema import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ctkms_opa.expectations import Expectations
    from ctkms_opa.metadata import Rule


def check(expectations: Expectations, rules: Sequence[Rule]) -> None:
    """Checks the waivers of expectations against the rules that are loaded, the users' own among them.

    Raises:
        ExpectationsError: A waiver names a rule that does not exist, or one that cannot be waived.
    """
    problems = []
    for name, rule, problem in _problems(expectations, rules):
        path = ("waivers", name, "rule")
        place = expectations.place(path) or (None, None, None)
        where = "" if place[1] else f" (at {' > '.join(path)})"
        problems.append(Problem(f'"{rule}" {problem}{where}', *place))
    if problems:
        raise ExpectationsError(problems)


def _named(expectations: Expectations) -> Iterator[tuple[str, str]]:
    """The waivers by name, each with the rule that it names."""
    waivers = expectations.value.get("waivers")
    for name, entry in waivers.items() if isinstance(waivers, dict) else ():
        if isinstance(entry, dict) and isinstance(entry.get("rule"), str):
            yield name, entry["rule"]


def _problems(expectations: Expectations, rules: Sequence[Rule]) -> Iterator[tuple[str, str, str]]:
    by_id = {rule.id.upper(): rule for rule in rules}
    for name, wanted in _named(expectations):
        rule = by_id.get(wanted.upper())
        if rule is None:
            hint = did_you_mean(wanted, [one.id for one in rules]) or "; `ctkms rules` lists them"
            yield name, wanted, f"is no rule{hint}"
        elif rule.custom.get("waivable") is False:
            yield name, wanted, "cannot be waived: without it nothing is judged"
