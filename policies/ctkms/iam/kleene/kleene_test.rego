package ctkms.iam.kleene_test

import data.ctkms.iam.kleene

test_negation if [kleene.negation(truth) | some truth in [0, 1, 2]] == [2, 1, 0]

test_every_of_is_the_least if {
	[kleene.every_of(truths) | some truths in [[], [2], [2, 1], [1, 0, 2]]] == [2, 2, 1, 0]
}

test_some_of_is_the_most if {
	[kleene.some_of(truths) | some truths in [[], [0], [0, 1], [1, 2, 0]]] == [0, 0, 1, 2]
}

test_either_keeps_what_is_equal if {
	[kleene.either(pair[0], pair[1]) | some pair in [[0, 0], [1, 1], [2, 2], [0, 2], [2, 1]]] == [0, 1, 2, 1, 1]
}

test_is_unknown_for_the_sentinel_alone if {
	values := [{"ctkms:unknown": "why"}, {"ctkms:unknown": null, "x": 1}, {}, {"unknown": 1}, "ctkms:unknown", null, []]
	[value | some value in values; kleene.is_unknown(value)] == [values[0], values[1]]
}

test_listed if [kleene.listed(value) | some value in ["a", ["a"], [], null, {}]] == [["a"], ["a"], [], [null], [{}]]
