package ctkms.documents.inventory_test

import data.ctkms.documents.inventory
import data.ctkms.testing_test as testing

_alias := "arn:aws:kms:us-east-1:111111111111:alias/cloudtrail"

_key := {
	"KeyMetadata": {"Arn": testing.key, "KeyState": "Enabled", "KeySpec": "SYMMETRIC_DEFAULT"},
	"Policy": json.marshal(testing.trail_policy),
	"Aliases": [{"AliasName": "alias/cloudtrail"}, {}],
}

_trail := {
	"Name": "management-events",
	"S3BucketName": "example-logs",
	"SnsTopicARN": "arn:aws:sns:us-east-1:111111111111:trails",
	"KmsKeyId": testing.key,
	"IsOrganizationTrail": false,
	"LogFileValidationEnabled": true,
}

_bucket := {
	"ServerSideEncryptionConfiguration": {"Rules": [{"BucketKeyEnabled": true}]},
	"Region": "us-east-1",
	"Account": "111111111111",
}

_shown := {
	"ctkms_inventory": 1,
	"keys": {testing.key: _key},
	"trails": {testing.trail: _trail},
	"buckets": {"example-logs": _bucket},
}

# The inventory with other members.
_inventory(more) := object.union(object.remove(_shown, object.keys(more)), more)

_entry := {"organization": false, "log_file_validation": true, "bucket": {
	"name": "example-logs",
	"prefix": "",
	"region": "us-east-1",
	"account": "111111111111",
	"bucket_key": true,
}}

_found := {
	"kind": "inventory",
	"label": testing.key,
	"arn": testing.key,
	"metadata": {"state": "Enabled", "spec": "SYMMETRIC_DEFAULT"},
	"aliases": {"alias/cloudtrail": {}},
	"policy": testing.trail_policy,
	"problem": null,
	"unparsable": false,
	"place": {"path": ["keys", testing.key, "Policy", null], "part": []},
	"trails": {testing.trail: _entry},
	"event_data_stores": {},
	"topics": {},
	"unknown": [],
}

_missing(resource, permission) := {"missing": [{
	"resource": resource,
	"permission": permission,
	"why": "AccessDeniedException",
}]}

test_recognises_the_version_of_the_form if {
	inventory.recognises({"ctkms_inventory": 2})
	every other in [null, [], {}, {"keys": {}}] {
		not inventory.recognises(other)
	}
}

test_a_key_and_the_trail_that_uses_it if {
	inventory.keys(_inventory({})) == [_found]
	inventory.rest(_inventory({})) == {"trails": {}, "event_data_stores": {}}
}

test_a_key_by_any_of_its_names if {
	every name in [testing.key, "1234abcd-12ab-34cd-56ef-1234567890ab", "alias/cloudtrail", _alias] {
		found := inventory.keys(_inventory({
			"trails": {},
			"event_data_stores": {testing.store: {"KmsKeyId": name, "OrganizationEnabled": true}},
		}))
		found[0].event_data_stores == {testing.store: {"organization": true}}
	}
}

test_the_name_of_an_alias_means_one_in_the_same_region if {
	elsewhere := replace(testing.store, "us-east-1", "us-east-2")
	rest := inventory.rest(_inventory({"event_data_stores": {elsewhere: {"KmsKeyId": "alias/cloudtrail"}}}))
	rest.event_data_stores[elsewhere].key == "arn:aws:kms:us-east-2:111111111111:alias/cloudtrail"
}

test_the_key_of_a_topic if {
	topics := {_trail.SnsTopicARN: {"KmsMasterKeyId": _alias}}
	found := inventory.keys(_inventory({"topics": topics}))
	found[0].topics == {testing.trail: _entry}
}

test_trails_and_stores_whose_key_is_not_shown if {
	rest := inventory.rest(_inventory({
		"keys": {},
		"event_data_stores": {testing.store: {"KmsKeyId": null}},
	}))
	rest == {
		"trails": {testing.trail: object.union(_entry, {
			"key": testing.key,
			"place": {"path": ["trails", testing.trail], "part": []},
		})},
		"event_data_stores": {testing.store: {"organization": false}},
	}
}

test_a_policy_that_could_not_be_read if {
	more := object.union({"keys": {}}, _missing(testing.key, "kms:GetKeyPolicy"))
	words := sprintf("kms:GetKeyPolicy for %v is missing (AccessDeniedException)", [testing.key])
	found := inventory.keys(_inventory(more))
	found[0].trails == {testing.trail: _entry}
	found[0].unknown == [words]
	found[0].needs == []
	found[0].problem == sprintf("its key policy is not in the document: %v", [words])
	found[0].place == {"path": ["keys", testing.key], "part": []}
}

test_a_policy_that_two_outputs_tell_otherwise if {
	more := {"keys": {testing.key: {"Policy": {"ctkms:unknown": "a and b contradict each other"}}}}
	found := inventory.keys(object.union(_inventory({}), more))
	found[0].trails == {testing.trail: _entry}
	found[0].needs == []
	found[0].problem == "its key policy is not known: a and b contradict each other"
	found[0].place == {"path": ["keys", testing.key], "part": []}
}

test_a_key_without_a_policy_and_a_name_that_is_no_arn if {
	found := inventory.keys({"ctkms_inventory": 1, "keys": {"other": {}}})
	found[0].problem == "its key policy is not in the document"
}

test_metadata_that_could_not_be_read if {
	found := inventory.keys(_inventory(_missing(testing.key, "kms:DescribeKey")))
	found[0].policy == testing.trail_policy
	found[0].unknown == [sprintf("kms:DescribeKey for %v is missing (AccessDeniedException)", [testing.key])]
}

test_a_region_that_could_not_be_read if {
	found := inventory.keys(_inventory(_missing("us-west-2", "cloudtrail:DescribeTrails")))
	found[0].unknown == [concat(" ", [
		"what else uses the key: cloudtrail:DescribeTrails for us-west-2",
		"is missing (AccessDeniedException)",
	])]
}

test_a_bucket_that_could_not_be_read if {
	more := object.union({"buckets": {}}, _missing("example-logs", "s3:GetEncryptionConfiguration"))
	found := inventory.keys(_inventory(more))
	found[0].unknown == []
	found[0].trails[testing.trail].bucket == {"name": "example-logs", "prefix": "", "bucket_key": {
		"ctkms:unknown": concat(" ", [
			"whether bucket example-logs uses an S3 Bucket Key: s3:GetEncryptionConfiguration for example-logs",
			"is missing (AccessDeniedException)",
		]),
	}}
	shown := inventory.keys(_inventory(object.union(
		{"buckets": {"example-logs": {}, "other": {}}},
		_missing("other", "s3:GetBucketLocation"),
	)))
	shown[0].unknown == []
	shown[0].trails[testing.trail].bucket.bucket_key == {
		"ctkms:unknown": "whether bucket example-logs uses an S3 Bucket Key",
	}
}

test_a_store_that_could_not_be_read if {
	stores := {"event_data_stores": {testing.store: {}}}
	missing := _missing(testing.store, "cloudtrail:GetEventDataStore")
	rest := inventory.rest(_inventory(object.union(stores, missing)))
	rest.event_data_stores[testing.store].key == {"ctkms:unknown": sprintf(
		"cloudtrail:GetEventDataStore for %v is missing (AccessDeniedException)",
		[testing.store],
	)}
}

_no_list := "its member missing is no list of objects with resource, permission and why"

test_an_inventory_of_another_form if {
	every document, problem in {
		{"ctkms_inventory": "1"}: "it is an inventory of version \"1\"; this ctkms reads version 1",
		{"ctkms_inventory": 1, "keys": []}: "its member keys is no object of objects by name",
		{"ctkms_inventory": 1, "trails": {"t": 3}}: "its member trails is no object of objects by name",
		{"ctkms_inventory": 1, "missing": {}}: _no_list,
		{"ctkms_inventory": 1, "missing": [{"resource": "r", "permission": "p"}]}: _no_list,
	} {
		inventory.keys(document) == [{
			"kind": "inventory",
			"label": "inventory",
			"arn": null,
			"needs": [],
			"problem": problem,
		}]
		inventory.rest(document) == {}
	}
}

test_what_outputs_say_otherwise_of_a_key_is_not_known if {
	given := object.union(_key, {"KeyMetadata": {"KeyState": {"ctkms:unknown": "a and b contradict each other"}}})
	found := inventory.keys(_inventory({"keys": {testing.key: given}}))
	found[0].unknown == ["the key's state: a and b contradict each other"]
	found[0].metadata == {"spec": "SYMMETRIC_DEFAULT"}
}

_not_read(region, why) := {"resource": region, "permission": "cloudtrail:DescribeTrails", "why": why}

test_what_is_not_seen_for_the_same_reason_is_said_once if {
	missing := [_not_read("us-west-2", "denied"), _not_read("eu-west-1", "denied"), _not_read("eu-west-2", "broken")]
	found := inventory.keys(_inventory({"missing": missing}))
	found[0].unknown == [
		"what else uses the key: cloudtrail:DescribeTrails for eu-west-2 is missing (broken)",
		"what else uses the key: cloudtrail:DescribeTrails for eu-west-1, us-west-2 is missing (denied)",
	]
}
