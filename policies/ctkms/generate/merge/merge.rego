# METADATA
# title: Putting statements together
# description: |
#   Statements that differ only in whom and what they name become one that names all of it.
# custom:
#   library: true
package ctkms.generate.merge

import data.ctkms.policy

# METADATA
# description: |
#   The statements of `parts`, a list of {kind, apart, statement}, as one for each kind and `apart`, in the order of
#   `kinds`: with the actions, principals and condition values of all of them. Those that become one have the same Sid
#   and condition keys.
merged(parts, kinds) := [whole |
	some kind in kinds
	some apart in {part.apart | some part in parts; part.kind == kind}
	ones := [part.statement |
		some part in parts
		part.kind == kind
		part.apart == apart
	]
	whole := object.union_n([
		ones[0],
		{
			"Action": united([one.Action | some one in ones]),
			"Principal": {name: united([one.Principal[name] | some one in ones]) | some name, _ in ones[0].Principal},
		},
		_condition(ones),
	])
]

# METADATA
# description: "The statements, each with a Sid of its own that is none of `taken`."
named(statements, taken) := [object.union(statement, {"Sid": free[before]}) |
	some position, statement in statements
	before := count([1 |
		some earlier in array.slice(statements, 0, position)
		earlier.Sid == statement.Sid
	])
	free := [one |
		some number in numbers.range(1, count(statements) + count(taken))
		one := _numbered(statement.Sid, number)
		not one in taken
	]
]

# METADATA
# description: "All of several values or lists of values: one as it is, several as a sorted list."
united(values) := found[0] if {
	found := _all(values)
	count(found) == 1
} else := _all(values)

_numbered(sid, number) := sid if {
	number == 1
} else := sprintf("%v%v", [sid, number])

_condition(ones) := {"Condition": {operator: keys |
	some operator, block in ones[0].Condition
	keys := {name: values |
		some name, _ in block
		values := united([one.Condition[operator][name] | some one in ones])
	}
}} if {
	"Condition" in object.keys(ones[0])
} else := {}

_all(values) := sort({one | some value in values; some one in policy.as_list(value)})
