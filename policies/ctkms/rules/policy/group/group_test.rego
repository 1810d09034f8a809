package ctkms.rules.policy.group_test

import data.ctkms.rules.policy.group
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-GROUP",
		"level": "error",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html",
	},
	fields,
)

test_passes_users_roles_and_accounts if {
	found := group.findings with input as testing.of(testing.trail_policy)
	count(found) == 0
}

test_fails_on_a_group if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{
				"Principal": {
					"AWS": ["arn:aws:iam::111111111111:user/group", "arn:aws:iam::111111111111:group/Readers"],
				},
			},
		),
	]))
	found := group.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (AllowCloudTrailDecrypt): arn:aws:iam::111111111111:group/Readers is an",
			"IAM group; groups cannot be principals",
		]),
		"path": ["Statement", 1, "Principal", "AWS", 1],
		"remediation": "Name the users, or a role that they assume; or name the account and give the group an IAM policy",
		"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
	})}
}

test_fails_on_the_id_of_a_group if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Principal": {"AWS": "AGPAABCDEFGHIJKLMNOPQ"}},
		),
	]))
	found := group.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (AllowCloudTrailDecrypt): AGPAABCDEFGHIJKLMNOPQ is an IAM group; groups",
			"cannot be principals",
		]),
		"path": ["Statement", 1, "Principal", "AWS"],
		"remediation": "Name the users, or a role that they assume; or name the account and give the group an IAM policy",
		"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
	})}
}

test_passes_what_only_looks_like_a_group if {
	every principal in [
		{"Federated": "arn:aws:iam::111111111111:group/Readers"},
		{"AWS": ["x:group/Readers", "AGPA", "AGPA-0123456789ABCDEF"]},
	] {
		statement := object.union(object.remove(testing.decrypt, ["Principal"]), {"Principal": principal})
		found := group.findings with input as testing.of(testing.policy([statement]))
		found == set()
	}
}
