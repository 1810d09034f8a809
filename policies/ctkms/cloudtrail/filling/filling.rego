# METADATA
# title: Values that a pattern of a policy lets in
# description: |
#   From the wildcards of a condition to a value that should match it and that nobody expects: what a stranger would
#   bring. Whether it matches is for the evaluator to say.
# custom:
#   library: true
package ctkms.cloudtrail.filling

# METADATA
# description: "A text with its wildcards filled."
text(pattern) := replace(replace(pattern, "*", "ctkms-stranger"), "?", "x")

# METADATA
# scope: document
# description: "True where the text holds a wildcard."
wild(pattern) if contains(pattern, "*")

wild(pattern) if contains(pattern, "?")

# METADATA
# description: |
#   The account ids to try for the account field of a pattern: `foreign` where the field asks for nothing, one that is
#   not in the set `taken` where it asks for some digits, the id itself where there is no wildcard, none where no
#   account id can match.
accounts(field, foreign, taken) := [foreign] if {
	field == "*"
} else := array.slice(free, 0, 1) if {
	wild(field)
	free := [id | some id in _ids(field); not id in taken]
} else := [field | regex.match(`^[0-9]{12}$`, field)]

# METADATA
# description: |
#   A text that should match a pattern whose first wildcard may stand for several parts, as a list: filled with the
#   first of `runs` that gives a text of the form of a regular expression.
whole(pattern, runs, form) := array.slice(fitting, 0, 1) if {
	parts := split(pattern, "*")
	rest := concat("*", array.slice(parts, 1, count(parts)))
	fitting := [filled |
		some run in runs
		filled := text(concat(run, [parts[0], rest]))
		regex.match(form, filled)
	]
}

_ids(field) := [id |
	some digit in ["9", "8", "7", "6", "5", "4", "3", "2", "1", "0"]
	digits := concat("", [digit | some _ in numbers.range(1, 12)])
	fitting := substring(digits, 0, max([0, 12 - count(concat("", split(field, "*")))]))
	[first, rest] := [split(field, "*")[0], concat("", array.slice(split(field, "*"), 1, 12))]
	id := replace(concat(fitting, [first, rest]), "?", digit)
	regex.match(`^[0-9]{12}$`, id)
]
