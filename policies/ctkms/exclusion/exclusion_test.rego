package ctkms.exclusion_test

import data.ctkms.exclusion
import data.ctkms.testing_test as testing

_elsewhere := "arn:aws:cloudtrail:eu-west-1:111111111111:trail/management-events"

_source(value) := testing.policy([json.patch(testing.encrypt, [{
	"op": "replace",
	"path": "/Condition/StringEquals/aws:SourceArn",
	"value": value,
}])])

_found(policy) := found if {
	document := testing.of(policy)
	expected := testing.trail_with({})
	found := exclusion.found(["encrypt"], {"aws:sourcearn"}) with input as document with data.expected as expected
}

_advice(policy) := advice if {
	document := testing.of(policy)
	expected := testing.trail_with({})
	one := _found(policy)[0].one
	advice := exclusion.advice(one) with input as document with data.expected as expected
}

test_the_condition_that_shuts_a_trail_out_is_found_once if {
	found := _found(_source(_elsewhere))
	[[one.one.probe.subject, one.entry.index, one.condition.values] | some one in found] == [[
		testing.trail, 0, [_elsewhere],
	]]
	exclusion.key(found[0].element) == "aws:sourcearn"
	exclusion.key({"path": ["Principal"]}) == ""
}

test_nothing_is_found_where_the_trail_is_let_in if {
	_found(_source(testing.trail)) == []
}

test_a_wildcard_that_the_operator_takes_literally if {
	condition := {"operator": "StringEquals", "values": ["arn:aws:cloudtrail:*:111111111111:trail/*", 3]}
	exclusion.taken_literally(condition, testing.trail) == ["arn:aws:cloudtrail:*:111111111111:trail/*"]
	exclusion.taken_literally(object.union(condition, {"operator": "StringLike"}), testing.trail) == []
	exclusion.taken_literally(condition, {"ctkms:unknown": "x"}) == []
	not exclusion.positive("StringNotEquals")
	not exclusion.positive("Null")
}

test_advice_names_the_change_that_was_tried if {
	_advice(_source(_elsewhere)) == sprintf(
		"In statement 1 (AllowCloudTrailEncryptLogs), add %v to the values of aws:SourceArn (StringEquals) %v",
		[json.marshal(testing.trail), "(tried: the request is then allowed)."],
	)
	_advice(_source("arn:aws:cloudtrail:*:111111111111:trail/*")) == concat(" ", [
		"In statement 1 (AllowCloudTrailEncryptLogs), compare aws:SourceArn with StringLike instead of StringEquals",
		"(tried: the request is then allowed).",
	])
}
