package ctkms.rules.store.organization_key_test

import data.ctkms.rules.store.organization_key
import data.ctkms.testing_test as testing

_store(members) := testing.store_with(object.union({"organization": true}, members))

_managed_by(account) := {"organization": {"management_account": account}}

test_passes_with_a_key_of_the_management_account if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	expected := object.union(_store({}), _managed_by("111111111111"))
	found := organization_key.findings with input as given with data.expected as expected
	found == set()
}

test_fails_with_a_key_of_another_account if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	expected := object.union(_store({}), _managed_by("222222222222"))
	found := organization_key.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"collects the events of an organization, but its key is in account ",
				"111111111111 and not in 222222222222, the management account",
			]),
			"path": [],
			"remediation": "Encrypt the event data store with a key of account 222222222222.",
			"rule": "CT-EDS-ORG-KEY",
			"statement": null,
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-event-data-store-cloudtrail.html",
			]),
		},
	}
}

test_says_nothing_of_other_stores if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	expected := object.union(_store({"organization": false}), _managed_by("222222222222"))
	found := organization_key.findings with input as given with data.expected as expected
	found == set()
}

test_passes_in_the_stores_account_where_the_management_account_is_not_declared if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	found := organization_key.findings with input as given with data.expected as _store({})
	found == set()
}

test_fails_outside_the_stores_account_where_the_management_account_is_not_declared if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	expected := {
		"keys": {testing.key: {}},
		"event_data_stores": {
			"arn:aws:cloudtrail:us-east-1:222222222222:eventdatastore/a": {"organization": true},
		},
	}
	found := organization_key.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"event data store arn:aws:cloudtrail:us-east-1:222222222222:eventdatastore/a ",
				"collects the events of an organization, but its key is in account ",
				"111111111111 and not in 222222222222, the account of the store",
			]),
			"path": [],
			"remediation": "Encrypt the event data store with a key of account 222222222222.",
			"rule": "CT-EDS-ORG-KEY",
			"statement": null,
			"subject": "arn:aws:cloudtrail:us-east-1:222222222222:eventdatastore/a",
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-event-data-store-cloudtrail.html",
			]),
		},
	}
}

test_cannot_compare_without_the_keys_arn if {
	given := testing.of_key({"arn": null})
	expected := object.union(
		{"event_data_stores": {testing.store: {"organization": true}}},
		_managed_by("222222222222"),
	)
	found := organization_key.findings with input as given with data.expected as expected
	found == set()
}

test_a_store_of_which_the_account_is_not_known if {
	store := {"organization": true, "arn": {"ctkms:unknown": "later"}}
	given := testing.of_key({"policy": testing.store_policy, "event_data_stores": {"planned": store}})
	found := organization_key.findings with input as given
	found == set()
}

test_says_nothing_of_a_store_of_which_nobody_says_that_it_is_an_organizations if {
	given := testing.of(testing.store_policy)
	expected := object.union(testing.store_with({}), _managed_by("222222222222"))
	found := organization_key.findings with input as given with data.expected as expected
	found == set()
}
