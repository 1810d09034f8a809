package ctkms.cloudtrail.trail_test

import data.ctkms.cloudtrail.trail
import data.ctkms.testing_test as testing

_bucket := {"bucket": {"name": "example-logs", "region": "eu-west-1", "prefix": "audit/", "bucket_key": false}}

_all := {"object": true, "context": true}

_tried(entry) := _tried_heeding(entry, _all)

_tried_heeding(entry, heeds) := {probe.id: probe | some probe in trail.probes(testing.trail, entry, testing.key, heeds)}

_paths(entry) := _paths_of("encrypt", entry)

_paths_of(capability, entry) := {object.get(probe.request.context, "kms:EncryptionContext:aws:s3:arn", "none") |
	some probe in _tried(entry)
	probe.capability == capability
}

_log_file := _file("111111111111", "us-east-1", "CloudTrail")

_file(account, region, folder) := concat("", [
	sprintf("arn:aws:s3:::example-logs/audit/AWSLogs/%v/%v/%v/2026/01/31/", [account, folder, region]),
	sprintf("%v_%v_%v_20260131T0000Z_Example0123456789.json.gz", [account, folder, region]),
])

_with(bucket_key) := {"bucket": object.union(_bucket.bucket, {"bucket_key": bucket_key})}

test_what_a_trail_asks_for if {
	tried := _tried({"readers": {testing.bob: {}}})
	{[probe.capability, probe.request.action, probe.principal] | some probe in tried} == {
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
		_log_file,
		_file("111111111111", "us-east-1", "CloudTrail-Digest"),
	}
}

test_one_file_stands_for_all_where_no_policy_looks_at_the_object if {
	probes := _tried_heeding(
		object.union(_bucket, {"organization": true, "readers": {testing.bob: {}}}),
		{"object": false, "context": true},
	)
	[id | some id, _ in probes] == [sprintf("%v %v", [testing.trail, end]) |
		some end in ["decrypt_service data key", "describe key", "encrypt log file", sprintf("read by %v", [testing.bob])]
	]
}

test_paths_of_other_regions_and_insights if {
	_paths_of("encrypt_further", _bucket) == {
		_file("111111111111", "us-west-2", "CloudTrail"),
		_file("111111111111", "us-east-1", "CloudTrail-Insight"),
	}
	home := "arn:aws:cloudtrail:us-west-2:111111111111:trail/t"
	elsewhere := {probe.id | some probe in trail.probes(home, _bucket, testing.key, _all)}
	sprintf("%v encrypt_further Region us-east-1", [home]) in elsewhere
}

test_paths_of_an_organization_s_members if {
	expected := {
		"organization": {"id": "o-a1b2c3d4e5"},
		"accounts": {"111111111111": {}, "222222222222": {}, "333333333333": {}},
	}
	tried := _tried(object.union(_bucket, {"organization": true})) with data.expected as expected
	members := [[split(id, " ")[4], probe.provenance, split(path, "/")[4]] |
		some id, probe in tried
		contains(id, "member account")
		path := probe.request.context["kms:EncryptionContext:aws:s3:arn"]
	]
	members == [["222222222222", "documented", "222222222222"], ["333333333333", "documented", "333333333333"]]
	alone := _tried(object.union(_bucket, {"organization": true})) with data.expected as {}
	sprintf("%v encrypt_further member account 000000000000", [testing.trail]) in object.keys(alone)
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

test_an_organization_without_an_id_leaves_the_paths_unknown if {
	paths := _paths(object.union(_bucket, {"organization": true})) with data.expected as {}
	paths == {{"ctkms:unknown": "the expectations do not name the organization's id"}}
}

test_a_bucket_key_makes_the_context_the_bucket if {
	_paths(_with(true)) == {"arn:aws:s3:::example-logs/audit/AWSLogs/111111111111/"}
	_paths_of("bucket_level", _with(true)) == {"arn:aws:s3:::example-logs"}
	_paths_of("encrypt_further", _with(true)) == set()
	tried := _tried(_with(true))[sprintf("%v bucket_level bucket-level key", [testing.trail])]
	not "kms:EncryptionContext:aws:cloudtrail:arn" in object.keys(tried.request.context)
	not "kms:EncryptionContext*" in tried.request.absent
	not "open" in object.keys(tried)
}

test_no_bucket_level_request_where_no_policy_looks_at_the_context if {
	not sprintf("%v bucket_level bucket-level key", [testing.trail]) in object.keys(_tried_heeding(
		_with(true),
		{"object": false, "context": false},
	))
}

test_without_a_bucket_key_or_a_bucket_there_is_no_bucket_level_request if {
	not "arn:aws:s3:::example-logs" in _paths_of("encrypt_further", _bucket)
	_paths_of("bucket_level", _bucket) == set()
	_paths_of("encrypt_further", {}) == set()
}

test_a_bucket_key_that_nobody_tells_leaves_both_open if {
	entry := {"bucket": object.remove(_bucket.bucket, ["bucket_key"])}
	_log_file in _paths(entry)
	"arn:aws:s3:::example-logs" in _paths_of("encrypt_further", entry)
	tried := _tried(entry)[sprintf("%v encrypt_further bucket-level key", [testing.trail])]
	tried.provenance == "inferred"
	tried.open == concat("", [
		"whether the bucket of trail ", testing.trail, " uses an S3 Bucket Key: requests then name it, and no object",
	])
}

test_readers_decrypt_in_the_context_of_the_encryption if {
	readers := {"readers": {testing.bob: {}}}
	_paths_of("read", object.union(_bucket, readers)) == {_log_file}
	_paths_of("read_further", object.union(_bucket, readers)) == {_file("111111111111", "us-east-1", "CloudTrail-Digest")}
	_paths_of("read", object.union(_with(true), readers)) == {"arn:aws:s3:::example-logs"}
	_paths_of("read_further", object.union(_with(true), readers)) == set()
	bucket := object.remove(_bucket.bucket, ["bucket_key"])
	untold := object.union({"bucket": bucket, "log_file_validation": false}, readers)
	_paths_of("read", untold) == {_log_file}
	_paths_of("read_further", untold) == {"arn:aws:s3:::example-logs"}
	nameless := object.union({"bucket": {"bucket_key": true}}, readers)
	_paths_of("read", nameless) == {{"ctkms:unknown": "the expectations do not name the trail's bucket"}}
}

test_whether_there_is_a_bucket_key if {
	trail.bucket_key({}) == "unsaid"
	trail.bucket_key({"bucket": {"name": "b"}}) == "unknown"
	trail.bucket_key({"bucket": {"bucket_key": {"ctkms:unknown": "later"}}}) == "unknown"
	trail.bucket_key({"bucket": {"bucket_key": true}}) == "yes"
	trail.bucket_key({"bucket": {"bucket_key": false}}) == "no"
}

test_readers_come_through_s3_of_the_bucket_s_region if {
	probe := trail.reads(testing.bob, testing.trail, _bucket, testing.key, _all)[0]
	probe.request.context["kms:ViaService"] == "s3.eu-west-1.amazonaws.com"
	probe.what == sprintf("%v reads a log file of trail %v", [testing.bob, testing.trail])
	other := trail.reads(testing.bob, testing.trail, {}, testing.key, _all)[0]
	other.request.context["kms:ViaService"] == {"ctkms:unknown": "the expectations do not name the bucket's Region"}
}

test_where_nobody_knows_whether_it_is_an_organizations_trail if {
	unknown := {"ctkms:unknown": "later"}
	trail.log_file(testing.trail, object.union(_bucket, {"organization": unknown})) == unknown
}

test_a_reader_is_known_by_name if {
	[made] := trail.reads(testing.bob, testing.trail, {}, testing.key, {"object": false, "context": false})
	object.filter(made.request.context, ["aws:username", "aws:PrincipalType"]) == {
		"aws:username": "Bob",
		"aws:PrincipalType": "User",
	}
}
