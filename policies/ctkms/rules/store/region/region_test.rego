package ctkms.rules.store.region_test

import data.ctkms.rules.store.region
import data.ctkms.testing_test as testing

test_passes_in_one_region if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	found := region.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

test_fails_across_regions if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	expected := {
		"keys": {testing.key: {}},
		"event_data_stores": {"arn:aws:cloudtrail:us-east-2:111111111111:eventdatastore/a": null},
	}
	found := region.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"the key is in Region us-east-1, event data store ",
				"arn:aws:cloudtrail:us-east-2:111111111111:eventdatastore/a in Region us-east-2",
			]),
			"path": [],
			"remediation": concat("", [
				"Encrypt the event data store with a key (or a multi-Region replica) in ",
				"us-east-2; each replica has a policy of its own.",
			]),
			"rule": "CT-EDS-REGION",
			"statement": null,
			"subject": "arn:aws:cloudtrail:us-east-2:111111111111:eventdatastore/a",
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail-update-trail.html",
			]),
		},
	}
}

test_cannot_compare_without_the_keys_arn if {
	given := testing.of_key({"arn": null})
	expected := {"event_data_stores": {testing.store: null}}
	found := region.findings with input as given with data.expected as expected
	found == set()
}

# A store of a plan, whose ARN is known in part.
_planned(arn) := testing.of_key({
	"policy": testing.store_policy,
	"event_data_stores": {"planned": {"arn": {"ctkms:unknown": "later", "ctkms:like": arn}}},
})

test_a_store_of_which_the_region_is_known if {
	here := _planned("arn:aws:cloudtrail:us-east-1:*:*")
	same := region.findings with input as here
	same == set()
	there := _planned("arn:aws:cloudtrail:us-east-2:*:*")
	other := {finding.msg | some finding in region.findings} with input as there
	other == {"the key is in Region us-east-1, event data store planned in Region us-east-2"}
}

test_a_store_of_which_the_region_is_not_known if {
	given := _planned("arn:aws:cloudtrail:*:111111111111:*")
	found := region.findings with input as given
	found == set()
	open := region.not_evaluated with input as given
	open == {{"rule": "CT-EDS-REGION", "why": "nobody says in which Region event data store planned is"}}
}

test_is_evaluated_where_the_region_of_the_store_is_known if {
	given := testing.of(testing.store_policy)
	found := region.not_evaluated with input as given with data.expected as testing.store_with({})
	found == set()
}
