package ctkms.expectations_test

import data.ctkms.expectations
import data.ctkms.testing_test as testing

_other_key := "arn:aws:kms:us-east-1:111111111111:key/5678efab-34cd-56ef-78ab-567890abcdef"

_two_keys := {
	"keys": {testing.key: {"aliases": {"alias/a": {}}}, _other_key: {"aliases": {"alias/b": null}}},
	"trails": {testing.trail: {"key": "alias/b"}},
	"event_data_stores": {testing.store: {"key": testing.key}},
}

test_nothing_expected_is_empty if {
	data.ctkms.expectations.all == {} with data.expected as null
	data.ctkms.expectations.keys == set() with data.expected as {}
	data.ctkms.expectations.trails == {} with data.expected as {"trails": "nonsense"}
}

test_keys_are_those_declared_and_those_referred_to if {
	two_keys := _two_keys
	both := {testing.key, _other_key}
	data.ctkms.expectations.keys == both with data.expected as two_keys
	referred := {"trails": {testing.trail: {"key": testing.key}}}
	one := {testing.key}
	data.ctkms.expectations.keys == one with data.expected as referred
	short := {"trails": {testing.trail: null}}
	data.ctkms.expectations.keys == set() with data.expected as short
}

test_aliases_are_resolved_by_name_and_by_arn if {
	two_keys := _two_keys
	expectations.resolve("alias/b") == _other_key with data.expected as two_keys
	expectations.resolve("arn:aws:kms:us-east-1:111111111111:alias/a") == testing.key with data.expected as two_keys
	expectations.resolve("alias/c") == "" with data.expected as two_keys
	expectations.resolve(null) == "" with data.expected as two_keys
}

test_subjects_of_a_key if {
	two_keys := _two_keys
	of_other := expectations.using("trails", _other_key) with data.expected as two_keys
	of_other == {testing.trail: {"key": "alias/b"}}
	expectations.using("trails", testing.key) == {} with data.expected as two_keys
}

test_a_subject_without_key_uses_the_only_key if {
	expected := {"keys": {testing.key: {}}, "trails": {testing.trail: null}}
	expectations.using("trails", testing.key) == {testing.trail: {}} with data.expected as expected
	data.ctkms.expectations.unassigned == set() with data.expected as expected
}

test_a_subject_without_key_is_unassigned_among_several if {
	expected := object.union(_two_keys, {"trails": {testing.trail: {"key": null}}})
	expectations.using("trails", testing.key) == {} with data.expected as expected
	data.ctkms.expectations.unassigned == {testing.trail} with data.expected as expected
}

test_without_any_key_every_subject_is_meant if {
	expected := {"trails": {testing.trail: null}}
	found := expectations.using("trails", null) with data.expected as expected
	found == {testing.trail: {}}
}

test_a_subject_that_is_no_arn_is_never_silently_dropped if {
	expected := {"trails": {"management-events": {}}}
	expectations.using("trails", null) == {} with data.expected as expected
	data.ctkms.expectations.unassigned == {"management-events"} with data.expected as expected
}

test_a_subject_of_which_nothing_is_known_is_unassigned if {
	expected := {"trails": {testing.trail: {"ctkms:unknown": "later"}}}
	data.ctkms.expectations.unassigned == {testing.trail} with data.expected as expected
}

test_accounts_are_those_named_anywhere if {
	expected := object.union(testing.trail_with({}), {
		"accounts": {"333333333333": {}},
		"organization": {"management_account": "444444444444"},
	})
	data.ctkms.expectations.accounts == {"111111111111", "333333333333", "444444444444"} with data.expected as expected
}

test_the_account_of_what_is_no_arn_is_empty if {
	expectations.account("nonsense") == ""
	expectations.account(null) == ""
}

test_the_partition_of_what_is_no_arn_is_aws if {
	expectations.partition("arn:aws-cn:kms:cn-north-1:111111111111:key/x") == "aws-cn"
	expectations.partition("nonsense") == "aws"
	expectations.partition(null) == "aws"
}

test_unknown_values_are_listed_where_they_are if {
	data.ctkms.expectations.unknown == {["expected"]} with data.expected as {"ctkms:unknown": "later"}
	data.ctkms.expectations.unknown == {["trails"]} with data.expected as {"trails": {"ctkms:unknown": "later"}}
	places := {["trails", testing.trail], ["organization"]}
	expected := {
		"organization": {"id": {"ctkms:unknown": "later"}},
		"trails": {testing.trail: {"bucket": {"bucket_key": {"ctkms:unknown": "later"}}}},
	}
	data.ctkms.expectations.unknown == places with data.expected as expected
	two_keys := _two_keys
	data.ctkms.expectations.unknown == set() with data.expected as two_keys
}

test_a_key_id_means_the_declared_key if {
	two_keys := _two_keys
	id := "5678efab-34cd-56ef-78ab-567890abcdef"
	expectations.resolve(id) == _other_key with data.expected as two_keys
	expectations.resolve("5678efab") == "" with data.expected as two_keys
}

test_the_region_of_what_is_no_arn_is_empty if {
	expectations.region(testing.key) == "us-east-1"
	expectations.region("nonsense") == ""
	expectations.region(null) == ""
}

test_metadata_of_a_key if {
	expected := {"keys": {testing.key: {"metadata": {"state": "Enabled"}}, _other_key: null}}
	expectations.metadata(testing.key) == {"state": "Enabled"} with data.expected as expected
	expectations.metadata(_other_key) == {} with data.expected as expected
	expectations.metadata(null) == {} with data.expected as expected
}
