"""What files of our own are, which lie beside inputs and are none: expectations, a configuration, data of rules."""

from __future__ import annotations

import os.path
import re

from .expectation_schema import did_you_mean

CONFIGURATIONS = ("ctkms.yaml", "ctkms.yml")
"""The names of a configuration."""

CONFIGURED = ("data", "policies", "profile", "fail-on", "levels", "disable", "formats")
"""The members of a configuration, none of which an input has."""

WHERE_TO = {
    "expectations": "give them after -d",
    "a configuration": "ctkms reads it in the folder where it runs, or after --config",
    "data of rules": "give the rules' folder after -p",
}
"""For each kind of file, where it belongs."""

NOTHING = "no KMS key, trail or event data store"
"""What a document holds in which there is nothing to judge."""

OTHER_OUTPUT = "what a command prints that says nothing of key policies"
"""What a document holds that the AWS CLI printed, and that is of no use."""

_OTHER_OUTPUTS = (
    ({"Keys"}, {"Truncated", "NextMarker"}),  # kms list-keys
    ({"Grants"}, {"Truncated", "NextMarker"}),  # kms list-grants
    ({"PolicyNames"}, {"Truncated", "NextMarker"}),  # kms list-key-policies
    ({"UserId", "Account", "Arn"}, set[str]()),  # sts get-caller-identity
    ({"LocationConstraint"}, set[str]()),  # s3api get-bucket-location
)
"""Members that such an output has, and those that it may have besides."""

_OF_RULES = re.compile(r"(?:^|[/\\])custom[/\\](?:.*[/\\])?data\.(?:json|yaml)$")


def own(path: str, value: object) -> str | None:
    """Tells a file of ours from inputs.

    Args:
        path: The file.
        value: What it holds.

    Returns:
        A name of ``WHERE_TO``: ``expectations`` where it has the one member ``expected``, ``a configuration`` where it
        is called like one and has no member that none has, ``data of rules`` where OPA loads it below ``data.custom``
        and it does not look like mistaken expectations; None for all others.
    """
    if not isinstance(value, dict):
        return None
    if set(value) == {"expected"}:
        return "expectations"
    if os.path.basename(path) in CONFIGURATIONS and set(value) <= set(CONFIGURED):  # noqa: PTH119 - start-up time
        return "a configuration"
    of_rules = _OF_RULES.search(os.path.abspath(path))  # noqa: PTH100
    if of_rules and not any(did_you_mean(name, ["expected"]) for name in value):
        return "data of rules"
    return None


def is_other_output(value: object) -> bool:
    """Whether a document is the output of a command that says nothing of key policies, and of who uses the keys."""
    return isinstance(value, dict) and any(
        needed <= set(value) <= needed | besides for needed, besides in _OTHER_OUTPUTS
    )
