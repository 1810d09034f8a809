# METADATA
# title: How many strangers are tried
# description: |
#   Whoever writes a policy decides how many trails, callers and organizations its conditions name, and so how many
#   strangers there are to try, each on every statement and pattern. So that no policy takes as long as its writer
#   likes, only so many are tried, the fewer the more there is to compare. What is left untried cannot be told.
# custom:
#   library: true
package ctkms.cloudtrail.sample

import data.ctkms.cloudtrail.request

# METADATA
# description: |
#   How many strangers to try on a policy with these raw `statements`: a thousand, fewer where there are thousands of
#   wildcards, hundreds of statements or dozens of policy variables to compare each with: a pattern with a variable is
#   another one for each request.
most(statements) := max([20, floor(1000000 / sum([
	1000,
	_number(text, "*"),
	_number(text, "?"),
	10 * count(statements),
	60 * _number(text, "${"),
]))]) if {
	text := json.marshal(statements)
}

_number(text, of) := count(split(text, of)) - 1

# METADATA
# description: "The pairs of what two lists hold: all of them, or, where they are too many, of the first of each list."
pairs(left, right, limit) := [[one, other] |
	some one in array.slice(left, 0, _share(limit, right))
	some other in array.slice(right, 0, _share(limit, left))
]

# METADATA
# description: "True where pairs leaves some out."
is_cut(left, right, limit) := max([count(left) - _share(limit, right), count(right) - _share(limit, left)]) > 0

# METADATA
# description: |
#   Where one of `cuts` is true, a probe on `key` that stands for what was not tried, so that the report says so,
#   whatever else was tried: it tells in words what is open. Nobody needs to know what is decided of its own request.
rest(cuts, open, key) := [{
	"id": sprintf("untried: %v", [open]),
	"capability": "untried",
	"subject": null,
	"principal": data.ctkms.cloudtrail.request.service,
	"expect": "refuse",
	"what": "CloudTrail asks kms:DescribeKey, for want of what is not tried",
	"untried": open,
	"request": request.by_service("kms:DescribeKey", key, {}, {}),
} |
	count([cut | some cut in cuts; cut == true]) > 0
]

_share(limit, others) := max([min([4, limit]), floor(limit / max([1, count(others)]))])
