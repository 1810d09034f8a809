package ctkms.documents.usage_test

import data.ctkms.documents.usage

_place := {"path": ["trails", "t"], "part": []}

_trail(key) := {"subject": "t", "entry": {"organization": true}, "key": key, "place": _place}

_told(trails, stores) := {
	"keys": [
		{"names": {"arn:a", "alias/both"}, "found": {"label": "a"}},
		{"names": {"arn:b", "alias/both"}, "found": {"label": "b"}},
	],
	"trails": trails,
	"event_data_stores": stores,
}

_none := {"trails": {}, "event_data_stores": {}, "topics": {}}

test_a_trail_and_a_store_beside_the_key_that_they_use if {
	told := _told([object.union(_trail("arn:a"), {"topic_key": "arn:b"})], [_trail("arn:b")])
	usage.keys(told) == [
		object.union(_none, {"label": "a", "trails": {"t": {"organization": true}}}),
		object.union(_none, {
			"label": "b",
			"event_data_stores": {"t": {"organization": true}},
			"topics": {"t": {"organization": true}},
		}),
	]
	usage.rest(told) == {"trails": {}, "event_data_stores": {}}
}

test_what_uses_no_key_of_the_document if {
	every key in ["arn:c", {"ctkms:unknown": "later"}] {
		told := _told([], [_trail(key)])
		usage.rest(told) == {
			"trails": {},
			"event_data_stores": {"t": {"organization": true, "key": key, "place": _place}},
		}
	}
	usage.rest(_told([_trail(null)], [])) == {"trails": {"t": {"organization": true}}, "event_data_stores": {}}
}

test_a_name_of_several_keys_means_none if {
	told := _told([_trail("alias/both")], [])
	[key.trails | some key in usage.keys(told)] == [{}, {}]
	usage.rest(told).trails.t.key == {"ctkms:unknown": "several keys are called alias/both"}
}
