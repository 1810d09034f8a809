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

_let_in(statements) := {arn | some arn in stranger.trails([testing.trail], _world(statements), "aws", "us-east-1")}

_world(statements) := {
	"statements": statements,
	"foreign": "999999999999",
	"taken": {"111111111111", "222222222222", "333333333333"},
}

_under(condition) := _let_in(_statements(condition))

_statements(condition) := policy.statements(testing.policy([testing.but(testing.encrypt, {"Condition": condition})]))

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
		mentioned := {format_int(999999999999 - i, 10): {} | some i in numbers.range(1, size)}
		accounts := object.union(mentioned, {"999999999999": {}})
		foreign := stranger.foreign_account([]) with data.expected as {"accounts": accounts}
		not foreign in object.keys(accounts)
		regex.match(`^[0-9]{12}$`, foreign)
	}
}

test_an_account_field_with_some_digits_is_filled_too if {
	_trails("arn:aws:cloudtrail:*:1*:trail/*") == {
		_foreign,
		_other,
		"arn:aws:cloudtrail:us-east-1:199999999999:trail/ctkms-stranger",
	}
}

test_a_wildcard_may_stand_for_several_parts if {
	every pattern in ["*:trail/org", "*/org", "arn:aws:cloudtrail:*:trail/org"] {
		_under({"StringLike": {"aws:SourceArn": pattern}}) == {
			_foreign,
			_other,
			"arn:aws:cloudtrail:us-east-1:999999999999:trail/org",
		}
	}
	_under({"StringLike": {"aws:SourceArn": "*org"}}) == {
		_foreign,
		_other,
		"arn:aws:cloudtrail:us-east-1:999999999999:trail/org",
	}
}

test_a_wildcard_may_stand_for_more_than_the_name if {
	every pattern, name in {
		"*": "trail/ctkms-stranger",
		"*-events": "trail/ctkms-stranger-events",
		"t*s": "trail/ctkms-strangers",
		"trai*s": "trail/ctkms-strangers",
		"trail*": "trail/ctkms-stranger",
		"tr??l*s": "trail/ctkms-strangers",
		"?rail/manage*": "trail/managectkms-stranger",
		"??????other": "trail/other",
		"*ail/management-events*": "trail/management-eventsctkms-stranger",
		"*/other": "trail/other",
		"*trail/other": "trail/other",
	} {
		_trails(sprintf("arn:aws:cloudtrail:us-east-1:111111111111:%v", [pattern])) == {
			_foreign,
			_other,
			sprintf("arn:aws:cloudtrail:us-east-1:111111111111:%v", [name]),
		}
	}
	_under({"StringLike": {"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:222222222222*s"}}) == {
		_foreign,
		_other,
		"arn:aws:cloudtrail:us-east-1:222222222222:trail/ctkms-strangers",
	}
}

test_what_only_the_expected_trail_matches_lets_nobody_in if {
	every pattern in [
		"*/management-events",
		"*trail/management-events",
		"t?ail/management-events",
		"trail?management-events",
		"trail/management-events",
		"?ail/management-events",
		"eventdatastore*",
		"*eventdatastore/x",
		"?ventdatastore/x",
	] {
		_trails(sprintf("arn:aws:cloudtrail:us-east-1:111111111111:%v", [pattern])) == {_foreign, _other}
	}
}

test_where_the_region_is_open_a_trail_of_the_same_name_gets_in if {
	every name in ["trail/management-events", "*/management-events", "t?ail/management-events"] {
		_trails(sprintf("arn:aws:cloudtrail:*:111111111111:%v", [name])) == {
			_foreign,
			_other,
			"arn:aws:cloudtrail:ctkms-stranger:111111111111:trail/management-events",
		}
	}
	_trails("arn:aws:cloudtrail:*:222222222222:trail/other") == {
		_foreign,
		_other,
		"arn:aws:cloudtrail:us-east-1:222222222222:trail/other",
		"arn:aws:cloudtrail:ctkms-stranger:222222222222:trail/other",
	}
	_trails("arn:aws:cloudtrail:*:*:trail/management-events") == {
		_foreign,
		_other,
		"arn:aws:cloudtrail:us-east-1:999999999999:trail/management-events",
	}
}

test_wildcards_that_nobody_heeds_let_nobody_in if {
	_under({"StringEquals": {"aws:SourceArn": "arn:aws:cloudtrail:*:333333333333:trail/*"}}) == {_foreign, _other}
}

test_accounts_of_which_trails_get_in if {
	_under({"StringEquals": {"aws:SourceAccount": ["111111111111", "222222222222"]}}) == {
		_foreign,
		_other,
		"arn:aws:cloudtrail:us-east-1:222222222222:trail/ctkms-stranger",
	}
}

_probes(condition) := stranger.trail_probes([], [_foreign], testing.key, stranger.demands(_statements(condition)), 20)

test_a_strange_trail_tries_all_three_requests if {
	probes := _probes({})
	[probe.request.action | some probe in probes] == ["kms:GenerateDataKey", "kms:DescribeKey", "kms:Decrypt"]
	object.remove(probes[1], ["request"]) == {
		"id": sprintf("stranger %v kms:DescribeKey", [_foreign]),
		"capability": "stranger",
		"subject": _foreign,
		"principal": "cloudtrail.amazonaws.com",
		"expect": "refuse",
		"organization": "",
		"what": sprintf("CloudTrail asks kms:DescribeKey for trail %v, which nobody expects", [_foreign]),
	}
	every probe in probes {
		"aws:SourceOrgID" in probe.request.absent
	}
}

test_a_strange_trail_names_the_bucket_that_is_asked_for if {
	[encrypt, _, decrypt] := _probes({"StringLike": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::logs/*"}})
	encrypt.request.context["kms:EncryptionContext:aws:s3:arn"] == "arn:aws:s3:::logs/ctkms-stranger"
	decrypt.request.context["kms:EncryptionContext:aws:cloudtrail:arn"] == _foreign
}

test_strange_trails_of_organizations if {
	condition := {"StringEquals": {"aws:SourceOrgID": ["o-a1b2c3d4e5", "o-zzzzzzzzzz"]}}
	organizations := {probe.organization | some probe in _probes(condition)}
	organizations == {"", "o-a1b2c3d4e5", "o-zzzzzzzzzz"}
	others := _probes(condition) with data.expected as {"organization": {"id": "o-a1b2c3d4e5"}}
	{object.get(probe.request.context, "aws:SourceOrgID", "") | some probe in others} == {"", "o-zzzzzzzzzz"}
	asked := stranger.demands(_statements(condition))
	own := stranger.trail_probes([_other], [], testing.key, asked, 20)
	count(own) == 3
	not "aws:SourceOrgID" in own[0].request.absent
}

test_the_trails_that_stand_for_many_come_first if {
	world := _world(_with_source("arn:aws:cloudtrail:*:000000000000:trail/*"))
	stranger.trails([testing.trail], world, "aws", "us-east-1") == [
		_other,
		_foreign,
		"arn:aws:cloudtrail:us-east-1:000000000000:trail/ctkms-stranger",
	]
}

test_of_too_many_some_are_tried_and_that_is_said if {
	account := "arn:aws:cloudtrail:us-east-1:999999999999"
	many := [sprintf("%v:trail/%v", [account, number]) | some number in numbers.range(1, 30)]
	every case in [[many, []], [[], many]] {
		probes := stranger.trail_probes(case[0], case[1], testing.key, [], 20)
		count(probes) == 61
		[probe.untried | some probe in probes; probe.capability == "untried"] == [concat(" ", [
			"whether CloudTrail gets in for trails that nobody expects:",
			"the conditions name more than are tried",
		])]
	}
	probes := stranger.trail_probes(array.slice(many, 0, 10), array.slice(many, 10, 30), testing.key, [], 20)
	count(probes) == 90
	every probe in probes {
		probe.capability == "stranger"
	}
}

test_who_is_expected if {
	uses := {
		"trails": {
			testing.trail: {
				"readers": {testing.alice: {}},
				"bucket": {"account": "333333333333"},
			},
			"another": {"bucket": {"name": "of an account that nobody tells"}},
		},
		"copies": {testing.store: {"arn:aws:iam::888888888888:role/Copy": {}}},
		"stores": {testing.store: {"users": {"arn:aws:iam::444444444444:role/Analyst": {}}}},
	}
	expected := {
		"keys": {testing.key: {
			"administrators": {"arn:aws:iam::555555555555:role/Admin": {}},
			"encrypting_accounts": {"666666666666": {}},
		}},
		"principals": {testing.alice: {"assumed_by": {"arn:aws:iam::777777777777:root": {}}}},
	}
	accounts := stranger.expected_accounts(testing.key, [], uses) with data.expected as expected
	every digit in ["2", "3", "4", "5", "6", "7", "8"] {
		replace("dddddddddddd", "d", digit) in accounts
	}
	every account in accounts {
		is_string(account)
	}
}
