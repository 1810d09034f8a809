package ctkms.people_test

import data.ctkms.people
import data.ctkms.testing_test as testing

_xacct := testing.but(testing.reader, {"Principal": {"AWS": "arn:aws:iam::222222222222:root"}})

_needing(expected) := groups[0] if {
	document := testing.of(testing.policy([_xacct]))
	groups := people.groups("read", "needs_iam_policy") with input as document with data.expected as expected
}

test_requests_of_one_person_are_one_group if {
	document := testing.of(testing.policy([testing.root]))
	expected := testing.store_with({"users": {testing.bob: {}}})
	groups := people.groups("use", "needs_iam_policy") with input as document with data.expected as expected
	[[group.principal, group.subject, group.actions] | some group in groups] == [[
		testing.bob, testing.store, "kms:Decrypt and kms:GenerateDataKey",
	]]
	refused := people.refused("use") with input as document with data.expected as expected
	refused == []
}

test_accounts_of_arns_and_ids if {
	people.account("222222222222") == "222222222222"
	people.account(testing.alice) == "222222222222"
	people.account("22222222222") == ""
	people.account(null) == ""
}

test_foreign_is_told_by_the_key_s_account if {
	document := testing.of(testing.trail_policy)
	people.foreign(testing.alice, testing.trail) with input as document
	not people.foreign(testing.bob, testing.trail) with input as document
	not people.foreign("nobody", testing.trail) with input as document
}

test_without_a_key_the_subject_s_account_tells if {
	document := testing.of_key({"arn": null, "policy": testing.trail_policy})
	people.home(testing.trail) == "111111111111" with input as document
}

test_the_iam_policy_that_is_offered_was_tried if {
	expected := testing.trail_with({"readers": {testing.alice: {}}})
	document := testing.of(testing.policy([_xacct]))
	group := _needing(expected)
	advice := people.advice(group) with input as document with data.expected as expected
	statement := {"Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": testing.key}
	advice == sprintf(
		"Give %v an IAM policy with this statement (tried: the requests are then allowed): %v",
		[testing.alice, json.marshal(statement)],
	)
	delegation := people.delegation(group) with input as document
	delegation == concat(" ", [
		"statement 1 (EnableCloudTrailLogDecryptPermissions) leaves it to the IAM policies of",
		"account 222222222222",
	])
	people.lack(group) == "the expectations give none"
}

test_policies_that_do_not_allow_are_told_from_none if {
	base := testing.trail_with({"readers": {testing.alice: {}}})
	expected := object.union(base, {"principals": {testing.alice: {"identity_policies": {"none": {"Statement": []}}}}})
	group := _needing(expected)
	people.has_policies(group)
	people.lack(group) == "those that the expectations give do not allow it"
}
