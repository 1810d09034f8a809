package ctkms.iam.element_test

import data.ctkms.iam.element

_unknown := {"ctkms:unknown": "later"}

_found(statement) := element.find(statement, "X", "NotX")

_cases := [
	[{}, {"name": "", "state": "none", "items": []}],
	[{"X": "a"}, {"name": "X", "state": "ok", "items": ["a"]}],
	[{"NotX": ["a", "b"]}, {"name": "NotX", "state": "ok", "items": ["a", "b"]}],
	[{"X": "a", "NotX": "b"}, {"name": "X", "state": "malformed", "items": []}],
	[{"X": null, "NotX": null}, {"name": "X", "state": "malformed", "items": []}],
	[{"X": []}, {"name": "X", "state": "none", "items": []}],
	[{"X": ""}, {"name": "X", "state": "ok", "items": [""]}],
	[{"X": _unknown}, {"name": "X", "state": "unknown", "items": []}],
	[{"X": ["a", _unknown]}, {"name": "X", "state": "ok", "items": ["a", _unknown]}],
	[{"X": ["a", 5]}, {"name": "X", "state": "malformed", "items": []}],
	[{"X": [["a"]]}, {"name": "X", "state": "malformed", "items": []}],
	[{"X": {}}, {"name": "X", "state": "malformed", "items": []}],
	[{"X": null}, {"name": "X", "state": "malformed", "items": []}],
	[{"X": true}, {"name": "X", "state": "malformed", "items": []}],
	[{"x": "a"}, {"name": "", "state": "none", "items": []}],
]

test_find if [row | some row in _cases; _found(row[0]) == row[1]] == _cases

test_both if {
	statements := [{"X": 1, "NotX": 1}, {"X": 1}, {"NotX": 1}, {}]
	[statement | some statement in statements; element.both(statement, "X", "NotX")] == [statements[0]]
}

test_is_item if [item | some item in ["a", _unknown, {}, 5, null, []]; element.is_item(item)] == ["a", _unknown]

test_has_other_than_items if {
	lists := [[], ["a", _unknown], ["a", 5]]
	[list | some list in lists; element.has_other_than_items(list)] == [["a", 5]]
}
