package ctkms.matrix_test

import data.ctkms.matrix
import data.ctkms.testing_test as testing

_root := "arn:aws:iam::111111111111:root"

# The table in short: by who, what is decided in each column, with the sign of what is expected.
_short(table) := {row.who: [sprintf("%v%v", [cell.decision, _sign[cell.fits]]) | some cell in row.cells] |
	some row in table
}

_sign := {"yes": "", "no": " !", "open": " ?"}

_refused := ["implicit_deny", "implicit_deny", "implicit_deny", "implicit_deny", "implicit_deny"]

_left := ["needs_iam_policy", "needs_iam_policy", "needs_iam_policy", "needs_iam_policy", "needs_iam_policy"]

_everybody_else := {
	"anyone of the key's account": _left,
	"anyone of other accounts": _refused,
	"anyone without credentials": _refused,
}

test_a_row_says_who_what_and_whether_it_is_expected if {
	expected := testing.trail_with({"readers": {testing.bob: null}})
	input_of := testing.of(testing.trail_policy)
	found := matrix.table with data.expected as expected with input as input_of
	found[0] == {"kind": "trail", "who": testing.trail, "roles": ["trail"], "cells": [
		{"column": "encrypt", "decision": "allow", "statements": [1], "expected": "allow", "fits": "yes"},
		{"column": "decrypt", "decision": "allow", "statements": [2], "expected": "either", "fits": "yes"},
		{"column": "describe", "decision": "allow", "statements": [3], "expected": "allow", "fits": "yes"},
		{"column": "administer", "decision": "implicit_deny", "statements": [], "expected": "refuse", "fits": "yes"},
		{"column": "grant", "decision": "implicit_deny", "statements": [], "expected": "refuse", "fits": "yes"},
	]}
	[[row.kind, row.who, row.roles] | some row in found] == [
		["trail", testing.trail, ["trail"]],
		["person", _root, ["administrator"]],
		["person", testing.bob, ["reader"]],
		["anyone", "anyone of the key's account", []],
		["anyone", "anyone of other accounts", []],
		["anyone", "anyone without credentials", []],
	]
}

test_aws_s_own_policy_for_a_trail_is_what_is_expected if {
	expected := testing.trail_with({"readers": {testing.bob: null}})
	input_of := testing.of(testing.trail_policy)
	found := matrix.table with data.expected as expected with input as input_of
	_short(found) == object.union(_everybody_else, {
		testing.trail: ["allow", "allow", "allow", "implicit_deny", "implicit_deny"],
		_root: ["allow", "allow", "allow", "allow", "allow"],
		testing.bob: ["needs_iam_policy", "allow", "needs_iam_policy", "needs_iam_policy", "needs_iam_policy"],
	})
}

test_aws_s_own_policy_for_a_store_is_what_is_expected if {
	expected := testing.store_with({"users": {testing.bob: null}})
	input_of := testing.of(testing.store_policy)
	found := matrix.table with data.expected as expected with input as input_of
	_short(found) == object.union(_everybody_else, {
		testing.store: ["allow", "allow", "implicit_deny", "implicit_deny", "implicit_deny"],
		_root: ["allow", "allow", "allow", "allow", "allow"],
		testing.bob: ["allow", "allow", "needs_iam_policy", "needs_iam_policy", "needs_iam_policy"],
	})
}

test_what_is_missing_does_not_fit if {
	expected := testing.trail_with({"readers": {testing.alice: null}})
	input_of := testing.of(testing.policy([testing.root, testing.describe]))
	found := matrix.table with data.expected as expected with input as input_of
	short := _short(found)
	short[testing.trail] == ["implicit_deny !", "implicit_deny", "allow", "implicit_deny", "implicit_deny"]
	short[testing.alice] == ["implicit_deny", "implicit_deny !", "implicit_deny", "implicit_deny", "implicit_deny"]
}

test_a_reader_who_needs_an_iam_policy_is_open if {
	expected := testing.trail_with({"readers": {testing.bob: null}})
	input_of := testing.of(testing.policy([testing.root]))
	found := matrix.table with data.expected as expected with input as input_of
	_short(found)[testing.bob] == [
		"needs_iam_policy", "needs_iam_policy ?", "needs_iam_policy", "needs_iam_policy",
		"needs_iam_policy",
	]
}

_open := testing.but(testing.reader, {"Principal": "*", "Condition": {"StringLike": {
	"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*",
}}})

# Whoever decrypts chooses the encryption context: a condition on it keeps nobody out.
test_a_statement_for_everyone_lets_everyone_in if {
	expected := testing.trail_with({})
	input_of := testing.of(testing.policy([testing.root, _open]))
	found := matrix.table with data.expected as expected with input as input_of
	decrypting := {row.who: [row.cells[1].decision, row.cells[1].fits] | some row in found; row.kind == "anyone"}
	decrypting == {
		"anyone of the key's account": ["allow", "no"],
		"anyone of other accounts": ["needs_iam_policy", "no"],
		"anyone without credentials": ["allow", "no"],
	}
}

test_a_statement_for_the_organization_lets_its_members_in if {
	for_members := testing.but(testing.reader, {"Principal": "*", "Condition": {"StringEquals": {
		"aws:PrincipalOrgID": "o-a1b2c3d4e5",
	}}})
	expected := object.union(testing.trail_with({}), {"organization": {"id": "o-a1b2c3d4e5"}})
	input_of := testing.of(testing.policy([testing.root, for_members]))
	found := matrix.table with data.expected as expected with input as input_of
	decrypting := {row.who: row.cells[1].decision | some row in found; row.kind == "anyone"}
	decrypting["anyone of organization o-a1b2c3d4e5"] == "needs_iam_policy"
	decrypting["anyone of other accounts"] == "implicit_deny"
}

test_whom_a_statement_names_has_a_row if {
	stranger := "arn:aws:iam::999999999999:root"
	colleague := "arn:aws:iam::111111111111:role/Colleague"
	admin := "arn:aws:iam::111111111111:role/KeyAdmin"
	named := testing.but(testing.reader, {"Principal": {"AWS": [stranger, colleague]}, "Condition": null})
	expected := object.union(testing.trail_with({}), {"keys": {testing.key: {"administrators": {admin: null}}}})
	input_of := testing.of(testing.policy([testing.root, named]))
	found := matrix.table with data.expected as expected with input as input_of
	{row.who: row.roles | some row in found; row.kind == "person"} == {
		_root: ["administrator"],
		admin: ["administrator"],
		stranger: ["unexpected"],
		colleague: ["named"],
	}
	short := _short(found)
	short[stranger] == ["implicit_deny", "needs_iam_policy !", "implicit_deny", "implicit_deny", "implicit_deny"]
	short[colleague] == ["needs_iam_policy", "allow", "needs_iam_policy", "needs_iam_policy", "needs_iam_policy"]
	short[admin][3] == "needs_iam_policy ?"
}

# What check warns of is marked, and what it does not speak of is not.
test_who_reads_without_being_listed_does_not_fit if {
	other := "arn:aws:iam::111111111111:role/Other"
	statement := testing.but(testing.reader, {"Principal": {"AWS": [testing.bob, other]}})
	input_of := testing.of(testing.policy(array.concat(testing.trail_policy.Statement, [statement])))
	readers := testing.trail_with({"readers": {testing.bob: null}})
	listed := matrix.table with data.expected as readers with input as input_of
	_short(listed)[other][1] == "allow !"
	_short(listed)[testing.bob][1] == "allow"
	unlisted := matrix.table with data.expected as testing.trail_with({}) with input as input_of
	_short(unlisted)[other][1] == "allow"
}

test_what_someone_of_an_unexpected_account_may_describe_does_not_fit if {
	stranger := "arn:aws:iam::999999999999:role/Any"
	statement := testing.but(testing.root, {"Principal": {"AWS": stranger}, "Action": "kms:DescribeKey"})
	input_of := testing.of(testing.policy(array.concat(testing.trail_policy.Statement, [statement])))
	found := matrix.table with data.expected as testing.trail_with({}) with input as input_of
	_short(found)[stranger][2] == "needs_iam_policy !"
}

test_another_service_has_a_row_that_does_not_fit if {
	statement := testing.but(testing.root, {"Principal": {"Service": "evil.amazonaws.com"}})
	input_of := testing.of(testing.policy(array.concat(testing.trail_policy.Statement, [statement])))
	found := matrix.table with data.expected as testing.trail_with({}) with input as input_of
	_short(found)["evil.amazonaws.com"] == ["allow !", "allow !", "allow !", "allow !", "allow !"]
}

test_what_the_service_may_beyond_its_work_does_not_fit if {
	anything := testing.but(testing.decrypt, {"Action": "kms:*"})
	expected := object.union(testing.trail_with({}), {"event_data_stores": {testing.store: {"key": testing.key}}})
	input_of := testing.of(testing.policy([testing.root, anything]))
	found := matrix.table with data.expected as expected with input as input_of
	short := _short(found)
	short[testing.trail] == ["allow", "allow", "allow", "allow !", "allow !"]
	short[testing.store] == ["allow", "allow", "allow", "allow !", "allow !"]
}

test_a_deny_refuses if {
	deny := {"Effect": "Deny", "Principal": "*", "Action": "kms:CreateGrant", "Resource": "*"}
	expected := testing.trail_with({})
	input_of := testing.of(testing.policy([testing.root, deny]))
	found := matrix.table with data.expected as expected with input as input_of
	grants := [row.cells[4] | some row in found; row.who == _root]
	grants == [{
		"column": "grant",
		"decision": "explicit_deny",
		"statements": [1],
		"expected": "either",
		"fits": "yes",
	}]
}

# Whose policy it is nobody says: who is of its account, neither.
test_without_a_key_nobody_is_of_its_account if {
	expected := {"trails": {testing.trail: {"key": null}}}
	input_of := testing.of_key({"policy": testing.policy([testing.root]), "arn": null, "trails": {testing.trail: {}}})
	found := matrix.table with data.expected as expected with input as input_of
	[row.who | some row in found] == [
		testing.trail, _root, "anyone of other accounts",
		"anyone without credentials",
	]
	{row.who: row.roles | some row in found}[_root] == ["named"]
	[cell.fits | some cell in found[1].cells] == ["open", "open", "open", "open", "open"]
}

test_what_is_not_tried_is_open if {
	expected := {"trails": {testing.trail: {"key": testing.key}}}
	input_of := testing.of(testing.policy([testing.root]))
	memo := {"memo": {"probes": {}, "decisions": {}}}
	question := {"ctkms": object.union(input_of.ctkms, memo)}
	found := matrix.table with data.expected as expected with input as question
	found[0].cells[0] == {
		"column": "encrypt",
		"decision": null,
		"statements": [],
		"expected": "allow",
		"fits": "open",
	}
}

test_without_a_policy_there_is_no_table if {
	input_of := testing.of(null)
	found := matrix.table with data.expected as {} with input as input_of
	found == []
}
