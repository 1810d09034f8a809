package ctkms.rules.cloudtrail.key_id_format_test

import data.ctkms.rules.cloudtrail.key_id_format
import data.ctkms.testing_test as testing

_named(reference) := {
	"keys": {testing.key: {"aliases": {"alias/cloudtrail": null}}},
	"trails": {testing.trail: {"key": reference}},
}

_foreign := "arn:aws:cloudtrail:us-east-1:222222222222:trail/management-events"

_named_from_afar(reference) := {
	"keys": {testing.key: {"aliases": {"alias/cloudtrail": null}}},
	"trails": {_foreign: {"key": reference}},
}

test_passes_on_a_key_arn if {
	given := testing.of(testing.trail_policy)
	found := key_id_format.findings with input as given with data.expected as testing.trail_with({})
	found == set()
}

test_passes_on_an_alias if {
	given := testing.of(testing.trail_policy)
	found := key_id_format.findings with input as given with data.expected as _named("alias/cloudtrail")
	found == set()
}

test_passes_on_an_alias_arn if {
	given := testing.of(testing.trail_policy)
	expected := _named("arn:aws:kms:us-east-1:111111111111:alias/cloudtrail")
	found := key_id_format.findings with input as given with data.expected as expected
	found == set()
}

test_passes_on_a_key_id if {
	given := testing.of(testing.trail_policy)
	expected := _named("1234abcd-12ab-34cd-56ef-1234567890ab")
	found := key_id_format.findings with input as given with data.expected as expected
	found == set()
}

test_passes_on_the_id_of_a_multi_region_key if {
	given := testing.of(testing.trail_policy)
	expected := _named("mrk-1234abcd12ab34cd56ef1234567890ab")
	found := key_id_format.findings with input as given with data.expected as expected
	found == set()
}

test_fails_on_a_name_without_alias if {
	given := testing.of(testing.trail_policy)
	found := key_id_format.findings with input as given with data.expected as _named("cloudtrail")
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events names its ",
				"key cloudtrail, which is neither alias name, alias ARN, key ARN nor key id",
			]),
			"path": [],
			"remediation": "Write the key's ARN: arn:aws:kms:<Region>:<account>:key/<key id>.",
			"rule": "CT-KEY-ID-FORMAT",
			"statement": null,
			"subject": testing.trail,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html",
			]),
		},
	}
}

test_fails_on_a_key_id_one_letter_short if {
	given := testing.of(testing.trail_policy)
	expected := _named("1234abcd-12ab-34cd-56ef-1234567890a")
	found := key_id_format.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events names its ",
				"key 1234abcd-12ab-34cd-56ef-1234567890a, which is neither alias name, alias ",
				"ARN, key ARN nor key id",
			]),
			"path": [],
			"remediation": "Write the key's ARN: arn:aws:kms:<Region>:<account>:key/<key id>.",
			"rule": "CT-KEY-ID-FORMAT",
			"statement": null,
			"subject": testing.trail,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html",
			]),
		},
	}
}

test_fails_on_an_arn_with_a_short_account if {
	given := testing.of(testing.trail_policy)
	expected := _named("arn:aws:kms:us-east-1:11111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab")
	found := key_id_format.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events names its ",
				"key ",
				"arn:aws:kms:us-east-1:11111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab, ",
				"which is neither alias name, alias ARN, key ARN nor key id",
			]),
			"path": [],
			"remediation": "Write the key's ARN: arn:aws:kms:<Region>:<account>:key/<key id>.",
			"rule": "CT-KEY-ID-FORMAT",
			"statement": null,
			"subject": testing.trail,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html",
			]),
		},
	}
}

test_fails_on_what_is_no_text if {
	given := testing.of(testing.trail_policy)
	expected := {"event_data_stores": {testing.store: {"key": 3}}}
	found := key_id_format.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"names its key 3, which is neither alias name, alias ARN, key ARN nor key id",
			]),
			"path": [],
			"remediation": "Write the key's ARN: arn:aws:kms:<Region>:<account>:key/<key id>.",
			"rule": "CT-KEY-ID-FORMAT",
			"statement": null,
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html",
			]),
		},
	}
}

test_passes_across_accounts_on_an_arn if {
	given := testing.of(testing.trail_policy)
	found := key_id_format.findings with input as given with data.expected as _named_from_afar(testing.key)
	found == set()
}

test_fails_across_accounts_on_an_alias if {
	given := testing.of(testing.trail_policy)
	expected := _named_from_afar("alias/cloudtrail")
	found := key_id_format.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"arn:aws:cloudtrail:us-east-1:222222222222:trail/management-events, of account ",
				"222222222222, names its key alias/cloudtrail without the account 111111111111 ",
				"that the key is in",
			]),
			"path": [],
			"remediation": concat("", [
				"Write the key's ARN: ",
				"arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab.",
			]),
			"rule": "CT-KEY-ID-FORMAT",
			"statement": null,
			"subject": "arn:aws:cloudtrail:us-east-1:222222222222:trail/management-events",
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html",
			]),
		},
	}
}

test_fails_across_accounts_on_a_key_id if {
	given := testing.of(testing.trail_policy)
	expected := _named_from_afar("1234abcd-12ab-34cd-56ef-1234567890ab")
	found := key_id_format.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"arn:aws:cloudtrail:us-east-1:222222222222:trail/management-events, of account ",
				"222222222222, names its key 1234abcd-12ab-34cd-56ef-1234567890ab without the ",
				"account 111111111111 that the key is in",
			]),
			"path": [],
			"remediation": concat("", [
				"Write the key's ARN: ",
				"arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab.",
			]),
			"rule": "CT-KEY-ID-FORMAT",
			"statement": null,
			"subject": "arn:aws:cloudtrail:us-east-1:222222222222:trail/management-events",
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html",
			]),
		},
	}
}

test_says_nothing_of_keys_that_nobody_names if {
	given := testing.of(testing.trail_policy)
	expected := {
		"trails": {testing.trail: {"key": null}, "other": {"ctkms:unknown": "later"}},
		"event_data_stores": {testing.store: {"key": {"ctkms:unknown": "later"}}, "a": 3},
	}
	found := key_id_format.findings with input as given with data.expected as expected
	found == set()
}

test_fails_across_accounts_on_the_alias_of_a_store if {
	store := "arn:aws:cloudtrail:us-east-1:222222222222:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE"
	expected := {
		"keys": {testing.key: {"aliases": {"alias/cloudtrail": null}}},
		"event_data_stores": {store: {"key": "alias/cloudtrail"}},
	}
	found := key_id_format.findings with input as testing.of(testing.store_policy) with data.expected as expected
	found == {_finding(store, {
		"msg": concat("", [
			store,
			", of account 222222222222, names its key alias/cloudtrail without the account 111111111111 ",
			"that the key is in",
		]),
		"remediation": sprintf("Write the key's ARN: %v.", [testing.key]),
	})}
}

test_says_of_what_is_no_name_that_alone if {
	expected := {
		"keys": {testing.key: {"aliases": {"cloudtrail": null}}},
		"trails": {_foreign: {"key": "cloudtrail"}},
	}
	found := key_id_format.findings with input as testing.of(testing.trail_policy) with data.expected as expected
	found == {_finding(_foreign, {
		"msg": sprintf("%v names its key cloudtrail, which is neither alias name, alias ARN, key ARN nor key id", [_foreign]),
		"remediation": "Write the key's ARN: arn:aws:kms:<Region>:<account>:key/<key id>.",
	})}
}

_finding(subject, members) := object.union(members, {
	"key": testing.key,
	"level": "error",
	"path": [],
	"rule": "CT-KEY-ID-FORMAT",
	"statement": null,
	"subject": subject,
	"url": "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html",
})
