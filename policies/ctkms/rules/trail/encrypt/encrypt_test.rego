package ctkms.rules.trail.encrypt_test

import data.ctkms.rules.trail.encrypt
import data.ctkms.testing_test as testing

_finding := {
	"rule": "CT-TRAIL-ENCRYPT",
	"level": "error",
	"key": testing.key,
	"url": concat("#", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
		"create-kms-key-policy-for-cloudtrail-encrypt",
	]),
}

_accounts := {"keys": {testing.key: {"encrypting_accounts": {"222222222222": null}}}}

_org_only := {
	"Effect": "Deny",
	"Principal": "*",
	"Action": "kms:*",
	"Resource": "*",
	"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
}

test_passes_with_the_documented_statements if {
	findings := encrypt.findings with input as testing.of(testing.trail_policy)
		with data.expected as testing.trail_with({})
	findings == set()
}

test_passes_with_the_bare_action if {
	findings := encrypt.findings with input as testing.of(testing.policy([testing.but(
		testing.encrypt,
		{"Action": "kms:GenerateDataKey"},
	)]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_fails_when_the_action_is_mistyped if {
	findings := encrypt.findings with input as testing.of(testing.policy([
		testing.root,
		testing.but(testing.encrypt, {"Action": "kms=GenerateDataKey*"}),
	]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"CloudTrail encrypts a log file of trail ",
			testing.trail,
			" (kms:GenerateDataKey on the key): no statement allows it: no statement is meant ",
			"for this caller and action",
		]),
		"subject": testing.trail,
		"statement": null,
		"path": [],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:GenerateDataKey*",
				"Condition": {
					"StringEquals": {"aws:SourceArn": testing.trail},
					"StringLike": {
						"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*",
					},
				},
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailEncrypt",
			}),
		]),
	})}
}

test_fails_when_the_only_grant_is_for_the_account if {
	findings := encrypt.findings with input as testing.of(testing.policy([testing.root]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"CloudTrail encrypts a log file of trail ",
			testing.trail,
			" (kms:GenerateDataKey on the key): no statement allows it: no statement is meant ",
			"for this caller and action",
		]),
		"subject": testing.trail,
		"statement": null,
		"path": [],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:GenerateDataKey*",
				"Condition": {
					"StringEquals": {"aws:SourceArn": testing.trail},
					"StringLike": {
						"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*",
					},
				},
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailEncrypt",
			}),
		]),
	})}
}

test_fails_when_another_trail_is_named if {
	findings := encrypt.findings with input as testing.of(testing.policy([testing.but(
		testing.encrypt,
		{"Condition": {"StringEquals": {
			"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111111111111:trail/management-event",
		}}},
	)]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"CloudTrail encrypts a log file of trail ",
			testing.trail,
			" (kms:GenerateDataKey on the key): no statement allows it: statement 1 ",
			"(AllowCloudTrailEncryptLogs) comes closest, but StringEquals aws:SourceArn wants ",
			"arn:aws:cloudtrail:us-east-1:111111111111:trail/management-event, the request has ",
			testing.trail,
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:GenerateDataKey*",
				"Condition": {
					"StringEquals": {"aws:SourceArn": testing.trail},
					"StringLike": {
						"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*",
					},
				},
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailEncrypt",
			}),
		]),
	})}
}

test_fails_when_the_encryption_context_is_compared_literally if {
	findings := encrypt.findings with input as testing.of(testing.policy([testing.but(
		object.remove(testing.encrypt, ["Condition"]),
		{"Condition": {"StringEquals": {
			"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*",
		}}},
	)]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"CloudTrail encrypts a log file of trail ",
			testing.trail,
			" (kms:GenerateDataKey on the key): no statement allows it: statement 1 ",
			"(AllowCloudTrailEncryptLogs) comes closest, but StringEquals ",
			"kms:EncryptionContext:aws:cloudtrail:arn wants ",
			"arn:aws:cloudtrail:*:111111111111:trail/*, the request has ",
			testing.trail,
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": [
			"Statement",
			0,
			"Condition",
			"StringEquals",
			"kms:EncryptionContext:aws:cloudtrail:arn",
		],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:GenerateDataKey*",
				"Condition": {
					"StringEquals": {"aws:SourceArn": testing.trail},
					"StringLike": {
						"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*",
					},
				},
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailEncrypt",
			}),
		]),
	})}
}

test_fails_on_an_explicit_deny if {
	findings := encrypt.findings with input as testing.of(testing.policy([
		testing.root,
		testing.encrypt,
		_org_only,
	]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"CloudTrail encrypts a log file of trail ",
			testing.trail,
			" (kms:GenerateDataKey on the key): refused by an explicit Deny: statement 3 denies ",
			"it",
		]),
		"subject": testing.trail,
		"statement": {"index": 2, "sid": null},
		"path": ["Statement", 2, "Effect"],
		"remediation": "Let statement 3 leave this request out. Without it the request is allowed.",
	})}
}

test_passes_when_the_deny_exempts_aws_services if {
	findings := encrypt.findings with input as testing.of(testing.policy([
		testing.encrypt,
		testing.but(_org_only, {"Condition": {"Bool": {"aws:PrincipalIsAWSService": "false"}}}),
	]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_says_nothing_while_it_cannot_tell if {
	findings := encrypt.findings with input as testing.of(testing.policy([testing.but(
		testing.encrypt,
		{"Action": {"ctkms:unknown": "a parameter"}},
	)]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_fails_for_an_account_whose_trails_may_all_use_the_key if {
	findings := encrypt.findings with input as testing.of(testing.policy([testing.encrypt]))
		with data.expected as _accounts
	findings == {object.union(_finding, {
		"msg": concat("", [
			"CloudTrail encrypts a log file of a trail of account 222222222222 (kms:GenerateDataKey on the ",
			"key): no statement allows it: statement 1 (AllowCloudTrailEncryptLogs) comes ",
			"closest, but StringEquals aws:SourceArn wants ",
			testing.trail,
			", the request has arn:aws:cloudtrail:us-east-1:222222222222:trail/ctkms-any-trail",
		]),
		"subject": "arn:aws:cloudtrail:*:222222222222:trail/*",
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:GenerateDataKey*",
				"Condition": {
					"StringLike": {
						"aws:SourceArn": "arn:aws:cloudtrail:*:222222222222:trail/*",
						"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:222222222222:trail/*",
					},
				},
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailEncryptForAccount",
			}),
		]),
	})}
}

test_passes_for_an_account_whose_trails_are_admitted if {
	findings := encrypt.findings with input as testing.of(testing.policy([testing.but(
		testing.encrypt,
		{"Condition": {
			"StringLike": {
				"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:222222222222:trail/*",
			},
			"StringEquals": {"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:222222222222:trail/ctkms-any-trail"},
		}},
	)]))
		with data.expected as _accounts
	findings == set()
}

test_fails_on_a_statement_that_is_no_object if {
	findings := encrypt.findings with input as testing.of({"Statement": [7, null, []]})
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"CloudTrail encrypts a log file of trail ",
			testing.trail,
			" (kms:GenerateDataKey on the key): no statement allows it: no statement is meant ",
			"for this caller and action",
		]),
		"subject": testing.trail,
		"statement": null,
		"path": [],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:GenerateDataKey*",
				"Condition": {
					"StringEquals": {"aws:SourceArn": testing.trail},
					"StringLike": {
						"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*",
					},
				},
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailEncrypt",
			}),
		]),
	})}
}

# Files in one place only: what a condition on aws:s3:arn shuts out.

_only(object_pattern) := testing.policy([
	testing.root,
	testing.decrypt,
	testing.describe,
	testing.but(testing.encrypt, {"Condition": {"StringLike": {"kms:EncryptionContext:aws:s3:arn": object_pattern}}}),
])

_closest(pattern, sent) := concat("", [
	" (kms:GenerateDataKey on the key): no statement allows it: statement 4 (AllowCloudTrailEncryptLogs) comes closest,",
	" but StringLike kms:EncryptionContext:aws:s3:arn wants ", pattern, ", the request has ", sent,
])

_remediation := concat("", ["Add this statement (tried: the request is then allowed): ", json.marshal({
	"Action": "kms:GenerateDataKey*",
	"Condition": {
		"StringEquals": {"aws:SourceArn": testing.trail},
		"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*"},
	},
	"Effect": "Allow",
	"Principal": {"Service": "cloudtrail.amazonaws.com"},
	"Resource": "*",
	"Sid": "AllowCloudTrailEncrypt",
})])

_of_statement_4 := {
	"level": "warning",
	"subject": testing.trail,
	"statement": {"index": 3, "sid": "AllowCloudTrailEncryptLogs"},
	"path": ["Statement", 3, "Condition", "StringLike", "kms:EncryptionContext:aws:s3:arn"],
	"remediation": _remediation,
}

test_passes_where_all_of_the_bucket_is_admitted if {
	findings := encrypt.findings with input as testing.of(_only("arn:aws:s3:::example-logs/*"))
		with data.expected as testing.trail_with({"bucket": _bucket(false), "organization": true})
	findings == set()
}

test_warns_where_files_of_other_regions_are_shut_out if {
	pattern := "arn:aws:s3:::example-logs/AWSLogs/111111111111/*us-east-1*"
	validation := "arn:aws:s3:::example-logs/AWSLogs/111111111111/"
	findings := encrypt.findings with input as testing.of(_only([pattern, validation]))
		with data.expected as testing.trail_with({"bucket": _bucket(false)})
	file := concat("", [
		validation, "CloudTrail/us-west-2/2026/01/31/",
		"111111111111_CloudTrail_us-west-2_20260131T0000Z_Example0123456789.json.gz",
	])
	findings == {object.union_n([_finding, _of_statement_4, {"msg": concat("", [
		"CloudTrail encrypts a log file of Region us-west-2 for trail ",
		testing.trail,
		_closest(sprintf("%v or %v", [pattern, validation]), file),
	])}])}
}

test_stays_a_warning_where_it_is_inferred_that_there_are_such_files if {
	validation := "arn:aws:s3:::example-logs/AWSLogs/111111111111/"
	given := object.union(
		testing.of(_only(["arn:aws:s3:::example-logs/AWSLogs/111111111111/*us-east-1*", validation])),
		{"ctkms": {"profile": "hardened"}},
	)
	findings := encrypt.findings with input as given
		with data.expected as testing.trail_with({"bucket": _bucket(false)})
	{[one.level, contains(one.msg, "of Region us-west-2")] | some one in findings} == {["warning", true]}
}

test_tells_of_a_log_file_alone_where_all_files_are_shut_out if {
	findings := encrypt.findings with input as testing.of(_only("arn:aws:s3:::other/*"))
		with data.expected as testing.trail_with({"bucket": _bucket(false)})
	file := concat("", [
		"arn:aws:s3:::example-logs/AWSLogs/111111111111/CloudTrail/us-east-1/2026/01/31/",
		"111111111111_CloudTrail_us-east-1_20260131T0000Z_Example0123456789.json.gz",
	])
	findings == {object.union_n([_finding, _of_statement_4, {
		"level": "error",
		"msg": concat("", [
			"CloudTrail encrypts a log file of trail ",
			testing.trail,
			_closest("arn:aws:s3:::other/*", file),
		]),
	}])}
}

test_warns_where_insights_files_are_shut_out if {
	folder := "arn:aws:s3:::example-logs/AWSLogs/111111111111/"
	findings := encrypt.findings with input as testing.of(_only([
		sprintf("%vCloudTrail/*", [folder]), sprintf("%vCloudTrail-Digest/*", [folder]), folder,
	]))
		with data.expected as testing.trail_with({"bucket": _bucket(false)})
	[[one.level, contains(one.msg, "a log file of Insights for trail")] | some one in findings] == [["warning", true]]
}

test_warns_where_files_of_members_are_shut_out if {
	organization := {"organization": {"id": "o-a1b2c3d4e5"}, "accounts": {"222222222222": {}}}
	expected := testing.trail_with({"bucket": _bucket(false), "organization": true})
	pattern := "arn:aws:s3:::example-logs/AWSLogs/o-a1b2c3d4e5/111111111111/*"
	findings := encrypt.findings with input as testing.of(_only(pattern))
		with data.expected as object.union(expected, organization)
	file := concat("", [
		"arn:aws:s3:::example-logs/AWSLogs/o-a1b2c3d4e5/222222222222/CloudTrail/us-east-1/2026/01/31/",
		"222222222222_CloudTrail_us-east-1_20260131T0000Z_Example0123456789.json.gz",
	])
	findings == {object.union_n([_finding, _of_statement_4, {"msg": concat("", [
		"CloudTrail encrypts a log file of member account 222222222222 for trail ",
		testing.trail,
		_closest(pattern, file),
	])}])}
}

test_fails_where_a_bucket_level_key_is_shut_out if {
	pattern := "arn:aws:s3:::example-logs/*"
	findings := encrypt.findings with input as testing.of(_only(pattern))
		with data.expected as testing.trail_with({"bucket": _bucket(true)})
	findings == {object.union_n([_finding, _of_statement_4, {
		"level": "error",
		"msg": concat("", [
			"S3 asks for a bucket-level key for trail ",
			testing.trail,
			_closest(pattern, "arn:aws:s3:::example-logs"),
		]),
		"remediation": concat("", ["Add this statement (tried: the request is then allowed): ", json.marshal({
			"Action": "kms:GenerateDataKey*",
			"Condition": {"StringEquals": {"aws:SourceArn": testing.trail}},
			"Effect": "Allow",
			"Principal": {"Service": "cloudtrail.amazonaws.com"},
			"Resource": "*",
			"Sid": "AllowCloudTrailEncrypt",
		})]),
	}])}
}

test_leaves_a_possible_bucket_level_key_to_another_rule if {
	findings := encrypt.findings with input as testing.of(_only("arn:aws:s3:::example-logs/*"))
		with data.expected as testing.trail_with({"bucket": object.remove(_bucket(true), ["bucket_key"])})
	findings == set()
}

test_says_nothing_without_a_key_policy if {
	findings := encrypt.findings with input as testing.of_key({"policy": null})
		with data.expected as testing.trail_with({})
	findings == set()
}

test_says_nothing_without_expectations if {
	findings := encrypt.findings with input as testing.of(testing.policy([testing.root]))
		with data.expected as {}
	findings == set()
}

_bucket(bucket_key) := {"name": "example-logs", "region": "us-east-1", "bucket_key": bucket_key}

test_is_not_evaluated_where_the_document_shows_that_the_key_is_not_cloudtrails if {
	missing := encrypt.not_evaluated with input as testing.of_key({"policy": testing.trail_policy, "unused": true})
	missing == {{
		"rule": "CT-TRAIL-ENCRYPT",
		"why": "none of the document's trails and event data stores uses the key, so nothing of CloudTrail's was tried",
	}}
}

test_is_evaluated_where_a_trail_uses_the_key if {
	missing := encrypt.not_evaluated with input as testing.of_key({"policy": testing.trail_policy, "unused": true})
		with data.expected as testing.trail_with({})
	missing == set()
}
