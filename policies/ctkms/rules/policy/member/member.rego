# METADATA
# title: Policy and statements have only the members that exist
# description: |
#   The members of a policy are Version, Id and Statement; those of a statement are Sid, Effect, Principal,
#   NotPrincipal, Action, NotAction, Resource, NotResource and Condition, in exactly this spelling. Whether KMS refuses
#   others or leaves them out of account, and with them what they were meant to say, is not documented.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
# custom:
#   id: KP-MEMBER
#   level: warning
#   provenance: inferred
package ctkms.rules.policy.member

import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Members of the policy that do not exist."
findings contains result.finding("KP-MEMBER", {
	"msg": sprintf("The policy has a member \"%v\", which does not exist%v", [member, _meant(member, _of_policy)]),
	"path": [member],
	"remediation": _remediation(member, _of_policy),
}) if {
	is_object(data.ctkms.evaluation.key.policy)
	some member, _ in data.ctkms.evaluation.key.policy
	not member in _of_policy
	member != "ctkms:unknown"
}

# METADATA
# description: "Members of statements that do not exist."
findings contains result.finding("KP-MEMBER", {
	"msg": sprintf("%v has a member \"%v\", which does not exist%v", [
		policy.label(entry),
		member,
		_meant(member, _of_statement),
	]),
	"statement": entry,
	"path": [member],
	"remediation": _remediation(member, _of_statement),
}) if {
	some entry in data.ctkms.evaluation.statements
	some member, _ in entry.statement
	not member in _of_statement
}

_of_policy := {"Version", "Id", "Statement"}

_of_statement := {
	"Sid",
	"Effect",
	"Principal",
	"NotPrincipal",
	"Action",
	"NotAction",
	"Resource",
	"NotResource",
	"Condition",
}

_meant(member, known) := sprintf("; \"%v\" is meant", [_candidates(member, known)[0]]) if {
	count(_candidates(member, known)) > 0
} else := ""

_remediation(member, known) := sprintf("Rename it to \"%v\"", [_candidates(member, known)[0]]) if {
	count(_candidates(member, known)) > 0
} else := sprintf("Remove it; the members are %v", [concat(", ", sort(known))])

# The member that differs only in case, or in an s at the end.
_candidates(member, known) := [name |
	some name in known
	trim_right(lower(member), "s") == trim_right(lower(name), "s")
]
