package ctkms.rules.policy.resource_star_test

import data.ctkms.rules.policy.resource_star
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-RESOURCE-STAR",
		"level": "note",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html",
	},
	fields,
)

test_passes_the_arn_of_the_key if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Resource": testing.key})]))
	found := resource_star.findings with input as given
	count(found) == 0
}

test_says_so_once if {
	given := testing.of(testing.policy([
		testing.but(testing.root, {"Resource": testing.key}),
		testing.decrypt,
		testing.describe,
	]))
	found := resource_star.findings with input as given
	found == {finding({
		"msg": "\"Resource\": \"*\" (2 of 3 statements) means this key only in a key policy; it is not too broad",
		"path": ["Statement", 1, "Resource"],
		"remediation": "Nothing to do: this is how AWS documents it",
		"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
	})}
}

test_passes_a_wildcard_that_is_not_all_of_it if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Resource": "**"})]))
	found := resource_star.findings with input as given
	count(found) == 0
}

test_passes_where_there_is_no_policy if {
	found := resource_star.findings with input as testing.of_key({"policy": null})
	count(found) == 0
}

test_says_so_of_the_only_statement if {
	found := resource_star.findings with input as testing.of(testing.policy([testing.root]))
	[[one.level, one.path] | some one in found] == [["note", ["Statement", 0, "Resource"]]]
}
