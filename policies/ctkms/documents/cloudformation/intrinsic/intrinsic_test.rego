package ctkms.documents.cloudformation.intrinsic_test

import data.ctkms.documents.cloudformation.intrinsic

_unknown(name) := {"ctkms:unknown": sprintf("%v is not resolved here", [name])}

test_a_function_is_not_known if {
	intrinsic.value({"Ref": "Env"}) == _unknown("Ref")
	intrinsic.value({"Fn::GetAtt": ["Role", "Arn"]}) == _unknown("Fn::GetAtt")
	intrinsic.value({"Fn::Transform": {}, "Effect": "Allow"}) == _unknown("Fn::Transform")
}

test_any_other_value_is_what_it_is if {
	every value in ["Ref", null, 1, true, [{"Ref": "Env"}], {"Reference": "Env"}, {}] {
		intrinsic.value(value) == value
	}
}

test_a_policy_without_functions_is_what_it_is if {
	written := {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Ref": ["x"]}}
	intrinsic.policy(written).Version == "2012-10-17"
	plain := {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": ["*"]}}]}
	intrinsic.policy(plain) == plain
}

test_functions_in_every_place_of_a_policy if {
	intrinsic.policy({"Fn::If": ["A", {}, {}]}) == _unknown("Fn::If")
	every written, known in {
		{"Statement": {"Ref": "X"}}: {"Statement": _unknown("Ref")},
		{"Statement": [{"Ref": "X"}, 1]}: {"Statement": [_unknown("Ref"), 1]},
		{"Statement": [{"Action": {"Ref": "X"}}]}: {"Statement": [{"Action": _unknown("Ref")}]},
		{"Statement": [{"Action": ["a", {"Ref": "X"}]}]}: {"Statement": [{"Action": ["a", _unknown("Ref")]}]},
		{"Statement": {"Action": ["a", {"Ref": "X"}]}}: {"Statement": {"Action": ["a", _unknown("Ref")]}},
		{"Statement": [{"Principal": {"AWS": {"Ref": "X"}}}]}: {"Statement": [{"Principal": {"AWS": _unknown("Ref")}}]},
		{"Statement": [{"Principal": {"AWS": [{"Ref": "X"}]}}]}: {"Statement": [{"Principal": {"AWS": [_unknown("Ref")]}}]},
	} {
		intrinsic.policy(written) == known
	}
}

test_functions_in_conditions if {
	written := {"StringEquals": {
		"aws:SourceArn": [{"Fn::Sub": "x"}, "y"],
		"aws:SourceAccount": {"Ref": "AWS::AccountId"},
	}}
	known := {"StringEquals": {
		"aws:SourceArn": [_unknown("Fn::Sub"), "y"],
		"aws:SourceAccount": _unknown("Ref"),
	}}
	intrinsic.policy({"Statement": [{"Condition": written}]}) == {"Statement": [{"Condition": known}]}
	intrinsic.policy({"Statement": {"Condition": written}}) == {"Statement": {"Condition": known}}
}
