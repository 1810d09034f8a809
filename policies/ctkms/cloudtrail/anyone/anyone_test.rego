package ctkms.cloudtrail.anyone_test

import data.ctkms.cloudtrail.anyone
import data.ctkms.policy
import data.ctkms.testing_test as testing

_probes(statements) := anyone.probes(testing.key, testing.key, {
	"statements": policy.statements(testing.policy(statements)),
	"foreign": "999999999999",
	"expected": {"111111111111"},
	"taken": {"111111111111", "222222222222"},
	"most": 100,
})

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
	world := {"statements": [entry], "foreign": "999999999998", "expected": {"111111111111"}, "taken": set(), "most": 20}
	probes := anyone.probes(testing.key, testing.key, world)
	[[one.capability, one.principal, one.request.action] | some one in probes] == [[
		"foreigner",
		"arn:aws:iam::999999999999:root",
		"kms:CreateGrant",
	]]
	known := object.union(world, {"expected": {"111111111111", "999999999999"}})
	anyone.probes(testing.key, testing.key, known) == []
}

_untried(statements, most) := [[one.statement, object.get(one, "untried", "")] | some one in probes] if {
	probes := anyone.probes(testing.key, testing.key, {
		"statements": policy.statements(testing.policy(statements)),
		"foreign": "999999999999",
		"expected": {"111111111111"},
		"taken": {"111111111111", "222222222222"},
		"most": most,
	})
}

_more := "whether callers whom nobody expects get in: the policy names more than are tried"

test_of_too_many_callers_some_are_tried_and_that_is_said if {
	accounts := [sprintf("3333333333%v", [number]) | some number in numbers.range(10, 30)]
	condition := {"StringEquals": {"kms:CallerAccount": accounts}}
	_untried([_everyone(condition)], 20) == [[0, _more] | some _ in numbers.range(1, 5)]
	_untried([_everyone(condition)], 200) == [[0, ""] | some _ in numbers.range(1, 22)]
}

test_of_too_many_statements_for_everyone_some_are_tried_and_that_is_said if {
	_untried([_everyone({}) | some _ in numbers.range(1, 6)], 20) == [[number, _more] | some number in numbers.range(0, 4)]
	_untried([_everyone({}) | some _ in numbers.range(1, 6)], 24) == [[number, ""] | some number in numbers.range(0, 5)]
}
