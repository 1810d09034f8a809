"""Laws that IAM evaluation obeys whatever the policy: changes that must change nothing, or only in one direction."""

from __future__ import annotations

import copy
from collections import Counter
from typing import TYPE_CHECKING, Any

import engines
import iam_strategies
from hypothesis import assume, given
from hypothesis import strategies as st
from random_cases import ASKED, this_many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Json = Any
Path = tuple[str | int, ...]

SIMULATION = "data.ctkms.iam.simulation"
LISTS = ("allowed_by", "denied_by", "maybe_allowed_by", "maybe_denied_by")
DENIALS = {"explicit_deny", "implicit_deny"}

EXAMPLES = int(ASKED or 1000) // 10


def simulate(case: Json) -> Json:
    """The pack's answer. The interpreter gives it, because it alone of the two lets no error pass in silence."""
    engine = engines.load(engines.INTERPRETED, (SIMULATION,), sources=engines.modules(root=engines.IAM))
    return engine.evaluate(SIMULATION, case)


def checked(law: Callable[..., None], at_least: float = 0.3) -> None:
    """Run a law on random cases. It must have been put to the test in this share of them, and on more than denials."""
    tested: Counter[str] = Counter()

    def note(decision: str) -> None:
        tested[decision] += 1

    law(note)
    assert tested.total() >= EXAMPLES * at_least, tested
    assert tested.keys() - {"implicit_deny"}, tested


def with_statements(case: Json, statements: list[Json]) -> Json:
    """The case with other statements."""
    return {**case, "policy": {**case["policy"], "Statement": statements}}


def statements_of(case: Json) -> list[Json]:
    """The statements, where they are a list of objects with Effect; else the case is of no use here."""
    policy = case["policy"]
    found = policy.get("Statement") if isinstance(policy, dict) else None
    # An unknown Statement is any number of statements, not one.
    found = [found] if isinstance(found, dict) and "ctkms:unknown" not in found else found
    assume(isinstance(found, list) and found and all(isinstance(s, dict) for s in found))
    assert isinstance(found, list)
    return found


def test_order_of_statements_does_not_matter() -> None:
    def law(note: Callable[[str], None]) -> None:
        @this_many(EXAMPLES)
        @given(iam_strategies.cases(), st.randoms(use_true_random=False))
        def holds(case: Json, random: Any) -> None:
            found = statements_of(case)
            order = list(range(len(found)))
            random.shuffle(order)
            before, after = simulate(case), simulate(with_statements(case, [found[i] for i in order]))
            assert after["decision"] == before["decision"]
            assert all(sorted(order[i] for i in after[name]) == before[name] for name in LISTS)
            note(before["decision"])

        holds()

    checked(law)


def reversed_lists(value: Json) -> Json:
    """The same JSON with every list the other way round."""
    if isinstance(value, list):
        return [reversed_lists(v) for v in reversed(value)]
    if isinstance(value, dict):
        return {k: reversed_lists(v) for k, v in reversed(value.items())}
    return value


def test_order_of_values_does_not_matter() -> None:
    def law(note: Callable[[str], None]) -> None:
        @this_many(EXAMPLES)
        @given(iam_strategies.cases())
        def holds(case: Json) -> None:
            found = statements_of(case)
            other = with_statements(case, [reversed_lists(s) for s in found])
            other["request"] = reversed_lists(case["request"])
            before = simulate(with_statements(case, found))
            assert simulate(other) == before
            note(before["decision"])

        holds()

    checked(law)


def split(statement: dict[str, Json]) -> list[dict[str, Json]]:
    """A statement as several, each with one action and one principal."""
    actions = statement.get("Action")
    if isinstance(actions, list) and actions and all(isinstance(a, str) for a in actions):
        parts = [{**statement, "Action": a} for a in actions]
    else:
        parts = [statement]
    principal = statement.get("Principal")
    if not isinstance(principal, dict) or not principal.keys() <= {"AWS", "Service"}:
        return parts
    names = [(k, n) for k, v in principal.items() for n in (v if isinstance(v, list) else [v])]
    if not names or not all(isinstance(n, str) for _, n in names):
        return parts
    return [{**part, "Principal": {kind: name}} for part in parts for kind, name in names]


def test_splitting_a_statement_does_not_matter() -> None:
    def law(note: Callable[[str], None]) -> None:
        @this_many(EXAMPLES * 2)
        @given(iam_strategies.cases())
        def holds(case: Json) -> None:
            found = statements_of(case)
            parts = [part for statement in found for part in split(statement)]
            assume(len(parts) > len(found))
            before = simulate(case)
            assert simulate(with_statements(case, parts))["decision"] == before["decision"]
            note(before["decision"])

        holds()

    checked(law)


@st.composite
def cases_and_statements(draw: Any, effect: str) -> tuple[Json, Json]:
    """A case, and one more statement with this effect."""
    case = draw(iam_strategies.cases())
    statement = iam_strategies.statement(draw, case["request"])
    assume(isinstance(statement, dict) and "ctkms:unknown" not in statement)
    return case, {**statement, "Effect": effect}


def test_adding_an_allow_never_removes_access() -> None:
    def law(note: Callable[[str], None]) -> None:
        @this_many(EXAMPLES)
        @given(cases_and_statements("Allow"))
        def holds(drawn: tuple[Json, Json]) -> None:
            case, statement = drawn
            found = statements_of(case)
            before = simulate(with_statements(case, found))
            after = simulate(with_statements(case, [*found, statement]))
            if before["decision"] in {"allow", "explicit_deny"}:
                assert after["decision"] == before["decision"]
            if before["decision"] == "needs_iam_policy":
                assert after["decision"] in {"allow", "needs_iam_policy", "unknown"}
            if before["decision"] == "unknown":
                assert after["decision"] not in DENIALS
            note(before["decision"])

        holds()

    checked(law)


def test_adding_a_deny_never_adds_access() -> None:
    def law(note: Callable[[str], None]) -> None:
        @this_many(EXAMPLES)
        @given(cases_and_statements("Deny"))
        def holds(drawn: tuple[Json, Json]) -> None:
            case, statement = drawn
            found = statements_of(case)
            before = simulate(with_statements(case, found))
            after = simulate(with_statements(case, [*found, statement]))
            if before["decision"] in DENIALS:
                assert after["decision"] in DENIALS
            else:
                assert after["decision"] in {before["decision"], "unknown", "explicit_deny"}
            note(before["decision"])

        holds()

    checked(law)


def test_sids_do_not_matter() -> None:
    def law(note: Callable[[str], None]) -> None:
        @this_many(EXAMPLES)
        @given(iam_strategies.cases(), st.lists(st.sampled_from(("", "A", "B", None, 5)), min_size=4, max_size=4))
        def holds(case: Json, sids: list[Json]) -> None:
            found = statements_of(case)
            named = [{**s, "Sid": sid} for s, sid in zip(found, sids, strict=False)]
            before = simulate(with_statements(case, found))
            assert simulate(with_statements(case, named)) == before
            note(before["decision"])

        holds()

    checked(law)


def recased(statement: dict[str, Json]) -> dict[str, Json]:
    """The statement with its actions and its condition keys in the other case."""
    changed = copy.deepcopy(statement)
    for name in ("Action", "NotAction"):
        value = changed.get(name)
        if isinstance(value, str):
            changed[name] = value.swapcase()
        elif isinstance(value, list):
            changed[name] = [v.swapcase() if isinstance(v, str) else v for v in value]
    condition = changed.get("Condition")
    if isinstance(condition, dict) and "ctkms:unknown" not in condition:
        changed["Condition"] = {
            operator: {key.swapcase(): value for key, value in block.items()}
            if isinstance(block, dict) and "ctkms:unknown" not in block
            else block
            for operator, block in condition.items()
        }
    return changed


def test_case_of_actions_and_condition_keys_does_not_matter() -> None:
    def law(note: Callable[[str], None]) -> None:
        @this_many(EXAMPLES)
        @given(iam_strategies.cases())
        def holds(case: Json) -> None:
            found = statements_of(case)
            assume(all("ctkms:unknown" not in s for s in found))
            before = simulate(with_statements(case, found))
            assert simulate(with_statements(case, [recased(s) for s in found])) == before
            note(before["decision"])

        holds()

    checked(law)


def test_case_of_values_matters() -> None:
    def decision(value: str, principal: str) -> Json:
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": principal},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:username": value}},
        }
        request = {
            "principal": "arn:aws:iam::111111111111:user/Bob",
            "action": "kms:Decrypt",
            "resource": iam_strategies.KEY,
            "context": {"aws:username": "Bob"},
        }
        return simulate({"policy": {"Version": "2012-10-17", "Statement": [statement]}, "request": request})["decision"]

    assert decision("Bob", "arn:aws:iam::111111111111:user/Bob") == "allow"
    assert decision("bob", "arn:aws:iam::111111111111:user/Bob") == "implicit_deny"
    assert decision("Bob", "arn:aws:iam::111111111111:user/bob") == "implicit_deny"


def leaves(value: Json, path: Path = ()) -> Iterator[tuple[Path, Json]]:
    """Every scalar, with its path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, value


def replaced(value: Json, path: Path, by: Json) -> Json:
    """The JSON with the value at a path replaced."""
    if not path:
        return by
    changed = copy.copy(value)
    changed[path[0]] = replaced(value[path[0]], path[1:], by)
    return changed


def test_an_unknown_leaf_never_contradicts() -> None:
    """Knowing less of the policy, or of a value that is sent, never gives another certain answer, and never allows."""

    def law(note: Callable[[str], None]) -> None:
        @this_many(EXAMPLES * 5)
        @given(iam_strategies.cases(), st.randoms(use_true_random=False))
        def holds(case: Json, random: Any) -> None:
            paths = [(("policy", *path), leaf) for path, leaf in leaves(case["policy"])]
            context = case["request"].get("context", {})
            # An empty string counts as no value at all, while an unknown value counts as one.
            paths += [(("request", "context", *path), leaf) for path, leaf in leaves(context) if leaf != ""]
            assume(paths)
            path, _ = random.choice(paths)
            before, after = simulate(case), simulate(replaced(case, path, iam_strategies.UNKNOWN))
            same = after["decision"] == before["decision"]
            both_deny = {before["decision"], after["decision"]} == DENIALS
            assert same or both_deny or "unknown" in {before["decision"], after["decision"]}
            assert after["decision"] != "allow" or before["decision"] == "allow"
            note(before["decision"])

        holds()

    checked(law)


PERMISSIVE = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
}
REQUEST = {"principal": iam_strategies.SERVICE, "action": "kms:Decrypt", "resource": iam_strategies.KEY}


def test_the_permissive_policy_allows() -> None:
    """What the two tests below turn on."""
    assert simulate({"policy": PERMISSIVE, "request": REQUEST})["decision"] == "allow"


@this_many(EXAMPLES * 3)
@given(iam_strategies.anything)
def test_no_json_that_is_no_policy_allows(anything: Json) -> None:
    assert simulate({"policy": anything, "request": REQUEST})["decision"] in {*DENIALS, "unknown"}
    assert simulate({"policy": {"Statement": anything}, "request": REQUEST})["decision"] in {*DENIALS, "unknown"}


@this_many(EXAMPLES * 3)
@given(
    iam_strategies.anything,
    st.sampled_from(("Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Condition")),
)
def test_no_json_in_a_statement_fails(anything: Json, name: str) -> None:
    """Any JSON as one element of a statement is judged; as an Effect or a Principal nothing but "*" lets anyone in."""
    statement = {**PERMISSIVE["Statement"], name: anything}  # type: ignore[dict-item]
    decision = simulate({"policy": {**PERMISSIVE, "Statement": [statement]}, "request": REQUEST})["decision"]
    assert decision in {*DENIALS, "unknown", "allow"}
    if name in {"Effect", "Principal", "NotPrincipal", "NotAction"} and anything not in ("Allow", "*"):
        assert decision != "allow" or "*" in [leaf for _, leaf in leaves(anything)]


@this_many(EXAMPLES * 3)
@given(
    iam_strategies.anything, st.sampled_from(("", "principal", "action", "resource", "context", "identity_policies"))
)
def test_no_json_that_is_no_request_allows(anything: Json, name: str) -> None:
    request = {**REQUEST, "principal": "arn:aws:iam::222222222222:user/Alice", name: anything} if name else anything
    decision = simulate({"policy": PERMISSIVE, "request": request})["decision"]
    assert decision != "allow" or anything in ("*", iam_strategies.KEY)  # as a principal: anyone; of the key's account
