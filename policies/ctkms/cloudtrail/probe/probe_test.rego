package ctkms.cloudtrail.probe_test

import data.ctkms.cloudtrail.probe
import data.ctkms.expectations
import data.ctkms.policy
import data.ctkms.testing_test as testing

_statements := policy.statements(testing.trail_policy)

_role := "arn:aws:iam::111111111111:role/KeyAdmin"

_topic_key := "arn:aws:kms:us-east-1:111111111111:key/5678efab-34cd-56ef-78ab-567890abcdef"

_uses(arn) := {
	"trails": expectations.using("trails", arn),
	"stores": expectations.using("event_data_stores", arn),
	"topics": expectations.notifying(arn),
	"copies": expectations.copying(arn, expectations.using("trails", arn)),
}

_principals(probes, capability) := {one.principal | some one in object.get(probes, capability, {})}

test_everything_that_is_tried_for_a_trail if {
	expected := testing.trail_with({"readers": {testing.bob: {}}})
	probes := probe.probes(testing.key, _statements, _uses(testing.key)) with data.expected as expected
	{capability: count(by_id) | some capability, by_id in probes} == {
		"encrypt": 1,
		"describe": 1,
		"decrypt_service": 1,
		"read": 1,
		"stranger": 6,
		"stranger_store": 3,
		"administer": 2,
		"contextless": 1,
		"unlisted": 1,
	}
	every capability, by_id in probes {
		every id, one in by_id {
			one.id == id
			one.capability == capability
			one.request.resource == testing.key
		}
	}
}

test_everything_that_is_tried_for_a_store if {
	expected := testing.store_with({"users": {testing.bob: {}}})
	statements := policy.statements(testing.store_policy)
	probes := probe.probes(testing.key, statements, _uses(testing.key)) with data.expected as expected
	object.keys(probes) == {"encrypt", "decrypt_service", "describe", "use", "stranger", "unlisted_user", "administer"}
}

test_without_expectations_administrators_and_other_accounts_are_tried if {
	probes := probe.probes(testing.key, _statements, _uses(testing.key)) with data.expected as {}
	object.keys(probes) == {"administer", "foreigner"}
}

test_strangers_are_tried_where_a_statement_is_for_everyone if {
	statements := policy.statements(testing.policy([testing.but(testing.root, {"Principal": "*"})]))
	probes := probe.probes(testing.key, statements, _uses(testing.key)) with data.expected as {}
	{capability: count(by_id) | some capability, by_id in probes} == {"anyone": 16, "insider": 3, "administer": 1}
}

_everyone_like(patterns) := policy.statements(testing.policy([testing.but(testing.reader, {
	"Principal": "*",
	"Condition": {"StringLike": {"aws:PrincipalArn": patterns}},
})]))

test_a_pattern_may_stand_for_a_crowd_in_each_account if {
	expected := object.union(testing.trail_with({"readers": {testing.bob: {}}}), {"accounts": {"222222222222": {}}})
	uses := _uses(testing.key) with data.expected as expected
	probes := probe.probes(testing.key, _everyone_like(["*Security"]), uses) with data.expected as expected
	{one.principal | some one in probes.unlisted; one.kind == "pattern"} == {
		"arn:aws:iam::111111111111:role/Security",
		"arn:aws:iam::222222222222:role/Security",
	}
	not "untried" in object.keys(probes)
}

test_of_too_many_crowds_some_are_tried_and_that_is_said if {
	expected := testing.trail_with({"readers": {testing.bob: {}}})
	uses := _uses(testing.key) with data.expected as expected
	statements := _everyone_like([sprintf("*%v", [number]) | some number in numbers.range(1, 2000)])
	probes := probe.probes(testing.key, statements, uses) with data.expected as expected
	{one.untried | some one in probes.untried; contains(one.untried, "listed")} == {concat(" ", [
		"whether people who are not listed get in:",
		"the policy names more than are tried",
	])}
}

test_a_policy_of_an_unknown_key if {
	expected := {"trails": {testing.trail: {}}}
	probes := probe.probes(null, _statements, _uses(null)) with data.expected as expected
	every _, by_id in probes {
		every _, one in by_id {
			one.request.resource == {"ctkms:unknown": "nobody says which key the policy belongs to"}
		}
	}
	_principals(probes, "administer") == {"arn:aws:iam::111111111111:root", testing.bob}
}

test_trails_of_accounts_that_may_encrypt if {
	expected := {
		"keys": {testing.key: {"encrypting_accounts": {"222222222222": {}}}},
		"trails": {testing.trail: {"key": testing.key}},
	}
	probes := probe.probes(testing.key, [], _uses(testing.key)) with data.expected as expected
	[[one.id, one.subject, one.request.context["aws:SourceArn"]] | some one in probes.encrypt_account] == [[
		"222222222222 encrypt",
		"arn:aws:cloudtrail:*:222222222222:trail/*",
		"arn:aws:cloudtrail:us-east-1:222222222222:trail/ctkms-any-trail",
	]]
	of_account := {[one.id, one.what] |
		some capability in ["describe", "decrypt_service"]
		some one in probes[capability]
		one.subject == "arn:aws:cloudtrail:*:222222222222:trail/*"
	}
	of_account == {
		["222222222222 describe", "CloudTrail reads the key's properties for a trail of account 222222222222"],
		["222222222222 decrypt_service", "CloudTrail decrypts for a trail of account 222222222222"],
	}
	probe.account_subjects(null) == {}
}

test_strangers_are_tried_wherever_anybody_says_whom_to_expect if {
	accounts := {"keys": {testing.key: {"encrypting_accounts": {"222222222222": {}}}}}
	every expected in [accounts, testing.store_with({}), testing.trail_with({})] {
		probes := probe.probes(testing.key, [], _uses(testing.key)) with data.expected as expected
		"999999999999" in {expectations.account(one.subject) | some one in probes.stranger}
	}
}

test_no_trail_of_an_account_that_may_encrypt_is_a_stranger if {
	named := policy.statements(testing.policy([testing.but(testing.encrypt, {
		"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:222222222222:trail/*"}},
	})]))
	expected := testing.trail_with({})
	strangers := {one.subject |
		some one in probe.probes(testing.key, named, _uses(testing.key)).stranger
	} with data.expected as expected
	"arn:aws:cloudtrail:us-east-1:222222222222:trail/ctkms-stranger" in strangers
	allowed := object.union(expected, {"keys": {testing.key: {"encrypting_accounts": {"222222222222": {}}}}})
	others := {one.subject |
		some one in probe.probes(testing.key, named, _uses(testing.key)).stranger
	} with data.expected as allowed
	not "arn:aws:cloudtrail:us-east-1:222222222222:trail/ctkms-stranger" in others
}

test_the_key_of_a_topic if {
	expected := {"trails": {testing.trail: {"key": testing.key, "sns_key": _topic_key}}}
	probes := probe.probes(_topic_key, [], _uses(_topic_key)) with data.expected as expected
	{[one.subject, one.request.action] | some one in probes.notify} == {
		[testing.trail, "kms:GenerateDataKey"],
		[testing.trail, "kms:Decrypt"],
	}
	other := probe.probes(testing.key, [], _uses(testing.key)) with data.expected as expected
	not "notify" in object.keys(other)
	odd := {"trails": {testing.trail: "nonsense"}}
	nonsense := probe.probes(testing.key, [], _uses(testing.key)) with data.expected as odd
	not "notify" in object.keys(nonsense)
}

test_administrators_are_the_account_the_declared_and_the_named if {
	expected := {"keys": {testing.key: {"administrators": {_role: {}}}}}
	probes := probe.probes(testing.key, _statements, _uses(testing.key)) with data.expected as expected
	_principals(probes, "administer") == {"arn:aws:iam::111111111111:root", _role, testing.bob}
}

test_readers_who_also_query_a_store_need_no_context if {
	expected := object.union(
		testing.trail_with({"readers": {testing.bob: {}, testing.alice: {}}}),
		{"event_data_stores": {testing.store: {"key": testing.key, "users": {testing.bob: {}}}}},
	)
	probes := probe.probes(testing.key, _statements, _uses(testing.key)) with data.expected as expected
	_principals(probes, "contextless") == {testing.alice}
}

test_nobody_is_unlisted_where_nobody_is_listed if {
	expected := testing.trail_with({})
	probes := probe.probes(testing.key, _statements, _uses(testing.key)) with data.expected as expected
	not "unlisted" in object.keys(probes)
}

_reading(object_pattern) := policy.statements(testing.policy([testing.but(testing.reader, {"Condition": {"StringLike": {
	"kms:EncryptionContext:aws:s3:arn": object_pattern,
}}})]))

test_what_the_conditions_look_at if {
	probe.heeds(_statements) == {"object": false, "context": true} with data.expected as {}
	probe.heeds(_reading("arn:aws:s3:::logs/*")) == {"object": true, "context": true} with data.expected as {}
	companion := {"Condition": {"Null": {"kms:EncryptionContext:AWS:s3:ARN": "false"}}}
	expected := {"principals": {testing.alice: {"identity_policies": {"read": companion}}}}
	probe.heeds([]) == {"object": true, "context": true} with data.expected as expected
	probe.heeds([]) == {"object": false, "context": false} with data.expected as {}
}

test_someone_unlisted_is_tried_with_and_without_a_bucket_key if {
	readers := {testing.alice: {}}
	expected := testing.trail_with({"bucket": {"name": "logs"}, "log_file_validation": false, "readers": readers})
	uses := _uses(testing.key) with data.expected as expected
	probes := probe.probes(testing.key, _reading("arn:aws:s3:::logs/*"), uses) with data.expected as expected
	[one.id | some one in probes.unlisted] == [
		sprintf("unlisted %v read by %v", [testing.trail, testing.bob]),
		sprintf("unlisted %v read by %v (bucket-level key)", [testing.trail, testing.bob]),
	]
}

test_the_parts_are_all_that_is_tried if {
	expected := object.union(testing.trail_with({"readers": {testing.bob: {}}}), {"event_data_stores": {testing.store: {
		"key": testing.key,
		"users": {testing.bob: {}},
	}}})
	uses := _uses(testing.key) with data.expected as expected
	made := probe.probes(testing.key, _statements, uses) with data.expected as expected
	found := [probe.part_of_probes(part, testing.key, _statements, uses) |
		some part in data.ctkms.cloudtrail.probe.parts
	] with data.expected as expected
	object.union_n(found) == made
	count([1 | some part in found; count(part) > 0]) > 3
}

test_the_same_trail_of_an_account_that_may_own_it_is_no_stranger if {
	named := "arn:aws:cloudtrail:us-east-1:222222222222:trail/management-events"
	statements := policy.statements(testing.policy([testing.but(testing.encrypt, {"Condition": {"StringEquals": {
		"aws:SourceArn": named,
	}}})]))
	every case in [[{}, {named}], [{"owner_assumed": true}, set()]] {
		uses := object.union(_uses(testing.key), {"trails": {testing.trail: case[0]}})
		subjects := {one.subject | some one in probe.probes(testing.key, statements, uses).stranger}
		subjects & {named} == case[1]
	}
}
