# METADATA
# title: Every statement is about this key
# description: |
#   The Resource of a key policy has to be "*" or match the ARN of the key that the policy is attached to. Names and
#   ARNs of aliases, bare key ids, other keys and ARNs of other services never match: KMS accepts the statement, but
#   it has no effect. Where nobody says which key the policy belongs to, only what can never be a key is reported.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/cmks-in-iam-policies.html
# custom:
#   id: KP-RESOURCE-OTHER
#   level: error
#   provenance: documented
package ctkms.rules.policy.resource_other

import data.ctkms.cloudtrail.request
import data.ctkms.iam
import data.ctkms.iam.pattern
import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Statements whose Resource does not cover this key."
findings contains result.finding("KP-RESOURCE-OTHER", {
	"msg": sprintf("%v has no effect: its Resource is not this key (%v)", [policy.label(entry), concat("; ", whys)]),
	"statement": entry,
	"path": ["Resource"],
	"remediation": "Set \"Resource\": \"*\": in a key policy that means this key, and no other",
}) if {
	some entry in data.ctkms.evaluation.statements
	whys := [_why(text.value) | some text in policy.strings(entry.statement, "Resource")]
	count(whys) > 0
	not _named(entry.statement)
	not _holds_placeholder(entry, "Resource")
	_never(entry.statement, "Resource")
}

# METADATA
# description: "Statements whose NotResource leaves this key out."
findings contains result.finding("KP-RESOURCE-OTHER", {
	"msg": sprintf("%v has no effect: its NotResource covers this key", [policy.label(entry)]),
	"statement": entry,
	"path": ["NotResource"],
	"remediation": "Set \"Resource\": \"*\" in place of NotResource: in a key policy that means this key, and no other",
}) if {
	some entry in data.ctkms.evaluation.statements
	count(policy.strings(entry.statement, "NotResource")) > 0
	not "Resource" in object.keys(entry.statement)
	not _holds_placeholder(entry, "NotResource")
	_never(entry.statement, "NotResource")
}

_key := data.ctkms.evaluation.key.arn

# The cheap answer for nearly all statements.
_named(statement) if {
	some text in policy.as_list(object.get(statement, "Resource", []))
	text in {"*", _key}
}

# Tries whether anybody reaches the key through this element, whatever the rest of the statement says.
_never(statement, element) if {
	prepared := iam.prepare({"Version": object.get(data.ctkms.evaluation.key.policy, "Version", null), "Statement": [{
		"Effect": "Allow",
		"Principal": "*",
		"Action": "kms:*",
		element: statement[element],
	}]})
	iam.decide(prepared, {
		"principal": "*",
		"action": "kms:Decrypt",
		"resource": request.resource(_key),
		"unknown": ["*"],
	}).decision == "implicit_deny"
}

# What still has placeholders is CT-PLACEHOLDER's matter.
_holds_placeholder(entry, element) if {
	some finding in data.ctkms.rules.cloudtrail.placeholder.findings
	array.slice(finding.path, 0, 3) == ["Statement", entry.index, element]
}

_why(text) := sprintf("%v is an alias, and only the key's own ARN counts", [text]) if {
	_alias(text)
} else := sprintf("%v is no ARN", [text]) if {
	not startswith(text, "arn:")
} else := sprintf("%v is an incomplete ARN", [text]) if {
	count(split(text, ":")) < 6
} else := sprintf("%v is an ARN of %v, not of KMS", [text, split(text, ":")[2]]) if {
	not pattern.like(split(text, ":")[2], "kms")
} else := sprintf("%v is no key", [text]) if {
	not is_string(_key)
} else := sprintf("%v is another key: its %v differs", [text, _difference(split(text, ":"), split(_key, ":"))])

_alias(text) if startswith(text, "alias/")

_alias(text) if contains(text, ":alias/")

_difference(wanted, own) := concat(" and ", [name |
	some [at, name] in [[1, "partition"], [3, "Region"], [4, "account"], [5, "key id"]]
	not pattern.like(wanted[at], object.get({"own": own}, ["own", at], ""))
])
