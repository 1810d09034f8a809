# METADATA
# title: Amazon Resource Names
# description: "Takes ARNs apart."
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
# custom:
#   library: true
package ctkms.iam.arn

# METADATA
# description: |
#   The parts of an ARN as {"partition", "service", "region", "account", "resource"}, any of which may be empty; the
#   resource keeps further colons. Undefined for anything else.
parse(text) := {
	"partition": segments[1],
	"service": segments[2],
	"region": segments[3],
	"account": segments[4],
	"resource": concat(":", array.slice(segments, 5, count(segments))),
} if {
	segments := split_or_empty(text)
	count(segments) > 5
	segments[0] == "arn"
}

# METADATA
# description: "The account in an ARN, or the 12-digit account id itself; an empty string where there is none."
account(text) := segments[4] if {
	segments := split_or_empty(text)
	count(segments) > 5
	segments[0] == "arn"
} else := text if {
	is_account(text)
} else := ""

# METADATA
# description: "True for a 12-digit account id. Undefined otherwise."
is_account(text) if {
	is_string(text)
	count(text) == 12
	regex.match(`^[0-9]{12}$`, text)
}

# METADATA
# description: "A string split at its colons; an empty array for anything else."
split_or_empty(text) := split(text, ":") if {
	is_string(text)
} else := []
