"""A fleet with realistic mistakes: each key's verdict is the right one, and each mistake is called by its name."""

from __future__ import annotations

import itertools

import fleet
import pytest

from ctkms_opa import Checker


@pytest.mark.parametrize("mistake", [None, *sorted(fleet.MISTAKES)])
def test_each_mistake_of_the_fleet_is_found_and_nothing_else(mistake: str | None) -> None:
    accounts = map(fleet.account, range(1000))
    account, key = next((account, key) for account in accounts for key in account.keys if key.mistake == mistake)
    answer = Checker({"expected": account.expected}).check_policy(key.policy, key.arn).keys[0]
    assert key.is_right(answer), (key, answer.findings)


def test_an_account_of_the_fleet_is_the_same_every_time() -> None:
    assert fleet.account(7) == fleet.account(7) != fleet.account(8)


def test_a_fifth_of_the_keys_have_a_mistake() -> None:
    keys = list(itertools.chain.from_iterable(fleet.account(number).keys for number in range(20)))
    assert 0.15 < sum(key.mistake is not None for key in keys) / len(keys) < 0.25
