# METADATA
# title: What little is missing
# description: |
#   Hints about an element that does not match a request by a hair: words for people, never a verdict. What to do is for
#   ctkms.remedy, whose advice was tried.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
# custom:
#   library: true
package ctkms.iam.hint

import data.ctkms.iam.pattern

# METADATA
# description: "A hint about an explained element of ctkms.iam, or \"\"; null is no element."
about(element) := "" if {
	element == null
} else := "" if {
	element.match != 0
} else := hints[0] if {
	hints := [said | some wanted in _texts(element.wanted); said := _hint(element, wanted); said != ""]
	count(hints) > 0
} else := ""

_hint(element, wanted) := sprintf("%v has no \":\" between the service and the operation", [wanted]) if {
	element.element == "Action"
	regex.match(`^kms[^:]+$`, wanted)
} else := sprintf("an account id has 12 digits, that of %v has %v", [wanted, count(id)]) if {
	id := _account(wanted)
	regex.match(`^[0-9]+$`, id)
	count(id) != 12
} else := sprintf(_to_the_letter, [element.path[1], wanted]) if {
	element.path[0] == "Condition"
	startswith(lower(element.path[1]), "stringequals")
	is_string(element.sent)
	regex.match(`[*?]`, wanted)
	pattern.like(wanted, element.sent)
} else := sprintf(_one_part, [_part[places[0]], wanted_part, sent_part]) if {
	is_string(element.sent)
	fields := split(wanted, ":")
	others := split(element.sent, ":")
	count(fields) == count(others)
	count(fields) > 5
	places := [place | some place, field in fields; field != others[place]]
	count(places) == 1
	places[0] < 6
	wanted_part := fields[places[0]]
	sent_part := others[places[0]]
} else := ""

_to_the_letter := "%v takes the wildcards of %v to the letter: StringLike and ArnLike heed them"

_one_part := "only the %v differs: %v in the policy, %v in the request"

_part := ["prefix", "partition", "service", "Region", "account", "name"]

_account(text) := fields[4] if {
	fields := split(text, ":")
	count(fields) > 5
} else := ""

# The texts of an element, for Principal those of its kinds.
_texts(value) := [value] if {
	is_string(value)
} else := [text | some text in value; is_string(text)] if {
	is_array(value)
} else := [text | some texts in value; some text in _list(texts)] if {
	is_object(value)
} else := []

_list(value) := [value] if {
	is_string(value)
} else := [text | some text in value; is_string(text)] if {
	is_array(value)
} else := []
