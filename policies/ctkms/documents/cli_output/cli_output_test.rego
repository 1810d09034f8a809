package ctkms.documents.cli_output_test

import data.ctkms.documents.cli_output
import data.ctkms.testing_test as testing

_trail := {"TrailARN": testing.trail, "KmsKeyId": testing.key, "S3BucketName": "logs", "IsOrganizationTrail": true}

_entry(path) := {
	"organization": true,
	"bucket": {
		"name": "logs",
		"prefix": "",
		"bucket_key": {"ctkms:unknown": "whether bucket logs uses an S3 Bucket Key"},
	},
	"key": testing.key,
	"place": {"path": path, "part": []},
}

test_recognises_what_the_commands_print if {
	every document in [
		{"KeyMetadata": {}},
		{"trailList": []},
		{"Trail": {}},
		{"EventDataStores": []},
		{"EventDataStoreArn": testing.store},
		{"ServerSideEncryptionConfiguration": {}},
		{"Aliases": []},
		{"Attributes": {}},
	] {
		cli_output.recognises(document)
	}
	every document in [null, [], {}, {"trailList": {}}, {"KeyMetadata": null}] {
		not cli_output.recognises(document)
	}
}

test_a_key_that_is_described_needs_its_policy if {
	cli_output.keys({"KeyMetadata": {"Arn": testing.key}}) == [{
		"kind": "describe-key",
		"label": testing.key,
		"arn": null,
		"needs": [testing.key],
		"problem": "describe-key prints no key policy; get-key-policy does",
	}]
	cli_output.keys({"Aliases": []}) == [{
		"kind": "list-aliases",
		"label": "output of list-aliases",
		"arn": null,
		"needs": [],
		"problem": "list-aliases prints no key policy; get-key-policy does",
	}]
}

test_trails if {
	listed := {"trailList": [3, _trail]}
	cli_output.keys(listed) == []
	cli_output.rest(listed) == {
		"trails": {testing.trail: _entry(["trailList", 1])},
		"event_data_stores": {},
	}
	cli_output.rest({"Trail": _trail}).trails == {testing.trail: _entry(["Trail"])}
}

test_event_data_stores if {
	store := {"EventDataStoreArn": testing.store, "KmsKeyId": testing.key}
	cli_output.rest(store).event_data_stores == {testing.store: {
		"organization": false,
		"key": testing.key,
		"place": {"path": [], "part": []},
	}}
	listed := {"EventDataStores": [3, {"EventDataStoreArn": testing.store}]}
	cli_output.rest(listed).event_data_stores == {testing.store: {
		"organization": false,
		"key": {"ctkms:unknown": "list-event-data-stores does not tell; get-event-data-store does"},
		"place": {"path": ["EventDataStores", 1], "part": []},
	}}
}
