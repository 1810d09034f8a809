# METADATA
# title: Somebody may change the key policy
# description: |
#   KMS refuses a key policy that leaves nobody in the key's account who may change it ("The new key policy will not
#   allow you to update the key policy in the future"). kms:PutKeyPolicy is tried for the account, for everyone whom
#   the policy names, and for any other caller of the account; an IAM policy or a condition that may help is given the
#   benefit of the doubt. Where the document tells KMS to leave out that check, KMS takes the policy: a warning.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# - ref: https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
# custom:
#   id: KP-LOCKOUT
#   level: error
#   provenance: documented
package ctkms.rules.policy.lockout

import data.ctkms.evaluation
import data.ctkms.iam
import data.ctkms.kms.caller
import data.ctkms.policy
import data.ctkms.remedy
import data.ctkms.result
import data.ctkms.verdict

# METADATA
# description: "Nobody may change the policy."
findings contains result.finding("KP-LOCKOUT", _fields(data.ctkms.evaluation.key.kind)) if {
	count(data.ctkms.evaluation.statements) > 0
	every one in evaluation.tried("administer") {
		verdict.refused(one.decision)
	}
	every account in _accounts {
		verdict.refused(iam.decide(
			data.ctkms.evaluation.prepared,
			caller.request("kms:PutKeyPolicy", data.ctkms.evaluation.key.arn, account),
		))
	}
	not _placeholders
}

# Functions, so that nothing of this is worked out for a policy that has no fault.
_fields(kind) := object.union(_words(kind), _advice(_root))

_words(kind) := {
	"level": "warning",
	"msg": "This is a statement on its own; the policy that it goes into has to let somebody call kms:PutKeyPolicy",
} if {
	kind == "statement"
} else := _said_of(_decider(_root), object.get(data.ctkms.evaluation.key, "bypasses_lockout_check", false))

_said_of(decider, bypass) := {
	"level": _level(bypass),
	"msg": sprintf("Nobody in the key's account may change this key policy (kms:PutKeyPolicy)%v: %v", [
		_consequence(bypass),
		decider.why,
	]),
	"statement": decider.statement,
	"path": decider.path,
}

_level(false) := "error"

_level(bypass) := "warning" if bypass != false

_consequence(false) := ", so KMS refuses it"

_consequence(true) := ", and KMS is told not to refuse it for that"

_consequence(bypass) := ", so KMS refuses it unless it is told not to" if policy.is_unknown(bypass)

_decider(roots) := verdict.decider(roots[0]) if {
	count(roots) > 0
} else := {"statement": null, "path": [], "why": "no statement allows it"}

_advice(roots) := {"remediation": remedy.text(roots[0].probe, roots[0].decision)} if {
	count(roots) > 0
} else := {"remediation": "Add a statement that allows kms:* to the root of the key's account"}

# The probe of the key's own account.
_root := [one |
	is_string(data.ctkms.evaluation.key.arn)
	some one in evaluation.tried("administer")
	endswith(one.probe.principal, ":root")
	some account in caller.accounts(data.ctkms.evaluation.key.arn, [])
	contains(one.probe.principal, account)
]

# Anybody of the key's account; where nobody says which that is, of any account that the policy names, or of any at all.
_accounts := {"000000000000"} if {
	count(_named) == 0
} else := _named

_named := caller.accounts(data.ctkms.evaluation.key.arn, [principal |
	some entry in data.ctkms.evaluation.statements
	some principal in policy.principals(entry.statement)
])

# Where a placeholder stands for the administrator, CT-PLACEHOLDER says so.
_placeholders if {
	some finding in data.ctkms.rules.cloudtrail.placeholder.findings
	array.slice(finding.path, 2, 3) == ["Principal"]
}
