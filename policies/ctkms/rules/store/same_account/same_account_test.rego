package ctkms.rules.store.same_account_test

import data.ctkms.rules.store.same_account
import data.ctkms.testing_test as testing

_foreign := "arn:aws:cloudtrail:us-east-1:222222222222:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE"

_foreign_store(members) := {"keys": {testing.key: {}}, "event_data_stores": {_foreign: object.union(
	{"key": testing.key},
	members,
)}}

test_passes_in_one_account if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	found := same_account.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

test_fails_across_accounts if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	found := same_account.findings with input as given with data.expected as _foreign_store({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"the key is in account 111111111111, event data store ",
				"arn:aws:cloudtrail:us-east-1:222222222222:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"in account 222222222222: AWS does not support that",
			]),
			"path": [],
			"remediation": "Encrypt the event data store with a key of its own account.",
			"rule": "CT-EDS-SAME-ACCT",
			"statement": null,
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:222222222222:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail-update-trail.html",
			]),
		},
	}
}

test_leaves_an_organizations_store_to_its_own_rule if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	expected := _foreign_store({"organization": true})
	found := same_account.findings with input as given with data.expected as expected
	found == set()
}

test_fails_where_the_key_is_the_management_accounts_and_the_store_is_not if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	expected := object.union(
		_foreign_store({"organization": true}),
		{"organization": {"management_account": "111111111111"}},
	)
	found := same_account.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"the key is in account 111111111111, event data store ",
				"arn:aws:cloudtrail:us-east-1:222222222222:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"in account 222222222222: AWS does not support that",
			]),
			"path": [],
			"remediation": concat("", [
				"Check the ARN of the event data store: an organization's store belongs to the ",
				"management account.",
			]),
			"rule": "CT-EDS-SAME-ACCT",
			"statement": null,
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:222222222222:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail-update-trail.html",
			]),
		},
	}
}

test_cannot_compare_without_the_keys_arn if {
	given := testing.of_key({"arn": null})
	expected := {"event_data_stores": {_foreign: null}}
	found := same_account.findings with input as given with data.expected as expected
	found == set()
}

# A store of a plan, whose ARN is known in part.
_planned(arn) := testing.of_key({
	"policy": testing.store_policy,
	"event_data_stores": {"planned": {"arn": {"ctkms:unknown": "later", "ctkms:like": arn}}},
})

test_a_store_of_which_the_account_is_known if {
	here := _planned("arn:aws:cloudtrail:*:111111111111:*")
	same := same_account.findings with input as here
	same == set()
	there := _planned("arn:aws:cloudtrail:*:222222222222:*")
	other := {finding.subject | some finding in same_account.findings} with input as there
	other == {"planned"}
}

test_a_store_of_which_the_account_is_not_known if {
	given := _planned("arn:aws:cloudtrail:us-east-1:*:*")
	found := same_account.findings with input as given
	found == set()
	open := same_account.not_evaluated with input as given
	open == {{"rule": "CT-EDS-SAME-ACCT", "why": "nobody says in which account event data store planned is"}}
}

test_is_evaluated_where_the_account_of_the_store_is_known if {
	given := testing.of(testing.store_policy)
	found := same_account.not_evaluated with input as given with data.expected as testing.store_with({})
	found == set()
}
