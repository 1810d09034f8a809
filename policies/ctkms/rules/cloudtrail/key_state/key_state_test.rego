package ctkms.rules.cloudtrail.key_state_test

import data.ctkms.rules.cloudtrail.key_state
import data.ctkms.testing_test as testing

_with(metadata) := {"keys": {testing.key: {"metadata": metadata}}}

test_passes_on_a_key_that_is_enabled if {
	given := testing.of(testing.trail_policy)
	expected := _with({"state": "Enabled", "account": "111111111111", "region": "us-east-1"})
	found := key_state.findings with input as given with data.expected as expected
	found == set()
}

test_passes_on_a_key_that_is_updating if {
	given := testing.of(testing.trail_policy)
	found := key_state.findings with input as given with data.expected as _with({"state": "Updating"})
	found == set()
}

test_fails_on_a_key_that_is_disabled if {
	given := testing.of(testing.trail_policy)
	found := key_state.findings with input as given with data.expected as _with({"state": "Disabled"})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": "the key's state is Disabled: CloudTrail can neither encrypt nor decrypt with it",
			"path": [],
			"remediation": "Enable the key (aws kms enable-key).",
			"rule": "CT-KEY-STATE",
			"statement": null,
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail-update-trail.html",
			]),
		},
	}
}

test_fails_on_a_state_of_another_name if {
	given := testing.of(testing.trail_policy)
	found := key_state.findings with input as given with data.expected as _with({"state": "Unavailable"})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"the key's state is Unavailable: CloudTrail can neither encrypt nor decrypt ",
				"with it",
			]),
			"path": [],
			"remediation": "Bring the key into the state Enabled, or use another key.",
			"rule": "CT-KEY-STATE",
			"statement": null,
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail-update-trail.html",
			]),
		},
	}
}

test_fails_on_metadata_of_another_key if {
	given := testing.of(testing.trail_policy)
	expected := _with({
		"state": "Enabled",
		"account": "222222222222",
		"region": "us-east-2",
		"arn": "arn:aws:kms:us-east-1:111111111111:key/other",
	})
	found := key_state.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"the metadata in the expectations are of another key: their account is ",
				"222222222222, that of this key 111111111111",
			]),
			"path": [],
			"remediation": "Give the metadata that aws kms describe-key prints for this key.",
			"rule": "CT-KEY-STATE",
			"statement": null,
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail-update-trail.html",
			]),
		},
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"the metadata in the expectations are of another key: their arn is ",
				"arn:aws:kms:us-east-1:111111111111:key/other, that of this key ",
				"arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab",
			]),
			"path": [],
			"remediation": "Give the metadata that aws kms describe-key prints for this key.",
			"rule": "CT-KEY-STATE",
			"statement": null,
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail-update-trail.html",
			]),
		},
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"the metadata in the expectations are of another key: their region is ",
				"us-east-2, that of this key us-east-1",
			]),
			"path": [],
			"remediation": "Give the metadata that aws kms describe-key prints for this key.",
			"rule": "CT-KEY-STATE",
			"statement": null,
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail-update-trail.html",
			]),
		},
	}
}

test_is_evaluated_where_the_state_is_given if {
	given := testing.of(testing.trail_policy)
	found := key_state.not_evaluated with input as given with data.expected as _with({"state": "Enabled"})
	found == set()
}

test_is_not_evaluated_without_a_state if {
	given := testing.of(testing.trail_policy)
	found := key_state.not_evaluated with input as given with data.expected as _with({"state": 3})
	found == {
		{
			"rule": "CT-KEY-STATE",
			"why": "the expectations do not give the key's state (metadata)",
		},
	}
}

test_finds_nothing_in_a_state_that_is_no_text if {
	found := key_state.findings with input as testing.of(testing.trail_policy) with data.expected as _with({"state": 3})
	found == set()
}

test_says_what_helps_in_each_state if {
	deleted := key_state.findings with input as testing.of(testing.trail_policy)
		with data.expected as _with({"state": "PendingDeletion"})
	deleted == {_unusable(
		"PendingDeletion",
		"Cancel the deletion (aws kms cancel-key-deletion) and enable the key; its data is lost with it.",
	)}
	empty := key_state.findings with input as testing.of(testing.trail_policy)
		with data.expected as _with({"state": "PendingImport"})
	empty == {_unusable("PendingImport", "Import the key material.")}
}

_unusable(state, remediation) := {
	"key": testing.key,
	"level": "error",
	"msg": sprintf("the key's state is %v: CloudTrail can neither encrypt nor decrypt with it", [state]),
	"path": [],
	"remediation": remediation,
	"rule": "CT-KEY-STATE",
	"statement": null,
	"subject": null,
	"url": concat("", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/",
		"create-kms-key-policy-for-cloudtrail-update-trail.html",
	]),
}
