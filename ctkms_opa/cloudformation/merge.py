"""Puts together what the rules said of one key in all variants of a template: what holds in each of them, holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from ctkms_opa import matrix
from ctkms_opa.report import Finding, NotEvaluated, WaivedFinding, reaches

from .assumption import Other

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ctkms_opa.judgement import Judgement
    from ctkms_opa.report import Capability, Level


class Seen(NamedTuple):
    """What was said of the key in one variant.

    Attributes:
        assumed: What is assumed in it, by variable.
        names: What differs between variants in what is said: by what it is, its text in this one.
        judgement: What was said.
    """

    assumed: Mapping[str, object]
    names: Mapping[tuple[str, str], str]
    judgement: Judgement


@dataclass
class _Claim:
    """A finding, the variant that it is taken from, and all variants in which it was found."""

    finding: Finding
    origin: int
    found_in: set[int] = field(default_factory=set)


class Merge:
    """Merges what was said of one key in the variants that make the key."""

    def __init__(
        self, seen: Sequence[Seen], called: Mapping[str, str], fail_on: Level, *, complete: bool = True
    ) -> None:
        """Prepares.

        Args:
            seen: What was said, at least in one variant; the first one gives the words.
            called: What people call variables whose own names they would not understand.
            fail_on: The lowest level of a finding that makes the verdict ``fail``.
            complete: Whether these are all variants; if not, nothing is claimed.
        """
        self._seen = seen
        self._called = called
        self._fail_on = fail_on
        self._complete = complete
        self._substitutions: dict[tuple[int, int], Callable[[str], str]] = {}

    def result(self) -> Judgement:
        """Returns what holds in every variant; what differs is among what cannot be told.

        A finding that makes the verdict fail in some variants only is told as what cannot be told; one of a lower level
        as a rule that could not be evaluated.
        """
        judgements = [one.judgement for one in self._seen]
        claims = self._claims([one.findings for one in judgements])
        waived = self._waived()
        open_claims = [claim for claim in claims if not self._holds(claim)]
        grave = [claim for claim in open_claims if reaches(claim.finding.level, self._fail_on)]
        slight = [claim for claim in open_claims if not reaches(claim.finding.level, self._fail_on)]
        return judgements[0]._replace(
            judged=all(one.judged for one in judgements),
            capabilities=tuple(self._capability(row) for row in judgements[0].capabilities),
            findings=tuple(claim.finding for claim in claims if self._holds(claim)),
            cannot_tell=(
                *self._texts([one.cannot_tell for one in judgements]),
                *dict.fromkeys(f"{claim.finding.rule}, which {self._depends(claim)}" for claim in grave),
            ),
            waived=waived,
            used_waivers=frozenset().union(*(one.used_waivers for one in judgements)),
            expired_waivers=frozenset().union(*(one.expired_waivers for one in judgements)),
            hidden=frozenset().union(*(one.hidden for one in judgements)),
            not_evaluated=(
                *self._not_evaluated(judgements),
                *dict.fromkeys(
                    NotEvaluated(claim.finding.rule, f"the finding {self._depends(claim)}") for claim in slight
                ),
            ),
            needs=frozenset.intersection(*(one.needs for one in judgements)),
            names=frozenset.intersection(*(one.names for one in judgements)),
            matrix=matrix.agreed([one.matrix for one in judgements], complete=self._complete),
            explanations=self._explanations(judgements),
        )

    def _explanations(self, judgements: Sequence[Judgement]) -> tuple[Mapping[str, Any], ...]:
        """What explains the key in every variant; of what differs nothing is explained."""
        rest = [one.explanations for one in judgements[1:]]
        return tuple(
            one for one in judgements[0].explanations if self._complete and all(one in other for other in rest)
        )

    # Findings.

    def _claims(self, found: Sequence[Sequence[Finding]]) -> list[_Claim]:
        """Every finding once, with the variants that it was found in."""
        claims: list[_Claim] = []
        for index, findings in enumerate(found):
            rest = list(findings)
            for same in (self._identical, self._alike, self._of_one_subject):
                for claim in claims:
                    match = next((one for one in rest if index not in claim.found_in and same(claim, one, index)), None)
                    if match is not None:
                        claim.found_in.add(index)
                        rest.remove(match)
            claims += [_Claim(one, index, {index}) for one in rest]
        return claims

    def _identical(self, claim: _Claim, other: Finding, index: int) -> bool:
        """Whether it is the same finding in another variant, word for word."""
        return self._alike(claim, other, index) and self._say(claim.finding.msg, claim.origin, index) == other.msg

    def _alike(self, claim: _Claim, other: Finding, index: int) -> bool:
        """Whether it is the same rule about the same part of the template and the same subject."""
        one = claim.finding
        subject = None if one.subject is None else self._say(one.subject, claim.origin, index)
        return (one.rule, one.level, one.location, subject) == (other.rule, other.level, other.location, other.subject)

    def _of_one_subject(self, claim: _Claim, other: Finding, index: int) -> bool:
        """Whether it is the same rule about the same trail or store, wherever it comes closest to pass there."""
        one = claim.finding
        if one.subject is None:
            return False
        return (one.rule, one.level, self._say(one.subject, claim.origin, index)) == (
            other.rule,
            other.level,
            other.subject,
        )

    def _concerned(self, claim: _Claim) -> list[int]:
        """The variants in which there is what the finding is about: its subject, or else any that uses the key."""
        subjects = [one.judgement.subjects for one in self._seen]
        subject = claim.finding.subject
        if subject is not None and subject in subjects[claim.origin]:
            return [index for index, some in enumerate(subjects) if self._say(subject, claim.origin, index) in some]
        return [index for index, some in enumerate(subjects) if some or not subjects[claim.origin]]

    def _holds(self, claim: _Claim) -> bool:
        return self._complete and claim.found_in.issuperset(self._concerned(claim))

    def _waived(self) -> tuple[WaivedFinding, ...]:
        """The waived findings that hold in every variant."""
        waived = [one.judgement.waived for one in self._seen]
        claims = self._claims([[one.finding for one in some] for some in waived])
        kept = [claim.finding for claim in claims if self._holds(claim)]
        return tuple({one.finding: one for some in waived for one in some}[finding] for finding in kept)

    # Words.

    def _say(self, text: str, origin: int, index: int) -> str:
        """The text of one variant as another variant would have it."""
        if origin == index:
            return text
        if (origin, index) not in self._substitutions:
            self._substitutions[origin, index] = _substitution(self._seen[origin].names, self._seen[index].names)
        return self._substitutions[origin, index](text)

    def _depends(self, claim: _Claim) -> str:
        where = self._where(claim.origin)
        return f"depends on {' and '.join(self._causes(claim))}:{where} {claim.finding.msg}"

    def _causes(self, claim: _Claim) -> list[str]:
        """The variables that decide whether the finding is there."""
        concerned = self._concerned(claim)
        differences = {
            frozenset(self._difference(one, other))
            for one in claim.found_in.intersection(concerned)
            for other in set(concerned) - claim.found_in
        }
        least = [one for one in differences if not any(other < one for other in differences)]
        names = frozenset().union(*least) or {name for one in self._seen for name in one.assumed}
        return sorted({self._called.get(name, name) for name in names})

    def _difference(self, one: int, other: int) -> list[str]:
        first, second = self._seen[one].assumed, self._seen[other].assumed
        return [name for name, value in first.items() if name in second and second[name] != value]

    def _where(self, index: int) -> str:
        """What is assumed in a variant and not in the first one, in words; empty for the first one."""
        assumed = self._seen[index].assumed
        told = [
            f"{self._called.get(name, name)} {_value(assumed[name])}"
            for name in dict.fromkeys((*self._difference(index, 0), *(set(assumed) - set(self._seen[0].assumed))))
        ]
        return f" where {' and '.join(sorted(told))}," if told else ""

    def _texts(self, told: Sequence[Sequence[str]]) -> list[str]:
        """Each text once, as the first variant would have it."""
        found: dict[str, str] = {}
        for index, texts in enumerate(told):
            for text in texts:
                found.setdefault(self._say(text, index, 0), f"{text}{self._where(index).rstrip(',')}")
        return list(found.values())

    def _not_evaluated(self, judgements: Iterable[Judgement]) -> list[NotEvaluated]:
        found = [
            NotEvaluated(one.rule, self._say(one.why, index, 0))
            for index, judgement in enumerate(judgements)
            for one in judgement.not_evaluated
        ]
        return list(dict.fromkeys(found))

    def _capability(self, row: Capability) -> Capability:
        """The row of the first variant; its decision is open where another variant has another one."""
        for index, one in enumerate(self._seen):
            wanted = (row.subject and self._say(row.subject, 0, index), self._say(row.principal, 0, index))
            decisions = [
                other.decision
                for other in one.judgement.capabilities
                if (other.subject, other.principal) == wanted and other.capability == row.capability
            ]
            gone = row.subject in self._seen[0].judgement.subjects and wanted[0] not in one.judgement.subjects
            if decisions != [row.decision] and not gone:
                return row._replace(decision="unknown", statements=())
        return row


def _substitution(names: Mapping[tuple[str, str], str], others: Mapping[tuple[str, str], str]) -> Callable[[str], str]:
    """What turns texts with these names into texts with the others."""
    pairs: dict[str, str] = {}
    for what, text in names.items():
        if others.get(what, text) != text:
            pairs.setdefault(text, others[what])
    if not pairs:
        return lambda text: text
    pattern = re.compile("|".join(re.escape(text) for text in sorted(pairs, key=len, reverse=True)))
    return lambda text: pattern.sub(lambda found: pairs[found[0]], text)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "holds" if value else "does not hold"
    return "is another one" if isinstance(value, Other) else f"is {value}"
