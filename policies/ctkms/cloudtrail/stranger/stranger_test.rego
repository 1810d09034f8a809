package ctkms.cloudtrail.stranger_test

import data.ctkms.cloudtrail.stranger
import data.ctkms.policy
import data.ctkms.testing_test as testing

_foreign := "arn:aws:cloudtrail:us-east-1:999999999999:trail/ctkms-stranger"

_other := "arn:aws:cloudtrail:us-east-1:111111111111:trail/ctkms-stranger"

_with_source(value) := policy.statements(testing.policy([testing.but(
	testing.encrypt,
	{"Condition": {"ArnLike": {"aws:SourceArn": value}}},
)]))

_trails(value) := _let_in(_with_source(value))

_let_in(statements) := stranger.trails([testing.trail], statements, "aws", "us-east-1", "999999999999")

test_a_foreign_trail_and_another_of_the_own_account_are_always_tried if {
	_trails(testing.trail) == {_foreign, _other}
	_trails(3) == {_foreign, _other}
}

test_patterns_are_filled_with_what_nobody_expects if {
	_trails("arn:aws:cloudtrail:*:111111111111:trail/management-*") == {
		_foreign,
		_other,
		"arn:aws:cloudtrail:us-east-1:111111111111:trail/management-ctkms-stranger",
	}
	_trails("arn:*:*:eu-west-1:222222222222:trail/a?") == {
		_foreign,
		_other,
		"arn:aws:cloudtrail:eu-west-1:222222222222:trail/ax",
	}
	_trails("arn:aws:cloudtrail:us-east-1:*:*") == {_foreign, _other}
}

test_a_trail_that_the_policy_names_and_nobody_expects if {
	_trails(["arn:aws:cloudtrail:us-east-1:333333333333:trail/old"]) == {
		_foreign,
		_other,
		"arn:aws:cloudtrail:us-east-1:333333333333:trail/old",
	}
}

test_what_is_no_trail_is_not_tried if {
	others := ["*", "arn:aws:s3:::bucket", "arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/x"]
	_trails(others) == {_foreign, _other}
}

test_deny_statements_let_nobody_in if {
	statements := policy.statements(testing.policy([testing.but(testing.encrypt, {
		"Effect": "Deny",
		"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:333333333333:trail/old"}},
	})]))
	_let_in(statements) == {_foreign, _other}
}

test_the_foreign_account_is_one_that_nobody_mentions if {
	first := stranger.foreign_account([]) with data.expected as {}
	first == "999999999999"
	second := stranger.foreign_account([]) with data.expected as {"accounts": {"999999999999": {}}}
	second == "999999999998"
	third := stranger.foreign_account(_with_source(_foreign)) with data.expected as {"accounts": {"999999999998": {}}}
	third == "999999999997"
}

test_however_many_accounts_are_mentioned_there_is_a_foreign_one if {
	every size in [0, 1, 5, 40] {
		all := {format_int(999999999999 - i, 10): {} | some i in numbers.range(1, size)}
		accounts := object.union(all, {"999999999999": {}})
		foreign := stranger.foreign_account([]) with data.expected as {"accounts": accounts}
		not foreign in object.keys(accounts)
		regex.match(`^[0-9]{12}$`, foreign)
	}
}

test_a_strange_trail_tries_all_three_requests if {
	probes := stranger.trail_probes(_foreign, testing.key)
	[probe.request.action | some probe in probes] == ["kms:GenerateDataKey", "kms:DescribeKey", "kms:Decrypt"]
	object.remove(probes[1], ["request"]) == {
		"id": sprintf("stranger %v kms:DescribeKey", [_foreign]),
		"capability": "stranger",
		"subject": _foreign,
		"principal": "cloudtrail.amazonaws.com",
		"expect": "refuse",
		"what": sprintf("CloudTrail asks kms:DescribeKey for trail %v, which nobody expects", [_foreign]),
	}
}
