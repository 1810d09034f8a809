# METADATA
# title: Every statement has an Action and a Resource
# description: |
#   KMS accepts a statement without Action or without Resource, but the statement then has no effect: an Allow grants
#   nothing, a Deny refuses nothing. The same goes for empty lists. What stands in them is text: where anything else
#   does, an Allow cannot be relied on, and what a Deny refuses cannot be told.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# custom:
#   id: KP-STMT-NOEFFECT
#   level: error
#   provenance: documented
package ctkms.rules.policy.no_effect

import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Action or Resource is missing."
findings contains result.finding("KP-STMT-NOEFFECT", {
	"msg": sprintf("%v has no %v: KMS accepts it, but it has no effect", [policy.label(entry), element]),
	"statement": entry,
	# The body declares it.
	# regal ignore:use-some-for-output-vars
	"remediation": _remediations[element],
}) if {
	some entry in data.ctkms.evaluation.statements
	some element in ["Action", "Resource"]
	count({element, concat("", ["Not", element])} & object.keys(entry.statement)) == 0
}

# METADATA
# description: "Action or Resource holds nothing that could match."
findings contains result.finding("KP-STMT-NOEFFECT", {
	"msg": sprintf("%v has no effect: its %v is %v", [policy.label(entry), name, policy.compact(value)]),
	"statement": entry,
	"path": [name],
	# The body declares it.
	# regal ignore:use-some-for-output-vars
	"remediation": _remediations[element],
}) if {
	some entry in data.ctkms.evaluation.statements
	some element in ["Action", "Resource"]
	some name in [element, concat("", ["Not", element])]
	name in object.keys(entry.statement)
	value := entry.statement[name]
	_holds_nothing(value)
}

# METADATA
# description: "Action or Resource holds a value that is no text beside texts."
findings contains result.finding("KP-STMT-NOEFFECT", {
	"msg": sprintf("%v: its %v holds %v, which is no text", [policy.label(entry), name, policy.compact(value)]),
	"statement": entry,
	"path": [name, position],
	"remediation": "Write it as text, or remove it: as it is, the statement cannot be relied on",
}) if {
	some entry in data.ctkms.evaluation.statements
	some name in ["Action", "NotAction", "Resource", "NotResource"]
	listed := object.get(entry.statement, name, [])
	is_array(listed)
	not _holds_nothing(listed)
	some position, value in listed
	not is_string(value)
	not policy.is_unknown(value)
}

# A list or scalar without a single string; a value that is not known yet may be one.
_holds_nothing(value) if {
	every one in policy.as_list(value) {
		not _may_be_text(one)
	}
}

_may_be_text(one) if {
	is_string(one)
	one != ""
}

_may_be_text(one) if policy.is_unknown(one)

_remediations := {
	"Action": "Say what is allowed or denied, for example \"Action\": \"kms:Decrypt\"",
	"Resource": "Add \"Resource\": \"*\": in a key policy that means this key only",
}
