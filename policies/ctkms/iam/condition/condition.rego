# METADATA
# title: Conditions
# description: |
#   The Condition block of a statement as a list of comparisons, one per operator and key, all of which must hold.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
# custom:
#   library: true
package ctkms.iam.condition

import data.ctkms.iam.comparison
import data.ctkms.iam.context
import data.ctkms.iam.kleene
import data.ctkms.iam.operator

# METADATA
# description: |
#   The conditions of a statement as [{"operator", "key": as written, "name": lower-cased, "state": "ok" | "malformed"
#   | "unknown" | "undocumented" for an unknown operator, "parsed", "wanted", "values", "plain": true where no set
#   operator and no empty list is about}]; variables says whether ${...} is read as a variable: "yes", "no" or
#   "unknown".
prepare(statement, variables) := [] if {
	not "Condition" in object.keys(statement)
} else := [_whole("unknown")] if {
	kleene.is_unknown(statement.Condition)
} else := [_whole("malformed")] if {
	not is_object(statement.Condition)
} else := [condition |
	some name, block in statement.Condition
	parsed := operator.parse(name)
	some condition in _block(name, parsed, block, variables)
]

# METADATA
# description: "Whether all prepared conditions hold for a prepared request; malformed is the truth of a malformed one."
match(conditions, request, malformed) := 2 if {
	conditions == []
} else := kleene.every_of([truth | some condition in conditions; truth := match_one(condition, request, malformed)])

# METADATA
# description: "Whether one prepared condition holds for a prepared request; malformed is the truth of a malformed one."
match_one(condition, request, malformed) := _compared(condition, entry, request.context) if {
	condition.state == "ok"
	entry := context.lookup(request.context, condition.name)
} else := malformed if {
	condition.state == "malformed"
} else := 1

_whole(state) := {
	"operator": "", "key": "", "name": "", "state": state, "parsed": {}, "wanted": null, "values": {},
	"plain": false,
}

_without_key(name, state) := object.union(_whole(state), {"operator": name})

_block(name, parsed, block, variables) := [_without_key(name, "unknown")] if {
	kleene.is_unknown(block)
} else := [_without_key(name, "undocumented")] if {
	parsed.type == ""
} else := [_without_key(name, "malformed")] if {
	not is_object(block)
} else := [condition |
	some key, wanted in block
	items := kleene.listed(wanted)
	state := _state(items)
	values := comparison.prepare(parsed, _usable(state, items), variables)
	condition := {
		"operator": name,
		"key": key,
		"name": lower(key),
		"state": state,
		"parsed": parsed,
		"wanted": wanted,
		"values": values,
		"plain": [parsed.set, values.empty] == ["", false],
	}
]

_state(items) := "malformed" if {
	_has_other_than_values(items)
} else := "ok"

_usable(state, items) := items if {
	state == "ok"
} else := []

_has_other_than_values(items) if {
	some item in items
	not _is_value(item)
}

_is_value(item) if is_string(item)

_is_value(item) if is_number(item)

_is_value(item) if is_boolean(item)

_is_value(item) if kleene.is_unknown(item)

_compared(condition, entry, context) := _null(condition, entry) if {
	condition.parsed.type == "null"
} else := _absent(condition.parsed) if {
	entry.presence == 0
} else := _present(condition, entry.values, context) if {
	entry.presence == 2
} else := kleene.either(_absent(condition.parsed), _present(condition, entry.values, context))

_absent(parsed) := 2 if {
	parsed.if_exists
} else := 2 if {
	parsed.set == "ForAllValues"
} else := 2 if {
	parsed.set == ""
	parsed.negated
} else := 0

_present(condition, values, context) := _one(condition, values[0], context) if {
	condition.plain
	count(values) == 1
} else := {"ForAllValues": 2, "ForAnyValue": 0}[condition.parsed.set] if {
	values == [""]
	condition.parsed.set != ""
} else := _nothing_wanted(condition.parsed) if {
	condition.values.empty
} else := kleene.every_of([truth | some value in values; truth := _one(condition, value, context)]) if {
	condition.parsed.set == "ForAllValues"
} else := kleene.some_of([truth | some value in values; truth := _one(condition, value, context)])

_one(condition, value, context) := kleene.negation(truth) if {
	condition.parsed.negated
	truth := comparison.match(condition.parsed, condition.values, value, context)
} else := comparison.match(condition.parsed, condition.values, value, context)

_nothing_wanted(parsed) := 2 if {
	parsed.negated
	parsed.set == ""
	not parsed.if_exists
} else := 0

_null(condition, entry) := 2 if {
	condition.parsed.set == "ForAllValues"
} else := 0 if {
	condition.parsed.set == "ForAnyValue"
} else := kleene.some_of(array.concat(
	[truth | some wanted in condition.values.exact; truth := _is_null(wanted, entry)],
	[1 | condition.values.unknown],
))

_is_null(wanted, entry) := 1 if {
	entry.presence == 1
} else := _when(wanted, "true") if {
	entry.presence == 0
} else := _when(wanted, "true") if {
	entry.values == [""]
} else := _when(wanted, "false")

_when(wanted, given) := 2 if {
	wanted == given
} else := 0
