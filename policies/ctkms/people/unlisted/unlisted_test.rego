package ctkms.people.unlisted_test

import data.ctkms.people.unlisted
import data.ctkms.testing_test as testing

_carol := "arn:aws:iam::111111111111:user/Carol"

_readers := testing.trail_with({"readers": {testing.bob: {}}})

_read_by(names) := testing.of(testing.policy([
	testing.root,
	testing.but(testing.reader, {"Principal": {"AWS": names}}),
]))

test_whom_the_policy_names_and_nobody_lists if {
	found := unlisted.found("unlisted") with input as _read_by([testing.bob, _carol]) with data.expected as _readers
	[[one.principal, one.subject, one.path, one.says, one.entry.index] | some one in found] == [[
		_carol, testing.trail, ["Principal", "AWS", 1], "lets", 1,
	]]
}

test_administrators_and_the_own_account_are_left_out if {
	expected := object.union(_readers, {"keys": {testing.key: {"administrators": {_carol: {}}}}})
	given := _read_by([_carol, "111111111111"])
	found := unlisted.found("unlisted") with input as given with data.expected as expected
	found == []
}

test_accounts_of_listed_people_are_left_out if {
	assuming := {"principals": {testing.bob: {"assumed_by": {"arn:aws:iam::333333333333:root": {}}}}}
	expected := object.union(testing.trail_with({"readers": {testing.bob: {}, testing.alice: {}}}), assuming)
	given := _read_by(["222222222222", "333333333333", "444444444444"])
	found := unlisted.found("unlisted") with input as given with data.expected as expected
	[one.principal | some one in found] == ["arn:aws:iam::444444444444:root"]
}
