package ctkms.documents.policy_text_test

import data.ctkms.documents.policy_text

test_a_policy_is_read if {
	policy_text.read(`{"Statement": []}`, "x") == {"policy": {"Statement": []}, "problem": null, "unparsable": false}
}

test_what_is_no_policy_is_named if {
	every text, problem in {"{": "x is not JSON", "[]": "x is not a JSON object", "null": "x is not a JSON object"} {
		policy_text.read(text, "x") == {"policy": null, "problem": problem, "unparsable": true}
	}
	policy_text.read(3, "x") == {"policy": null, "problem": "x is not text", "unparsable": true}
}
