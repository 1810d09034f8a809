# METADATA
# title: The policy has statements, and each is an object
# description: |
#   A key policy needs at least one statement: an object, or a list of objects, under "Statement". KMS refuses
#   anything else (MalformedPolicyDocumentException).
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# custom:
#   id: KP-STATEMENT
#   level: error
#   provenance: documented
package ctkms.rules.policy.statement

import data.ctkms.policy
import data.ctkms.result

default _policy := {"Statement": {}}

_policy := data.ctkms.evaluation.key.policy if {
	is_object(data.ctkms.evaluation.key.policy)
}

_statements := object.get(_policy, "Statement", "missing")

# METADATA
# description: "No member Statement."
findings contains result.finding("KP-STATEMENT", {
	"msg": "The policy has no \"Statement\": it says nothing, and KMS refuses it",
	"remediation": "Put the statements into a list under \"Statement\"",
}) if {
	not "Statement" in object.keys(_policy)
}

# METADATA
# description: "Statement is something else."
findings contains result.finding("KP-STATEMENT", {
	"msg": sprintf("\"Statement\" is %v; it has to be a list of statements", [_article(type_name(_statements))]),
	"path": ["Statement"],
	"remediation": "Put the statements into a list under \"Statement\"",
}) if {
	"Statement" in object.keys(_policy)
	not is_object(_statements)
	not is_array(_statements)
}

# METADATA
# description: "An empty list."
findings contains result.finding("KP-STATEMENT", {
	"msg": "The list under \"Statement\" is empty: the policy says nothing, and KMS refuses it",
	"path": ["Statement"],
	"remediation": "Start with the statement that lets the key's account administer the key",
}) if {
	_statements == []
}

# METADATA
# description: "An element that is no statement."
findings contains result.finding("KP-STATEMENT", {
	"msg": sprintf("statement %v is %v; a statement has to be an object", [index + 1, _article(type_name(statement))]),
	"path": ["Statement", index],
	"remediation": "Write it as an object with Effect, Principal, Action and Resource, or remove it",
}) if {
	is_array(_statements)
	some index, statement in policy.as_list(_statements)
	not is_object(statement)
}

_article(name) := object.get({"array": "a list", "null": "null"}, name, sprintf("a %v", [name]))
