package ctkms.rules.policy.resource_other_test

import data.ctkms.rules.policy.resource_other
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-RESOURCE-OTHER",
		"level": "error",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html",
	},
	fields,
)

test_passes_a_star if {
	found := resource_other.findings with input as testing.of(testing.trail_policy)
	count(found) == 0
}

test_passes_the_arn_of_the_key if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Resource": testing.key})]))
	found := resource_other.findings with input as given
	count(found) == 0
}

test_passes_a_pattern_that_covers_the_key if {
	given := testing.of(testing.policy([
		testing.but(testing.root, {"Resource": "arn:aws:kms:*:111111111111:key/1234*"}),
	]))
	found := resource_other.findings with input as given
	count(found) == 0
}

test_passes_one_of_several if {
	given := testing.of(testing.policy([
		testing.but(
			testing.root,
			{"Resource": ["arn:aws:s3:::example-logs", "arn:aws:kms:*:111111111111:key/1234*"]},
		),
	]))
	found := resource_other.findings with input as given
	count(found) == 0
}

test_fails_on_a_key_id_one_character_apart if {
	given := testing.of(testing.policy([
		testing.but(
			testing.root,
			{"Resource": "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ac"},
		),
	]))
	found := resource_other.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 1 (EnableIAMUserPermissions) has no effect: its Resource is not this key",
			"(arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ac is",
			"another key: its key id differs)",
		]),
		"path": ["Statement", 0, "Resource"],
		"remediation": "Set \"Resource\": \"*\": in a key policy that means this key, and no other",
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
	})}
}

test_fails_on_a_key_of_another_account_and_region if {
	given := testing.of(testing.policy([
		testing.but(testing.root, {"Resource": "arn:aws:kms:eu-west-1:222222222222:key/*"}),
	]))
	found := resource_other.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 1 (EnableIAMUserPermissions) has no effect: its Resource is not this key",
			"(arn:aws:kms:eu-west-1:222222222222:key/* is another key: its Region and account",
			"differs)",
		]),
		"path": ["Statement", 0, "Resource"],
		"remediation": "Set \"Resource\": \"*\": in a key policy that means this key, and no other",
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
	})}
}

test_fails_on_aliases if {
	given := testing.of(testing.policy([
		testing.but(
			testing.root,
			{"Resource": ["alias/cloudtrail", "arn:aws:kms:us-east-1:111111111111:alias/cloudtrail"]},
		),
	]))
	found := resource_other.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 1 (EnableIAMUserPermissions) has no effect: its Resource is not this key",
			"(alias/cloudtrail is an alias, and only the key's own ARN counts;",
			"arn:aws:kms:us-east-1:111111111111:alias/cloudtrail is an alias, and only the key's",
			"own ARN counts)",
		]),
		"path": ["Statement", 0, "Resource"],
		"remediation": "Set \"Resource\": \"*\": in a key policy that means this key, and no other",
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
	})}
}

test_fails_on_a_bare_key_id if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(testing.decrypt, {"Resource": "1234abcd-12ab-34cd-56ef-1234567890ab"}),
	]))
	found := resource_other.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (AllowCloudTrailDecrypt) has no effect: its Resource is not this key",
			"(1234abcd-12ab-34cd-56ef-1234567890ab is no ARN)",
		]),
		"path": ["Statement", 1, "Resource"],
		"remediation": "Set \"Resource\": \"*\": in a key policy that means this key, and no other",
		"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
	})}
}

test_fails_on_an_arn_of_s3 if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Resource": "arn:aws:s3:::myBucketName-2"})]))
	found := resource_other.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 1 (EnableIAMUserPermissions) has no effect: its Resource is not this key",
			"(arn:aws:s3:::myBucketName-2 is an ARN of s3, not of KMS)",
		]),
		"path": ["Statement", 0, "Resource"],
		"remediation": "Set \"Resource\": \"*\": in a key policy that means this key, and no other",
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
	})}
}

test_fails_on_an_incomplete_arn if {
	given := testing.of(testing.policy([
		testing.but(testing.root, {"Resource": "arn:aws:kms:us-east-1:key/1234abcd"}),
	]))
	found := resource_other.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 1 (EnableIAMUserPermissions) has no effect: its Resource is not this key",
			"(arn:aws:kms:us-east-1:key/1234abcd is an incomplete ARN)",
		]),
		"path": ["Statement", 0, "Resource"],
		"remediation": "Set \"Resource\": \"*\": in a key policy that means this key, and no other",
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
	})}
}

test_fails_when_not_resource_covers_the_key if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{"Resource": null, "NotResource": "arn:aws:kms:us-east-1:111111111111:key/*"},
		),
	]))
	found := resource_other.findings with input as given
	found == {finding({
		"msg": "statement 2 (AllowCloudTrailDecrypt) has no effect: its NotResource covers this key",
		"path": ["Statement", 1, "NotResource"],
		"remediation": "Set \"Resource\": \"*\" in place of NotResource: in a key policy that means this key, and no other",
		"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
	})}
}

test_passes_a_not_resource_that_leaves_the_key_alone if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(testing.decrypt, {"Resource": null, "NotResource": "arn:aws:s3:::example-logs"}),
	]))
	found := resource_other.findings with input as given
	count(found) == 0
}

test_leaves_placeholders_to_another_rule if {
	given := testing.of(testing.policy([
		testing.but(testing.root, {"Resource": "arn:aws:kms:Region:account_ID:key/key_ID"}),
	]))
	found := resource_other.findings with input as given
	count(found) == 0
}

test_leaves_placeholders_of_not_resource_to_another_rule if {
	given := testing.of(testing.policy([
		testing.but(
			testing.root,
			{"Resource": null, "NotResource": ["arn:aws:kms:Region:account_ID:key/key_ID", "*"]},
		),
	]))
	found := resource_other.findings with input as given
	count(found) == 0
}

test_cannot_say_what_is_not_known_yet if {
	given := testing.of(testing.policy([
		testing.but(testing.root, {"Resource": ["alias/cloudtrail", {"ctkms:unknown": "later"}]}),
	]))
	found := resource_other.findings with input as given
	count(found) == 0
}

test_passes_any_key_where_nobody_says_which_it_is if {
	given := testing.of_key({
		"arn": null,
		"policy": testing.policy([
			testing.but(testing.root, {"Resource": "arn:aws:kms:eu-west-1:222222222222:key/1234"}),
		]),
	})
	found := resource_other.findings with input as given
	count(found) == 0
}

test_fails_on_what_is_no_key_where_nobody_says_which_it_is if {
	given := testing.of_key({
		"arn": null,
		"policy": testing.policy([
			testing.but(
				testing.root,
				{"Resource": ["arn:aws:kms:eu-west-1:222222222222:custom/1234", "arn:aws:s3:::b"]},
			),
		]),
	})
	found := resource_other.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 1 (EnableIAMUserPermissions) has no effect: its Resource is not this key",
			"(arn:aws:kms:eu-west-1:222222222222:custom/1234 is no key; arn:aws:s3:::b is an ARN",
			"of s3, not of KMS)",
		]),
		"path": ["Statement", 0, "Resource"],
		"remediation": "Set \"Resource\": \"*\": in a key policy that means this key, and no other",
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
	})}
}

test_passes_where_there_is_no_policy if {
	found := resource_other.findings with input as testing.of_key({"policy": null})
	count(found) == 0
}

test_leaves_empty_lists_to_another_rule if {
	every members in [{"Resource": []}, {"Resource": null, "NotResource": []}] {
		found := resource_other.findings with input as testing.of(testing.policy([testing.but(testing.root, members)]))
		found == set()
	}
}

test_passes_a_statement_that_has_both_where_resource_covers_the_key if {
	found := resource_other.findings with input as testing.of(testing.policy([object.union(
		testing.root,
		{"NotResource": testing.key},
	)]))
	found == set()
}

test_cannot_say_what_a_variable_stands_for if {
	resource := "arn:aws:kms:us-east-1:111111111111:key/${aws:PrincipalTag/key}"
	policy := testing.policy([testing.but(testing.root, {"Resource": resource})])
	found := resource_other.findings with input as testing.of(policy)
	found == set()
	older := resource_other.findings with input as testing.of(object.union(policy, {"Version": "2008-10-17"}))
	count(older) == 1
}

test_fails_beside_a_placeholder_for_something_else if {
	given := testing.of(testing.policy([testing.but(testing.decrypt, {
		"Resource": "arn:aws:s3:::example-logs",
		"Condition": {"StringEquals": {"aws:SourceArn": "arn:aws:cloudtrail:region:account-id:trail/trail-name"}},
	})]))
	found := resource_other.findings with input as given with data.expected as testing.trail_with({})
	{one.path | some one in found} == {["Statement", 0, "Resource"]}
}

test_says_in_what_another_key_differs if {
	resource := replace(replace(testing.key, "arn:aws:", "arn:aws-cn:"), "us-east-1", "cn-north-1")
	found := resource_other.findings with input as testing.of(testing.policy([testing.but(
		testing.root,
		{"Resource": resource},
	)]))
	{split(split(one.msg, "another key: ")[1], ")")[0] | some one in found} == {"its partition and Region differs"}
}
