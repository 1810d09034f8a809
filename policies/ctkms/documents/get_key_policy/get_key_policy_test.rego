package ctkms.documents.get_key_policy_test

import data.ctkms.documents.get_key_policy

test_recognises_a_string_under_policy if {
	get_key_policy.recognises({"Policy": "{}", "PolicyName": "default"})
	every other in [null, [], {}, {"Policy": {}}, {"Policy": "{}", "Statement": []}] {
		not get_key_policy.recognises(other)
	}
}

test_the_policy_stands_in_the_string if {
	get_key_policy.keys({"Policy": `{"Statement": []}`}) == [{
		"kind": "get-key-policy",
		"place": {"path": ["Policy", null]},
		"policy": {"Statement": []},
		"problem": null,
		"unparsable": false,
	}]
}
