# METADATA
# title: The policy has no more than 32,768 bytes
# description: |
#   KMS refuses a key policy of more than 32,768 bytes (LimitExceededException). White space counts; where only the
#   data is known and not the text, the compact JSON is measured.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# custom:
#   id: KP-SIZE
#   level: error
#   provenance: documented
package ctkms.rules.policy.size

import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "The policy is too long."
findings contains result.finding("KP-SIZE", {
	"msg": sprintf("The policy has %v bytes; KMS takes no more than 32768", [_bytes]),
	"remediation": "Shorten it: print it without white space, merge statements that differ in one value only",
}) if {
	is_object(data.ctkms.evaluation.key.policy)
	_bytes > 32768
}

_bytes := data.ctkms.evaluation.key.text.bytes if {
	is_object(object.get(data.ctkms.evaluation.key, "text", null))
	is_number(object.get(data.ctkms.evaluation.key.text, "bytes", null))
} else := count(hex.encode(policy.compact(data.ctkms.evaluation.key.policy))) / 2
