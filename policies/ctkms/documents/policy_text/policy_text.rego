# METADATA
# title: Policies that are JSON text inside a string
# description: "What kinds of documents share that hold key policies as strings, as the KMS API gives them."
# custom:
#   library: true
package ctkms.documents.policy_text

# METADATA
# description: |
#   The policy in a text as {policy, problem, unparsable}; `where` names the string in words. The policy is null where
#   the text is not the JSON of an object, unparsable is true where the text is to blame.
read(text, where) := {
	"policy": null,
	"problem": sprintf("%v is not text", [where]),
	"unparsable": true,
} if {
	not is_string(text)
} else := {
	"policy": null,
	"problem": sprintf("%v is not JSON", [where]),
	"unparsable": true,
} if {
	not json.is_valid(text)
} else := {"policy": json.unmarshal(text), "problem": null, "unparsable": false} if {
	is_object(json.unmarshal(text))
} else := {"policy": null, "problem": sprintf("%v is not a JSON object", [where]), "unparsable": true}
