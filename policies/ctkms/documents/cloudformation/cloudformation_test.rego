package ctkms.documents.cloudformation_test

import data.ctkms.documents.cloudformation

_arn := "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"

_trail_arn := "arn:aws:cloudtrail:us-east-1:111111111111:trail/events"

_store_arn := "arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE"

_policy := {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*"}]}

_key(properties) := {
	"Type": "AWS::KMS::Key",
	"Properties": object.union({"KeyPolicy": _policy}, properties),
	"ctkms:attributes": {"Ref": "1234abcd-12ab-34cd-56ef-1234567890ab", "Arn": _arn},
}

_trail(properties) := {
	"Type": "AWS::CloudTrail::Trail",
	"Properties": object.union({"S3BucketName": "example-logs", "KMSKeyId": _arn}, properties),
	"ctkms:attributes": {"Ref": "events", "Arn": _trail_arn},
}

_store(properties) := {
	"Type": "AWS::CloudTrail::EventDataStore",
	"Properties": object.union({"KmsKeyId": _arn}, properties),
	"ctkms:attributes": {"Arn": _store_arn},
}

_bucket(encryption) := {
	"Type": "AWS::S3::Bucket",
	"Properties": {"BucketEncryption": encryption},
	"ctkms:attributes": {"Ref": "example-logs"},
}

_template(resources) := {
	"AWSTemplateFormatVersion": "2010-09-09",
	"ctkms:stack": {"account": "111111111111", "region": "us-east-1"},
	"Resources": resources,
}

_expected(more) := object.union(
	{
		"kind": "cloudformation",
		"label": "Key",
		"arn": _arn,
		"policy": _policy,
		"place": {"path": ["Resources", "Key", "Properties", "KeyPolicy"], "part": []},
		"metadata": {
			"multi_region": false,
			"spec": "SYMMETRIC_DEFAULT",
			"state": "Enabled",
			"usage": "ENCRYPT_DECRYPT",
		},
		"aliases": {},
		"trails": {},
		"event_data_stores": {},
		"topics": {},
		"unknown": [],
	},
	more,
)

_entry := {
	"organization": false,
	"log_file_validation": false,
	"bucket": {
		"name": "example-logs",
		"prefix": "",
		"bucket_key": {"ctkms:unknown": "the bucket is not in the template"},
	},
}

test_what_a_template_is if {
	cloudformation.recognises(_template({}))
	cloudformation.recognises({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
	every document in [
		{},
		[],
		"Resources",
		{"Resources": []},
		{"Resources": {"Topic": {"Type": "topic"}, "Other": {"Type": 1}, "Odd": "AWS::SNS::Topic"}},
		{"AWSTemplateFormatVersion": "2010-09-09"},
	] {
		not cloudformation.recognises(document)
	}
}

test_a_key_and_nothing_else if {
	cloudformation.keys(_template({"Key": _key({})})) == [_expected({})]
	cloudformation.rest(_template({"Key": _key({})})) == {"trails": {}, "event_data_stores": {}}
}

test_a_template_without_keys if {
	cloudformation.keys(_template({"Topic": {"Type": "AWS::SNS::Topic"}, "Odd": 1})) == []
}

test_the_label_is_the_arn_of_a_key_that_exists if {
	existing := object.union(_key({}), {"ctkms:attributes": {"Label": _arn}})
	[key.label | some key in cloudformation.keys(_template({"Key": existing}))] == [_arn]
}

test_a_policy_that_is_text if {
	keys := cloudformation.keys(_template({"Key": _key({"KeyPolicy": json.marshal(_policy)})}))
	keys == [_expected({
		"problem": null,
		"unparsable": false,
		"place": {"path": ["Resources", "Key", "Properties", "KeyPolicy", null], "part": []},
	})]
}

test_a_policy_that_is_not_known if {
	every written, why in {
		{"Ref": "Policy"}: "Ref is not resolved here",
		{"ctkms:unknown": "the parameter Policy has no value"}: "the parameter Policy has no value",
	} {
		keys := cloudformation.keys(_template({"Key": {
			"Type": "AWS::KMS::Key",
			"Properties": {"KeyPolicy": written},
		}}))
		keys == [object.remove(
			_expected({"arn": null, "needs": [], "problem": sprintf("its key policy is not known yet: %v", [why])}),
			["policy"],
		)]
	}
}

test_a_policy_that_is_none if {
	some key in cloudformation.keys(_template({"Key": _key({"KeyPolicy": 1})}))
	key.problem == "its KeyPolicy is no object"
	key.unparsable
	not "policy" in object.keys(key)
}

test_a_key_without_a_policy_has_the_default_one if {
	unknown := {"AWS": {"ctkms:unknown": "the account of the key"}}
	resource := {"Type": "AWS::KMS::Key", "ctkms:attributes": {"Arn": _arn}}
	some key in cloudformation.keys(_template({"Key": resource}))
	key.place == {"path": ["Resources", "Key"], "part": []}
	[statement.Principal | some statement in key.policy.Statement] == [{"AWS": "arn:aws:iam::111111111111:root"}]
	some raw in cloudformation.keys(_template({"Key": {"Type": "AWS::KMS::Key"}}))
	[statement.Principal | some statement in raw.policy.Statement] == [unknown]
}

test_metadata if {
	every properties, metadata in {
		{"Enabled": false, "MultiRegion": "true", "KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"}: {
			"multi_region": true,
			"spec": "RSA_2048",
			"state": "Disabled",
			"usage": "SIGN_VERIFY",
		},
		{"Origin": "EXTERNAL"}: {"multi_region": false, "spec": "SYMMETRIC_DEFAULT", "usage": "ENCRYPT_DECRYPT"},
		{"Enabled": {"Ref": "On"}, "KeySpec": {"Ref": "Spec"}, "MultiRegion": "perhaps"}: {"usage": "ENCRYPT_DECRYPT"},
	} {
		some key in cloudformation.keys(_template({"Key": _key(properties)}))
		key.metadata == metadata
	}
}

test_what_decides_whether_the_key_can_be_used_and_is_not_known if {
	some key in cloudformation.keys(_template({"Key": _key({
		"Enabled": {"ctkms:unknown": "the parameter On has no value"},
		"KeyUsage": {"Ref": "Usage"},
		"MultiRegion": {"Ref": "Several"},
	})}))
	key.unknown == [
		"whether CloudTrail can use the key: its Enabled is not known yet: the parameter On has no value",
		"whether CloudTrail can use the key: its KeyUsage is not known yet: Ref is not resolved here",
	]
}

test_what_decides_whether_the_key_can_be_used_and_is_nothing_that_it_can_be if {
	odd := {
		"Enabled": "neither true nor false",
		"KeySpec": "no text",
		"KeyUsage": "no text",
		"Origin": "none that KMS has",
	}
	every name, value in {"Enabled": "False", "KeySpec": 1, "KeyUsage": null, "Origin": "aws_kms"} {
		some key in cloudformation.keys(_template({"Key": _key({name: value})}))
		key.unknown == [sprintf("whether CloudTrail can use the key: its %v is %v", [name, odd[name]])]
	}
	every value in ["no", 0, null, {}] {
		[count(key.unknown) | some key in cloudformation.keys(_template({"Key": _key({"Enabled": value})}))] == [1]
	}
	every properties in [{"Enabled": "false"}, {"Enabled": true}, {"Origin": "EXTERNAL"}, {"KeySpec": "RSA_2048"}] {
		[key.unknown | some key in cloudformation.keys(_template({"Key": _key(properties)}))] == [[]]
	}
}

test_a_replica if {
	replica := object.union(_key({"PrimaryKeyArn": "x"}), {"Type": "AWS::KMS::ReplicaKey"})
	some key in cloudformation.keys(_template({"Key": replica}))
	key.metadata == {"multi_region": true, "state": "Enabled"}
}

test_trails_and_stores_of_the_key if {
	keys := cloudformation.keys(_template({
		"Key": _key({}),
		"Trail": _trail({}),
		"Store": _store({"OrganizationEnabled": "true"}),
		"Alias": {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/trail", "TargetKeyId": _arn}},
	}))
	keys == [_expected({
		"aliases": {"alias/trail": {}},
		"trails": {_trail_arn: _entry},
		"event_data_stores": {_store_arn: {"organization": true}},
	})]
}

test_what_a_trail_says if {
	some key in cloudformation.keys(_template({
		"Key": _key({}),
		"Trail": _trail({"IsOrganizationTrail": true, "EnableLogFileValidation": "true", "S3KeyPrefix": "audit"}),
		"Bucket": _bucket({"ServerSideEncryptionConfiguration": [{"BucketKeyEnabled": true}]}),
	}))
	key.trails == {_trail_arn: {
		"organization": true,
		"log_file_validation": true,
		"bucket": {
			"name": "example-logs",
			"prefix": "audit",
			"account": "111111111111",
			"region": "us-east-1",
			"bucket_key": true,
		},
		"owner_assumed": true,
	}}
}

test_who_owns_an_organization_trail_is_declared if {
	declared := {"organization": {"management_account": "111111111111"}}
	template := _template({"Key": _key({}), "Trail": _trail({"IsOrganizationTrail": true})})
	some key in cloudformation.keys(template) with data.expected as declared
	not "owner_assumed" in object.keys(key.trails[_trail_arn])
}

test_who_owns_an_organization_trail if {
	mark := {"owner_assumed"}
	every case in [[true, mark], [{"Ref": "X"}, mark], [false, set()]] {
		some key in cloudformation.keys(_template({"Key": _key({}), "Trail": _trail({"IsOrganizationTrail": case[0]})}))
		object.keys(key.trails[_trail_arn]) & mark == case[1]
	}
}

test_bucket_keys if {
	unsure := {"ctkms:unknown": "whether the bucket uses an S3 Bucket Key"}
	every encryption, told in {
		{}: false,
		{"ServerSideEncryptionConfiguration": []}: false,
		{"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {}}]}: false,
		{"ServerSideEncryptionConfiguration": [{"BucketKeyEnabled": "true"}]}: true,
		{"ServerSideEncryptionConfiguration": [{"BucketKeyEnabled": {"Ref": "X"}}]}: unsure,
		{"ServerSideEncryptionConfiguration": [{"Ref": "X"}, {"BucketKeyEnabled": false}]}: unsure,
		{"ServerSideEncryptionConfiguration": {"Ref": "X"}}: unsure,
		{"ServerSideEncryptionConfiguration": [{"BucketKeyEnabled": "yes"}]}: unsure,
		{"Ref": "X"}: {"ctkms:unknown": "Ref is not resolved here"},
	} {
		some key in cloudformation.keys(_template({
			"Key": _key({}), "Trail": _trail({}),
			"Bucket": _bucket(encryption),
		}))
		[trail.bucket.bucket_key | some trail in key.trails] == [told]
	}
}

test_without_the_prefix_the_path_is_not_known if {
	some key in cloudformation.keys(_template({"Key": _key({}), "Trail": _trail({"S3KeyPrefix": {"Ref": "Prefix"}})}))
	[object.keys(trail.bucket) | some trail in key.trails] == [{"bucket_key"}]
}

test_encrypted_topics if {
	topic := {
		"Type": "AWS::SNS::Topic",
		"Properties": {"KmsMasterKeyId": _arn},
		"ctkms:attributes": {"Ref": "arn:aws:sns:us-east-1:111111111111:trail", "TopicName": "trail"},
	}
	every name, trails in {"trail": {_trail_arn}, "other": set()} {
		keys := cloudformation.keys(_template({
			"Key": _key({}),
			"Trail": _trail({"KMSKeyId": "alias/other", "SnsTopicName": name}),
			"Topic": topic,
		}))
		[[object.keys(key.topics), key.trails] | some key in keys] == [[trails, {}]]
	}
}

test_trails_and_stores_of_other_keys if {
	unknown := {"ctkms:unknown": "the parameter KeyArn has no value"}
	rest := cloudformation.rest(_template({
		"Key": _key({}),
		"Trail": _trail({"KMSKeyId": unknown}),
		"Store": _store({"KmsKeyId": "alias/other"}),
	}))
	rest == {
		"trails": {_trail_arn: object.union(
			_entry,
			{"key": unknown, "place": {"path": ["Resources", "Trail"], "part": []}},
		)},
		"event_data_stores": {_store_arn: {
			"organization": false,
			"key": "alias/other",
			"place": {"path": ["Resources", "Store"], "part": []},
		}},
	}
}

test_a_trail_without_a_key if {
	trail := {"Type": "AWS::CloudTrail::Trail", "ctkms:attributes": {"Arn": _trail_arn}}
	cloudformation.rest(_template({"Trail": trail})).trails == {_trail_arn: {
		"organization": false,
		"log_file_validation": false,
		"bucket": {"bucket_key": {"ctkms:unknown": "the bucket is not in the template"}},
	}}
}

test_a_template_as_it_is_written if {
	some key in cloudformation.keys({"Resources": {
		"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": [{"Fn::If": ["A", {}, {}]}]}}},
		"Trail": {
			"Type": "AWS::CloudTrail::Trail",
			"Properties": {
				"KMSKeyId": {"Fn::GetAtt": ["Key", "Arn"]},
				"IsOrganizationTrail": {"Ref": "Org"},
				"S3BucketName": {"Ref": "Bucket"},
			},
		},
		"Bucket": {"Type": "AWS::S3::Bucket"},
	}})
	key.arn == null
	key.policy == {"Statement": [{"ctkms:unknown": "Fn::If is not resolved here"}]}
	key.trails == {"Trail": {
		"arn": {"ctkms:unknown": "the ARN of Trail"},
		"organization": {"ctkms:unknown": "Ref is not resolved here"},
		"log_file_validation": false,
		"bucket": {"bucket_key": false},
	}}
}

test_a_trail_whose_name_is_not_known if {
	unknown := {"ctkms:unknown": "the parameter Name has no value"}
	some key in cloudformation.keys(_template({
		"Key": _key({}),
		"Trail": object.union(_trail({}), {"ctkms:attributes": {"Arn": unknown}}),
	}))
	key.trails == {"Trail": object.union(_entry, {"arn": unknown})}
}

test_loops if {
	loop := ["Name", ["A", "B"], {"Key${Name}": {"Type": "AWS::KMS::Key"}}]
	every made, count_of_keys in {
		loop: 1,
		{"ctkms:unknown": "Fn::ForEach::Keys is expanded on deployment"}: 1,
		["Name", ["A"], {"Queue${Name}": {"Type": "AWS::SQS::Queue"}}]: 0,
	} {
		keys := cloudformation.keys(_template({"Fn::ForEach::Keys": made}))
		count(keys) == count_of_keys
		every key in keys {
			key == {
				"kind": "cloudformation",
				"label": "Fn::ForEach::Keys",
				"arn": null,
				"needs": [],
				"problem": "what Fn::ForEach::Keys makes is not known before the deployment",
				"place": {"path": ["Resources", "Fn::ForEach::Keys"], "part": []},
			}
		}
	}
}

_bypass(value) := found[0].bypasses_lockout_check if {
	found := cloudformation.keys(_template({"Key": _key({"BypassPolicyLockoutSafetyCheck": value})}))
}

test_a_policy_that_kms_is_told_to_take if {
	_bypass("true") == true
	"ctkms:unknown" in object.keys(_bypass({"Ref": "Bypass"}))
	not _bypass(false)
	cloudformation.keys(_template({"Key": _key({"BypassPolicyLockoutSafetyCheck": false})})) == [_expected({})]
}

_stack_set(type) := _template({"Set": {
	"Type": "AWS::CloudFormation::StackSet",
	"Properties": {"TemplateBody": json.marshal({"Resources": {"Inner": {"Type": type}}})},
}})

test_a_template_in_a_stack_set if {
	every type in ["AWS::KMS::Key", "AWS::KMS::ReplicaKey", "AWS::CloudTrail::Trail", "AWS::CloudTrail::EventDataStore"] {
		cloudformation.keys(_stack_set(type)) == [{
			"kind": "cloudformation",
			"label": "Set",
			"arn": null,
			"needs": [],
			"problem": "the template in Set is not looked at: put it into a file of its own, and check that, too",
			"place": {"path": ["Resources", "Set"], "part": []},
		}]
	}
	cloudformation.keys(_stack_set("AWS::S3::Bucket")) == []
}
