# METADATA
# title: No object names a member twice
# description: |
#   Two members of the same name in one object are ambiguous: programs keep one of them and drop the other silently.
#   The names of condition keys ignore case, so two spellings of one key are the same member.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
# custom:
#   id: KP-DUPKEY
#   level: error
#   provenance: documented
package ctkms.rules.policy.duplicate_member

import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Members that the text gives more than once."
findings contains result.finding("KP-DUPKEY", {
	"msg": sprintf("The member \"%v\" is given more than once in the same object; only one of them counts", [twice.name]),
	"path": array.concat(twice.path, [twice.name]),
	"remediation": "Keep one of them; put several values into one list",
}) if {
	some twice in policy.as_list(object.get(_text, "duplicates", []))
	is_object(twice)
	is_array(object.get(twice, "path", null))
	is_string(object.get(twice, "name", null))
	count(policy.as_list(object.get(twice, "names", []))) < 2
}

# METADATA
# description: "Condition keys of one operator that differ only in case."
findings contains result.finding("KP-DUPKEY", {
	"msg": sprintf("%v: %v names the condition key %v more than once, spelled %v; key names ignore case", [
		policy.label(entry),
		operator,
		lower(names[0]),
		concat(" and ", names),
	]),
	"statement": entry,
	"path": ["Condition", operator],
	"remediation": "Keep one spelling; put several values into one list",
}) if {
	some entry in data.ctkms.evaluation.statements
	some [operator, names] in _spellings(entry.statement)
	count(names) > 1
}

_spellings(statement) := [[operator, names] |
	conditions := policy.conditions(statement)
	count(conditions) > 1
	some [operator, key] in {[condition.operator, condition.key] | some condition in conditions}
	names := sort([condition.name |
		some condition in conditions
		condition.operator == operator
		condition.key == key
	])
]

default _text := {}

_text := data.ctkms.evaluation.key.text if {
	is_object(object.get(data.ctkms.evaluation.key, "text", null))
}
