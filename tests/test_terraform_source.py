"""Which data source a resource of a plan has its policy from."""

from __future__ import annotations

from typing import Any

import pytest

from ctkms_opa.terraform_source import policy_document

Json = Any

DOCUMENT = ["data.aws_iam_policy_document.key.json", "data.aws_iam_policy_document.key"]


def resource(references: list[str], address: str = "aws_kms_key.this") -> Json:
    return {"address": address, "expressions": {"policy": {"references": references}}}


def plan(*resources: Json, **calls: Json) -> Json:
    return {"configuration": {"root_module": {"resources": list(resources), "module_calls": calls}}}


def module(*resources: Json, calls: Json = None, **given: list[str]) -> Json:
    expressions = {name: {"references": references} for name, references in given.items()}
    return {"expressions": expressions, "module": {"resources": list(resources), "module_calls": calls or {}}}


INNER = module(resource(["var.policy"]), policy=["var.document"])


@pytest.mark.parametrize(
    ("given", "address", "source"),
    [
        (plan(resource(DOCUMENT)), "aws_kms_key.this", "data.aws_iam_policy_document.key"),
        (plan(resource(DOCUMENT)), "aws_kms_key.this[0]", "data.aws_iam_policy_document.key"),
        (plan(resource(DOCUMENT)), 'aws_kms_key.this["a.b\\"]"]', "data.aws_iam_policy_document.key"),
        (
            plan(resource(["data.aws_iam_policy_document.key[0].json"])),
            "aws_kms_key.this",
            "data.aws_iam_policy_document.key",
        ),
        (
            plan(audit=module(resource(DOCUMENT))),
            'module.audit["x"].aws_kms_key.this',
            "module.audit.data.aws_iam_policy_document.key",
        ),
        # A variable of the module, given by whoever calls it, and that by a variable again.
        (
            plan(audit=module(resource(["var.policy"]), policy=DOCUMENT)),
            "module.audit.aws_kms_key.this",
            "data.aws_iam_policy_document.key",
        ),
        (
            plan(outer=module(calls={"inner": INNER}, document=DOCUMENT)),
            "module.outer.module.inner.aws_kms_key.this",
            "data.aws_iam_policy_document.key",
        ),
        # Written otherwise, or together from several.
        (plan(resource(["local.policy"])), "aws_kms_key.this", None),
        (plan(resource([])), "aws_kms_key.this", None),
        (plan(resource(["var.policy"])), "aws_kms_key.this", None),
        (plan(resource([*DOCUMENT, "data.aws_iam_policy_document.more"])), "aws_kms_key.this", None),
        (plan(resource([*DOCUMENT, "var.policy"])), "aws_kms_key.this", None),
        (plan(audit=module(resource(["var.a", "var.b"]), a=DOCUMENT)), "module.audit.aws_kms_key.this", None),
        (plan(resource(DOCUMENT)), "aws_kms_key.other", None),
        (plan(resource(DOCUMENT)), "module.audit.aws_kms_key.this", None),
        # A state, and what is no plan.
        ({"values": {}}, "aws_kms_key.this", None),
        ({"configuration": {"root_module": {"resources": 5}}}, "aws_kms_key.this", None),
        (plan({"address": "aws_kms_key.this", "expressions": {"policy": {"references": 5}}}), "aws_kms_key.this", None),
        (plan({"address": "aws_kms_key.this", "expressions": []}, 5), "aws_kms_key.this", None),
        (plan({"address": "aws_kms_key.this"}), "", None),
        ([], "aws_kms_key.this", None),
    ],
)
def test_the_data_source_of_a_policy(given: Json, address: str, source: str | None) -> None:
    assert policy_document(given, address) == source
