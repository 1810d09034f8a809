package ctkms.exclusion.nearest_test

import data.ctkms.exclusion.nearest

_arn := "arn:aws:cloudtrail:us-east-1:111111111111:trail/management"

_to(texts) := nearest.to(nearest.index(texts), _arn)

test_the_arn_itself if {
	_to([_arn, "arn:aws:cloudtrail:us-east-1:111111111111:trail/a"]) == {"text": _arn, "positions": []}
}

# As in the ARN of a trail and in its name alone: the resource type is no difference.
test_the_name_alone if {
	text := "arn:aws:cloudtrail:us-east-1:111111111111:management"
	_to([text]) == {"text": text, "positions": []}
	_to([text, "arn:aws:cloudtrail:us-east-1:111111111110:trail/management"]).text == text
}

test_each_part_that_differs if {
	differing := {
		1: "arn:aws-cn:cloudtrail:us-east-1:111111111111:trail/management",
		2: "arn:aws:s3:us-east-1:111111111111:trail/management",
		3: "arn:aws:cloudtrail:us-west-2:111111111111:trail/management",
		4: "arn:aws:cloudtrail:us-east-1:222222222222:trail/management",
		5: "arn:aws:cloudtrail:us-east-1:111111111111:trail/data",
	}
	every position, text in differing {
		_to([text]) == {"text": text, "positions": [position]}
	}
}

test_one_part_is_nearer_than_two if {
	one := "arn:aws:cloudtrail:us-west-2:111111111111:trail/management"
	two := "arn:aws:cloudtrail:us-east-1:222222222222:trail/data"
	_to([two, one]) == {"text": one, "positions": [3]}
	_to([two]) == {"text": two, "positions": [4, 5]}
}

test_more_than_two_parts if {
	three := "arn:aws:cloudtrail:us-west-2:222222222222:trail/data"
	five := "arn:aws-cn:s3:us-west-2:222222222222:trail/data"
	_to([five, three]) == {"text": three, "positions": [3, 4, 5]}
	_to([five]) == {"text": five, "positions": [1, 2, 3, 4, 5]}
}

test_on_a_tie_the_first_in_the_alphabet if {
	texts := [sprintf("arn:aws:cloudtrail:us-east-1:%v:trail/management", [account]) |
		some account in ["333333333333", "222222222222", "444444444444"]
	]
	_to(texts) == {"text": texts[1], "positions": [4]}
}

test_a_wildcard_that_fits_is_no_difference if {
	fitting := "arn:aws:cloudtrail:*:11111111111?:trail/m*"
	_to([fitting, "arn:aws:cloudtrail:us-east-1:222222222222:trail/management"]) == {"text": fitting, "positions": []}
	question := "arn:aws:cloudtrail:us-east-?:111111111111:trail/management"
	_to([question, "arn:aws:cloudtrail:us-east-1:222222222222:trail/management"]) == {"text": question, "positions": []}
	other := "arn:aws:cloudtrail:eu-*:111111111111:trail/*"
	_to([other]) == {"text": other, "positions": [3]}
}

test_what_is_no_arn_of_a_trail if {
	every text in ["management", "arn:aws:cloudtrail:us-east-1:111111111111", "a:b:c:d:e:f:g", ""] {
		_to([text]) == {"text": text, "positions": [0]}
	}
}

# It differs in one part at least, so that what differs in one, and comes first, is nearer.
test_what_is_no_arn_counts_as_one_difference if {
	one := "arn:aws:cloudtrail:us-west-2:111111111111:trail/management"
	_to(["management", one]) == {"text": one, "positions": [3]}
	_to(["a", one]) == {"text": "a", "positions": [0]}
	two := "arn:aws:cloudtrail:us-west-2:222222222222:trail/management"
	_to(["management", two]) == {"text": "management", "positions": [0]}
}

# What is looked up is what a comparison with each text would find.
test_as_if_all_were_compared if {
	texts := [sprintf("arn:%v:%v:%v:%v:%v", [partition, service, region, account, name]) |
		some partition in ["aws", "aws-cn"]
		some service in ["cloudtrail", "s3"]
		some region in ["us-east-1", "us-west-2", "*"]
		some account in ["111111111111", "222222222222"]
		some name in ["trail/management", "trail/data"]
	]
	every first, _ in texts {
		among := array.slice(texts, first, first + 7)
		compared := [[count(nearest.differing(text, _arn)), text] | some text in among]
		_to(among).text == min(compared)[1]
	}
}
