"""The catalogue and the registry in Rego are written from the rules, and the rules' METADATA is complete."""

from __future__ import annotations

import json
import os
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from ctkms_opa import metadata, pack
from ctkms_opa.errors import EngineError

if TYPE_CHECKING:
    from pathlib import Path

    from ctkms_opa.metadata import Rule
    from ctkms_opa.pack import Pack

PACK = pack.load(pack.directory())  # not yet complete while a rule is added
RULES = metadata.catalogue(PACK)
CATALOGUE = pack.directory() / "ctkms" / "catalogue" / "catalogue.rego"
REGISTRY = pack.directory() / "ctkms" / "registry" / "registry.rego"

HEADER = """\
# METADATA
# title: The catalogue of rules
# description: |
#   Title, level, provenance and AWS page of each rule, from the METADATA of the rules: engines do not hand annotations
#   to rules. Written by `CTKMS_UPDATE=1 pytest tests/test_catalogue.py`; the test holds it against the annotations.
# custom:
#   library: true
package ctkms.catalogue

# METADATA
# description: "The rules by id."
rules := {
"""


REGISTRY_HEADER = """\
# METADATA
# title: The registry of rules
# description: |
#   What all rules of the pack found, each named: an engine that walks data.ctkms.rules evaluates far more than the
#   findings. Written by `CTKMS_UPDATE=1 pytest tests/test_catalogue.py`; the test finds a rule that is missing here.
# custom:
#   library: true
package ctkms.registry

"""


def render(rules: list[Rule]) -> str:
    """The catalogue as Rego, in opa fmt's form."""
    entries = []
    for rule in rules:
        members = {
            "title": rule.title,
            "level": rule.level,
            "provenance": rule.provenance,
            "url": rule.urls[0],
            "waivable": rule.custom.get("waivable", True),
        }
        lines = "".join(f"\t\t{json.dumps(name)}: {json.dumps(value)},\n" for name, value in members.items())
        entries.append(f"\t{json.dumps(rule.id)}: {{\n{lines}\t}},\n")
    return HEADER + "".join(entries) + "}\n"


def registry(loaded: Pack) -> str:
    """The registry as Rego: every rule package by its name, with what it defines."""
    parts = []
    for output, variable, description in (
        ("findings", "finding", "What the rules found on the key under evaluation."),
        ("not_evaluated", "missing", "Which rules lacked their data, as {rule, why}."),
    ):
        parts.append(f'# METADATA\n# scope: document\n# description: "{description}"\n')
        parts += [
            f"{output} contains {variable} if some {variable} in data.{module.package}.{output}\n\n"
            for module in loaded.rule_packages()
            if module.defines(output)
        ]
    return REGISTRY_HEADER + "".join(parts).rstrip("\n") + "\n"


@pytest.mark.parametrize(
    ("file", "rendered"), [(CATALOGUE, render(RULES)), (REGISTRY, registry(PACK))], ids=["catalogue", "registry"]
)
def test_what_is_generated_is_fresh(file: Path, rendered: str) -> None:
    if os.environ.get("CTKMS_UPDATE"):
        file.write_text(rendered, "utf-8")
    assert file.read_text("utf-8") == rendered, "run CTKMS_UPDATE=1 pytest tests/test_catalogue.py"


def test_ids_are_unique_and_there_are_rules() -> None:
    assert len(RULES) > 50
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_metadata_of_a_rule_is_complete(rule: Rule) -> None:
    assert re.fullmatch(r"(CT|KP)(-[A-Z0-9]+)+", rule.id)
    assert rule.title
    assert rule.description
    assert rule.level in {"error", "warning", "note"}
    assert rule.provenance in {"documented", "inferred", "field"}
    assert not (rule.provenance == "inferred" and rule.level == "error"), "what is only inferred is no error"
    assert rule.urls
    assert rule.urls[0].startswith("https://docs.aws.amazon.com/")
    assert set(rule.custom) <= {"id", "level", "provenance", "waivable", "applies"}


@pytest.mark.parametrize("damage", ["rule", "registry", "rules", "extra"])
def test_a_pack_that_lacks_rules_is_no_pack(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "policies"
    shutil.copytree(pack.directory(), folder)
    if damage == "rule":
        shutil.rmtree(folder / "ctkms/rules/trail/encrypt")
    elif damage == "registry":
        shutil.rmtree(folder / "ctkms/registry")
    elif damage == "rules":
        shutil.rmtree(folder / "ctkms/rules")
    else:
        (folder / "extra.rego").write_text("package ctkms.rules.trail.extra\n\nfindings := set()\n")
    with pytest.raises(EngineError, match="the rule pack is damaged"):
        pack.check_complete(pack.load(folder))


def test_the_pack_is_complete() -> None:
    pack.check_complete(PACK)
