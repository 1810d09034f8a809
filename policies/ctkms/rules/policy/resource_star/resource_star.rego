# METADATA
# title: Resource * means this key only
# description: |
#   In a key policy "Resource": "*" means the key that the policy is attached to and no other; AWS documents it so and
#   writes it in its own policies. Said once a policy, for readers and scanners that take it for too broad.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# custom:
#   id: KP-RESOURCE-STAR
#   level: note
#   provenance: documented
package ctkms.rules.policy.resource_star

import data.ctkms.policy
import data.ctkms.result

_with_star := [entry |
	some entry in data.ctkms.evaluation.statements
	"*" in policy.as_list(object.get(entry.statement, "Resource", []))
]

# METADATA
# description: "The first statement with such a Resource."
findings contains result.finding("KP-RESOURCE-STAR", {
	"msg": sprintf("\"Resource\": \"*\" (%v of %v statements) means this key only in a key policy; it is not too broad", [
		count(_with_star),
		count(data.ctkms.evaluation.statements),
	]),
	"statement": _with_star[0],
	"path": ["Resource"],
	"remediation": "Nothing to do: this is how AWS documents it",
}) if {
	count(_with_star) > 0
}
