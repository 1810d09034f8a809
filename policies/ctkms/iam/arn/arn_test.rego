package ctkms.iam.arn_test

import data.ctkms.iam.arn

test_parse if {
	arn.parse("arn:aws:kms:us-east-1:111122223333:key/a") == {
		"partition": "aws",
		"service": "kms",
		"region": "us-east-1",
		"account": "111122223333",
		"resource": "key/a",
	}
}

test_parse_keeps_further_colons_and_empty_parts if {
	arn.parse("arn:::::a:b:") == {"partition": "", "service": "", "region": "", "account": "", "resource": "a:b:"}
}

test_parse_is_undefined_for_anything_else if {
	texts := ["arn:aws:kms:us-east-1:111122223333", "ARN:aws:kms:us-east-1:1:key/a", "", "*", null, 5, {}, ["arn"]]
	[text | some text in texts; arn.parse(text)] == []
}

test_account if {
	values := ["arn:aws:iam::111122223333:root", "111122223333", "11112222333", "x:y:z:a:b:c", "a.b", "", null, {}]
	[arn.account(value) | some value in values] == ["111122223333", "111122223333", "", "", "", "", "", ""]
	arn.account("arn:aws:iam::111122223333") == ""
}

test_is_account if {
	values := ["111122223333", "1111222233333", "11112222333", "11112222333x", 111122223333, null]
	[value | some value in values; arn.is_account(value)] == ["111122223333"]
}

test_split_or_empty if [arn.split_or_empty(value) | some value in ["a:b", "", 5]] == [["a", "b"], [""], []]
