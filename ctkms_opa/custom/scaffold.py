"""The first lines of a rule and of its test: they pass `ctkms test` and `opa check --strict` as they are."""

from __future__ import annotations

import re
from pathlib import Path

from ctkms_opa import whole_file
from ctkms_opa.custom.load import check_id
from ctkms_opa.errors import UsageError

_NAME = re.compile(r"[a-z][a-z0-9_]*[a-z0-9]")
_KEYWORDS = {
    *("as", "contains", "data", "default", "else", "every", "false", "if", "import"),
    *("in", "input", "not", "null", "package", "some", "true", "with"),
}

_USED = {"api", "decided", "entry", "fields", "findings", "found", "given", "index", "key", "policy", "stranger"}
"""What the scaffold calls things of its own."""

_RULE = """\
# METADATA
# title: Strangers cannot decrypt with the key
# description: |
#   Change this rule into your own. The title says what is true when the rule passes; here stands what it checks, and
#   why. This one tries a request of somebody who is none of yours.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
# custom:
#   id: {id}
#   level: warning
package custom.ctkms.{family}.{name}

import data.ctkms.api

# METADATA
# description: "Each statement that lets a stranger decrypt."
findings contains api.finding("{id}", fields) if {{
	stranger := "arn:aws:iam::999999999999:user/Stranger"
	decided := api.decide(api.request(stranger, "kms:Decrypt", {{}}))
	some index in decided.allowed_by
	entry := api.statement(index)
	fields := {{
		"msg": sprintf("%v lets strangers decrypt, for example %v", [api.label(entry), stranger]),
		"statement": entry,
		"path": ["Principal"],
		"remediation": "Name the accounts, roles or users that are meant.",
	}}
}}
"""

_TEST = """\
package custom.ctkms.{family}.{name}_test

import data.ctkms.api
import data.custom.ctkms.{family}.{name}

key := "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"

policy(principal) := {{"Version": "2012-10-17", "Statement": [{{
	"Sid": "Decrypt",
	"Effect": "Allow",
	"Principal": {{"AWS": principal}},
	"Action": "kms:Decrypt",
	"Resource": "*",
}}]}}

# What a test reads of its own file it binds before `with`.
test_passes_a_role_of_the_account if {{
	given := api.input_for(policy("arn:aws:iam::111111111111:role/Reader"), key)
	found := {name}.findings with input as given
	found == set()
}}

test_fails_everyone if {{
	given := api.input_for(policy("*"), key)
	found := {name}.findings with input as given
	found == {{{{
		"rule": "{id}",
		"msg": concat(" ", [
			"statement 1 (Decrypt) lets strangers decrypt, for example",
			"arn:aws:iam::999999999999:user/Stranger",
		]),
		"statement": {{"index": 0, "sid": "Decrypt"}},
		"path": ["Statement", 0, "Principal"],
		"remediation": "Name the accounts, roles or users that are meant.",
	}}}}
}}
"""


def write(family: str, name: str, folder: str, rule_id: str | None = None) -> list[str]:
    """Writes a rule and its test to `custom/ctkms/<family>/<name>` in a folder.

    Args:
        family: The rule's family.
        name: Its name.
        folder: The folder, which is made where it is not there.
        rule_id: Its id; by default made of family and name.

    Returns:
        The files.

    Raises:
        UsageError: A name or the id cannot be, a file is there already, or it cannot be written.
    """
    for part in (family, name):
        if part in _KEYWORDS | _USED:
            raise UsageError(f"{part!r} cannot be a name here: it means something else in Rego or in the rule's text")
        if not _NAME.fullmatch(part):
            wanted = "write two or more small letters, digits and _, as in acme/known_admins"
            raise UsageError(f"{part!r} is no name for a package: {wanted}")
    chosen = f"{family}-{name}".replace("_", "-").upper() if rule_id is None else rule_id.upper()
    problem = check_id(chosen)
    if problem:
        raise UsageError(f"{problem}; choose another with --id")
    place = Path(folder, "custom", "ctkms", family, name)
    texts = {place / f"{name}.rego": _RULE, place / f"{name}_test.rego": _TEST}
    for file in texts:
        if file.exists():
            raise UsageError("is there already", str(file))
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot be made: {error.strerror}", str(place)) from None
    for file, text in texts.items():
        whole_file.write(str(file), [text.format(family=family, name=name, id=chosen)])
    return [str(file) for file in texts]
