package ctkms.rules.cloudtrail.unusable_condition_test

import data.ctkms.rules.cloudtrail.unusable_condition
import data.ctkms.testing_test as testing

_encrypt(condition) := testing.but(testing.encrypt, {"Condition": condition})

_with(condition) := testing.of(testing.policy([testing.root, _encrypt(condition), testing.decrypt, testing.describe]))

_denying(condition) := testing.of(testing.policy([
	testing.root,
	testing.encrypt,
	testing.decrypt,
	testing.describe,
	{"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": condition},
]))

test_passes_with_the_documented_statements if {
	given := testing.of(testing.trail_policy)
	found := unusable_condition.findings with input as given with data.expected as testing.trail_with({})
	found == set()
}

test_fails_on_the_organization_of_the_caller if {
	given := _with({
		"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:SourceArn": testing.trail},
	})
	found := unusable_condition.findings with input as given with data.expected as testing.trail_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 2 (AllowCloudTrailEncryptLogs) is for CloudTrail but asks for ",
				"aws:PrincipalOrgID (StringEquals): requests of the CloudTrail service do not ",
				"carry it, so the statement gives CloudTrail nothing",
			]),
			"path": ["Statement", 1, "Condition", "StringEquals", "aws:PrincipalOrgID"],
			"remediation": concat("", [
				"Remove aws:PrincipalOrgID from statement 2 (AllowCloudTrailEncryptLogs) ",
				"(tried: kms:GenerateDataKey is then allowed).",
			]),
			"rule": "CT-UNUSABLE-CONDITION",
			"statement": {"index": 1, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
			]),
		},
	}
}

test_fails_whatever_the_case if {
	given := _with({"StringLike": {"AWS:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}})
	found := unusable_condition.findings with input as given with data.expected as testing.trail_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 2 (AllowCloudTrailEncryptLogs) is for CloudTrail but asks for ",
				"AWS:PrincipalOrgPaths (StringLike): requests of the CloudTrail service do not ",
				"carry it, so the statement gives CloudTrail nothing",
			]),
			"path": ["Statement", 1, "Condition", "StringLike", "AWS:PrincipalOrgPaths"],
			"remediation": concat("", [
				"Remove AWS:PrincipalOrgPaths from statement 2 (AllowCloudTrailEncryptLogs) ",
				"(tried: kms:GenerateDataKey is then allowed).",
			]),
			"rule": "CT-UNUSABLE-CONDITION",
			"statement": {"index": 1, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
			]),
		},
	}
}

test_fails_on_keys_by_prefix if {
	given := _with({"StringEquals": {"aws:PrincipalTag/team": "audit"}})
	found := unusable_condition.findings with input as given with data.expected as testing.trail_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 2 (AllowCloudTrailEncryptLogs) is for CloudTrail but asks for ",
				"aws:PrincipalTag/team (StringEquals): requests of the CloudTrail service do ",
				"not carry it, so the statement gives CloudTrail nothing",
			]),
			"path": ["Statement", 1, "Condition", "StringEquals", "aws:PrincipalTag/team"],
			"remediation": concat("", [
				"Remove aws:PrincipalTag/team from statement 2 (AllowCloudTrailEncryptLogs) ",
				"(tried: kms:GenerateDataKey is then allowed).",
			]),
			"rule": "CT-UNUSABLE-CONDITION",
			"statement": {"index": 1, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
			]),
		},
	}
}

test_fails_on_network_addresses_without_expectations if {
	given := _with({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})
	found := unusable_condition.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 2 (AllowCloudTrailEncryptLogs) is for CloudTrail but asks for ",
				"aws:SourceIp (IpAddress): requests of the CloudTrail service do not carry it, ",
				"so the statement gives CloudTrail nothing",
			]),
			"path": ["Statement", 1, "Condition", "IpAddress", "aws:SourceIp"],
			"remediation": "Remove aws:SourceIp from statement 2 (AllowCloudTrailEncryptLogs).",
			"rule": "CT-UNUSABLE-CONDITION",
			"statement": {"index": 1, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
			]),
		},
	}
}

test_warns_where_other_statements_give_all if {
	given := testing.of(testing.policy([
		testing.encrypt,
		testing.decrypt,
		testing.describe,
		_encrypt({"ArnLike": {"aws:PrincipalArn": "*"}}),
	]))
	found := unusable_condition.findings with input as given with data.expected as testing.trail_with({})
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"statement 4 (AllowCloudTrailEncryptLogs) is for CloudTrail but asks for ",
				"aws:PrincipalArn (ArnLike): requests of the CloudTrail service do not carry ",
				"it, so the statement gives CloudTrail nothing",
			]),
			"path": ["Statement", 3, "Condition", "ArnLike", "aws:PrincipalArn"],
			"remediation": "Remove aws:PrincipalArn from statement 4 (AllowCloudTrailEncryptLogs).",
			"rule": "CT-UNUSABLE-CONDITION",
			"statement": {"index": 3, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
			]),
		},
	}
}

test_names_all_that_has_to_go if {
	given := _with({
		"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:SourceVpce": "vpce-1"},
	})
	found := unusable_condition.findings with input as given with data.expected as testing.trail_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 2 (AllowCloudTrailEncryptLogs) is for CloudTrail but asks for ",
				"aws:PrincipalOrgID (StringEquals): requests of the CloudTrail service do not ",
				"carry it, so the statement gives CloudTrail nothing",
			]),
			"path": ["Statement", 1, "Condition", "StringEquals", "aws:PrincipalOrgID"],
			"remediation": concat("", [
				"Remove aws:PrincipalOrgID and aws:SourceVpce from statement 2 ",
				"(AllowCloudTrailEncryptLogs) (tried: kms:GenerateDataKey is then allowed).",
			]),
			"rule": "CT-UNUSABLE-CONDITION",
			"statement": {"index": 1, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
			]),
		},
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 2 (AllowCloudTrailEncryptLogs) is for CloudTrail but asks for ",
				"aws:SourceVpce (StringEquals): requests of the CloudTrail service do not ",
				"carry it, so the statement gives CloudTrail nothing",
			]),
			"path": ["Statement", 1, "Condition", "StringEquals", "aws:SourceVpce"],
			"remediation": concat("", [
				"Remove aws:PrincipalOrgID and aws:SourceVpce from statement 2 ",
				"(AllowCloudTrailEncryptLogs) (tried: kms:GenerateDataKey is then allowed).",
			]),
			"rule": "CT-UNUSABLE-CONDITION",
			"statement": {"index": 1, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
			]),
		},
	}
}

test_promises_nothing_where_more_is_wrong if {
	given := _with({
		"StringEquals": {
			"aws:username": "A",
			"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111111111111:trail/other",
		},
	})
	found := unusable_condition.findings with input as given with data.expected as testing.trail_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 2 (AllowCloudTrailEncryptLogs) is for CloudTrail but asks for ",
				"aws:username (StringEquals): requests of the CloudTrail service do not carry ",
				"it, so the statement gives CloudTrail nothing",
			]),
			"path": ["Statement", 1, "Condition", "StringEquals", "aws:username"],
			"remediation": "Remove aws:username from statement 2 (AllowCloudTrailEncryptLogs).",
			"rule": "CT-UNUSABLE-CONDITION",
			"statement": {"index": 1, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
			]),
		},
	}
}

test_passes_with_if_exists if {
	given := _with({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}})
	found := unusable_condition.findings with input as given with data.expected as testing.trail_with({})
	found == set()
}

test_passes_with_keys_that_requests_carry if {
	given := _with({
		"Bool": {"aws:PrincipalIsAWSService": "true"},
		"StringEquals": {"aws:SourceAccount": "111111111111"},
	})
	found := unusable_condition.findings with input as given with data.expected as testing.trail_with({})
	found == set()
}

test_warns_on_an_account_of_yours if {
	given := _with({"StringEquals": {"kms:CallerAccount": "111111111111"}})
	found := unusable_condition.findings with input as given with data.expected as testing.trail_with({})
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"statement 2 (AllowCloudTrailEncryptLogs) is for CloudTrail but asks for ",
				"kms:CallerAccount (StringEquals): nobody documents that requests of the ",
				"CloudTrail service come from an account of yours, so the statement probably ",
				"gives CloudTrail nothing",
			]),
			"path": ["Statement", 1, "Condition", "StringEquals", "kms:CallerAccount"],
			"remediation": concat("", [
				"Remove kms:CallerAccount from statement 2 (AllowCloudTrailEncryptLogs) ",
				"(tried: kms:GenerateDataKey is then allowed).",
			]),
			"rule": "CT-UNUSABLE-CONDITION",
			"statement": {"index": 1, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
			]),
		},
	}
}

test_stays_a_warning_under_the_hardened_profile if {
	given := object.union(
		_with({"StringEquals": {"aws:PrincipalAccount": "111111111111"}}),
		{"ctkms": {"profile": "hardened"}},
	)
	found := unusable_condition.findings with input as given with data.expected as testing.trail_with({})
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"statement 2 (AllowCloudTrailEncryptLogs) is for CloudTrail but asks for ",
				"aws:PrincipalAccount (StringEquals): nobody documents that requests of the ",
				"CloudTrail service come from an account of yours, so the statement probably ",
				"gives CloudTrail nothing",
			]),
			"path": ["Statement", 1, "Condition", "StringEquals", "aws:PrincipalAccount"],
			"remediation": concat("", [
				"Remove aws:PrincipalAccount from statement 2 (AllowCloudTrailEncryptLogs) ",
				"(tried: kms:GenerateDataKey is then allowed).",
			]),
			"rule": "CT-UNUSABLE-CONDITION",
			"statement": {"index": 1, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
			]),
		},
	}
}

test_fails_on_cloudtrail_as_the_service_that_it_comes_through if {
	given := _with({
		"StringLike": {
			"kms:ViaService": ["cloudtrail.*.amazonaws.com", "CloudTrail.us-east-1.amazonaws.com"],
		},
	})
	found := unusable_condition.findings with input as given with data.expected as testing.trail_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 2 (AllowCloudTrailEncryptLogs) is for CloudTrail but asks for ",
				"kms:ViaService (StringLike): CloudTrail is not among the services whose ",
				"requests carry it, so the statement gives CloudTrail nothing",
			]),
			"path": ["Statement", 1, "Condition", "StringLike", "kms:ViaService"],
			"remediation": concat("", [
				"Remove kms:ViaService from statement 2 (AllowCloudTrailEncryptLogs) (tried: ",
				"kms:GenerateDataKey is then allowed).",
			]),
			"rule": "CT-UNUSABLE-CONDITION",
			"statement": {"index": 1, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
			]),
		},
	}
}

test_passes_where_it_may_come_through_s3 if {
	given := _with({
		"StringLike": {
			"kms:ViaService": ["cloudtrail.*.amazonaws.com", "s3.us-east-1.amazonaws.com"],
		},
	})
	found := unusable_condition.findings with input as given with data.expected as testing.trail_with({})
	found == set()
}

test_does_not_open_a_statement_that_lets_others_in if {
	given := testing.of(testing.policy([
		testing.but(
			testing.encrypt,
			{
				"Principal": {"AWS": "*"},
				"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
			},
		),
	]))
	found := unusable_condition.findings with input as given with data.expected as testing.trail_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) is for CloudTrail but asks for ",
				"aws:PrincipalOrgID (StringEquals): requests of the CloudTrail service do not ",
				"carry it, so the statement gives CloudTrail nothing",
			]),
			"path": ["Statement", 0, "Condition", "StringEquals", "aws:PrincipalOrgID"],
			"remediation": "Give CloudTrail a statement of its own, without aws:PrincipalOrgID.",
			"rule": "CT-UNUSABLE-CONDITION",
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
			]),
		},
	}
}

test_passes_on_statements_for_people if {
	given := testing.of(testing.policy([
		object.union(
			testing.but(testing.encrypt, {"Principal": null}),
			{
				"Principal": {"AWS": "*"},
				"Condition": {
					"StringEquals": {
						"aws:PrincipalOrgID": "o-a1b2c3d4e5",
						"kms:CallerAccount": "111111111111",
					},
				},
			},
		),
	]))
	found := unusable_condition.findings with input as given with data.expected as testing.trail_with({})
	found == set()
}

test_fails_on_a_deny_of_other_organizations if {
	given := _denying({"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}})
	found := unusable_condition.findings with input as given with data.expected as testing.trail_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 5 denies CloudTrail (kms:GenerateDataKey on the key) because of ",
				"aws:PrincipalOrgID (StringNotEquals): requests of the CloudTrail service do ",
				"not carry it",
			]),
			"path": ["Statement", 4, "Condition", "StringNotEquals", "aws:PrincipalOrgID"],
			"remediation": concat("", [
				`Add "Bool": {"aws:PrincipalIsAWSService": "false"} to the Condition of `,
				"statement 5 (tried: the request is then allowed).",
			]),
			"rule": "CT-UNUSABLE-CONDITION",
			"statement": {"index": 4, "sid": null},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
			]),
		},
	}
}

test_passes_with_the_deny_that_it_proposes if {
	given := _denying({
		"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
		"Bool": {"aws:PrincipalIsAWSService": "false"},
	})
	found := unusable_condition.findings with input as given with data.expected as testing.trail_with({})
	found == set()
}

test_fails_on_a_deny_without_expectations if {
	given := _denying({
		"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/Admin"},
	})
	found := unusable_condition.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 5 denies CloudTrail (kms:GenerateDataKey on the key) because of ",
				"aws:PrincipalArn (ArnNotLike): requests of the CloudTrail service do not ",
				"carry it",
			]),
			"path": ["Statement", 4, "Condition", "ArnNotLike", "aws:PrincipalArn"],
			"remediation": concat("", [
				`Add "Bool": {"aws:PrincipalIsAWSService": "false"} to the Condition of `,
				"statement 5 (tried: the request is then still open: not all that decides it ",
				"is known).",
			]),
			"rule": "CT-UNUSABLE-CONDITION",
			"statement": {"index": 4, "sid": null},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
			]),
		},
	}
}

test_warns_on_a_deny_of_other_accounts if {
	given := _denying({"StringNotEquals": {"aws:PrincipalAccount": "111111111111"}})
	found := unusable_condition.findings with input as given with data.expected as testing.trail_with({})
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"statement 5 probably denies CloudTrail (kms:GenerateDataKey on the key) ",
				"because of aws:PrincipalAccount (StringNotEquals): nobody documents that ",
				"requests of the CloudTrail service come from an account of yours",
			]),
			"path": ["Statement", 4, "Condition", "StringNotEquals", "aws:PrincipalAccount"],
			"remediation": concat("", [
				`Add "Bool": {"aws:PrincipalIsAWSService": "false"} to the Condition of `,
				"statement 5 (tried: the request is then allowed).",
			]),
			"rule": "CT-UNUSABLE-CONDITION",
			"statement": {"index": 4, "sid": null},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
			]),
		},
	}
}

test_passes_on_a_deny_for_other_reasons if {
	given := _denying({"Bool": {"aws:SecureTransport": "true"}})
	found := unusable_condition.findings with input as given with data.expected as testing.trail_with({})
	found == set()
}

test_says_so_where_services_are_denied_twice if {
	given := testing.of(testing.policy([
		testing.but(
			testing.encrypt,
			{
				"Effect": "Deny",
				"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
			},
		),
		testing.but(testing.encrypt, {"Effect": "Deny", "Condition": null}),
	]))
	found := unusable_condition.findings with input as given with data.expected as testing.trail_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) denies CloudTrail ",
				"(kms:GenerateDataKey on the key) because of aws:PrincipalOrgID ",
				"(StringNotEquals): requests of the CloudTrail service do not carry it",
			]),
			"path": ["Statement", 0, "Condition", "StringNotEquals", "aws:PrincipalOrgID"],
			"remediation": concat("", [
				"Let statement 1 (AllowCloudTrailEncryptLogs) leave requests of AWS services ",
				"alone.",
			]),
			"rule": "CT-UNUSABLE-CONDITION",
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
			]),
		},
	}
}

_decrypting(condition) := testing.of(testing.policy([
	testing.root,
	testing.encrypt,
	testing.describe,
	testing.but(testing.decrypt, {"Condition": condition}),
]))

_levels(given, expected) := [[one.level, one.statement.index] |
	some one in unusable_condition.findings with input as given with data.expected as expected
]

test_only_warns_where_what_is_refused_is_only_recommended if {
	condition := {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
	_levels(_decrypting(condition), testing.trail_with({})) == [["warning", 3]]
	bucket := testing.trail_with({"bucket": {"name": "b", "bucket_key": true}})
	_levels(_decrypting(condition), bucket) == [["error", 3]]
}

test_only_warns_of_a_deny_that_hits_what_is_only_recommended if {
	given := testing.of(testing.policy([
		testing.root,
		testing.encrypt,
		testing.decrypt,
		testing.describe,
		{
			"Effect": "Deny",
			"Principal": "*",
			"Action": "kms:Decrypt",
			"Resource": "*",
			"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
		},
	]))
	_levels(given, testing.trail_with({})) == [["warning", 4]]
	bucket := testing.trail_with({"bucket": {"name": "b", "bucket_key": true}})
	_levels(given, bucket) == [["error", 4]]
}

test_a_statement_is_not_to_blame_for_what_it_would_not_grant if {
	given := testing.of(testing.policy([
		testing.root,
		testing.encrypt,
		testing.but(testing.decrypt, {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}),
	]))
	_levels(given, testing.trail_with({})) == [["warning", 2]]
}

test_a_deny_that_asks_for_what_is_not_sent_does_no_harm if {
	deny := testing.but(testing.decrypt, {
		"Effect": "Deny",
		"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
	})
	given := testing.of(testing.policy([testing.root, testing.encrypt, testing.decrypt, testing.describe, deny]))
	_levels(given, testing.trail_with({})) == []
}

test_of_a_deny_on_the_service_it_comes_through_nothing_is_said if {
	given := _denying({"StringNotEquals": {"kms:ViaService": []}})
	refused := [one.decision.decision |
		some one in data.ctkms.evaluation.tried("encrypt") with input as given with data.expected as testing.trail_with({})
	]
	refused == ["explicit_deny"]
	_levels(given, testing.trail_with({})) == []
}

test_what_nobody_documents_is_never_an_error if {
	hardened := {"ctkms": {"profile": "hardened"}}
	every name in ["aws:userid", "aws:PrincipalAccount", "kms:CallerAccount"] {
		asking := object.union(_with({"StringEquals": {name: "111111111111"}}), hardened)
		_levels(asking, testing.trail_with({})) == [["warning", 1]]
		denying := object.union(_denying({"StringNotEquals": {name: "111111111111"}}), hardened)
		_levels(denying, testing.trail_with({})) == [["warning", 4]]
		harmless := _denying({"StringEquals": {name: "111111111111"}})
		_levels(harmless, testing.trail_with({})) == []
	}
}

test_finds_nothing_without_a_policy if {
	found := unusable_condition.findings with input as testing.of_key({"policy": null}) with data.expected as {}
	found == set()
}

test_survives_anything if {
	given := testing.of({
		"Version": {"a": 1},
		"Statement": [
			3,
			_encrypt({"Bool": {"aws:SourceIp": {"a": 1}}, "StringEquals": 7}),
			_encrypt({"ctkms:unknown": "later"}),
		],
	})
	found := unusable_condition.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 2 (AllowCloudTrailEncryptLogs) is for CloudTrail but asks for ",
				"aws:SourceIp (Bool): requests of the CloudTrail service do not carry it, so ",
				"the statement gives CloudTrail nothing",
			]),
			"path": ["Statement", 1, "Condition", "Bool", "aws:SourceIp"],
			"remediation": "Remove aws:SourceIp from statement 2 (AllowCloudTrailEncryptLogs).",
			"rule": "CT-UNUSABLE-CONDITION",
			"statement": {"index": 1, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
			]),
		},
	}
}
