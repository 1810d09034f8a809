package ctkms.generate.merge_test

import data.ctkms.generate.merge

_part(kind, principal, action, condition) := {
	"kind": kind,
	"apart": "",
	"statement": object.union(
		{"Sid": kind, "Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": "*"},
		condition,
	),
}

_source(arn) := {"Condition": {"StringEquals": {"aws:SourceArn": arn}}}

test_one_statement_of_a_kind_names_all if {
	merge.merged(
		[
			_part("read", "b", "kms:Decrypt", _source("t2")),
			_part("read", "a", ["kms:Decrypt", "kms:DescribeKey"], _source(["t1", "t2"])),
		],
		["read"],
	) == [{
		"Sid": "read",
		"Effect": "Allow",
		"Principal": {"AWS": ["a", "b"]},
		"Action": ["kms:Decrypt", "kms:DescribeKey"],
		"Resource": "*",
		"Condition": {"StringEquals": {"aws:SourceArn": ["t1", "t2"]}},
	}]
}

test_one_value_is_no_list if {
	parts := [_part("read", "a", ["kms:Decrypt"], {}), _part("read", "a", "kms:Decrypt", {})]
	merge.merged(parts, ["read"]) == [{
		"Sid": "read",
		"Effect": "Allow",
		"Principal": {"AWS": "a"},
		"Action": "kms:Decrypt",
		"Resource": "*",
	}]
}

test_kinds_stay_in_order_and_what_is_apart_stays_apart if {
	parts := [
		_part("b", "x", "kms:Decrypt", {}),
		object.union(_part("a", "y", "kms:Decrypt", {}), {"apart": "2"}),
		object.union(_part("a", "x", "kms:Decrypt", {}), {"apart": "1"}),
	]
	found := merge.merged(parts, ["b", "a", "c"])
	[[one.Sid, one.Principal.AWS] | some one in found] == [["b", "x"], ["a", "x"], ["a", "y"]]
}

test_a_sid_is_given_once if {
	statements := [{"Sid": "Read"}, {"Sid": "Write"}, {"Sid": "Read"}]
	merge.named(statements, {"Read2", "Write", null}) == [{"Sid": "Read"}, {"Sid": "Write2"}, {"Sid": "Read3"}]
}
