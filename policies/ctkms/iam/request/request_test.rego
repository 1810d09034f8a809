package ctkms.iam.request_test

import data.ctkms.iam.request

_unknown := {"ctkms:unknown": "later"}

_key := "arn:aws:kms:us-east-1:111122223333:key/a"

_nothing := {"exact": {}, "starts": []}

test_prepare if {
	request.prepare({
		"principal": "x.amazonaws.com",
		"action": "kms:Decrypt",
		"resource": _key,
		"context": {"A:b": "c"},
		"identity_policies": {"Statement": []},
	}) == {
		"malformed": false,
		"principal": "x.amazonaws.com",
		"written_action": "kms:Decrypt",
		"context": {"keys": {"a:b": ["c"]}, "absent": _nothing, "unknown": _nothing},
		"caller": {
			"kind": "service",
			"id": "x.amazonaws.com",
			"account": "",
			"root": "",
			"role": "",
			"arn": null,
			"names": ["x.amazonaws.com"],
		},
		"action": "kms:decrypt",
		"action_kind": "ok",
		"resource": _key,
		"resource_kind": "arn",
		"account": "111122223333",
		"identity_policies": [{"Statement": []}],
	}
}

test_resources if {
	resources := [
		_key, "*", "arn:aws:kms", _unknown, null, 5, "arn:aws:s3:::b",
		"arn:aws:kms:us-east-1:111122223333", "xrn:aws:kms:us-east-1:111122223333:key/a",
	]
	prepared := [request.prepare({"principal": "*", "action": "a:b", "resource": resource}) | some resource in resources]
	[[one.resource_kind, one.account, one.malformed] | some one in prepared] == [
		["arn", "111122223333", false],
		["other", "", false],
		["other", "", false],
		["unknown", "", false],
		["unknown", "", true],
		["unknown", "", true],
		["arn", "", false],
		["other", "", false],
		["other", "", false],
	]
}

test_actions if {
	actions := ["KMS:x", _unknown, null, ["kms:x"]]
	prepared := [request.prepare({"principal": "*", "action": action, "resource": _key}) | some action in actions]
	[[one.action, one.action_kind, one.malformed] | some one in prepared] == [
		["kms:x", "ok", false],
		["", "unknown", false],
		["", "unknown", true],
		["", "unknown", true],
	]
}

test_what_is_no_request if {
	nobody := {"kind": "unknown", "id": "", "account": "", "root": "", "role": "", "arn": null, "names": [""]}
	every asked in [null, _unknown] {
		request.prepare(asked) == {
			"malformed": asked == null,
			"principal": asked,
			"written_action": asked,
			"context": {"keys": {}, "absent": _nothing, "unknown": {"exact": {}, "starts": [""]}},
			"caller": nobody,
			"action": "",
			"action_kind": "unknown",
			"resource": asked,
			"resource_kind": "unknown",
			"account": "",
			"identity_policies": [],
		}
	}
}

test_any_json_is_accepted if {
	[request.prepare(value).malformed |
		some value in [null, 5, "x", [], {}, {"principal": "*"}]
	] == [true, true, true, true, true, true]
	request.prepare(_unknown).malformed == false
	request.prepare(_unknown).caller.kind == "unknown"
	request.prepare(_unknown).context.unknown == {"exact": {}, "starts": [""]}
	request.prepare(null).identity_policies == []
}

test_what_is_assumed_to_be_absent_may_be_there_for_a_deny if {
	asked := {"principal": "*", "action": "a:b", "resource": _key, "absent": ["aws:a"], "unknown": ["aws:b"]}
	prepared := request.prepare(object.union(asked, {"assumed_absent": ["aws:c*"]}))
	prepared.context == {
		"keys": {},
		"absent": {"exact": {"aws:a": true}, "starts": []},
		"unknown": {"exact": {"aws:b": true}, "starts": []},
		"assumed": {"exact": {}, "starts": ["aws:c"]},
	}
	request.for_deny(prepared).context == {
		"keys": {},
		"absent": {"exact": {"aws:a": true}, "starts": []},
		"unknown": {"exact": {"aws:b": true}, "starts": []},
	}
	request.for_deny(request.prepare(asked)) == request.prepare(asked)
}

_completed(asked) := object.filter(request.completed(asked), ["context", "unknown"])

_people(account) := {
	"aws:PrincipalIsAWSService": "false",
	"aws:PrincipalAccount": account,
	"kms:CallerAccount": account,
}

test_what_follows_from_who_calls if {
	_completed({"principal": "x.amazonaws.com"}) == {
		"context": {"aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": "x.amazonaws.com"},
		"unknown": [],
	}
	kinds := {
		"root": {},
		"user/team/Bob": {"aws:PrincipalType": "User", "aws:username": "Bob"},
		"role/path/Reader": {"aws:PrincipalType": "AssumedRole"},
	}
	every name, identity in kinds {
		arn := sprintf("arn:aws:iam::111122223333:%v", [name])
		_completed({"principal": arn}) == {
			"context": object.union_n([_people("111122223333"), {"aws:PrincipalArn": arn}, identity]),
			"unknown": [],
		}
	}
	_completed({"principal": "111122223333"}) == {
		"context": _people("111122223333"),
		"unknown": ["aws:PrincipalArn"],
	}
	_completed({"principal": "arn:aws:sts::111122223333:assumed-role/Reader/se"}) == {
		"context": object.union(_people("111122223333"), {"aws:PrincipalType": "AssumedRole"}),
		"unknown": ["aws:PrincipalArn"],
	}
	_completed({"principal": "*"}) == {"context": {}, "unknown": []}
}

test_what_the_request_says_itself_holds if {
	said := {
		"principal": "arn:aws:iam::111122223333:user/Bob",
		"context": {"KMS:calleraccount": "1", "aws:x": ["y"]},
		"absent": ["aws:PrincipalIs*"],
		"unknown": ["aws:principalaccount"],
	}
	_completed(said) == {
		"context": {
			"KMS:calleraccount": "1",
			"aws:x": ["y"],
			"aws:PrincipalArn": said.principal,
			"aws:PrincipalType": "User",
			"aws:username": "Bob",
		},
		"unknown": ["aws:principalaccount"],
	}
	given := {"principal": "111122223333", "absent": ["aws:*", "kms:*"]}
	_completed(given) == {"context": {}, "unknown": []}
}

test_what_is_no_request_is_not_completed if {
	every value in [null, 5, {}, {"principal": 7}, {"principal": "*", "context": []}, {"principal": _unknown}] {
		request.completed(value) == value
	}
}
