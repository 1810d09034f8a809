package ctkms.expectations.mistakes_test

import data.ctkms.expectations.mistakes
import data.ctkms.testing_test as testing

_found(expected) := found if {
	found := mistakes.found with data.expected as expected
}

_says(expected, message) if {
	_found(expected) == {sprintf("the expectations are not understood: %v", [message])}
}

test_what_is_right_is_no_mistake if {
	_found({}) == set()
	_found(null) == set()
	_found({"profile": "hardened", "accounts": {"111111111111": null, "222222222222": {"name": "a"}}}) == set()
	_found({
		"keys": {testing.key: {
			"aliases": {"alias/logs": null},
			"administrators": {testing.bob: {}},
			"metadata": {"state": "Enabled", "multi_region": false, "replicas": {testing.key: {}}},
		}},
		"trails": {testing.trail: {"key": "alias/logs", "bucket": {"name": "b", "bucket_key": true}}},
		"event_data_stores": {testing.store: {"import_roles": {testing.bob: {"bucket": "b"}}}},
		"principals": {testing.alice: {"identity_policies": {"own": {"anything": []}}, "trust_policy": {}}},
	}) == set()
}

test_no_expectations_are_no_mistake if {
	mistakes.found == set()
}

test_what_is_not_known_yet_is_no_mistake if {
	unknown := {"ctkms:unknown": "why"}
	_found(unknown) == set()
	_found({"trails": {testing.trail: {"key": unknown, "organization": unknown, "readers": unknown}}}) == set()
}

test_members_that_do_not_exist if {
	_says({"trials": {}}, `there is no member "trials"`)
	_says({"trails": {"t": {"reader": {}}}}, `trails > t: there is no member "reader"`)
	_says(
		{"keys": {"k": {"metadata": {"replicas": {"r": {"x": {}}}}}}},
		`keys > k > metadata > replicas > r: this is a map, not empty`,
	)
	_says(
		{"event_data_stores": {"s": {"import_roles": {"r": {"bukket": "b"}}}}},
		`event_data_stores > s > import_roles > r: there is no member "bukket"`,
	)
}

test_members_that_are_missing if {
	_says(
		{"waivers": {"w": {"rule": "CT-TRAIL-ENCRYPT", "key": testing.key, "reason": "r", "owner": "o"}}},
		`waivers > w: it lacks the member "expires"`,
	)
}

test_values_of_the_wrong_type if {
	_says([], `this is a list, not "expected", which is a map`)
	_says({"trails": [testing.trail]}, `trails: this is a list, not a map keyed by trail ARNs`)
	_says({"trails": {"t": "x"}}, `trails > t: this is the text "x", not a trail, which is a map`)
	_says({"trails": {"t": {"organization": "y"}}}, `trails > t > organization: this is the text "y", not true or false`)
	_says({"trails": {"t": {"key": null}}}, `trails > t > key: this is nothing, not a key's ARN or an alias`)
	_says({"trails": {"t": {"readers": {"r": true}}}}, `trails > t > readers > r: this is true or false, not empty`)
	_says(
		{"principals": {"p": {"trust_policy": 3}}},
		`principals > p > trust_policy: this is a number, not a policy document, an object`,
	)
	_says({"profile": "hardend"}, `profile: this is the text "hardend", not "documented" or "hardened"`)
}

test_account_ids if {
	_says({"accounts": {"11111111111": {}}}, `accounts: "11111111111" is no account id, which has 12 digits`)
	_says(
		{"keys": {testing.key: {"encrypting_accounts": {"1111111111111": {}}}}},
		sprintf(`keys > %v > encrypting_accounts: "1111111111111" is no account id, which has 12 digits`, [testing.key]),
	)
	_found({"accounts": {"111111111111": {}}}) == set()
}

test_every_mistake_is_told if {
	count(_found({"trails": {"t": {"key": 1, "bucket": [], "x": 2}}, "stores": {}})) == 4
}

test_an_alias_of_several_keys if {
	keys := {testing.key: {"aliases": {"alias/a": {}}}, "k": {"aliases": {"alias/a": {}}}}
	words := {"which key alias/a means: several keys declare it"}
	_found({"keys": keys, "trails": {testing.trail: {"key": "alias/a"}}}) == words
	_found({"keys": keys, "trails": {testing.trail: {"sns_key": "alias/a"}}}) == words
	_found({"keys": keys, "event_data_stores": {testing.store: {"key": "alias/a"}}}) == words
	_found({"keys": keys, "trails": {testing.trail: {"key": testing.key}}}) == set()
}
