# METADATA
# title: No IAM group is a principal
# description: |
#   IAM groups cannot be principals of a policy; KMS refuses a key policy that names one
#   (MalformedPolicyDocumentException).
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
# custom:
#   id: KP-GROUP
#   level: error
#   provenance: documented
package ctkms.rules.policy.group

import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Principals that are groups."
findings contains result.finding("KP-GROUP", {
	"msg": sprintf("%v: %v is an IAM group; groups cannot be principals", [policy.label(entry), principal.value]),
	"statement": entry,
	"path": principal.path,
	"remediation": "Name the users, or a role that they assume; or name the account and give the group an IAM policy",
}) if {
	some entry in data.ctkms.evaluation.statements
	some principal in policy.principals(entry.statement)
	principal.kind == "AWS"
	_group(principal.value)
}

_group(value) if {
	startswith(value, "arn:")
	contains(value, ":group/")
}

# The unique id of a group.
_group(value) if {
	startswith(value, "AGPA")
	regex.match(`^AGPA[A-Z0-9]{12,}$`, value)
}
