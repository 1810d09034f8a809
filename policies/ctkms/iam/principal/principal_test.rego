package ctkms.iam.principal_test

import data.ctkms.iam.context
import data.ctkms.iam.principal

_unknown := {"ctkms:unknown": "later"}

_root := "arn:aws:iam::111122223333:root"

_user := "arn:aws:iam::111122223333:user/team/Bob"

_role := "arn:aws:iam::111122223333:role/team/Reader"

_session := "arn:aws:sts::111122223333:assumed-role/Reader/s"

_federated := "arn:aws:sts::111122223333:federated-user/Bob"

_service := "cloudtrail.amazonaws.com"

_caller(id, keys) := principal.caller(id, context.prepare({"context": keys}))

_match(element, id) := principal.match(principal.prepare({"Principal": element}, false), _caller(id, {}), 7)

_exempt(element, id) := principal.match(principal.prepare({"NotPrincipal": element}, false), _caller(id, {}), 7)

_names := {
	"everyone": "*", "service": _service, "user": _user, "role": _role, "session": _session, "federated": _federated,
	"root": _root, "account": "111122223333", "other": "444455556666", "unknown": _unknown,
}

_covered(element) := {name: truths |
	some name, id in _names
	truths := _match(element, id)
	truths != [0, 0]
}

_all[name] := [2, 0] if some name, _ in _names

test_kinds_of_callers if {
	kinds := {name: _caller(id, {}).kind | some name, id in _names}
	kinds == {
		"everyone": "anonymous", "service": "service", "user": "user", "role": "role",
		"session": "session", "federated": "user",
		"root": "root", "account": "account", "other": "account", "unknown": "unknown",
	}
	ids := ["", "x", "a:b", "arn:aws:s3:::b", "arn:aws:iam::111122223333:group/g", "arn:aws:iam::1:root", null, 5, [], {}]
	[_caller(id, {}).kind | some id in ids] == [
		"other", "other", "other", "other", "other", "other", "unknown", "unknown", "unknown", "unknown",
	]
}

test_caller_of_a_session if {
	_caller(_session, {"aws:PrincipalArn": _role}) == {
		"kind": "session",
		"id": _session,
		"account": "111122223333",
		"root": _root,
		"role": "arn:aws:iam::111122223333:role/Reader",
		"arn": _role,
		"names": [_session, "111122223333", _root, "arn:aws:iam::111122223333:role/Reader", _role],
	}
}

test_caller_of_other_kinds if {
	[_caller(id, {"aws:PrincipalArn": _role}) | some id in [_user, _service, "arn:aws:s3:::b", "*", _unknown]] == [
		{
			"kind": "user", "id": _user, "account": "111122223333", "root": _root, "role": "", "arn": null,
			"names": [_user, "111122223333", _root],
		},
		{
			"kind": "service", "id": _service, "account": "", "root": "", "role": "", "arn": null,
			"names": [_service],
		},
		{
			"kind": "other", "id": "arn:aws:s3:::b", "account": "", "root": "", "role": "", "arn": null,
			"names": ["arn:aws:s3:::b"],
		},
		{"kind": "anonymous", "id": "*", "account": "", "root": "", "role": "", "arn": null, "names": ["*"]},
		{"kind": "unknown", "id": "", "account": "", "root": "", "role": "", "arn": null, "names": [""]},
	]
	_caller("arn:aws:iam::111122223333:user/a.b", {}).kind == "user"
}

test_everyone if {
	_covered("*") == _all
	_covered({"AWS": "*"}) == _all
	_covered({"AWS": [_role, "*"]}) == _all
}

test_the_account_delegates if {
	want := {name: [0, 2] | some name in ["user", "role", "session", "federated", "root", "account"]}
	_covered({"AWS": _root}) == object.union(want, {"unknown": [0, 1]})
	_covered({"AWS": "111122223333"}) == object.union(want, {"unknown": [0, 1]})
	_match({"AWS": "arn:aws-cn:iam::111122223333:root"}, _user) == [0, 0]
	_match({"AWS": "arn:aws-cn:iam::111122223333:root"}, "111122223333") == [0, 2]
	_match({"AWS": _root}, "arn:aws:s3:::bucket") == [0, 0]
}

test_a_user if {
	_covered({"AWS": _user}) == {"user": [2, 0], "unknown": [1, 0]}
	_match({"AWS": "arn:aws:iam::111122223333:user/team/bob"}, _user) == [0, 0]
	_match({"AWS": "arn:aws:iam::111122223333:user/Bob"}, _user) == [0, 0]
}

test_a_role if {
	_covered({"AWS": _role}) == {"role": [2, 0], "session": [2, 0], "unknown": [1, 0]}
	_match({"AWS": "arn:aws:iam::111122223333:role/Other"}, _session) == [0, 0]
	_match({"AWS": "arn:aws:iam::444455556666:role/Reader"}, _session) == [0, 0]
	_match({"AWS": "arn:aws:iam::111122223333:role/reader"}, _session) == [0, 0]
}

_session_with(element, keys) := principal.match(
	principal.prepare({"Principal": element}, false),
	_caller(_session, keys),
	7,
)

test_a_role_by_the_arn_that_the_request_sends if {
	sent := [[_role], "arn:aws:iam::111122223333:role/Reader", _unknown, [_role, _role], ["a"], []]
	[_session_with({"AWS": _role}, {"AWS:principalarn": values}) | some values in sent] == [
		[2, 0], [0, 0], [1, 0], [1, 0], [0, 0],
		[2, 0],
	]
	_session_with({"AWS": "arn:aws:iam::111122223333:role/Other"}, {"aws:PrincipalArn": _unknown}) == [0, 0]
	_session_with({"AWS": _user}, {"aws:PrincipalArn": _user}) == [0, 0]

	other := "arn:aws:iam::111122223333:role/team/Other"
	_session_with({"AWS": other}, {"aws:PrincipalArn": other}) == [2, 0]
	_session_with({"AWS": [other, _root]}, {"aws:PrincipalArn": _unknown}) == [0, 2]
}

test_a_session if {
	_covered({"AWS": _session}) == {"session": [2, 0], "unknown": [1, 0]}
	_match({"AWS": "arn:aws:sts::111122223333:assumed-role/Reader/t"}, _session) == [0, 0]
	unnamed := "arn:aws:sts::111122223333:assumed-role/Reader"
	_match({"AWS": unnamed}, unnamed) == [0, 0]
}

test_a_federated_session if _covered({"AWS": _federated}) == {"federated": [2, 0], "unknown": [1, 0]}

test_a_service if {
	_covered({"Service": _service}) == {"service": [2, 0], "unknown": [1, 0]}
	_covered({"Service": ["x.amazonaws.com", _service]}) == {"service": [2, 0], "unknown": [1, 0]}
	_covered({"Service": "CloudTrail.amazonaws.com"}) == {"unknown": [1, 0]}
	_covered({"Service": "*"}) == {}
	_match({"Service": _service}, "111122223333") == [0, 0]
	_covered({"Service": "cloudtrail.*"}) == {}
}

test_forms_that_cover_nobody if {
	forms := [
		{"AWS": _service}, {"Service": _user}, {"Federated": "*"}, {"Federated": _user}, {"CanonicalUser": "*"}, {"AWS": ""},
		{"AWS": "arn:aws:iam::*:role/Reader"}, {"AWS": "arn:aws:iam::111122223333:user/*"}, {"AWS": "AROAEXAMPLEID"},
		{"AWS": "arn:aws:iam::111122223333:group/g"}, {"AWS": "11112222333"}, {"AWS": "arn:aws:iam::11112222333:root"},
		{"AWS": "arn:aws:iam:us-east-1:111122223333:root"}, {"AWS": []}, {"AWS": [], "Service": []}, [], {},
		{"Federated": _unknown}, {"CanonicalUser": [_unknown]},
	]
	callers := [_names[name] | some name in ["user", "session", "service", "root", "everyone"]]
	count(callers) == 5
	every form in forms {
		[caller | some caller in callers; _match(form, caller) == [0, 0]] == callers
	}
}

test_what_looks_like_an_arn_covers_nobody if {
	every id in [
		"arn:aws:iam::111122223333:user/Bob:x", "xrn:aws:iam::111122223333:user/Bob",
		"arn:aws:iam:us-east-1:111122223333:user/Bob", "arn:aws:iam::111122223333:user",
	] {
		_match({"AWS": id}, id) == [0, 0]
	}
	_match({"AWS": "arn:aws:sts::111122223333:root"}, _user) == [0, 0]
	_match({"AWS": "arn:aws:sts::111122223333:root"}, "111122223333") == [0, 0]
}

test_wildcards_in_an_arn_do_not_match_themselves if {
	_match({"AWS": "arn:aws:iam::*:role/x"}, "arn:aws:iam::*:role/x") == [0, 0]
	_match({"AWS": "arn:aws:iam::111122223333:user/?"}, "arn:aws:iam::111122223333:user/?") == [0, 0]
}

test_several_kinds_are_alternatives if {
	_covered({"AWS": [_user, _root], "Service": _service}) == {
		"service": [2, 0], "user": [2, 2], "role": [0, 2], "session": [0, 2], "federated": [0, 2], "root": [0, 2],
		"account": [0, 2], "unknown": [1, 1],
	}
}

test_malformed_elements if {
	elements := [
		null, 5, "x", _user, "", ["*"], {"Other": "*"}, {"AWS": "*", "Other": "*"}, {"AWS": 5}, {"AWS": ["*", null]},
		{"AWS": {}},
	]
	[element | some element in elements; _match(element, _user) == [7, 0]] == elements
	_match({"AWS": [["*"]]}, _user) == [7, 0]
}

test_a_key_policy_needs_a_principal if principal.prepare({}, false) == {"name": "", "form": "malformed"}

test_the_name_of_the_element_stays if {
	prepared := {form: principal.prepare({"Principal": element}, false) |
		some form, element in {
			"none": {"AWS": []}, "unknown": _unknown,
			"no object": 5, "another kind": {"Other": "*"}, "no item": {"AWS": 5},
		}
	}
	prepared == {
		"none": {"name": "Principal", "form": "none"},
		"unknown": {"name": "Principal", "form": "unknown"},
		"no object": {"name": "Principal", "form": "malformed"},
		"another kind": {"name": "Principal", "form": "malformed"},
		"no item": {"name": "Principal", "form": "malformed"},
	}
}

test_both_are_malformed if {
	principal.prepare({"Principal": "*", "NotPrincipal": "*"}, false) == {"name": "", "form": "malformed"}
}

test_an_identity_policy_has_no_principal if {
	principal.prepare({}, true) == {"name": "", "form": "everyone"}
	principal.prepare({"Principal": "*"}, true) == {"name": "", "form": "malformed"}
	principal.prepare({"NotPrincipal": "*"}, true) == {"name": "", "form": "malformed"}
}

test_values_that_nobody_knows if {
	_match(_unknown, _user) == [1, 0]
	[_match({"AWS": _unknown}, id) | some id in [_user, _service, "*"]] == [[1, 0], [1, 0], [1, 0]]
	[_match({"Service": [_unknown]}, id) | some id in [_user, _service, "*"]] == [[0, 0], [1, 0], [0, 0]]
	[_match({"AWS": [_unknown, _user]}, id) | some id in [_user, _role]] == [[2, 0], [1, 0]]
	_match({"AWS": [_unknown, _root]}, _user) == [1, 2]
	_match({"Service": _unknown}, _unknown) == [1, 0]
	_match({"Service": [_unknown, _service]}, _service) == [2, 0]
}

test_not_principal_exempts_a_caller_of_which_every_layer_is_listed if {
	_exempt({"AWS": [_root, _user]}, _user) == [0, 0]
	_exempt({"AWS": ["111122223333", _federated]}, _federated) == [0, 0]
	_exempt({"AWS": [_root, _role, _session]}, _session) == [0, 0]
	_exempt({"AWS": _root}, _root) == [0, 0]
	_exempt({"AWS": _root}, "111122223333") == [0, 0]
	_exempt({"Service": _service}, _service) == [0, 0]
	_exempt("*", _user) == [0, 0]
	_exempt({"AWS": "*"}, "*") == [0, 0]
}

test_not_principal_leaves_a_caller_in_doubt_of_which_some_layers_are_listed if {
	listed := [_root, _role, _session]
	[_exempt({"AWS": one}, _session) | some one in listed] == [[1, 0], [1, 0], [1, 0]]
	_exempt({"AWS": [_role, _session]}, _session) == [1, 0]
	_exempt({"AWS": _user}, _user) == [1, 0]
	_exempt({"AWS": [_root, _role]}, _role) == [1, 0]
	_exempt({"AWS": _root}, "arn:aws:iam::111122223333:group/g") == [1, 0]
	_exempt({"AWS": "arn:aws:iam:::user/Bob"}, "arn:aws:iam:::user/Bob") == [1, 0]
}

test_not_principal_covers_a_caller_of_which_nothing_is_listed if {
	_exempt({"AWS": _user}, _session) == [2, 0]
	_exempt({"AWS": _user}, _role) == [2, 0]
	_exempt({"AWS": [_root, _user]}, _service) == [2, 0]
	_exempt({"AWS": _root}, "*") == [2, 0]
	_exempt({"AWS": _root}, "444455556666") == [2, 0]
	_exempt({"Service": "x.amazonaws.com"}, _service) == [2, 0]
	_exempt({"Federated": "*"}, _user) == [2, 0]
}

test_not_principal_with_values_that_nobody_knows if {
	_exempt(_unknown, _user) == [1, 0]
	_exempt({"AWS": [_unknown]}, _user) == [1, 0]
	_exempt({"AWS": [_unknown, _root, _user]}, _user) == [0, 0]
	_exempt({"Service": _unknown}, _user) == [2, 0]
	_exempt({"AWS": _user}, _unknown) == [1, 0]
}

test_empty_not_principals_have_no_effect if {
	[_exempt(element, _user) | some element in [{}, [], {"AWS": []}]] == [[0, 0], [0, 0], [0, 0]]
}
