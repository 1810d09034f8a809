package ctkms.rules.policy.principal_exists_test

import data.ctkms.rules.policy.principal_exists
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-PRINCIPAL-EXISTS",
		"level": "error",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
	},
	fields,
)

test_passes_what_can_exist if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{
				"Sid": "s",
				"Principal": {
					"AWS": [
						"*",
						"111111111111",
						"arn:aws:iam::111111111111:root",
						"arn:aws:iam::222222222222:user/path/to/Alice",
						"arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef",
						"arn:aws:sts::111111111111:assumed-role/Reader/session@example.com",
						"arn:aws:sts::111111111111:federated-user/Bob",
					],
				},
			},
		),
	]))
	found := principal_exists.findings with input as given
	count(found) == 0
}

test_passes_services if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{
				"Sid": "s",
				"Principal": {
					"Service": [
						"cloudtrail.amazonaws.com",
						"logs.us-east-1.amazonaws.com",
						"delivery.logs.amazonaws.com",
					],
				},
			},
		),
	]))
	found := principal_exists.findings with input as given
	count(found) == 0
}

test_fails_on_eleven_digits if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{
				"Sid": "s",
				"Principal": {"AWS": ["11111111111", "arn:aws:iam::11111111111:role/CloudTrailReadRole"]},
			},
		),
	]))
	found := principal_exists.findings with input as given
	found == {
		finding({
			"msg": "statement 2 (s): the principal 11111111111 has 11 digits; an account id has 12",
			"path": ["Statement", 1, "Principal", "AWS", 0],
			"remediation": "Write the account id with its 12 digits, leading zeros included",
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"msg": concat(" ", [
				"statement 2 (s): the principal arn:aws:iam::11111111111:role/CloudTrailReadRole has",
				"an account id of 11 digits; it has to have 12",
			]),
			"path": ["Statement", 1, "Principal", "AWS", 1],
			"remediation": "Write the account id with its 12 digits, leading zeros included",
			"statement": {"index": 1, "sid": "s"},
		}),
	}
}

test_fails_on_an_account_that_is_no_number if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Sid": "s", "Principal": {"AWS": "arn:aws:iam::cloudfront:user/x"}},
		),
	]))
	found := principal_exists.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (s): the principal arn:aws:iam::cloudfront:user/x has the account id",
			"cloudfront; it has to be 12 digits",
		]),
		"path": ["Statement", 1, "Principal", "AWS"],
		"remediation": "Write the account id with its 12 digits, leading zeros included",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_fails_on_arns_that_lack_a_part if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Sid": "s", "Principal": {"AWS": ["arn:aws::111111111111:root", "arn:aws:s3:::bucket"]}},
		),
	]))
	found := principal_exists.findings with input as given
	found == {
		finding({
			"msg": concat(" ", [
				"statement 2 (s): the principal arn:aws::111111111111:root lacks a part; principals",
				"look like arn:aws:iam::111122223333:role/NAME",
			]),
			"path": ["Statement", 1, "Principal", "AWS", 0],
			"remediation": "Write the ARN of a user, a role or an account, for example arn:aws:iam::111122223333:root",
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"msg": concat(" ", [
				"statement 2 (s): the principal arn:aws:s3:::bucket is an ARN of \"s3\"; principals are",
				"ARNs of iam or sts",
			]),
			"path": ["Statement", 1, "Principal", "AWS", 1],
			"remediation": "Write the ARN of a user, a role or an account, for example arn:aws:iam::111122223333:root",
			"statement": {"index": 1, "sid": "s"},
		}),
	}
}

test_fails_on_a_region if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Sid": "s", "Principal": {"AWS": "arn:aws:iam:us-east-1:111111111111:root"}},
		),
	]))
	found := principal_exists.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (s): the principal arn:aws:iam:us-east-1:111111111111:root has a Region;",
			"the ARNs of principals have none",
		]),
		"path": ["Statement", 1, "Principal", "AWS"],
		"remediation": "Write the ARN of a user, a role or an account, for example arn:aws:iam::111122223333:root",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_fails_on_what_is_neither_user_nor_role if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Sid": "s", "Principal": {"AWS": "arn:aws:iam::111111111111:Bob"}},
		),
	]))
	found := principal_exists.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (s): the principal arn:aws:iam::111111111111:Bob ends in \"Bob\", which is",
			"neither root, nor user/NAME or role/NAME, nor a session",
		]),
		"path": ["Statement", 1, "Principal", "AWS"],
		"remediation": "Write the ARN of a user, a role or an account, for example arn:aws:iam::111122223333:root",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_fails_on_wildcards_inside if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Sid": "s", "Principal": {"AWS": ["arn:aws:iam::111111111111:role/*", "*:root"]}},
		),
	]))
	found := principal_exists.findings with input as given
	found == {
		finding({
			"msg": concat(" ", [
				"statement 2 (s): the principal arn:aws:iam::111111111111:role/* has a wildcard",
				"inside; a principal is \"*\" or has none",
			]),
			"path": ["Statement", 1, "Principal", "AWS", 0],
			"remediation": concat(" ", [
				"Name each principal; or write \"*\" with the conditions ArnLike aws:PrincipalArn and",
				"kms:CallerAccount",
			]),
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"msg": "statement 2 (s): the principal *:root has a wildcard inside; a principal is \"*\" or has none",
			"path": ["Statement", 1, "Principal", "AWS", 1],
			"remediation": concat(" ", [
				"Name each principal; or write \"*\" with the conditions ArnLike aws:PrincipalArn and",
				"kms:CallerAccount",
			]),
			"statement": {"index": 1, "sid": "s"},
		}),
	}
}

test_fails_on_names if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Sid": "s", "Principal": {"AWS": ["Bob", ""]}},
		),
	]))
	found := principal_exists.findings with input as given
	found == {
		finding({
			"msg": "statement 2 (s): the principal Bob is neither an ARN nor an account id",
			"path": ["Statement", 1, "Principal", "AWS", 0],
			"remediation": "Write the ARN of a user, a role or an account, for example arn:aws:iam::111122223333:root",
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"msg": "statement 2 (s): the principal \"\" is empty",
			"path": ["Statement", 1, "Principal", "AWS", 1],
			"remediation": "Name a user, role or account, or remove it",
			"statement": {"index": 1, "sid": "s"},
		}),
	}
}

test_fails_on_what_is_left_of_a_deleted_role if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Sid": "s", "Principal": {"AWS": "AROAABCDEFGHIJKLMNOPQ"}},
		),
	]))
	found := principal_exists.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (s): the principal AROAABCDEFGHIJKLMNOPQ is the id of a deleted user or",
			"role: it matches nobody, not even a new one of the same name",
		]),
		"path": ["Statement", 1, "Principal", "AWS"],
		"remediation": "Name the user or role by its ARN again, or remove it",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_warns_of_another_partition if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Sid": "s", "Principal": {"AWS": "arn:aws-cn:iam::111111111111:root"}},
		),
	]))
	found := principal_exists.findings with input as given
	found == {finding({
		"level": "warning",
		"msg": concat(" ", [
			"statement 2 (s): the principal arn:aws-cn:iam::111111111111:root is of partition",
			"aws-cn, the key of aws",
		]),
		"path": ["Statement", 1, "Principal", "AWS"],
		"remediation": "Name a principal of the key's own partition",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_warns_of_a_session_of_another_partition if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Sid": "s", "Principal": {"AWS": "arn:aws-cn:sts::111111111111:assumed-role/Reader/Bob"}},
		),
	]))
	found := principal_exists.findings with input as given
	found == {finding({
		"level": "warning",
		"msg": concat(" ", [
			"statement 2 (s): the principal arn:aws-cn:sts::111111111111:assumed-role/Reader/Bob is",
			"of partition aws-cn, the key of aws",
		]),
		"path": ["Statement", 1, "Principal", "AWS"],
		"remediation": "Name a principal of the key's own partition",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_passes_any_partition_where_nobody_says_which_key_it_is if {
	every arn in [null, "key:1234", {"ctkms:unknown": "the ARN of the key"}] {
		given := testing.of_key({
			"arn": arn,
			"policy": testing.policy([
				testing.but(
					object.remove(testing.decrypt, ["Principal"]),
					{"Principal": {"AWS": "arn:aws-cn:iam::111111111111:root"}},
				),
			]),
		})
		found := principal_exists.findings with input as given
		count(found) == 0
	}
}

test_fails_on_an_assumed_role_without_session if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Sid": "s", "Principal": {"AWS": "arn:aws:sts::111111111111:assumed-role/Reader"}},
		),
	]))
	found := principal_exists.findings with input as given
	found == {finding({
		"level": "warning",
		"msg": concat(" ", [
			"statement 2 (s): the principal arn:aws:sts::111111111111:assumed-role/Reader names",
			"no session: it would have to be assumed-role/ROLE/SESSION, so it matches nobody",
		]),
		"path": ["Statement", 1, "Principal", "AWS"],
		"remediation": "Name the role (arn:aws:iam::ACCOUNT:role/ROLE), which covers all its sessions",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_fails_on_what_is_no_session if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{
				"Sid": "s",
				"Principal": {
					"AWS": [
						"arn:aws:sts::111111111111:federated-user",
						"arn:aws:iam::111111111111:assumed-role/Reader",
						"arn:aws:iam::111111111111:user:Bob",
					],
				},
			},
		),
	]))
	found := principal_exists.findings with input as given
	ends := {
		["arn:aws:sts::111111111111:federated-user", "federated-user"],
		["arn:aws:iam::111111111111:assumed-role/Reader", "assumed-role/Reader"],
		["arn:aws:iam::111111111111:user:Bob", "user:Bob"],
	}
	{one.msg | some one in found} == {sprintf(
		"statement 2 (s): the principal %v ends in \"%v\", which is neither root, nor user/NAME or role/NAME, nor %v",
		[arn, end, "a session"],
	) |
		some [arn, end] in ends
	}
	{one.level | some one in found} == {"error"}
}

test_fails_on_a_service_under_aws if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Sid": "s", "Principal": {"AWS": "logs.amazonaws.com"}},
		),
	]))
	found := principal_exists.findings with input as given
	found == {finding({
		"msg": "statement 2 (s): the principal logs.amazonaws.com is a service; services stand under \"Service\"",
		"path": ["Statement", 1, "Principal", "AWS"],
		"remediation": "Write it under \"Service\"",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_fails_on_what_is_no_service if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Sid": "s", "Principal": {"Service": ["*.amazonaws.com", "S3.amazonaws.com"]}},
		),
	]))
	found := principal_exists.findings with input as given
	found == {
		finding({
			"msg": "statement 2 (s): the principal *.amazonaws.com has a wildcard; services are named one by one",
			"path": ["Statement", 1, "Principal", "Service", 0],
			"remediation": "Name each service as AWS documents it, for example \"Service\": \"cloudtrail.amazonaws.com\"",
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"msg": concat(" ", [
				"statement 2 (s): the principal S3.amazonaws.com is not the name of a service, such",
				"as cloudtrail.amazonaws.com",
			]),
			"path": ["Statement", 1, "Principal", "Service", 1],
			"remediation": "Name each service as AWS documents it, for example \"Service\": \"cloudtrail.amazonaws.com\"",
			"statement": {"index": 1, "sid": "s"},
		}),
	}
}

test_fails_on_federated_users if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Sid": "s", "Principal": {"Federated": "cognito-identity.amazonaws.com"}},
		),
	]))
	found := principal_exists.findings with input as given
	found == {finding({
		"level": "warning",
		"msg": concat(" ", [
			"statement 2 (s): the principal cognito-identity.amazonaws.com is of kind Federated,",
			"which is for trust policies; no caller of KMS has it",
		]),
		"path": ["Statement", 1, "Principal", "Federated"],
		"remediation": "Name the role that the federated user or the account's user assumes",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_fails_on_canonical_users if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{
				"Sid": "s",
				"Principal": {
					"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be",
				},
			},
		),
	]))
	found := principal_exists.findings with input as given
	found == {finding({
		"level": "warning",
		"msg": concat(" ", [
			"statement 2 (s): the principal",
			"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be is of kind",
			"CanonicalUser, which is for Amazon S3; no caller of KMS has it",
		]),
		"path": ["Statement", 1, "Principal", "CanonicalUser"],
		"remediation": "Name the role that the federated user or the account's user assumes",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_fails_on_a_kind_that_does_not_exist if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Sid": "s", "Principal": {"aws": "111111111111"}},
		),
	]))
	found := principal_exists.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (s): the principal 111111111111 is of kind \"aws\", which does not exist:",
			"AWS and Service do",
		]),
		"path": ["Statement", 1, "Principal", "aws"],
		"remediation": "Write {\"AWS\": …} for users, roles and accounts, {\"Service\": …} for services",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_fails_on_a_text_that_stands_on_its_own if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(testing.decrypt, {"Principal": "arn:aws:iam::111111111111:root"}),
	]))
	found := principal_exists.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (AllowCloudTrailDecrypt): the principal arn:aws:iam::111111111111:root",
			"stands there on its own; only \"*\" may",
		]),
		"path": ["Statement", 1, "Principal"],
		"remediation": "Write it as an object, for example {\"AWS\": \"arn:aws:iam::111122223333:root\"}",
		"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
	})}
}

test_passes_a_star_that_stands_on_its_own if {
	given := testing.of(testing.policy([testing.root, testing.but(testing.decrypt, {"Principal": "*"})]))
	found := principal_exists.findings with input as given
	count(found) == 0
}

test_leaves_an_empty_text_to_another_rule if {
	given := testing.of(testing.policy([testing.root, testing.but(testing.decrypt, {"Principal": ""})]))
	found := principal_exists.findings with input as given
	count(found) == 0
}

test_fails_on_numbers if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Sid": "s", "Principal": {"AWS": [111111111111, "*"]}},
		),
	]))
	found := principal_exists.findings with input as given
	found == {finding({
		"msg": "statement 2 (s): a principal is 111111111111; it has to be a text",
		"path": ["Statement", 1, "Principal", "AWS"],
		"remediation": "Write it in quotation marks; account ids too, since they may begin with zeros",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_fails_on_numbers_of_whom_to_leave_out if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Sid": "s", "NotPrincipal": {"AWS": 111111111111}},
		),
	]))
	found := principal_exists.findings with input as given
	found == {finding({
		"msg": "statement 2 (s): a principal is 111111111111; it has to be a text",
		"path": ["Statement", 1, "NotPrincipal", "AWS"],
		"remediation": "Write it in quotation marks; account ids too, since they may begin with zeros",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_leaves_groups_placeholders_and_cloudtrail_to_other_rules if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{
				"Sid": "s",
				"Principal": {
					"AWS": [
						"arn:aws:iam::111111111111:group/g",
						"AGPAABCDEFGHIJKLMNOPQ",
						"arn:aws:iam::account-id:root",
						"cloudtrail.amazonaws.com",
					],
				},
			},
		),
	]))
	found := principal_exists.findings with input as given
	count(found) == 0
}

test_cannot_say_what_is_not_known_yet if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Principal": {"AWS": [{"ctkms:unknown": "later"}]}},
		),
		testing.but(object.remove(testing.decrypt, ["Principal"]), {"Principal": {"ctkms:unknown": "later"}}),
	]))
	found := principal_exists.findings with input as given
	count(found) == 0
}

test_cannot_say_what_is_not_known_whatever_tells_so if {
	every reason in [5, true, {"a": 1}, [5]] {
		given := testing.of(testing.policy([
			testing.root,
			testing.but(object.remove(testing.decrypt, ["Principal"]), {"Principal": {"ctkms:unknown": reason}}),
		]))
		found := principal_exists.findings with input as given
		count(found) == 0
	}
}
