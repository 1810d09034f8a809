package ctkms.expectations.index_test

import data.ctkms.expectations
import data.ctkms.expectations.index
import data.ctkms.testing_test as testing

_other_key := "arn:aws:kms:us-east-1:111111111111:key/5678efab-34cd-56ef-78ab-567890abcdef"

_other_trail := "arn:aws:cloudtrail:us-east-1:222222222222:trail/other"

_third_trail := "arn:aws:cloudtrail:us-east-1:222222222222:trail/third"

_role := "arn:aws:iam::111111111111:role/Copy"

_expected := {
	"keys": {testing.key: {"aliases": {"alias/shared": null}}, _other_key: {"aliases": {"alias/shared": null}}},
	"trails": {
		testing.trail: {"key": testing.key, "sns_key": _other_key, "bucket": {"name": "example-logs"}},
		_other_trail: {"key": "5678efab-34cd-56ef-78ab-567890abcdef", "bucket": {"name": 3}},
		_third_trail: {"key": "cloudtrail"},
		"management-events": {"key": _other_key, "sns_key": _other_key},
	},
	"event_data_stores": {testing.store: {"key": testing.key, "import_roles": {_role: null}}},
}

test_how_trails_and_stores_use_keys if {
	expected := _expected
	found := index.index with data.expected as expected
	found.trails == {
		"by_key": {testing.key: [testing.trail], _other_key: [_other_trail]},
		"by_any": [],
		"by_unnamed": [],
	}
	found.event_data_stores == {"by_key": {testing.key: [testing.store]}, "by_any": [], "by_unnamed": []}
	found.topics == {_other_key: [testing.trail]}
	found.unassigned == [_third_trail, "management-events"]
	found.misnamed == [{"subject": _third_trail, "reference": "cloudtrail"}]
	found.importing == [testing.store]
	found.buckets == {"example-logs": true}
}

test_the_names_of_keys if {
	expected := _expected
	found := index.index with data.expected as expected
	found.keys == {testing.key: true, _other_key: true}
	found.names == {
		"1234abcd-12ab-34cd-56ef-1234567890ab": [testing.key],
		"5678efab-34cd-56ef-78ab-567890abcdef": [_other_key],
		"alias/shared": [testing.key, _other_key],
		"arn:aws:kms:us-east-1:111111111111:alias/shared": [testing.key, _other_key],
	}
	found.accounts == ["111111111111", "222222222222"]
	found.unknown == []
}

test_without_a_key_the_only_one_is_used if {
	expected := {"keys": {testing.key: {}}, "trails": {testing.trail: null}}
	found := index.index with data.expected as expected
	found.trails == {"by_key": {}, "by_any": [testing.trail], "by_unnamed": [testing.trail]}
}

test_without_any_key_everything_uses_the_one_that_nobody_names if {
	expected := {"trails": {testing.trail: {"key": "alias/gone"}, _other_trail: null}}
	found := index.index with data.expected as expected
	found.trails == {"by_key": {}, "by_any": [_other_trail], "by_unnamed": [testing.trail, _other_trail]}
}

test_an_index_that_is_handed_back_is_taken if {
	expected := _expected
	found := index.index with data.expected as expected
	handed_back := object.union(found, {"names": {"alias/x": [_other_key]}})
	expectations.resolve("alias/x") == _other_key with data.expected_index as handed_back
	expectations.resolve("alias/x") == "" with data.expected as expected
}

test_a_reference_that_is_no_text_means_nothing if {
	expected := _expected
	expectations.named(["alias/shared"]) == set() with data.expected as expected
	expectations.resolve([]) == "" with data.expected as expected
}
