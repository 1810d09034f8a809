# METADATA
# title: No ForAllValues on an encryption context or request tag
# description: |
#   ForAllValues is also true where the request has no such key, so KMS refuses key policies that use it with
#   kms:EncryptionContext or aws:RequestTag keys (OverlyPermissiveCondition).
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
# custom:
#   id: KP-FORALL-CTX
#   level: error
#   provenance: documented
package ctkms.rules.policy.forall_context

import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "ForAllValues on such a key."
findings contains result.finding("KP-FORALL-CTX", {
	"msg": sprintf("%v: %v on %v; it is also true where the key is missing, and KMS refuses the policy", [
		policy.label(entry),
		condition.operator,
		condition.name,
	]),
	"statement": entry,
	"path": condition.path,
	"remediation": sprintf("Use %v: the key has a single value", [_without_set(condition.operator)]),
}) if {
	some entry in data.ctkms.evaluation.statements
	some condition in policy.conditions(entry.statement)
	startswith(lower(condition.operator), "forallvalues:")
	_refused(condition.key)
}

_refused(key) if startswith(key, "kms:encryptioncontext:")

_refused(key) if startswith(key, "aws:requesttag/")

_without_set(operator) := substring(operator, count("ForAllValues:"), -1)
