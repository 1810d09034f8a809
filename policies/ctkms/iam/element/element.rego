# METADATA
# title: An element and its negation
# description: |
#   Finds Action, Resource or Principal of a statement under its plain or its Not name, and says whether it is
#   well-formed.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
# custom:
#   library: true
package ctkms.iam.element

import data.ctkms.iam.kleene

# METADATA
# description: |
#   An element that is a string or a list of strings, as {"name", "state": "ok" | "none" where it is missing or empty |
#   "malformed" | "unknown", "items": strings and values that are not known yet}.
find(statement, plain, negated) := {"name": plain, "state": "malformed", "items": []} if {
	both(statement, plain, negated)
} else := _read(plain, statement[plain]) if {
	plain in object.keys(statement)
} else := _read(negated, statement[negated]) if {
	negated in object.keys(statement)
} else := {"name": "", "state": "none", "items": []}

# METADATA
# description: "True where a statement has an element under both names. Undefined otherwise."
both(statement, plain, negated) if {
	plain in object.keys(statement)
	negated in object.keys(statement)
}

# METADATA
# scope: document
# description: "True for a string and for a value that is not known yet. Undefined otherwise."
is_item(item) if is_string(item)

is_item(item) if kleene.is_unknown(item)

# METADATA
# description: |
#   True where a list holds something else than strings and values that are not known yet. Undefined otherwise.
has_other_than_items(list) if {
	some item in list
	not is_item(item)
}

_read(name, value) := {"name": name, "state": "unknown", "items": []} if {
	kleene.is_unknown(value)
} else := {"name": name, "state": "none", "items": []} if {
	value == []
} else := {"name": name, "state": "malformed", "items": []} if {
	has_other_than_items(kleene.listed(value))
} else := {"name": name, "state": "ok", "items": kleene.listed(value)}
