package ctkms.rules.policy.exclusive_test

import data.ctkms.rules.policy.exclusive
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-MUTEX",
		"level": "error",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",
	},
	fields,
)

test_passes_one_of_each if {
	found := exclusive.findings with input as testing.of(testing.trail_policy)
	count(found) == 0
}

test_fails_on_both_of_each if {
	given := testing.of(testing.policy([
		testing.but(testing.root, {"NotAction": "kms:Decrypt"}),
		testing.but(testing.decrypt, {"NotPrincipal": {"AWS": "*"}}),
		testing.but(testing.decrypt, {"NotResource": "x"}),
	]))
	found := exclusive.findings with input as given
	found == {
		finding({
			"msg": "statement 1 (EnableIAMUserPermissions) has both Action and NotAction; they exclude each other",
			"path": ["Statement", 0, "NotAction"],
			"remediation": "Keep Action and remove NotAction; a statement can only have one of them",
			"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
		}),
		finding({
			"msg": concat(" ", [
				"statement 2 (AllowCloudTrailDecrypt) has both Principal and NotPrincipal; they",
				"exclude each other",
			]),
			"path": ["Statement", 1, "NotPrincipal"],
			"remediation": "Keep Principal and remove NotPrincipal; a statement can only have one of them",
			"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
		}),
		finding({
			"msg": "statement 3 (AllowCloudTrailDecrypt) has both Resource and NotResource; they exclude each other",
			"path": ["Statement", 2, "NotResource"],
			"remediation": "Keep Resource and remove NotResource; a statement can only have one of them",
			"statement": {"index": 2, "sid": "AllowCloudTrailDecrypt"},
		}),
	}
}
