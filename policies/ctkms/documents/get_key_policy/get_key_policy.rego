# METADATA
# title: Output of aws kms get-key-policy
# description: "The key policy is JSON text in the string under Policy; the output does not say whose policy it is."
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html
# custom:
#   library: true
package ctkms.documents.get_key_policy

import data.ctkms.documents.policy_text

# METADATA
# description: "True for an object with a string under Policy that is no policy itself."
recognises(document) if {
	is_object(document)
	is_string(object.get(document, "Policy", null))
	not "Statement" in object.keys(document)
}

# METADATA
# description: "The one key whose policy it is."
keys(document) := [object.union(
	{"kind": "get-key-policy", "place": {"path": ["Policy", null]}},
	policy_text.read(document.Policy, "the string under \"Policy\""),
)]
