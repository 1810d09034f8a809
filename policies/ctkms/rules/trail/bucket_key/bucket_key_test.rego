package ctkms.rules.trail.bucket_key_test

import data.ctkms.rules.trail.bucket_key
import data.ctkms.testing_test as testing

_finding := {
	"rule": "CT-TRAIL-BUCKETKEY-SET",
	"key": testing.key,
	"url": concat("#", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
		"required-kms-key-policy-trails",
	]),
}

_bucket(members) := testing.trail_with({"bucket": object.union({"name": "example-logs"}, members)})

test_passes_with_encrypt_decrypt_and_describe if {
	findings := bucket_key.findings with input as testing.of(testing.policy([
		testing.root,
		testing.encrypt,
		testing.reader,
		testing.decrypt,
		testing.describe,
	]))
		with data.expected as _bucket({"bucket_key": true})
	findings == set()
}

test_fails_without_decrypt if {
	findings := bucket_key.findings with input as testing.of(testing.policy([
		testing.root,
		testing.encrypt,
		testing.reader,
		testing.describe,
	]))
		with data.expected as _bucket({"bucket_key": true})
	findings == {object.union(_finding, {
		"level": "error",
		"msg": concat("", [
			"CloudTrail is refused kms:Decrypt for trail ",
			testing.trail,
			", whose bucket uses an S3 Bucket Key, so that the trail cannot be created or ",
			"changed: no statement is meant for this caller and action",
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

test_fails_without_anything if {
	findings := bucket_key.findings with input as testing.of(testing.policy([testing.root]))
		with data.expected as _bucket({"bucket_key": true})
	findings == {object.union(_finding, {
		"level": "error",
		"msg": concat("", [
			"CloudTrail is refused kms:Decrypt, kms:DescribeKey, kms:GenerateDataKey for trail ",
			testing.trail,
			", whose bucket uses an S3 Bucket Key, so that the trail cannot be created or ",
			"changed: no statement is meant for this caller and action",
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
			" Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:DescribeKey",
				"Condition": {"StringEquals": {"aws:SourceArn": testing.trail}},
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailDescribeKey",
			}),
			" Add this statement (tried: the request is then allowed): ",
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

test_passes_without_decrypt_when_there_is_no_bucket_key if {
	findings := bucket_key.findings with input as testing.of(testing.policy([
		testing.encrypt,
		testing.describe,
	]))
		with data.expected as _bucket({"bucket_key": false})
	findings == set()
}

test_warns_without_decrypt_when_nobody_says_whether_there_is_a_bucket_key if {
	findings := bucket_key.findings with input as testing.of(testing.policy([
		testing.encrypt,
		testing.describe,
	]))
		with data.expected as _bucket({})
	findings == {object.union(_finding, {
		"level": "warning",
		"msg": concat("", [
			"CloudTrail is refused kms:Decrypt for trail ",
			testing.trail,
			", whose bucket may use an S3 Bucket Key (the expectations do not say); if it does, ",
			"the trail cannot be created or changed: no statement is meant for this caller and ",
			"action",
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

test_says_nothing_of_a_possible_bucket_key_when_cloudtrail_may_decrypt if {
	findings := bucket_key.findings with input as testing.of(testing.policy([testing.decrypt]))
		with data.expected as _bucket({})
	findings == set()
}

test_warns_when_the_bucket_key_is_not_known_yet if {
	findings := bucket_key.findings with input as testing.of(testing.policy([
		testing.encrypt,
		testing.describe,
	]))
		with data.expected as _bucket({"bucket_key": {"ctkms:unknown": "a variable"}})
	findings == {object.union(_finding, {
		"level": "warning",
		"msg": concat("", [
			"CloudTrail is refused kms:Decrypt for trail ",
			testing.trail,
			", whose bucket may use an S3 Bucket Key (the expectations do not say); if it does, ",
			"the trail cannot be created or changed: no statement is meant for this caller and ",
			"action",
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

test_is_not_evaluated_without_a_bucket if {
	not_evaluated := bucket_key.not_evaluated with input as testing.of(testing.policy([testing.root]))
		with data.expected as testing.trail_with({})
	not_evaluated == {{
		"rule": "CT-TRAIL-BUCKETKEY-SET",
		"why": concat("", [
			"the expectations do not describe the bucket of trail ",
			testing.trail,
		]),
	}}
}

test_is_evaluated_with_a_bucket if {
	not_evaluated := bucket_key.not_evaluated with input as testing.of(testing.policy([testing.root]))
		with data.expected as _bucket({})
	not_evaluated == set()
}
