package ctkms.cloudtrail.sample_test

import data.ctkms.cloudtrail.sample

_statements(size, wildcards) := [{"statement": {"Resource": resource}} |
	resource := concat("", ["*" | some _ in numbers.range(1, wildcards)])
	some _ in numbers.range(1, size)
]

test_the_more_there_is_to_compare_the_fewer_are_tried if {
	sample.most([]) == 1000
	sample.most(_statements(1, 490)) == 666
	sample.most([{"statement": {"Resource": "????"}}]) == 986
	sample.most([{"statement": {"Resource": "${a}${b}"}}]) == 884
	sample.most(_statements(100, 80)) == 100
	sample.most(_statements(300, 500)) == 20
}

test_all_pairs_where_they_are_not_too_many if {
	sample.pairs(["a", "b"], [1, 2, 3], 6) == [["a", 1], ["a", 2], ["a", 3], ["b", 1], ["b", 2], ["b", 3]]
	not sample.is_cut(["a", "b"], [1, 2, 3], 6)
	sample.pairs([], [1, 2, 3], 6) == []
	not sample.is_cut([], [1, 2, 3], 6)
}

test_the_first_of_each_where_they_are_too_many if {
	many := numbers.range(1, 30)
	sample.pairs(many, ["x"], 20) == [[number, "x"] | some number in numbers.range(1, 20)]
	sample.is_cut(many, ["x"], 20)
	sample.is_cut(["x"], many, 20)
	count(sample.pairs(["x", "y"], many, 20)) == 20
	count(sample.pairs(many, many, 20)) == 16
}

test_what_is_not_tried_is_said_once if {
	sample.rest([false, false], "whether anybody gets in", "arn") == []
	[probe] := sample.rest([false, true], "whether anybody gets in", "arn")
	[probe.capability, probe.untried, probe.expect] == ["untried", "whether anybody gets in", "refuse"]
	probe.request.action == "kms:DescribeKey"
}
