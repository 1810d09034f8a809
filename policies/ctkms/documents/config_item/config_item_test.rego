package ctkms.documents.config_item_test

import data.ctkms.documents.config_item
import data.ctkms.testing_test as testing

_item(type, arn, configuration, supplementary) := {
	"configurationItemCaptureTime": "2026-02-03T04:05:06.789Z",
	"configurationItemStatus": "OK",
	"resourceType": type,
	"resourceId": "id",
	"arn": arn,
	"accountId": "111111111111",
	"awsRegion": "us-east-1",
	"configuration": configuration,
	"supplementaryConfiguration": supplementary,
}

_key := _item(
	"AWS::KMS::Key", testing.key, {"keyState": "Enabled", "keySpec": "SYMMETRIC_DEFAULT"},
	{"Policy": json.marshal(testing.trail_policy)},
)

_trail := _item(
	"AWS::CloudTrail::Trail", testing.trail,
	{"trailARN": testing.trail, "s3BucketName": "logs", "kmsKeyId": testing.key, "isOrganizationTrail": false}, {},
)

_bucket := _item("AWS::S3::Bucket", "arn:aws:s3:::logs", {}, {
	"ServerSideEncryptionConfiguration": json.marshal({"rules": [{"bucketKeyEnabled": true}]}),
})

_entry := {"organization": false, "bucket": {
	"name": "logs",
	"prefix": "",
	"region": "us-east-1",
	"account": "111111111111",
	"bucket_key": true,
}}

_found(path) := {
	"kind": "config-item",
	"label": testing.key,
	"arn": testing.key,
	"policy": testing.trail_policy,
	"problem": null,
	"unparsable": false,
	"place": {"path": path, "part": []},
	"metadata": {"state": "Enabled", "spec": "SYMMETRIC_DEFAULT"},
	"aliases": {},
	"trails": {},
	"event_data_stores": {},
	"topics": {},
	"unknown": [],
}

_policy := ["supplementaryConfiguration", "Policy", null]

test_recognises_items_snapshots_and_results if {
	every document in [_key, {"configurationItems": []}, {"baseConfigurationItems": []}, {"Results": ["{}"]}] {
		config_item.recognises(document)
	}
	every document in [null, [], {}, {"Results": [3]}, {"resourceType": "AWS::KMS::Key"}] {
		not config_item.recognises(document)
	}
	not config_item.recognises({"resourceType": "AWS::EC2::VPC", "configuration": {}})
}

test_one_item if {
	config_item.keys(_key) == [_found(_policy)]
	config_item.rest(_key) == {"trails": {}, "event_data_stores": {}}
}

test_a_snapshot if {
	bucket := object.union(_bucket, {"resourceName": "logs"})
	snapshot := {"configurationItems": [{"resourceType": "AWS::EC2::VPC"}, _trail, _key, bucket]}
	config_item.keys(snapshot) == [object.union(
		_found(array.concat(["configurationItems", 2], _policy)),
		{"trails": {testing.trail: _entry}},
	)]
}

test_trails_and_stores_whose_key_is_not_shown if {
	store := _item("AWS::CloudTrail::EventDataStore", testing.store, {"KmsKeyId": testing.key}, {})
	rest := config_item.rest({"baseConfigurationItems": [_trail, store]})
	rest.trails[testing.trail].key == testing.key
	rest.trails[testing.trail].place == {"path": ["baseConfigurationItems", 0], "part": []}
	rest.event_data_stores[testing.store].place == {"path": ["baseConfigurationItems", 1], "part": []}
}

test_a_trail_or_store_whose_item_holds_no_configuration if {
	open := {"ctkms:unknown": "the item does not hold its configuration"}
	every configuration in [null, {}, "", "{"] {
		trail := _item("AWS::CloudTrail::Trail", testing.trail, configuration, {})
		store := _item("AWS::CloudTrail::EventDataStore", testing.store, configuration, {})
		rest := config_item.rest({"configurationItems": [trail, store, _key]})
		rest.trails[testing.trail].key == open
		rest.event_data_stores[testing.store].key == open
		selected := config_item.rest(_results([trail], ["*"]))
		selected.trails[testing.trail].key == open
		chosen := config_item.rest(_results([trail], ["configuration.kmsKeyId"]))
		not "key" in object.keys(chosen.trails[testing.trail])
	}
}

test_an_encryption_that_cannot_be_read if {
	every told in [null, "", "{", [], {}, {"rules": {"bucketKeyEnabled": true}}, {"rules": ["x"]}] {
		bucket := object.union(_bucket, {
			"resourceName": "logs",
			"supplementaryConfiguration": {"ServerSideEncryptionConfiguration": told},
		})
		found := config_item.keys({"configurationItems": [_key, _trail, bucket]})
		found[0].trails[testing.trail].bucket.bucket_key == {
			"ctkms:unknown": "whether bucket logs uses an S3 Bucket Key",
		}
	}
}

test_the_latest_item_of_a_resource_counts if {
	before := object.union(_key, {
		"configurationItemCaptureTime": "2025-01-01T00:00:00Z",
		"configuration": {"keyState": "Disabled"},
	})
	found := config_item.keys({"configurationItems": [_key, before]})
	[key.metadata.state | some key in found] == ["Enabled"]
	again := config_item.keys({"configurationItems": [before, _key]})
	[key.metadata.state | some key in again] == ["Enabled"]
	deleted := object.union(_key, {
		"configurationItemCaptureTime": "2026-03-01T00:00:00Z",
		"configurationItemStatus": "ResourceDeleted",
	})
	config_item.keys({"configurationItems": [_key, deleted]}) == []
}

test_a_configuration_that_is_text_and_a_policy_that_is_text_twice if {
	item := _item(
		"AWS::KMS::Key", "", json.marshal({"arn": testing.key, "keyState": "Enabled", "keySpec": "SYMMETRIC_DEFAULT"}),
		{"Policy": json.marshal(json.marshal(testing.trail_policy))},
	)
	config_item.keys(item) == [_found(array.concat(_policy, [null]))]
	bucket := _item("AWS::S3::Bucket", "arn:aws:s3:::logs", "", {})
	unknown := config_item.keys({"configurationItems": [_key, _trail, object.union(bucket, {"resourceId": "logs"})]})
	unknown[0].trails[testing.trail].bucket.bucket_key == {
		"ctkms:unknown": "whether bucket logs uses an S3 Bucket Key",
	}
}

test_a_key_of_which_no_arn_is_known if {
	found := config_item.keys(_item("AWS::KMS::Key", "", {}, {}))
	[found[0].label, found[0].problem] == ["id", "its key policy is not in the document"]
}

test_the_alias_of_a_key if {
	alias := _item("AWS::KMS::Alias", "arn:a", {"AliasName": "alias/cloudtrail", "TargetKeyId": "id"}, {})
	other := _item("AWS::KMS::Alias", "arn:b", {"AliasName": "alias/other", "TargetKeyId": "other"}, {})
	found := config_item.keys({"configurationItems": [alias, other, _key]})
	found[0].aliases == {"alias/cloudtrail": {}}
}

test_the_key_of_a_topic if {
	topic := _item("AWS::SNS::Topic", "arn:topic", {"KmsMasterKeyId": testing.key}, {})
	trail := object.union(_trail, {"configuration": {"snsTopicARN": "arn:topic"}})
	found := config_item.keys({"configurationItems": [topic, trail, _key]})
	object.keys(found[0].topics) == {testing.trail}
}

test_a_multi_region_key if {
	replica := "arn:aws:kms:us-west-2:111111111111:key/mrk-1"
	item := object.union(_key, {"configuration": {"multiRegion": true, "multiRegionConfiguration": {
		"primaryKey": {"arn": testing.key},
		"replicaKeys": [{"arn": replica}],
	}}})
	found := config_item.keys(item)
	found[0].metadata == {
		"state": "Enabled",
		"spec": "SYMMETRIC_DEFAULT",
		"multi_region": true,
		"replicas": {testing.key: {}, replica: {}},
	}
}

test_a_key_of_aws_is_not_judged if {
	config_item.keys(object.union(_key, {"configuration": {"keyManager": "AWS"}})) == []
}

_results(items, fields) := {
	"Results": [json.marshal(item) | some item in items],
	"QueryInfo": {"SelectFields": [{"Name": field} | some field in fields]},
}

test_results_of_a_query if {
	found := config_item.keys(_results([_key, _trail], ["configuration"]))
	found[0].place == {"path": array.concat(["Results", 0, null], _policy), "part": []}
	object.keys(found[0].trails) == {testing.trail}
}

test_a_query_that_does_not_select_the_key_of_a_trail if {
	trail := json.remove(_trail, ["configuration/kmsKeyId"])
	every fields in [[], ["configuration.name"]] {
		rest := config_item.rest(_results([trail], fields))
		rest.trails[testing.trail].key == {"ctkms:unknown": "the query does not select configuration.kmsKeyId"}
	}
	every fields in [["*"], ["configuration"], ["configuration.kmsKeyId"]] {
		rest := config_item.rest(_results([trail], fields))
		object.keys(rest.trails[testing.trail]) == {"organization", "bucket"}
	}
}

test_results_that_say_of_no_resource if {
	found := config_item.keys({"Results": ["{", "{\"arn\": \"a\"}", "{\"resourceType\": \"AWS::EC2::VPC\"}"]})
	[key.place.path | some key in found] == [["Results", 0], ["Results", 1]]
	startswith(found[0].problem, "it does not say which resource it is")
}

test_a_bucket_of_which_the_query_selects_no_name if {
	every bucket in [_bucket, object.union(_bucket, {"arn": "", "configuration": {"name": "logs"}})] {
		selected := object.remove(bucket, ["resourceName", "resourceId"])
		found := config_item.keys({"configurationItems": [_key, _trail, selected]})
		found[0].trails[testing.trail].bucket.bucket_key == true
	}
	other := object.union(_bucket, {"arn": "arn:aws:s3:::another"})
	found := config_item.keys({"configurationItems": [_key, _trail, other]})
	found[0].trails[testing.trail].bucket.bucket_key == {"ctkms:unknown": "whether bucket logs uses an S3 Bucket Key"}
}
