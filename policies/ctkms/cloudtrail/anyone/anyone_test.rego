package ctkms.cloudtrail.anyone_test

import data.ctkms.cloudtrail.anyone
import data.ctkms.policy
import data.ctkms.testing_test as testing

_probes(statements) := _sampled(statements, 100)

_sampled(statements, most) := anyone.probes(testing.key, testing.key, {
	"statements": raw,
	"open": anyone.open_statements(raw),
	"foreign": "999999999999",
	"expected": {"111111111111"},
	"taken": {"111111111111", "222222222222"},
	"most": most,
}) if {
	raw := policy.statements(testing.policy(statements))
}

_everyone(condition) := {
	"Effect": "Allow",
	"Principal": "*",
	"Action": "kms:Decrypt",
	"Resource": "*",
	"Condition": condition,
}

test_a_caller_of_an_account_that_nobody_mentions if {
	[probe] := _probes([testing.root, _everyone({})])
	object.remove(probe, ["request"]) == {
		"id": "anyone 1 kms:Decrypt arn:aws:iam::999999999999:user/ctkms-stranger ",
		"capability": "anyone",
		"subject": null,
		"principal": "arn:aws:iam::999999999999:user/ctkms-stranger",
		"expect": "refuse",
		"what": "a caller of any other account asks kms:Decrypt",
		"statement": 1,
		"from": "world",
	}
	probe.request.context == {
		"aws:PrincipalArn": "arn:aws:iam::999999999999:user/ctkms-stranger",
		"aws:PrincipalAccount": "999999999999",
		"aws:PrincipalIsAWSService": "false",
		"aws:RequestedRegion": "us-east-1",
		"aws:ResourceAccount": "111111111111",
		"aws:SecureTransport": "true",
		"kms:CallerAccount": "999999999999",
		"kms:MultiRegion": "false",
	}
	"aws:PrincipalOrgID" in probe.request.absent
}

test_a_caller_brings_what_is_asked_for if {
	[probe] := _probes([_everyone({
		"StringLike": {
			"kms:EncryptionContext:aws:cloudtrail:arn": ["arn:aws:cloudtrail:*:111111111111:trail/*"],
			"aws:UserAgent": ["*", "cli"],
		},
		"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"},
		"Null": {"aws:PrincipalTag/team": "false"},
	})])
	probe.request.context["kms:EncryptionContext:aws:cloudtrail:arn"] == concat(":", [
		"arn:aws:cloudtrail", "ctkms-stranger", "111111111111", "trail/ctkms-stranger",
	])
	probe.request.context["kms:EncryptionContextKeys"] == ["aws:cloudtrail:arn"]
	probe.request.context["aws:UserAgent"] == "cli"
	probe.request.context["kms:ViaService"] == "s3.us-east-1.amazonaws.com"
	probe.request.context["aws:PrincipalTag/team"] == "ctkms-stranger"
}

test_a_statement_for_others_is_not_tried if {
	_probes([testing.root, testing.decrypt, testing.but(_everyone({}), {"Effect": "Deny"})]) == []
	_probes([testing.but(_everyone({}), {"Principal": {"Service": "*"}})]) == []
}

test_people_of_accounts_that_nobody_expects_are_tried_for_each_use if {
	entry := {"index": 0, "statement": {
		"Effect": "Allow",
		"Principal": {"AWS": ["999999999999", "arn:aws:iam::111111111111:user/Bob"]},
		"Action": ["kms:CreateGrant", "kms:PutKeyPolicy"],
		"Resource": "*",
	}}
	world := {
		"statements": [entry],
		"open": [],
		"foreign": "999999999998",
		"expected": {"111111111111"},
		"taken": set(),
		"most": 20,
	}
	probes := anyone.probes(testing.key, testing.key, world)
	[[one.capability, one.principal, one.request.action] | some one in probes] == [[
		"foreigner",
		"arn:aws:iam::999999999999:root",
		"kms:CreateGrant",
	]]
	known := object.union(world, {"expected": {"111111111111", "999999999999"}})
	anyone.probes(testing.key, testing.key, known) == []
}

# Which statements are tried how often, and what is said to be untried.
_tried(statements, most) := {
	"tried": [one.statement | some one in probes; one.capability == "anyone"],
	"untried": [one.untried | some one in probes; one.capability == "untried"],
} if {
	probes := _sampled(statements, most)
}

_more := "whether callers whom nobody expects get in: the policy names more than are tried"

test_of_too_many_callers_some_are_tried_and_that_is_said if {
	accounts := [sprintf("3333333333%v", [number]) | some number in numbers.range(10, 30)]
	condition := {"StringEquals": {"kms:CallerAccount": accounts}}
	_tried([_everyone(condition)], 20) == {"tried": [0 | some _ in numbers.range(1, 5)], "untried": [_more]}
	_tried([_everyone(condition)], 200) == {"tried": [0 | some _ in numbers.range(1, 22)], "untried": []}
}

test_of_too_many_statements_for_everyone_some_are_tried_and_that_is_said if {
	six := [_everyone({}) | some _ in numbers.range(1, 6)]
	_tried(six, 20) == {"tried": numbers.range(0, 4), "untried": [_more]}
	_tried(six, 24) == {"tried": numbers.range(0, 5), "untried": []}
}

test_statements_that_allow_nothing_of_what_is_tried_take_no_place if {
	harmless := object.union(_everyone({}), {"Action": "kms:ListAliases"})
	statements := array.concat([harmless | some _ in numbers.range(1, 6)], [_everyone({})])
	_tried(statements, 20) == {"tried": [6], "untried": []}
}

test_of_too_many_patterns_some_are_tried_and_that_is_said if {
	patterns := [sprintf("arn:aws:iam::*:role/a%v*", [number]) | some number in numbers.range(1, 30)]
	found := _tried([_everyone({"ArnLike": {"aws:PrincipalArn": patterns}})], 20)
	found.untried == [_more]
}

test_patterns_of_expected_accounts_take_no_place if {
	own := [sprintf("arn:aws:iam::111111111111:role/a%v*", [number]) | some number in numbers.range(1, 30)]
	everywhere := {"ArnLike": {"aws:PrincipalArn": array.concat(own, ["arn:aws:iam::*:role/reader"])}}
	probes := _sampled([_everyone(everywhere)], 20)
	"arn:aws:iam::999999999999:role/reader" in {one.principal | some one in probes}
	[one | some one in probes; one.capability == "untried"] == []
}
