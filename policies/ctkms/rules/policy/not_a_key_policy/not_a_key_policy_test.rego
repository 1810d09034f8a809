package ctkms.rules.policy.not_a_key_policy_test

import data.ctkms.rules.policy.not_a_key_policy
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-NONKEY",
		"level": "note",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html",
	},
	fields,
)

test_passes_a_policy if {
	found := not_a_key_policy.findings with input as testing.of(testing.trail_policy)
	count(found) == 0
}

test_says_that_it_is_an_iam_policy if {
	given := testing.of_key({
		"kind": "iam-policy",
		"policy": null,
		"problem": "none of its statements has a Principal",
	})
	found := not_a_key_policy.findings with input as given
	found == {finding({
		"msg": "This is not a key policy: none of its statements has a Principal",
		"remediation": "Give the policy of a KMS key; aws kms get-key-policy --key-id KEY --policy-name default prints it",
	})}
}

test_says_that_it_is_a_trust_policy if {
	given := testing.of_key({
		"kind": "trust-policy",
		"policy": null,
		"problem": "it lets principals assume a role",
	})
	found := not_a_key_policy.findings with input as given
	found == {finding({
		"msg": "This is not a key policy: it lets principals assume a role",
		"remediation": "Give the policy of a KMS key; aws kms get-key-policy --key-id KEY --policy-name default prints it",
	})}
}

test_says_that_nobody_knows_it if {
	given := testing.of_key({
		"kind": "unrecognised",
		"policy": null,
		"problem": "it is not a policy that ctkms knows",
	})
	found := not_a_key_policy.findings with input as given
	found == {finding({
		"msg": "This is not a key policy: it is not a policy that ctkms knows",
		"remediation": "Give the policy of a KMS key; aws kms get-key-policy --key-id KEY --policy-name default prints it",
	})}
}

test_passes_broken_output_of_get_key_policy if {
	given := testing.of_key({"kind": "get-key-policy", "policy": null, "problem": "not JSON"})
	found := not_a_key_policy.findings with input as given
	count(found) == 0
}

test_finds_nothing_where_nobody_says_what_is_wrong if {
	given := testing.of_key({"kind": "iam-policy", "problem": null, "policy": null})
	found := not_a_key_policy.findings with input as given
	found == set()
}
