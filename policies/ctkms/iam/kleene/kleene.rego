# METADATA
# title: Three-valued logic
# description: |
#   Kleene's logic on the numbers 0 (no), 1 (cannot tell) and 2 (yes), and the sentinel {"ctkms:unknown": "why"} that
#   stands in a document for a value that nobody knows yet.
# custom:
#   library: true
package ctkms.iam.kleene

# METADATA
# description: "The negation: no and yes change places, cannot tell stays."
negation(truth) := 2 - truth

# METADATA
# description: "Whether all of an array of truths hold; yes for none."
every_of(truths) := min(array.concat([2], truths))

# METADATA
# description: "Whether any of an array of truths holds; no for none."
some_of(truths) := max(array.concat([0], truths))

# METADATA
# description: "A truth that is one of two: the truth where both are equal, else cannot tell."
either(left, right) := left if {
	left == right
} else := 1

# METADATA
# description: "True for the sentinel of a value that is not known yet. Undefined otherwise."
is_unknown(value) if {
	is_object(value)
	"ctkms:unknown" in object.keys(value)
}

# METADATA
# description: "A value as a list: an array as it is, anything else as the only element."
listed(value) := value if {
	is_array(value)
} else := [value]
