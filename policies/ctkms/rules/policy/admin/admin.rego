# METADATA
# title: The key's account administers the key through IAM
# description: |
#   AWS's default key policy gives the key's account kms:*, so that IAM policies of the account work on the key and
#   the key stays manageable when the users that it names are deleted. Any action of KMS is tried for a caller of the
#   account, and kms:PutKeyPolicy for each administrator whom the expectations name.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# custom:
#   id: KP-ADMIN
#   level: warning
#   provenance: documented
package ctkms.rules.policy.admin

import data.ctkms.evaluation
import data.ctkms.expectations
import data.ctkms.iam
import data.ctkms.kms.caller
import data.ctkms.people
import data.ctkms.policy
import data.ctkms.result
import data.ctkms.verdict

# METADATA
# description: "No statement gives the account all actions."
findings contains result.finding("KP-ADMIN", _fields(data.ctkms.evaluation.key)) if {
	count(data.ctkms.evaluation.statements) > 0
	every account in _accounts {
		verdict.refused(iam.decide(data.ctkms.evaluation.prepared, _request(account)))
	}
	not _placeholders
}

# METADATA
# description: "An administrator whom the expectations name may not change the policy."
findings contains finding if {
	count(data.ctkms.evaluation.statements) > 0
	data.ctkms.evaluation.key.kind != "statement"
	some one in evaluation.tried("administer")
	one.probe.principal in expectations.administrators(data.ctkms.evaluation.key.arn)
	verdict.refused(one.decision)
	finding := object.union(verdict.finding("KP-ADMIN", one, {}), _elsewhere(one.probe))
}

# KMS lets nobody of another account change a key policy, whatever it says.
_elsewhere(probe) := {"remediation": sprintf("Name an administrator of the key's own account: %v.", [
	"KMS lets nobody of another account change a key policy",
])} if {
	people.foreign(probe.principal, null)
} else := {}

# Functions, so that nothing of this is worked out for a policy that has no fault.
_fields(key) := {
	"level": "note",
	"msg": "This is a statement on its own; the policy that it goes into should give the key's account kms:*",
	"remediation": _remediation(key.arn, min(_accounts)),
} if {
	key.kind == "statement"
} else := {
	"msg": concat(" ", [
		"No statement gives the key's account (its root principal) kms:*: IAM policies of the account have no full",
		"effect on the key, and nobody can manage it any more once the users and roles that it names are deleted",
	]),
	"remediation": _remediation(key.arn, min(_accounts)),
}

_remediation(arn, account) := sprintf("Add this statement (tried: IAM policies of the account then decide): %v", [
	policy.compact(_statement(account)),
]) if {
	is_string(arn)
	tried := evaluation.decide_with([_statement(account)], set(), _request(account))
	tried.decision == "needs_iam_policy"
} else := "Add a statement that allows kms:* to the root of the key's account, as AWS's default key policy has it"

_statement(account) := {
	"Sid": "EnableIAMUserPermissions",
	"Effect": "Allow",
	"Principal": {"AWS": replace(_request(account).principal, ":user/ctkms-somebody", ":root")},
	"Action": "kms:*",
	"Resource": "*",
}

_request(account) := caller.request("kms:ctkmsAnyOperation", data.ctkms.evaluation.key.arn, account)

_accounts := {"000000000000"} if {
	count(_named) == 0
} else := _named

_named := caller.accounts(data.ctkms.evaluation.key.arn, [principal |
	some entry in data.ctkms.evaluation.statements
	some principal in policy.principals(entry.statement)
])

# Where a placeholder stands for the account, CT-PLACEHOLDER says so.
_placeholders if {
	some finding in data.ctkms.rules.cloudtrail.placeholder.findings
	array.slice(finding.path, 2, 3) == ["Principal"]
}
