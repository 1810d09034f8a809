# METADATA
# title: Values that conditions compare
# description: |
#   Readings of a condition's or request's scalar as text, boolean or number. Every function is total: what cannot be
#   read is null.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
# custom:
#   library: true
package ctkms.iam.value

# METADATA
# description: "The text of a string, number or boolean; null for anything else."
text(value) := value if {
	is_string(value)
} else := sprintf("%v", [value]) if {
	is_number(value)
} else := "true" if {
	value == true
} else := "false" if {
	value == false
} else := null

# METADATA
# description: "\"true\" or \"false\" for a boolean or its name in any case; null for anything else."
boolean(value) := lowered if {
	lowered := lower(sprintf("%v", [value]))
	lowered in {"true", "false"}
} else := null

# METADATA
# description: "A JSON number, or a string that is a decimal number, as a number; null for anything else."
number(value) := value if {
	is_number(value)
} else := to_number(concat("", [_sign(value), _whole(value), _rest(value)])) if {
	is_string(value)
	regex.match(`^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?$`, value)
} else := null

# No sign for zero, so that -0 is 0.
_sign(number) := "-" if {
	regex.match(`^-[0.]*[1-9]`, number)
} else := ""

# The digits before the point without leading zeros, and at least one.
_whole(number) := _digits_or_zero(trim_left(regex.split(`[.eE]`, trim_left(number, "+-"))[0], "0"))

_rest(number) := concat("", [_fraction(number), _exponent(number)])

_fraction(number) := "" if {
	trim_right(_first(`\.[0-9]*`, number), "0") in {"", "."}
} else := _first(`\.[0-9]*`, number)

_exponent(number) := lower(_first(`[eE].*$`, number))

_first(expression, text) := array.concat(regex.find_n(expression, text, 1), [""])[0]

_digits_or_zero(digits) := "0" if {
	digits == ""
} else := digits
