# METADATA
# title: The policy is a JSON object
# description: |
#   KMS takes a key policy only as one JSON object; anything else is refused (MalformedPolicyDocumentException). Looks
#   at the string under "Policy" in the output of get-key-policy; a file that is not JSON is refused before any rule
#   runs.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
# custom:
#   id: KP-JSON
#   level: error
#   provenance: documented
#   waivable: false
package ctkms.rules.policy.json

import data.ctkms.result

# METADATA
# description: "The string that get-key-policy returned is no policy."
findings contains result.finding("KP-JSON", {
	"msg": sprintf("The key policy cannot be read: %v", [data.ctkms.evaluation.key.problem]),
	"remediation": "Give the policy as one JSON object: KMS refuses anything else (MalformedPolicyDocumentException)",
}) if {
	data.ctkms.evaluation.key.unparsable == true
}
