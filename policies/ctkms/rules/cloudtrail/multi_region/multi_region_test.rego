package ctkms.rules.cloudtrail.multi_region_test

import data.ctkms.rules.cloudtrail.multi_region
import data.ctkms.testing_test as testing

_key := "arn:aws:kms:us-east-1:111111111111:key/mrk-1234abcd12ab34cd56ef1234567890ab"

_replica := "arn:aws:kms:eu-west-1:111111111111:key/mrk-1234abcd12ab34cd56ef1234567890ab"

_expected(replicas, region) := {
	"keys": {testing.key: {"metadata": {"multi_region": true, "replicas": replicas}}},
	"trails": {testing.trail: {"key": testing.key, "bucket": {"region": region}}},
}

test_says_nothing_of_other_keys if {
	given := testing.of(testing.trail_policy)
	expected := {"keys": {testing.key: {"metadata": {"multi_region": false}}}}
	found := multi_region.findings with input as given with data.expected as expected
	found == set()
}

test_tells_a_multi_region_key_by_its_id if {
	given := testing.of_key({"policy": testing.trail_policy, "arn": _key, "label": _key})
	found := multi_region.findings with input as given with data.expected as {}
	found == {
		{
			"key": "arn:aws:kms:us-east-1:111111111111:key/mrk-1234abcd12ab34cd56ef1234567890ab",
			"level": "note",
			"msg": concat("", [
				"this is a multi-Region key: only the policy of this replica was judged, each ",
				"other replica has its own",
			]),
			"path": [],
			"remediation": concat("", [
				"Check the policy of every replica that a trail's bucket or an event data ",
				"store uses.",
			]),
			"rule": "CT-MRK",
			"statement": null,
			"subject": null,
			"url": "https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html",
		},
	}
}

test_tells_a_multi_region_key_by_its_metadata if {
	given := testing.of(testing.trail_policy)
	found := multi_region.findings with input as given with data.expected as _expected({}, "us-east-1")
	found == {
		{
			"key": testing.key,
			"level": "note",
			"msg": concat("", [
				"this is a multi-Region key: only the policy of this replica was judged, each ",
				"other replica has its own",
			]),
			"path": [],
			"remediation": concat("", [
				"Check the policy of every replica that a trail's bucket or an event data ",
				"store uses.",
			]),
			"rule": "CT-MRK",
			"statement": null,
			"subject": null,
			"url": "https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html",
		},
	}
}

test_warns_where_the_bucket_is_beside_another_replica if {
	given := testing.of(testing.trail_policy)
	expected := _expected({_replica: null}, "eu-west-1")
	found := multi_region.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "note",
			"msg": concat("", [
				"this is a multi-Region key: only the policy of this replica was judged, each ",
				"other replica has its own",
			]),
			"path": [],
			"remediation": concat("", [
				"Check the policy of every replica that a trail's bucket or an event data ",
				"store uses.",
			]),
			"rule": "CT-MRK",
			"statement": null,
			"subject": null,
			"url": "https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html",
		},
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"the bucket of trail ",
				"arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events is in ",
				"eu-west-1, where another replica of this key is used: the policy judged here ",
				"is that of the key in us-east-1",
			]),
			"path": [],
			"remediation": concat("", [
				"Check the policy of the replica in eu-west-1 (aws kms get-key-policy --region ",
				"eu-west-1).",
			]),
			"rule": "CT-MRK",
			"statement": null,
			"subject": testing.trail,
			"url": "https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html",
		},
	}
}

test_takes_replicas_by_region if {
	given := testing.of(testing.trail_policy)
	expected := _expected(["eu-west-1", 3], "eu-west-1")
	found := multi_region.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "note",
			"msg": concat("", [
				"this is a multi-Region key: only the policy of this replica was judged, each ",
				"other replica has its own",
			]),
			"path": [],
			"remediation": concat("", [
				"Check the policy of every replica that a trail's bucket or an event data ",
				"store uses.",
			]),
			"rule": "CT-MRK",
			"statement": null,
			"subject": null,
			"url": "https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html",
		},
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"the bucket of trail ",
				"arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events is in ",
				"eu-west-1, where another replica of this key is used: the policy judged here ",
				"is that of the key in us-east-1",
			]),
			"path": [],
			"remediation": concat("", [
				"Check the policy of the replica in eu-west-1 (aws kms get-key-policy --region ",
				"eu-west-1).",
			]),
			"rule": "CT-MRK",
			"statement": null,
			"subject": testing.trail,
			"url": "https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html",
		},
	}
}

test_does_not_warn_where_no_replica_is if {
	given := testing.of(testing.trail_policy)
	expected := _expected({_replica: null}, "eu-west-2")
	found := multi_region.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "note",
			"msg": concat("", [
				"this is a multi-Region key: only the policy of this replica was judged, each ",
				"other replica has its own",
			]),
			"path": [],
			"remediation": concat("", [
				"Check the policy of every replica that a trail's bucket or an event data ",
				"store uses.",
			]),
			"rule": "CT-MRK",
			"statement": null,
			"subject": null,
			"url": "https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html",
		},
	}
}

test_warns_where_the_store_is_beside_another_replica if {
	given := testing.of(testing.trail_policy)
	expected := {
		"keys": {testing.key: {"metadata": {"replicas": "eu-west-1"}}},
		"event_data_stores": {"arn:aws:cloudtrail:eu-west-1:111111111111:eventdatastore/a": null},
	}
	found := multi_region.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"event data store arn:aws:cloudtrail:eu-west-1:111111111111:eventdatastore/a ",
				"is in eu-west-1, where another replica of this key is used: the policy judged ",
				"here is that of the key in us-east-1",
			]),
			"path": [],
			"remediation": concat("", [
				"Check the policy of the replica in eu-west-1 (aws kms get-key-policy --region ",
				"eu-west-1).",
			]),
			"rule": "CT-MRK",
			"statement": null,
			"subject": "arn:aws:cloudtrail:eu-west-1:111111111111:eventdatastore/a",
			"url": "https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html",
		},
	}
}

test_says_nothing_of_a_key_that_nobody_knows if {
	given := testing.of_key({"arn": null})
	found := multi_region.findings with input as given with data.expected as testing.trail_with({})
	found == set()
}

test_does_not_warn_of_the_region_of_the_key_itself if {
	expected := _expected(["us-east-1", "eu-west-1"], "us-east-1")
	found := multi_region.findings with input as testing.of(testing.trail_policy) with data.expected as expected
	[[one.level, one.subject] | some one in found] == [["note", null]]
}

test_does_not_warn_where_nobody_knows_the_region_of_the_key if {
	given := testing.of_key({"policy": testing.trail_policy, "arn": null, "metadata": {"replicas": ["eu-west-1"]}})
	expected := {"trails": {testing.trail: {"bucket": {"region": "eu-west-1"}}}}
	found := multi_region.findings with input as given with data.expected as expected
	found == set()
}
