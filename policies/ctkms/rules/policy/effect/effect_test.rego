package ctkms.rules.policy.effect_test

import data.ctkms.rules.policy.effect
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-EFFECT",
		"level": "error",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html",
	},
	fields,
)

test_passes_allow_and_deny if {
	given := testing.of(testing.policy([testing.root, testing.but(testing.decrypt, {"Effect": "Deny"})]))
	found := effect.findings with input as given
	count(found) == 0
}

test_fails_without_effect if {
	found := effect.findings with input as testing.of(testing.policy([testing.but(testing.root, {"Effect": null})]))
	found == {finding({
		"msg": "statement 1 (EnableIAMUserPermissions) has no Effect; KMS refuses the policy",
		"path": ["Statement", 0],
		"remediation": "Add \"Effect\": \"Allow\" or \"Effect\": \"Deny\"",
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
	})}
}

test_fails_on_another_case if {
	given := testing.of(testing.policy([testing.root, testing.but(testing.decrypt, {"Effect": "allow"})]))
	found := effect.findings with input as given
	found == {finding({
		"msg": "statement 2 (AllowCloudTrailDecrypt): Effect is \"allow\"; it has to be exactly Allow or Deny",
		"path": ["Statement", 1, "Effect"],
		"remediation": "Write \"Effect\": \"Allow\", with a capital letter",
		"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
	})}
}

test_fails_on_anything_else if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(testing.decrypt, {"Effect": "Permit"}),
		testing.but(testing.decrypt, {"Effect": true}),
	]))
	found := effect.findings with input as given
	found == {
		finding({
			"msg": "statement 2 (AllowCloudTrailDecrypt): Effect is \"Permit\"; it has to be exactly Allow or Deny",
			"path": ["Statement", 1, "Effect"],
			"remediation": "Write \"Effect\": \"Allow\" or \"Effect\": \"Deny\"",
			"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
		}),
		finding({
			"msg": "statement 3 (AllowCloudTrailDecrypt): Effect is true; it has to be exactly Allow or Deny",
			"path": ["Statement", 2, "Effect"],
			"remediation": "Write \"Effect\": \"Allow\" or \"Effect\": \"Deny\"",
			"statement": {"index": 2, "sid": "AllowCloudTrailDecrypt"},
		}),
	}
}

test_cannot_say_what_is_not_known_yet if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Effect": {"ctkms:unknown": "later"}})]))
	found := effect.findings with input as given
	count(found) == 0
}

test_says_what_is_meant_in_any_case if {
	every one in [["ALLOW", "Allow"], ["DENY", "Deny"], ["deny", "Deny"]] {
		found := effect.findings with input as testing.of(testing.policy([testing.but(testing.root, {"Effect": one[0]})]))
		{split(said.remediation, `"`)[3] | some said in found} == {one[1]}
	}
}
