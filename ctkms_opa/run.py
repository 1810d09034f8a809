"""What one check gathers from its inputs, and what follows from all of them together."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ctkms_opa.errors import EngineError
from ctkms_opa.judgement import Judgement
from ctkms_opa.report import InputError, KeySequence, LeftOut
from ctkms_opa.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ctkms_opa.errors import CtkmsError
    from ctkms_opa.report import ExpiredWaiver, KeyReport, Level, NotEvaluated, WaivedFinding

Record = Judgement | InputError | LeftOut
"""What becomes of a key, of an input that cannot be judged, or of a file in which there is nothing to judge."""


class Judged(NamedTuple):
    """What becomes of one input."""

    records: list[Record]
    taken_over: int = 0
    """How many pieces the interpreter evaluated in the compiled engine's place."""
    parameters: frozenset[str] | None = None
    """The parameters that the template has, where the input is one."""


def refusal(error: CtkmsError, file: str | None = None) -> InputError:
    """An input that cannot be judged, as the report has it; `file` where the error does not name it."""
    return InputError(
        file=error.file or file or "input",
        line=error.line,
        msg=error.message,
        column=error.column,
        engine=isinstance(error, EngineError),
    )


class Run:
    """What one check has gathered so far, in the order of its inputs."""

    def __init__(self, fail_on: Level) -> None:
        """Begins a check with this `--fail-on`."""
        self._fail_on = fail_on
        self._judgements: Spool[Judgement] = Spool()
        self._judged = 0
        self._loose: list[Judgement] = []
        self.shown: set[str] = set()
        self._judged_for: set[tuple[str, str]] = set()
        self.waived: list[WaivedFinding] = []
        self.used_waivers: set[str] = set()
        self.expired_waivers: set[ExpiredWaiver] = set()
        self.not_evaluated: dict[NotEvaluated, None] = {}
        """As a set, in the order in which it was said."""
        self.errors: list[InputError] = []
        self.left_out: list[LeftOut] = []
        self.hidden: Counter[str] = Counter()
        """How many findings each disabled rule has."""
        self.taken_over = 0
        self.parameters: set[str] | None = None
        """The parameters that some template has, where there is a template."""

    def add(self, judged: Judged) -> None:
        """Notes what became of the next input."""
        self.taken_over += judged.taken_over
        if judged.parameters is not None:
            self.parameters = (self.parameters or set()) | judged.parameters
        for record in judged.records:
            self._add(record)

    def _add(self, record: Record) -> None:
        if isinstance(record, InputError):
            self.errors.append(record)
            return
        if isinstance(record, LeftOut):
            self.left_out.append(record)
            return
        self._judgements.append(record)
        self._judged += 1
        if record.needs:
            self._loose.append(record)
        self.shown |= record.names
        self._judged_for |= {(name, row.subject) for name in record.names for row in record.capabilities if row.subject}
        self.waived += record.waived
        self.used_waivers |= record.used_waivers
        self.expired_waivers |= record.expired_waivers
        self.hidden.update(finding.rule for finding in record.hidden)
        self.not_evaluated |= dict.fromkeys(record.not_evaluated)

    @property
    def keys(self) -> Sequence[KeyReport]:
        """The keys, and the trails and stores of which no key's policy was judged."""
        if self._judgements.in_memory:
            return tuple(self._reports())
        return KeySequence(self._reports, self._judged - sum(self._is_settled(one) for one in self._loose))

    def _reports(self) -> Iterator[KeyReport]:
        left = (one for one in self._judgements if not self._is_settled(one))
        return (self._explained(one).report(self._fail_on) for one in left)

    def _is_settled(self, one: Judgement) -> bool:
        """Whether it is a trail or store for which the policy of its key, from another document, was judged."""
        return any((name, one.key) in self._judged_for for name in one.needs)

    def _explained(self, one: Judgement) -> Judgement:
        """Of a trail or store whose key's policy was judged for others only: that, and what to do."""
        here = sorted(one.needs & self.shown)
        if not here:
            return one
        why = f"the policy of its key {here[0]} was not judged for it: list {one.key} with that key in the expectations"
        return one._replace(cannot_tell=(why,))
