# METADATA
# title: Every statement names a principal
# description: |
#   Each statement of a key policy has to say whom it is about, under Principal or NotPrincipal. KMS refuses a policy
#   with a statement that does not (MalformedPolicyDocumentException).
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# custom:
#   id: KP-STMT-NOPRINCIPAL
#   level: error
#   provenance: documented
package ctkms.rules.policy.no_principal

import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Neither Principal nor NotPrincipal."
findings contains result.finding("KP-STMT-NOPRINCIPAL", {
	"msg": sprintf("%v names no principal; KMS refuses the policy", [policy.label(entry)]),
	"statement": entry,
	"remediation": _remediation,
}) if {
	some entry in data.ctkms.evaluation.statements
	count({"Principal", "NotPrincipal"} & object.keys(entry.statement)) == 0
}

# METADATA
# description: "A Principal or NotPrincipal that names nobody."
findings contains result.finding("KP-STMT-NOPRINCIPAL", {
	"msg": sprintf("%v names no principal: its %v is %v", [policy.label(entry), element, policy.compact(value)]),
	"statement": entry,
	"path": [element],
	"remediation": _remediation,
}) if {
	some entry in data.ctkms.evaluation.statements
	some element in ["Principal", "NotPrincipal"]
	element in object.keys(entry.statement)
	value := entry.statement[element]
	_names_nobody(value)
}

_names_nobody(value) if value in ["", null, {}]

_names_nobody(value) if {
	not is_string(value)
	not is_object(value)
}

_names_nobody(value) if {
	is_object(value)
	count(value) > 0
	every entries in value {
		entries in [[], "", null]
	}
}

_remediation := "Say whom it is about, for example \"Principal\": {\"Service\": \"cloudtrail.amazonaws.com\"}"
