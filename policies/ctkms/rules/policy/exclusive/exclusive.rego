# METADATA
# title: No statement has an element and its opposite
# description: |
#   Action and NotAction, Principal and NotPrincipal, Resource and NotResource exclude each other: a statement has one
#   of the two.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
# custom:
#   id: KP-MUTEX
#   level: error
#   provenance: documented
package ctkms.rules.policy.exclusive

import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Statements with both."
findings contains result.finding("KP-MUTEX", {
	"msg": sprintf("%v has both %v and %v; they exclude each other", [policy.label(entry), element, opposite]),
	"statement": entry,
	"path": [opposite],
	"remediation": sprintf("Keep %v and remove %v; a statement can only have one of them", [element, opposite]),
}) if {
	some entry in data.ctkms.evaluation.statements
	some element in ["Action", "Principal", "Resource"]
	opposite := concat("", ["Not", element])
	count({element, opposite} & object.keys(entry.statement)) == 2
}
