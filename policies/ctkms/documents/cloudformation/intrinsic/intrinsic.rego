# METADATA
# title: Intrinsic functions that nobody resolved
# description: |
#   In a template as it is written, a function stands for a value that only the deployment tells. Rego cannot follow
#   functions inside of functions, so each is the sentinel of what is not known yet. Total: takes any value.
# related_resources:
# - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
# custom:
#   library: true
package ctkms.documents.cloudformation.intrinsic

# METADATA
# description: "The value; the sentinel where it is a function."
value(written) := {"ctkms:unknown": sprintf("%v is not resolved here", [concat(", ", sort(_functions(written)))])} if {
	count(_functions(written)) > 0
} else := written

# METADATA
# description: "A key policy with every function in it as the sentinel, down to the values of its conditions."
policy(written) := _level_1(written) if {
	regex.match(`"(Ref|Fn::[A-Za-z:]+)":`, json.marshal(written))
} else := written

_functions(written) := {name |
	is_object(written)
	some name, _ in written
	_is_function(name)
}

_is_function(name) if name == "Ref"

_is_function(name) if startswith(name, "Fn::")

# Policy, Statement, statement, Condition, operator, key, value: each level calls the next, because a function that
# calls itself is refused.
_level_1(written) := {name: _level_2(inner) | some name, inner in written} if {
	_plain_object(written)
} else := value(written)

_level_2(written) := {name: _level_3(inner) | some name, inner in written} if {
	_plain_object(written)
} else := [_level_3(inner) | some inner in written] if {
	is_array(written)
} else := value(written)

_level_3(written) := {name: _level_4(inner) | some name, inner in written} if {
	_plain_object(written)
} else := [_level_4(inner) | some inner in written] if {
	is_array(written)
} else := value(written)

_level_4(written) := {name: _level_5(inner) | some name, inner in written} if {
	_plain_object(written)
} else := [_level_5(inner) | some inner in written] if {
	is_array(written)
} else := value(written)

_level_5(written) := {name: _level_6(inner) | some name, inner in written} if {
	_plain_object(written)
} else := [_level_6(inner) | some inner in written] if {
	is_array(written)
} else := value(written)

_level_6(written) := [value(inner) | some inner in written] if {
	is_array(written)
} else := value(written)

_plain_object(written) if {
	is_object(written)
	count(_functions(written)) == 0
}
