package ctkms.rules.policy.json_test

import data.ctkms.rules.policy.json as no_json
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-JSON",
		"level": "error",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html",
	},
	fields,
)

test_passes_a_policy if {
	found := no_json.findings with input as testing.of(testing.trail_policy)
	count(found) == 0
}

test_fails_when_the_string_is_no_json if {
	given := testing.of_key({
		"kind": "get-key-policy",
		"policy": null,
		"problem": "the string under \"Policy\" is not JSON",
		"unparsable": true,
	})
	found := no_json.findings with input as given
	found == {finding({
		"msg": "The key policy cannot be read: the string under \"Policy\" is not JSON",
		"remediation": "Give the policy as one JSON object: KMS refuses anything else (MalformedPolicyDocumentException)",
	})}
}

test_passes_the_output_of_get_key_policy if {
	found := no_json.findings with input as testing.of_key({"kind": "get-key-policy", "policy": testing.trail_policy})
	count(found) == 0
}

test_passes_other_documents if {
	given := testing.of_key({
		"kind": "iam-policy",
		"policy": null,
		"problem": "none of its statements has a Principal",
	})
	found := no_json.findings with input as given
	count(found) == 0
}
