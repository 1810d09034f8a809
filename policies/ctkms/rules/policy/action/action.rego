# METADATA
# title: Every action is one of KMS
# description: |
#   KMS accepts action strings that match nothing, such as kms=Decrypt, Decrypt or kms:GenrateDataKey, without a word;
#   what they were meant to allow stays refused, what they were meant to deny stays allowed. Text that is no action at
#   all is an error; names that KMS does not have, actions of other services and wildcards before the colon are
#   warnings.
# related_resources:
# - ref: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
# custom:
#   id: KP-ACTION
#   level: warning
#   provenance: field
package ctkms.rules.policy.action

import data.ctkms.kms
import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Actions that match no operation of KMS."
findings contains result.finding("KP-ACTION", {
	"level": level,
	"msg": sprintf("%v: %v \"%v\" %v", [policy.label(entry), element, action.value, words]),
	"statement": entry,
	"path": action.path,
	"remediation": _remediation(action.value),
}) if {
	some entry in data.ctkms.evaluation.statements
	some element in ["Action", "NotAction"]
	some action in policy.strings(entry.statement, element)
	not _fine(action.value)
	[level, words] := _fault(action.value)
}

_fine(action) if action in {"*", "kms:*"}

# KP-STMT-NOEFFECT and KP-VARIABLE speak of these.
_fine(action) if action == ""

_fine(action) if contains(action, "${")

_fine(action) if {
	startswith(lower(action), "kms:")
	kms.is_operation(substring(action, 4, -1))
}

_fault(action) := ["warning", "is no permission: to re-encrypt takes kms:ReEncryptFrom and kms:ReEncryptTo"] if {
	lower(action) == "kms:reencrypt"
} else := ["open", "matches no operation of KMS that is known here"] if {
	regex.match(`^(?i:kms):[A-Za-z*?]+$`, action)
} else := ["open", "has a wildcard before the colon; nothing documents what it matches there"] if {
	regex.match(`^[^:]*[*?][^:]*:`, action)
} else := ["open", "is an action of another service; in a key policy it has no effect"] if {
	regex.match(`^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$`, action)
} else := ["error", "is no action and matches nothing, though KMS accepts it"]

_remediation(action) := "Write \"kms:ReEncrypt*\", which covers both" if {
	_name(action) == "reencrypt"
} else := sprintf("Write \"kms:%v\"", [_canonical(_name(action))]) if {
	kms.is_operation(_name(action))
} else := sprintf("Write \"kms:%v\", if that is meant", [kms.near(_name(action))]) if {
	kms.near(_name(action)) != ""
} else := sprintf("Write \"kms:%v*\", if that is meant", [kms.near(trim_suffix(_name(action), "*"))]) if {
	endswith(_name(action), "*")
	kms.near(trim_suffix(_name(action), "*")) != ""
} else := "Write the operations of KMS that are meant, each as kms:NAME, or remove it"

# The name of the operation that may be meant: what stands after the service and whatever separates the two.
_name(action) := lower(trim_space(regex.replace(action, `^\s*(?:[A-Za-z0-9*?-]*[^A-Za-z0-9*?-]+)?`, "")))

_canonical(name) := concat("", [operation | some operation in data.ctkms.kms.operations; lower(operation) == name]) if {
	not regex.match(`[*?]`, name)
} else := name
