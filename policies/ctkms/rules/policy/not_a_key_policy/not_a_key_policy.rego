# METADATA
# title: The document is a key policy
# description: |
#   Names documents that are policies of another kind: IAM policies of users and roles have no Principal, trust
#   policies of roles allow sts:AssumeRole. Nothing is judged in them.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html
# custom:
#   id: KP-NONKEY
#   level: note
#   provenance: documented
#   waivable: false
package ctkms.rules.policy.not_a_key_policy

import data.ctkms.result

# METADATA
# description: "The document holds no key policy."
findings contains result.finding("KP-NONKEY", {
	"msg": sprintf("This is not a key policy: %v", [data.ctkms.evaluation.key.problem]),
	"remediation": "Give the policy of a KMS key; aws kms get-key-policy --key-id KEY --policy-name default prints it",
}) if {
	data.ctkms.evaluation.key.kind in {"iam-policy", "trust-policy", "unrecognised"}
	is_string(data.ctkms.evaluation.key.problem)
}
