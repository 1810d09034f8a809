package ctkms.documents_test

import data.ctkms.testing_test as testing

_key(found) := object.union(
	{
		"aliases": {},
		"arn": null,
		"bypasses_lockout_check": false,
		"candidates": [],
		"event_data_stores": {},
		"label": "policy.json",
		"metadata": {},
		"needs": null,
		"place": {"path": [], "part": []},
		"policy": null,
		"problem": null,
		"source": "policy.json",
		"text": {},
		"topics": {},
		"trails": {},
		"unknown": [],
		"unparsable": false,
		"unused": false,
	},
	found,
)

_statements := {"path": [], "part": ["Statement"]}

_named(document) := {"ctkms": {"document": document, "source": "policy.json"}}

test_a_key_policy if {
	keys := data.ctkms.documents.keys with input as _named(testing.trail_policy)
	keys == [_key({"kind": "key-policy", "policy": testing.trail_policy})]
}

test_a_document_given_to_opa_as_it_is if {
	keys := data.ctkms.documents.keys with input as testing.trail_policy
	keys == [_key({"kind": "key-policy", "policy": testing.trail_policy, "label": "key policy", "source": "key policy"})]
}

test_a_document_that_holds_another_one_is_judged_as_it_is if {
	dead := object.union(testing.trail_policy, {"Statement": []})
	keys := data.ctkms.documents.keys with input as object.union(dead, _named(testing.trail_policy))
	[[key.policy.Statement, key.source] | some key in keys] == [[[], "key policy"]]
}

test_the_output_of_get_key_policy if {
	document := {"Policy": json.marshal(testing.trail_policy), "PolicyName": "default"}
	keys := data.ctkms.documents.keys with input as _named(document)
	keys == [_key({
		"kind": "get-key-policy",
		"policy": testing.trail_policy,
		"place": {"path": ["Policy", null], "part": []},
	})]
}

test_get_key_policy_output_without_a_policy_in_it if {
	every text, problem in {"{\"Version\": ": "is not JSON", "[]": "is not a JSON object"} {
		keys := data.ctkms.documents.keys with input as _named({"Policy": text})
		keys == [_key({
			"kind": "get-key-policy",
			"place": {"path": ["Policy", null], "part": []},
			"problem": sprintf("the string under \"Policy\" %v", [problem]),
			"unparsable": true,
		})]
	}
}

test_a_bare_statement_and_a_list_of_them if {
	one := data.ctkms.documents.keys with input as _named(testing.encrypt)
	one == [_key({"kind": "statement", "place": _statements, "policy": {"Statement": testing.encrypt}})]
	two := data.ctkms.documents.keys with input as _named([testing.encrypt, testing.describe])
	two == [_key({
		"kind": "statement", "place": _statements, "policy": {"Statement": [testing.encrypt, testing.describe]},
	})]
}

test_an_iam_policy_is_named if {
	statement := testing.but(testing.reader, {"Principal": null})
	every document in [testing.policy([statement]), statement, [statement]] {
		keys := data.ctkms.documents.keys with input as _named(document)
		keys == [_key({
			"kind": "iam-policy",
			"policy": null,
			"problem": "none of its statements has a Principal: an IAM policy of a user or role",
		})]
	}
}

test_a_trust_policy_is_named if {
	statement := {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::222222222222:root"}, "Action": "sts:AssumeRole"}
	every document in [testing.policy([statement]), statement, [statement]] {
		keys := data.ctkms.documents.keys with input as _named(document)
		keys == [_key({
			"kind": "trust-policy",
			"policy": null,
			"problem": "it lets principals assume a role (sts:AssumeRole): a role's trust policy",
		})]
	}
}

test_one_statement_with_a_principal_makes_it_a_key_policy if {
	policy := testing.policy([testing.but(testing.reader, {"Principal": null}), testing.root])
	keys := data.ctkms.documents.keys with input as _named(policy)
	keys == [_key({"kind": "key-policy", "policy": policy})]
}

test_a_policy_without_statements_is_still_one if {
	every policy in [{"Version": "2012-10-17"}, {"Version": "2012-10-17", "Statement": []}, {"Statement": 3}] {
		keys := data.ctkms.documents.keys with input as _named(policy)
		keys == [_key({"kind": "key-policy", "policy": policy})]
	}
}

test_anything_else_is_not_recognised if {
	every document in [null, 3, "text", [], [3], {}, {"Resources": {}}, {"Policy": 3}] {
		keys := data.ctkms.documents.keys with input as _named(document)
		keys == [_key({"kind": "unrecognised", "policy": null, "problem": "it is not a policy that ctkms knows"})]
	}
}

test_the_key_that_was_told_wins if {
	keys := data.ctkms.documents.keys with input as {"ctkms": {
		"document": testing.trail_policy,
		"source": "policy.json",
		"key": testing.key,
	}}
	keys == [_key({
		"kind": "key-policy",
		"policy": testing.trail_policy,
		"arn": testing.key,
		"label": testing.key,
	})]
}

test_the_only_expected_key_is_meant if {
	keys := data.ctkms.documents.keys with input as _named(testing.encrypt) with data.expected as testing.trail_with({})
	keys == [_key({
		"kind": "statement",
		"policy": {"Statement": testing.encrypt},
		"place": _statements,
		"arn": testing.key,
		"label": testing.key,
	})]
}

test_of_several_expected_keys_none_is_guessed if {
	other := "arn:aws:kms:us-east-1:111111111111:key/5678efab-34cd-56ef-78ab-567890abcdef"
	expected := {"keys": {testing.key: {}, other: {}}}
	keys := data.ctkms.documents.keys with input as _named(testing.encrypt) with data.expected as expected
	keys == [_key({
		"kind": "statement",
		"place": _statements,
		"policy": {"Statement": testing.encrypt},
		"candidates": [testing.key, other],
	})]
}

test_values_that_are_not_known_are_listed_by_statement if {
	unknown := {"ctkms:unknown": "later"}
	policy := testing.policy([
		testing.but(testing.root, {"Sid": unknown}),
		testing.but(testing.root, {"Principal": {"AWS": unknown}}),
		unknown,
		"nonsense",
	])
	keys := data.ctkms.documents.keys with input as _named(policy)
	keys == [_key({"kind": "key-policy", "policy": policy, "unknown": [
		"statement 2 holds a value that is not known yet: later",
		"statement 3 holds a value that is not known yet: later",
	]})]
	whole := data.ctkms.documents.keys with input as _named({"Statement": unknown})
	whole == [_key({
		"kind": "key-policy",
		"policy": {"Statement": unknown},
		"unknown": ["the statements are not known yet: later"],
	})]
}

# What a kind of document with several keys, trails and stores hands over.
_shown := {
	"kind": "inventory",
	"arn": testing.key,
	"label": "the key",
	"policy": testing.trail_policy,
	"trails": {testing.trail: {}},
}

test_a_document_that_says_whose_the_policy_is if {
	shown := [_shown]
	keys := data.ctkms.documents.keys with data.ctkms.documents._found as shown with input as _named({})
	keys == [_key(_shown)]
}

test_a_key_that_none_of_the_trails_shown_uses if {
	other := {"kind": "inventory", "arn": null, "label": "other", "policy": testing.trail_policy}
	shown := [_shown, other]
	keys := data.ctkms.documents.keys with data.ctkms.documents._found as shown with input as _named({})
	[key.unused | some key in keys] == [false, true]
}

test_a_key_that_a_trail_or_store_may_use_is_not_unused if {
	other := {"kind": "inventory", "arn": null, "label": "other", "policy": testing.trail_policy}
	every section in ["trails", "event_data_stores"] {
		every name, unused in {"alias/elsewhere": true, "": false} {
			rest := {section: {"one": {"key": object.get({"": {"ctkms:unknown": "not yet"}}, name, name)}}}
			keys := data.ctkms.documents.keys with data.ctkms.documents._found as [other]
				with data.ctkms.documents._rest as rest
				with input as _named({})
			keys[0].unused == unused
		}
	}
}

test_trails_and_stores_whose_key_is_not_shown if {
	rest := {
		"trails": {testing.trail: {"key": "alias/elsewhere"}, "arn:none": {}},
		"event_data_stores": {testing.store: {"key": {"ctkms:unknown": "not yet"}}},
	}
	keys := data.ctkms.documents.keys with data.ctkms.documents._found as []
		with data.ctkms.documents._rest as rest
		with input as _named({})
	keys == [
		_key({
			"kind": "trail",
			"label": testing.trail,
			"needs": ["alias/elsewhere"],
			"problem": "it uses the key alias/elsewhere, whose policy is not among the inputs",
		}),
		_key({
			"kind": "event-data-store",
			"label": testing.store,
			"needs": [],
			"problem": "which key it uses is not known yet: not yet",
		}),
	]
}

test_a_template_hands_over_its_trails_without_a_key if {
	template := {"Resources": {"Trail": {"Type": "AWS::CloudTrail::Trail", "Properties": {"KMSKeyId": "alias/elsewhere"}}}}
	keys := data.ctkms.documents.keys with input as _named(template)
	[key.kind | some key in keys] == ["trail"]
	keys[0].needs == ["alias/elsewhere"]
}
