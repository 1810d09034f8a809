package ctkms.documents.inside_test

import data.ctkms.documents.inside

_whole := {"map": {"a": 1}, "list": [1], "text": "t"}

test_members_of_the_kind_that_is_asked_for if {
	inside.map(_whole, "map") == {"a": 1}
	inside.list(_whole, "list") == [1]
	inside.text(_whole, "text") == "t"
}

test_what_is_no_such_member_is_empty if {
	every value in [null, [], "text", 3, {}, {"map": [], "list": {}, "text": 3}] {
		inside.map(value, "map") == {}
		inside.list(value, "list") == []
		inside.text(value, "text") == ""
	}
}
