# METADATA
# title: Every Effect is Allow or Deny
# description: |
#   A statement has to say "Effect": "Allow" or "Effect": "Deny", in exactly this spelling. KMS refuses anything else
#   (MalformedPolicyDocumentException).
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html
# custom:
#   id: KP-EFFECT
#   level: error
#   provenance: documented
package ctkms.rules.policy.effect

import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "No Effect."
findings contains result.finding("KP-EFFECT", {
	"msg": sprintf("%v has no Effect; KMS refuses the policy", [policy.label(entry)]),
	"statement": entry,
	"remediation": "Add \"Effect\": \"Allow\" or \"Effect\": \"Deny\"",
}) if {
	some entry in data.ctkms.evaluation.statements
	not "Effect" in object.keys(entry.statement)
}

# METADATA
# description: "Any other Effect."
findings contains result.finding("KP-EFFECT", {
	"msg": sprintf("%v: Effect is %v; it has to be exactly Allow or Deny", [policy.label(entry), policy.compact(effect)]),
	"statement": entry,
	"path": ["Effect"],
	"remediation": _remediation(effect),
}) if {
	some entry in data.ctkms.evaluation.statements
	"Effect" in object.keys(entry.statement)
	effect := entry.statement.Effect
	not effect in ["Allow", "Deny"]
	not policy.is_unknown(effect)
}

_remediation(effect) := sprintf("Write \"Effect\": \"%v\", with a capital letter", [_meant[lower(effect)]]) if {
	is_string(effect)
	lower(effect) in {"allow", "deny"}
} else := "Write \"Effect\": \"Allow\" or \"Effect\": \"Deny\""

_meant := {"allow": "Allow", "deny": "Deny"}
