package ctkms.cloudtrail.trail_test

import data.ctkms.cloudtrail.trail
import data.ctkms.testing_test as testing

_bucket := {"bucket": {"name": "example-logs", "region": "eu-west-1", "prefix": "audit/", "bucket_key": false}}

_tried(entry) := {probe.id: probe | some probe in trail.probes(testing.trail, entry, testing.key)}

_paths(entry) := {object.get(probe.request.context, "kms:EncryptionContext:aws:s3:arn", "none") |
	some probe in trail.probes(testing.trail, entry, testing.key)
	probe.capability == "encrypt"
}

test_what_a_trail_asks_for if {
	tried := _tried({"readers": {testing.bob: {}}})
	{[probe.capability, probe.request.action, probe.principal] | some _, probe in tried} == {
		["encrypt", "kms:GenerateDataKey", "cloudtrail.amazonaws.com"],
		["describe", "kms:DescribeKey", "cloudtrail.amazonaws.com"],
		["decrypt_service", "kms:Decrypt", "cloudtrail.amazonaws.com"],
		["read", "kms:Decrypt", testing.bob],
	}
}

test_a_probe_says_what_it_is if {
	probe := _tried({})[sprintf("%v describe key", [testing.trail])]
	probe == {
		"id": sprintf("%v describe key", [testing.trail]),
		"capability": "describe",
		"subject": testing.trail,
		"principal": "cloudtrail.amazonaws.com",
		"expect": "allow",
		"what": sprintf("CloudTrail reads the key's properties for trail %v", [testing.trail]),
		"request": trail.describe(testing.trail, testing.key),
	}
}

test_requests_carry_the_trail_as_source_and_context if {
	context := trail.encrypt(testing.trail, testing.key, "p").context
	context["aws:SourceArn"] == testing.trail
	context["aws:SourceAccount"] == "111111111111"
	context["kms:EncryptionContext:aws:cloudtrail:arn"] == testing.trail
	context["kms:EncryptionContext:aws:s3:arn"] == "p"
	context["kms:EncryptionContextKeys"] == ["aws:cloudtrail:arn", "aws:s3:arn"]
}

test_describe_has_no_encryption_context if {
	not "kms:EncryptionContextKeys" in object.keys(trail.describe(testing.trail, testing.key).context)
}

test_nobody_documents_the_context_of_the_service_s_decrypt if {
	made := trail.decrypt(testing.trail, testing.key)
	not "kms:EncryptionContextKeys" in object.keys(made.context)
	not "kms:EncryptionContext*" in made.absent
	"kms:*" in made.unknown
}

test_paths_of_validation_log_and_digest_files if {
	_paths(_bucket) == {
		"arn:aws:s3:::example-logs/audit/AWSLogs/111111111111/",
		concat("", [
			"arn:aws:s3:::example-logs/audit/AWSLogs/111111111111/CloudTrail/us-east-1/2026/01/31/",
			"111111111111_CloudTrail_us-east-1_20260131T0000Z_Example0123456789.json.gz",
		]),
		concat("", [
			"arn:aws:s3:::example-logs/audit/AWSLogs/111111111111/CloudTrail-Digest/us-east-1/2026/01/31/",
			"111111111111_CloudTrail-Digest_us-east-1_20260131T0000Z_Example0123456789.json.gz",
		]),
	}
}

test_no_digest_files_where_validation_is_off if {
	count(_paths(object.union(_bucket, {"log_file_validation": false}))) == 2
}

test_paths_without_prefix if {
	"arn:aws:s3:::example-logs/AWSLogs/111111111111/" in _paths({"bucket": {"name": "example-logs"}})
	"arn:aws:s3:::example-logs/AWSLogs/111111111111/" in _paths({"bucket": {"name": "example-logs", "prefix": "/"}})
}

test_paths_are_unknown_without_a_bucket if {
	_paths({}) == {{"ctkms:unknown": "the expectations do not name the trail's bucket"}}
}

test_an_organization_trail_writes_below_the_organization if {
	expected := {"organization": {"id": "o-a1b2c3d4e5"}}
	paths := _paths(object.union(_bucket, {"organization": true})) with data.expected as expected
	"arn:aws:s3:::example-logs/audit/AWSLogs/o-a1b2c3d4e5/111111111111/" in paths
}

test_a_bucket_key_makes_the_context_the_bucket if {
	"arn:aws:s3:::example-logs" in _paths({"bucket": {"name": "example-logs", "bucket_key": true}})
	not "arn:aws:s3:::example-logs" in _paths(_bucket)
}

test_whether_there_is_a_bucket_key if {
	trail.bucket_key({}) == "unsaid"
	trail.bucket_key({"bucket": {"name": "b"}}) == "unknown"
	trail.bucket_key({"bucket": {"bucket_key": {"ctkms:unknown": "later"}}}) == "unknown"
	trail.bucket_key({"bucket": {"bucket_key": true}}) == "yes"
	trail.bucket_key({"bucket": {"bucket_key": false}}) == "no"
}

test_readers_come_through_s3_of_the_bucket_s_region if {
	probe := trail.read(testing.bob, testing.trail, _bucket, testing.key)
	probe.request.context["kms:ViaService"] == "s3.eu-west-1.amazonaws.com"
	probe.what == sprintf("%v reads a log file of trail %v", [testing.bob, testing.trail])
	other := trail.read(testing.bob, testing.trail, {}, testing.key)
	other.request.context["kms:ViaService"] == {"ctkms:unknown": "the expectations do not name the bucket's Region"}
}
