package ctkms.policy_test

import data.ctkms.policy

test_statements_of_a_list_keep_their_place if {
	found := policy.statements({"Statement": [{"Sid": "a"}, "nonsense", {"ctkms:unknown": "later"}, {"Sid": 3}]})
	found == [
		{"index": 0, "sid": "a", "statement": {"Sid": "a"}},
		{"index": 3, "sid": null, "statement": {"Sid": 3}},
	]
}

test_a_single_statement_is_the_first if {
	policy.statements({"Statement": {"Sid": "a"}}) == [{"index": 0, "sid": "a", "statement": {"Sid": "a"}}]
}

test_no_statements_in_anything_else if {
	every document in [null, 3, "text", [], {}, {"Statement": null}, {"Statement": "text"}] {
		policy.statements(document) == []
	}
}

test_why_values_are_not_known if {
	policy.why_unknown({"a": [{"ctkms:unknown": "later"}], "b": {"ctkms:unknown": "a \"<b>\""}}) == ": a \"<b>\"; later"
	policy.why_unknown([{"ctkms:unknown": "later"}, {"ctkms:unknown": "later"}]) == ": later"
	policy.why_unknown({"ctkms:unknown": true}) == ""
	policy.why_unknown("ctkms:unknown") == ""
}

test_unknown_values_are_told_from_objects_that_merely_look_alike if {
	policy.is_unknown({"ctkms:unknown": "why"})
	not policy.is_unknown({"ctkms:unknown": null})
	not policy.is_unknown("ctkms:unknown")
	policy.holds_unknown({"a": [{"ctkms:unknown": "why"}]})
	not policy.holds_unknown({"a": "\"ctkms:unknown\":"})
}

test_strings_keep_their_path if {
	policy.strings({"Action": ["a", 3, "b"]}, "Action") == [
		{"value": "a", "path": ["Action", 0]},
		{"value": "b", "path": ["Action", 2]},
	]
	policy.strings({"Action": "a"}, "Action") == [{"value": "a", "path": ["Action"]}]
	policy.strings({}, "Action") == []
}

test_principals_in_every_form if {
	policy.principals({"Principal": "*"}) == [{"element": "Principal", "kind": "AWS", "value": "*", "path": ["Principal"]}]
	policy.principals({"NotPrincipal": {"AWS": ["a", 3], "Service": "s", "ctkms:unknown": "x"}}) == [
		{"element": "NotPrincipal", "kind": "AWS", "value": "a", "path": ["NotPrincipal", "AWS", 0]},
		{"element": "NotPrincipal", "kind": "Service", "value": "s", "path": ["NotPrincipal", "Service"]},
	]
	policy.principals({"Principal": 3}) == []
	policy.principals({}) == []
}

test_conditions_are_flattened if {
	policy.conditions({"Condition": {"StringEquals": {"AWS:SourceArn": "a", "k": ["b", 1]}, "Null": "nonsense"}}) == [
		{
			"operator": "StringEquals",
			"name": "AWS:SourceArn",
			"key": "aws:sourcearn",
			"values": ["a"],
			"path": ["Condition", "StringEquals", "AWS:SourceArn"],
		},
		{
			"operator": "StringEquals",
			"name": "k",
			"key": "k",
			"values": ["b", 1],
			"path": ["Condition", "StringEquals", "k"],
		},
	]
	policy.conditions({"Condition": {"ctkms:unknown": "why"}}) == []
	policy.conditions({"Condition": {"Bool": {"ctkms:unknown": "why"}}}) == []
}

test_labels_count_from_one if {
	policy.label({"index": 0, "sid": "Allow all"}) == "statement 1 (Allow all)"
	policy.label({"index": 1, "sid": ""}) == "statement 2"
	policy.label({"index": 2, "sid": null}) == "statement 3"
}

test_compact_json_is_the_same_text_on_every_engine if {
	policy.compact({"a": ["<&>", "\u2028\u2029", "\"", 1]}) == "{\"a\":[\"<&>\",\"\u2028\u2029\",\"\\\"\",1]}"
}

test_an_account_id_stands_for_the_root_of_the_account if {
	policy.account_arn("888888888888", "aws-cn") == "arn:aws-cn:iam::888888888888:root"
	policy.account_arn("arn:aws:iam::888888888888:root", "aws") == "arn:aws:iam::888888888888:root"
	policy.account_arn("88888888888", "aws") == "88888888888"
}
