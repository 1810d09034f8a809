# METADATA
# title: Base64 values
# description: "Reads base64 texts so that equal bytes are equal texts."
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Binary
# custom:
#   library: true
package ctkms.iam.binary

# METADATA
# description: "The canonical base64 text of the same bytes; null for what is not base64."
read(value) := value if {
	is_string(value)
	regex.match(`^(?:[A-Za-z0-9+/]{4})*$`, value)
} else := _canonical(value, 3, 16, "==") if {
	is_string(value)
	regex.match(`^(?:[A-Za-z0-9+/]{4})*[A-Za-z0-9+/]{2}==$`, value)
} else := _canonical(value, 2, 4, "=") if {
	is_string(value)
	regex.match(`^(?:[A-Za-z0-9+/]{4})*[A-Za-z0-9+/]{3}=$`, value)
} else := null

_alphabet := "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

# With the last digit, so many characters from the end, cut to its bits that belong to a byte.
_canonical(value, last, step, padding) := concat("", [
	substring(value, 0, count(value) - last),
	_floor(substring(value, count(value) - last, 1), step),
	padding,
])

# The bits of the last digit that belong to no byte do not count.
_floor(digit, step) := substring(_alphabet, place - (place % step), 1) if {
	place := indexof(_alphabet, digit)
}
