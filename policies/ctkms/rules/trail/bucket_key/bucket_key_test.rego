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
	findings == {_open}
}

# What nobody documents of AWS's own statement.
_open := object.union(_finding, {
	"level": "note",
	"msg": concat("", [
		"whether S3 gets its bucket-level key for trail ", testing.trail, " with an S3 Bucket Key hangs on what nobody ",
		"documents: of statement 2 (AllowCloudTrailEncryptLogs), ",
		"StringLike kms:EncryptionContext:aws:cloudtrail:arn wants arn:aws:cloudtrail:*:111111111111:trail/*, nobody ",
		"documents whether the request carries kms:EncryptionContext:aws:cloudtrail:arn",
	]),
	"subject": testing.trail,
	"statement": {"index": 1, "sid": "AllowCloudTrailEncryptLogs"},
	"path": ["Statement", 1, "Condition", "StringLike", "kms:EncryptionContext:aws:cloudtrail:arn"],
	"remediation": "Try it out: see whether log files arrive. If not, let aws:SourceArn alone say for which trails.",
})

test_passes_where_nothing_asks_for_the_trail_in_the_context if {
	bare := testing.but(object.remove(testing.encrypt, ["Condition"]), {"Condition": {"StringEquals": {
		"aws:SourceArn": testing.trail,
	}}})
	findings := bucket_key.findings with input as testing.of(testing.policy([bare, testing.decrypt, testing.describe]))
		with data.expected as _bucket({"bucket_key": true})
	findings == set()
}

_only(objects) := testing.policy([testing.decrypt, testing.describe, testing.but(testing.encrypt, {"Condition": {
	"StringLike": {"kms:EncryptionContext:aws:s3:arn": objects},
}})])

_grant := json.marshal({
	"Action": "kms:GenerateDataKey*",
	"Condition": {"StringEquals": {"aws:SourceArn": testing.trail}},
	"Effect": "Allow",
	"Principal": {"Service": "cloudtrail.amazonaws.com"},
	"Resource": "*",
	"Sid": "AllowCloudTrailEncrypt",
})

test_fails_where_objects_alone_are_admitted if {
	findings := bucket_key.findings with input as testing.of(_only("arn:aws:s3:::example-logs/*"))
		with data.expected as _bucket({"bucket_key": true})
	findings == {object.union(_objects_finding, {
		"level": "error",
		"msg": sprintf(_refusal, [testing.trail, "uses an S3 Bucket Key, so that the trail cannot be created or changed"]),
	})}
}

test_warns_where_objects_alone_are_admitted_and_nobody_says_whether_there_is_a_bucket_key if {
	findings := bucket_key.findings with input as testing.of(_only("arn:aws:s3:::example-logs/*"))
		with data.expected as _bucket({})
	findings == {object.union(_objects_finding, {
		"level": "warning",
		"msg": sprintf(_refusal, [testing.trail, concat("", [
			"may use an S3 Bucket Key (the expectations do not say); if it does, the trail cannot be created or changed",
		])]),
	})}
}

test_warns_of_it_where_other_files_are_shut_out_too if {
	account := "arn:aws:s3:::example-logs/AWSLogs/111111111111/"
	objects := [account, sprintf("%vCloudTrail/*", [account]), sprintf("%vCloudTrail-Digest/*", [account])]
	findings := bucket_key.findings with input as testing.of(_only(objects))
		with data.expected as _bucket({})
	[[one.level, contains(one.msg, "the request has arn:aws:s3:::example-logs")] | some one in findings] == [[
		"warning",
		true,
	]]
}

_refusal := concat("", [
	"CloudTrail is refused kms:GenerateDataKey for trail %v, whose bucket %v: statement 3 (AllowCloudTrailEncryptLogs) ",
	"comes closest, but StringLike kms:EncryptionContext:aws:s3:arn wants arn:aws:s3:::example-logs/*, ",
	"the request has arn:aws:s3:::example-logs",
])

_objects_finding := object.union(_finding, {
	"subject": testing.trail,
	"statement": {"index": 2, "sid": "AllowCloudTrailEncryptLogs"},
	"path": ["Statement", 2, "Condition", "StringLike", "kms:EncryptionContext:aws:s3:arn"],
	"remediation": sprintf("Add this statement (tried: the request is then allowed): %v", [_grant]),
})

test_fails_without_decrypt if {
	findings := bucket_key.findings with input as testing.of(testing.policy([
		testing.root,
		testing.encrypt,
		testing.reader,
		testing.describe,
	]))
		with data.expected as _bucket({"bucket_key": true})
	findings == {_open, object.union(_finding, {
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
		"remediation": "Do what CT-TRAIL-DECRYPT-SVC advises.",
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
		"remediation": concat(" ", [
			"Do what CT-TRAIL-DECRYPT-SVC advises.",
			"Do what CT-TRAIL-DESCRIBE advises.",
			"Do what CT-TRAIL-ENCRYPT advises.",
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
		"remediation": "Do what CT-TRAIL-DECRYPT-SVC advises.",
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
		"remediation": "Do what CT-TRAIL-DECRYPT-SVC advises.",
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

test_passes_where_another_statement_allows_what_cannot_be_told if {
	bare := testing.but(object.remove(testing.encrypt, ["Condition"]), {"Condition": {"StringEquals": {
		"aws:SourceArn": testing.trail,
	}}})
	policy := testing.policy([testing.encrypt, bare, testing.decrypt, testing.describe])
	findings := bucket_key.findings with input as testing.of(policy) with data.expected as _bucket({"bucket_key": true})
	findings == set()
}

test_leaves_files_that_only_some_trails_deliver_to_another_rule if {
	account := "arn:aws:s3:::example-logs/AWSLogs/111111111111/"
	objects := ["arn:aws:s3:::example-logs", account, sprintf("%vCloudTrail*/us-east-1/*", [account])]
	findings := bucket_key.findings with input as testing.of(_only(objects)) with data.expected as _bucket({})
	findings == set()
}
