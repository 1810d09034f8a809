package ctkms.rules.trail.decrypt_service_test

import data.ctkms.rules.trail.decrypt_service
import data.ctkms.testing_test as testing

_finding := {
	"rule": "CT-TRAIL-DECRYPT-SVC",
	"level": "warning",
	"key": testing.key,
	"url": concat("#", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
		"create-kms-key-policy-for-cloudtrail-decrypt",
	]),
}

_bucket(members) := testing.trail_with({"bucket": object.union({"name": "example-logs"}, members)})

_in_context := testing.but(testing.decrypt, {"Condition": {"StringLike": {
	"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*",
}}})

test_passes_with_the_documented_statements if {
	findings := decrypt_service.findings with input as testing.of(testing.trail_policy)
		with data.expected as testing.trail_with({})
	findings == set()
}

test_warns_when_no_bucket_is_described if {
	findings := decrypt_service.findings with input as testing.of(testing.policy([
		testing.root,
		testing.encrypt,
		testing.describe,
	]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"CloudTrail decrypts for trail ",
			testing.trail,
			" (kms:Decrypt on the key): no statement allows it: no statement is meant for this ",
			"caller and action",
		]),
		"subject": testing.trail,
		"statement": null,
		"path": [],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:Decrypt",
				"Condition": {"StringEquals": {"aws:SourceArn": testing.trail}},
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailDecrypt",
			}),
		]),
	})}
}

test_warns_when_the_bucket_uses_no_bucket_key if {
	findings := decrypt_service.findings with input as testing.of(testing.policy([testing.encrypt]))
		with data.expected as _bucket({"bucket_key": false})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"CloudTrail decrypts for trail ",
			testing.trail,
			" (kms:Decrypt on the key): no statement allows it: no statement is meant for this ",
			"caller and action",
		]),
		"subject": testing.trail,
		"statement": null,
		"path": [],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:Decrypt",
				"Condition": {"StringEquals": {"aws:SourceArn": testing.trail}},
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailDecrypt",
			}),
		]),
	})}
}

test_leaves_bucket_keys_to_another_rule if {
	findings := decrypt_service.findings with input as testing.of(testing.policy([testing.encrypt]))
		with data.expected as _bucket({"bucket_key": true})
	findings == set()
}

test_leaves_buckets_that_may_use_one_to_another_rule if {
	findings := decrypt_service.findings with input as testing.of(testing.policy([testing.encrypt]))
		with data.expected as _bucket({})
	findings == set()
}

test_says_so_when_it_cannot_tell if {
	findings := decrypt_service.findings with input as testing.of(testing.policy([
		testing.encrypt,
		_in_context,
	]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"cannot tell whether CloudTrail may decrypt for trail ",
			testing.trail,
			" (kms:Decrypt on the key): of statement 2 (AllowCloudTrailDecrypt), StringLike ",
			"kms:EncryptionContext:aws:cloudtrail:arn wants ",
			"arn:aws:cloudtrail:*:111111111111:trail/*, nobody documents whether the request ",
			"carries kms:EncryptionContext:aws:cloudtrail:arn",
		]),
		"subject": testing.trail,
		"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
		"path": [
			"Statement",
			1,
			"Condition",
			"StringLike",
			"kms:EncryptionContext:aws:cloudtrail:arn",
		],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:Decrypt",
				"Condition": {"StringEquals": {"aws:SourceArn": testing.trail}},
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailDecrypt",
			}),
		]),
	})}
}

test_says_so_when_it_cannot_tell_of_a_deny if {
	findings := decrypt_service.findings with input as testing.of(testing.policy([
		testing.decrypt,
		testing.but(_in_context, {"Sid": "NotHere", "Effect": "Deny"}),
	]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"cannot tell whether CloudTrail may decrypt for trail ",
			testing.trail,
			" (kms:Decrypt on the key): of statement 2 (NotHere), StringLike ",
			"kms:EncryptionContext:aws:cloudtrail:arn wants ",
			"arn:aws:cloudtrail:*:111111111111:trail/*, nobody documents whether the request ",
			"carries kms:EncryptionContext:aws:cloudtrail:arn",
		]),
		"subject": testing.trail,
		"statement": {"index": 1, "sid": "NotHere"},
		"path": [
			"Statement",
			1,
			"Condition",
			"StringLike",
			"kms:EncryptionContext:aws:cloudtrail:arn",
		],
		"remediation": "Let statement 2 (NotHere) leave the requests of CloudTrail out.",
	})}
}

test_leaves_what_cannot_be_told_of_bucket_keys_to_the_report if {
	findings := decrypt_service.findings with input as testing.of(testing.policy([_in_context]))
		with data.expected as _bucket({"bucket_key": true})
	findings == set()
}

test_says_nothing_of_event_data_stores if {
	findings := decrypt_service.findings with input as testing.of(testing.policy([testing.root]))
		with data.expected as testing.store_with({})
	findings == set()
}

test_warns_for_an_account_whose_trails_may_all_use_the_key if {
	expected := {"keys": {testing.key: {"encrypting_accounts": {"222222222222": {}}}}}
	findings := decrypt_service.findings with input as testing.of(testing.policy([testing.root]))
		with data.expected as expected
	findings == {object.union(_finding, {
		"msg": concat("", [
			"CloudTrail decrypts for a trail of account 222222222222 (kms:Decrypt on the key): ",
			"no statement allows it: no statement is meant for this caller and action",
		]),
		"subject": "arn:aws:cloudtrail:*:222222222222:trail/*",
		"statement": null,
		"path": [],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:Decrypt",
				"Condition": {"StringLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:222222222222:trail/*"}},
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailDecrypt",
			}),
		]),
	})}
	nothing := decrypt_service.findings with input as testing.of(testing.policy([testing.decrypt]))
		with data.expected as expected
	nothing == set()
}

test_passes_where_another_statement_allows_what_cannot_be_told if {
	findings := decrypt_service.findings with input as testing.of(testing.policy([_in_context, testing.decrypt]))
		with data.expected as testing.trail_with({})
	findings == set()
}
