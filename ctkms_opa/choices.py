"""What a user chooses about rules: which are turned off, and which have another level. The report tells of both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ctkms_opa.errors import UsageError
from ctkms_opa.expectation_schema import did_you_mean
from ctkms_opa.report import LEVELS, Level, OverriddenLevel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ctkms_opa.judgement import Judgement
    from ctkms_opa.metadata import Rule

_NOTHING_LEFT = "anything: every rule that can be disabled is disabled"


class ChoiceError(UsageError):
    """A rule cannot be chosen so, or there is none of that name.

    Attributes:
        rule: The rule as it was written.
    """

    def __init__(self, message: str, rule: str) -> None:
        """Takes the message and the rule."""
        super().__init__(message)
        self.rule = rule


@dataclass(frozen=True)
class Choices:
    """What was chosen, by the rules' ids as they are written in the catalogue."""

    disabled: frozenset[str] = frozenset()
    levels: Mapping[str, Level] = field(default_factory=dict)
    overridden: tuple[OverriddenLevel, ...] = ()
    nothing_left: bool = False
    """Whether no rule is left of those that can be disabled: what then has no finding is not judged."""

    def apply(self, one: Judgement) -> Judgement:
        """What was said about a key, as the user wants it."""
        if not self.disabled and not self.levels:
            return one
        hidden = frozenset(finding for finding in one.findings if finding.rule in self.disabled)
        findings = [
            finding._replace(level=self.levels.get(finding.rule, finding.level))
            for finding in one.findings
            if finding not in hidden
        ]
        return one._replace(
            findings=tuple(findings),
            hidden=hidden,
            not_evaluated=tuple(entry for entry in one.not_evaluated if entry.rule not in self.disabled),
            cannot_tell=(*one.cannot_tell, *([_NOTHING_LEFT] if self.nothing_left else [])),
        )


def choose(levels: Mapping[str, Level], disable: Iterable[str], rules: Sequence[Rule]) -> Choices:
    """Checks choices against the rules.

    Args:
        levels: By id, in any case, the level of all findings of a rule.
        disable: The ids of rules whose findings are not wanted.
        rules: The rules that are loaded.

    Raises:
        ChoiceError: There is no such rule or level, or the rule must stay as it is: nothing is judged without it.
    """
    by_id = {rule.id.upper(): rule for rule in rules}
    chosen = {}
    for name, level in levels.items():
        rule = _find(name, by_id)
        if level not in LEVELS:
            raise ChoiceError(f"there is no level {level!r} for {rule.id}: choose error, warning or note", name)
        if not _may_be_disabled(rule) and level != rule.level:
            raise ChoiceError(f"the level of {rule.id} cannot be changed: without it nothing is judged", name)
        chosen[rule.id] = level
    disabled = set()
    for name in disable:
        rule = _find(name, by_id)
        if not _may_be_disabled(rule):
            raise ChoiceError(f"{rule.id} cannot be disabled: without it nothing is judged", name)
        disabled.add(rule.id)
    return Choices(
        frozenset(disabled),
        chosen,
        tuple(OverriddenLevel(rule.id, chosen[rule.id], rule.level) for rule in rules if rule.id in chosen),
        disabled >= {rule.id for rule in rules if _may_be_disabled(rule)},
    )


def _find(name: str, by_id: Mapping[str, Rule]) -> Rule:
    if name.upper() in by_id:
        return by_id[name.upper()]
    hint = did_you_mean(name, [rule.id for rule in by_id.values()]) or "; `ctkms rules` lists them"
    raise ChoiceError(f"there is no rule {name}{hint}", name)


def _may_be_disabled(rule: Rule) -> bool:
    return rule.custom.get("waivable", True) is not False
