package ctkms.documents.cloudformation.reference_test

import data.ctkms.documents.cloudformation.reference

_key := {
	"type": "AWS::KMS::Key",
	"written": {},
	"attributes": {"Ref": "1234", "Arn": "arn:aws:kms:us-east-1:111111111111:key/1234"},
}

_alias := {
	"type": "AWS::KMS::Alias",
	"written": {"AliasName": "alias/trail", "TargetKeyId": {"Ref": "Key"}},
	"attributes": {},
}

_other := {
	"type": "AWS::KMS::Alias",
	"written": {"AliasName": {"Ref": "Name"}, "TargetKeyId": "arn:aws:kms:us-east-1:111111111111:key/elsewhere"},
	"attributes": {},
}

_bucket := {"type": "AWS::S3::Bucket", "written": {"BucketName": "example-logs"}, "attributes": {}}

_topic := {
	"type": "AWS::SNS::Topic",
	"written": {},
	"attributes": {"Ref": "arn:aws:sns:us-east-1:111111111111:trail", "TopicName": "trail"},
}

_resources := {"Key": _key, "Alias": _alias, "Other": _other, "Bucket": _bucket, "Topic": _topic}

test_a_key_by_function_id_arn_or_alias if {
	every written in [
		{"Ref": "Key"},
		{"Fn::GetAtt": ["Key", "Arn"]},
		{"Fn::GetAtt": "Key.Arn"},
		{"Fn::Sub": "${Key.Arn}"},
		{"Fn::Sub": "${Key}"},
		"1234",
		"arn:aws:kms:us-east-1:111111111111:key/1234",
		{"Ref": "Alias"},
		{"Fn::Sub": "${Alias}"},
		"alias/trail",
		"arn:aws:kms:us-east-1:111111111111:alias/trail",
	] {
		reference.key(written, _resources) == "Key"
	}
}

test_what_means_no_key_of_the_template if {
	every written in [
		null,
		1,
		[],
		{},
		{"Ref": "KeyArn"},
		{"Ref": 1},
		{"Ref": "Other"},
		{"Fn::GetAtt": []},
		{"Fn::Sub": ["${Key}", {"Key": "other"}]},
		{"Fn::ImportValue": "Key"},
		"Key",
		"alias/other",
		"arn:aws:kms:eu-west-1:111111111111:alias/trail",
		"arn:aws:kms:us-east-1:222222222222:alias/trail",
		{"Ref": "Bucket"},
	] {
		reference.key(written, _resources) == ""
	}
}

test_buckets_and_topics if {
	buckets := {"AWS::S3::Bucket"}
	reference.resource({"Ref": "Bucket"}, buckets, _resources) == "Bucket"
	reference.resource("example-logs", buckets, _resources) == "Bucket"
	reference.resource("other-logs", buckets, _resources) == ""
	reference.resource("trail", {"AWS::SNS::Topic"}, _resources) == "Topic"
	reference.resource("arn:aws:sns:us-east-1:111111111111:trail", {"AWS::SNS::Topic"}, _resources) == "Topic"
	reference.resource("trail", buckets, _resources) == ""
}

test_the_name_of_an_alias if {
	reference.alias_name(_alias) == "alias/trail"
	reference.alias_name(_other) == {"ctkms:unknown": "Ref is not resolved here"}
	reference.alias_name({"written": {}}) == null
}

test_an_alias_of_a_key_whose_arn_nobody_knows if {
	resources := {"Key": object.union(_key, {"attributes": {"Arn": {"ctkms:unknown": "x"}}}), "Alias": _alias}
	reference.key({"Ref": "Alias"}, resources) == "Key"
	reference.key("alias/trail", resources) == "Key"
}
