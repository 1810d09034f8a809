# METADATA
# title: The value that comes nearest to a trail's ARN
# description: |
#   Which of the values that a condition lists differs from the ARN of a trail in the fewest parts. Hundreds of trails
#   are compared with hundreds of values: values that differ in at most two parts are looked up.
# custom:
#   library: true
package ctkms.exclusion.nearest

import data.ctkms.iam.pattern

# METADATA
# description: "Texts, made ready for to. Some may have wildcards, or be no ARN at all."
index(texts) := {
	"texts": texts,
	"compared": [text | some text in texts; not _is_plain(text)],
	"found": {left_out: by_rest |
		some left_out in _left_out
		by_rest := object.union_n([{_rest(text, left_out): text} | some text in _last_first(texts); _is_plain(text)])
	},
}

# METADATA
# description: |
#   The text with the fewest differences from an ARN, on a tie the first in the alphabet, as {text, positions: of the
#   parts that differ, from 1; 0 for a text that is not the ARN of a trail}. There has to be a text.
to(indexed, arn) := {"text": nearest[1], "positions": differing(nearest[1], arn)} if {
	found := array.concat(_looked_up(indexed.found, arn), _compared(indexed.compared, arn))
	near := _or_all(found, indexed, arn)
	count(near) > 0
	nearest := min(near)
}

# METADATA
# description: "The positions of the parts in which a text differs from an ARN, as to gives them."
differing(text, arn) := [position |
	some position in _positions
	not pattern.like(trim_prefix(fields[position], "trail/"), trim_prefix(own[position], "trail/"))
] if {
	fields := split(text, ":")
	count(fields) == 6
	own := split(arn, ":")
} else := [0]

_positions := [1, 2, 3, 4, 5]

# Two parts at most.
_left_out := {{one, other} | some one in _positions; some other in _positions} | {set()}

_is_plain(text) if {
	count(split(text, ":")) == 6
	not contains(text, "*")
	not contains(text, "?")
}

# What else a text says.
_rest(text, left_out) := [trim_prefix(fields[position], "trail/") |
	fields := split(text, ":")
	some position in _positions
	not position in left_out
]

# Of texts that are alike, the first in the alphabet is to stay.
_last_first(texts) := [sorted[(count(sorted) - 1) - position] | sorted := sort(texts); some position, _ in sorted]

_looked_up(found, arn) := [[count(left_out), text] |
	some left_out, by_rest in found
	text := object.get(by_rest, [_rest(arn, left_out)], null)
	text != null
]

_compared(texts, arn) := [[count(differing(text, arn)), text] | some text in texts]

_or_all(near, indexed, arn) := near if {
	count(near) > 0
} else := _compared(indexed.texts, arn)
