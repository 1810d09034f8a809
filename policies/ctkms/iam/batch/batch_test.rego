package ctkms.iam.batch_test

import data.ctkms.iam
import data.ctkms.iam.batch

_unknown := {"ctkms:unknown": "later"}

_bob := "arn:aws:iam::111122223333:user/Bob"

_key := "arn:aws:kms:us-east-1:111122223333:key/a"

_statement(changes) := object.union(
	{"Effect": "Allow", "Principal": {"AWS": _bob}, "Action": "kms:Decrypt", "Resource": "*"},
	changes,
)

_where(operator, name, value) := _statement({"Condition": {operator: {name: value}}})

# More than a few for one caller, so that they are looked up.
_policy := {"Version": "2012-10-17", "Statement": [
	_statement({"Principal": {"AWS": "arn:aws:iam::111122223333:user/Alice"}}),
	_where("StringEquals", "aws:SourceArn", "a"),
	_where("StringEquals", "aws:SourceArn", ["b", "c"]),
	_where("StringLike", "aws:sourcearn", "a"),
	_where("ArnEquals", "aws:SourceArn", "arn:aws:cloudtrail:us-east-1:111122223333:trail/a"),
	_where("StringEquals", "aws:SourceAccount", "5"),
	_where("StringEqualsIgnoreCase", "aws:SourceArn", "A"),
	_where("StringNotEquals", "aws:SourceArn", "a"),
	_where("StringEqualsIfExists", "aws:SourceArn", "a"),
	_where("StringLike", "aws:SourceArn", "a*"),
	_where("StringLike", "aws:SourceArn", "*"),
	_where("StringEquals", "aws:SourceArn", ["b", "${aws:username}"]),
	_where("StringEquals", "aws:SourceArn", ["b", _unknown]),
	_where("ForAnyValue:StringEquals", "aws:SourceArn", ["b", "a"]),
	_where("ForAllValues:StringEquals", "aws:SourceArn", ["b", "a"]),
	_where("StringEquals", "aws:SourceArn", [5, []]),
	_statement({"Action": 5}),
	_statement({"Resource": 5}),
	_where("NumericEquals", "aws:SourceArn", "5"),
	object.union(_where("StringEquals", "aws:SourceArn", "a"), {"Effect": "Deny"}),
	_statement({"Effect": "Deny", "Principal": "*", "Action": "kms:GenerateDataKey"}),
	_statement({"Principal": {"AWS": _unknown}, "Condition": {"StringEquals": {"aws:SourceArn": "a"}}}),
	_statement({"NotPrincipal": "*", "Principal": []}),
	_unknown,
	null,
]}

_asked(members) := object.union(
	{"principal": _bob, "action": "kms:Decrypt", "resource": _key, "absent": ["aws:x"], "unknown": ["aws:*"]},
	members,
)

_requests := {
	"a": _asked({"context": {"aws:SourceArn": "a"}}),
	"c, again": _asked({"context": {"AWS:sourceArn": ["c"]}}),
	"both": _asked({"context": {"aws:SourceArn": ["b", "a"]}}),
	"trail": _asked({"context": {"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/a"}}),
	"none of them": _asked({"context": {"aws:SourceArn": "z"}}),
	"a value nobody knows": _asked({"context": {"aws:SourceArn": _unknown}}),
	"in capitals": _asked({"context": {"aws:SourceArn": "A"}}),
	"a number as text": _asked({"context": {"aws:SourceArn": "5.0"}}),
	"a number": _asked({"context": {"aws:SourceAccount": 5}}),
	"a key nobody knows of": _asked({}),
	"no key": _asked({"absent": ["aws:SourceArn"]}),
	"an empty list": _asked({"context": {"aws:SourceArn": []}}),
	"another action": _asked({"action": "kms:GenerateDataKey"}),
	"another caller": _asked({"principal": "arn:aws:iam::111122223333:user/Alice"}),
	"nobody": _asked({"principal": _unknown}),
	"no lists": _asked({"absent": "aws:x", "unknown": null}),
	"malformed": null,
}

test_many_requests_find_what_each_finds_alone if {
	prepared := iam.prepare(_policy)
	together := batch.matches(batch.index(prepared), batch.prepare(_requests))
	together == {id: iam.matches(prepared, iam.ask(request)) | some id, request in _requests}
	count(together.a.allows) > 0
	together["none of them"] != together.a
}

test_many_requests_find_the_denies_that_each_finds_alone if {
	denies := [one | some written in _policy.Statement; one := _denying(written)]
	prepared := iam.prepare({"Version": "2012-10-17", "Statement": denies})
	together := batch.matches(batch.index(prepared), batch.prepare(_requests))
	together == {id: iam.matches(prepared, iam.ask(request)) | some id, request in _requests}
	count(together.a.denies) > 5
}

_denying(statement) := object.union(statement, {"Effect": "Deny"}) if {
	is_object(statement)
} else := statement

test_requests_share_their_names if {
	batch.prepare(_requests) == {id: iam.ask(request) | some id, request in _requests}
}

test_few_statements_are_not_looked_up if {
	prepared := iam.prepare({"Statement": [_where("StringEquals", "aws:SourceArn", "a")]})
	found := batch.matches(batch.index(prepared), batch.prepare(_requests))
	found.a == {"allows": [{"index": 0, "direct": 2, "account": 0}], "denies": []}
	found.nobody == {"allows": [{"index": 0, "direct": 1, "account": 0}], "denies": []}
	found["none of them"] == {"allows": [], "denies": []}
}

test_a_policy_without_statements if {
	batch.matches(batch.index(iam.prepare(null)), batch.prepare(_requests)).a == {"allows": [], "denies": []}
	batch.matches(batch.index(iam.prepare(_policy)), {}) == {}
}

test_the_statements_of_a_caller if {
	indexed := batch.index(iam.prepare(_policy))
	alice := iam.ask({"principal": "arn:aws:iam::111122223333:user/Alice"}).caller
	found := batch.speaking_of(indexed, alice)
	[one.index | some one in found] == [0, 20, 21, 22, 23, 24]
}

test_the_allows_that_speak_of_a_caller_and_an_action if {
	indexed := batch.index(iam.prepare(_policy))
	of_alice := {"principal": "arn:aws:iam::111122223333:user/Alice", "action": "kms:Decrypt"}
	batch.allows_of(indexed, iam.ask(of_alice)) == {0, 21, 23}

	# A statement for another action, and one that denies this one.
	batch.allows_of(indexed, iam.ask(object.union(of_alice, {"action": "kms:GenerateDataKey"}))) == {23}
}

test_what_is_assumed_to_be_absent_is_open_for_a_deny if {
	condition := {"Condition": {"Null": {"a:b": "true"}}}
	statement := object.union({"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}, condition)
	prepared := iam.prepare({"Version": "2012-10-17", "Statement": [statement]})
	request := {"principal": "x.amazonaws.com", "action": "kms:Decrypt", "resource": "*", "unknown": ["a:*"]}
	asked := {"open": request, "assumed": object.union(request, {"assumed_absent": ["a:b"]})}
	found := batch.matches(batch.index(prepared), batch.prepare(asked))
	{id: [one.direct | some one in matched.denies] | some id, matched in found} == {"open": [1], "assumed": [1]}
}
