# METADATA
# title: The policy holds only characters that KMS takes
# description: |
#   KMS takes tab, line feed, carriage return and the characters from U+0020 to U+00FF in a key policy. Quotation
#   marks and dashes that a word processor made curly or long are the usual cause.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
# custom:
#   id: KP-CHARS
#   level: error
#   provenance: documented
package ctkms.rules.policy.characters

import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Characters of the text that KMS refuses."
findings contains result.finding("KP-CHARS", {
	"msg": sprintf("The policy holds %v, which KMS refuses: only tab, line breaks and U+0020 to U+00FF may stand in it", [
		object.get(one, "character", "a character"),
	]),
	"path": _path(object.get(one, "path", [])),
	"remediation": _remediation,
}) if {
	some one in policy.as_list(object.get(_text, "invalid_characters", []))
	is_object(one)
}

# METADATA
# description: "Where only the data is known: parts of the policy that hold such characters."
findings contains result.finding("KP-CHARS", {
	"msg": sprintf("%v holds %v, which KMS refuses: only tab, line breaks and U+0020 to U+00FF may stand in it", [
		part.name,
		concat(", ", sort({character | some character in found})),
	]),
	"path": part.path,
	"remediation": _remediation,
}) if {
	not "invalid_characters" in object.keys(_text)
	some part in _parts
	found := regex.find_n(`[^\t\n\r\x{20}-\x{ff}]`, policy.compact(part.value), -1)
	count(found) > 0
}

_parts := array.concat(
	[{"name": policy.label(entry), "path": ["Statement", entry.index], "value": entry.statement} |
		some entry in data.ctkms.evaluation.statements
	],
	[{"name": name, "path": [name], "value": value} |
		is_object(data.ctkms.evaluation.key.policy)
		some name, value in data.ctkms.evaluation.key.policy
		name != "Statement"
	],
)

_remediation := "Write it with ASCII characters; curly quotation marks and long dashes come from word processors"

_path(path) := path if {
	is_array(path)
} else := []

default _text := {}

_text := data.ctkms.evaluation.key.text if {
	is_object(object.get(data.ctkms.evaluation.key, "text", null))
}
