# METADATA
# title: No placeholder of a sample is left
# description: |
#   AWS's samples hold placeholders (Region, account-id, key_ID, trailName, …), templates hold ${account_id},
#   <account> or [account]. Left in place they match nothing, or KMS refuses the policy. Policy variables of IAM,
#   such as ${aws:username}, are no placeholders.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
# custom:
#   id: CT-PLACEHOLDER
#   level: error
#   provenance: documented
package ctkms.rules.cloudtrail.placeholder

import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Each value of a statement that still holds placeholders."
findings contains finding if {
	some entry in data.ctkms.evaluation.statements
	some place in _places(entry.statement)
	found := _placeholders(place)
	count(found) > 0
	finding := result.finding("CT-PLACEHOLDER", {
		"msg": sprintf("%v still holds placeholders (%v) in %v \"%v\"", [
			policy.label(entry), concat(", ", object.keys(found)), place.element, place.value,
		]),
		"statement": entry,
		"path": place.path,
		"remediation": sprintf("Write %v.", [concat("; ", [advice |
			some name, meant in found
			advice := sprintf("%v in place of %v", [meant, name])
		])]),
	})
}

# Every string that names somebody or something: {element, kind, value, path}; kind tells what a value that is no ARN
# stands for.
_places(statement) := array.concat(_resources(statement), array.concat(_principals(statement), _values(statement)))

_resources(statement) := [{"element": element, "kind": "resource", "value": one.value, "path": one.path} |
	some element in ["Resource", "NotResource"]
	some one in policy.strings(statement, element)
]

_principals(statement) := [place |
	some principal in policy.principals(statement)
	place := {
		"element": principal.element,
		"kind": object.get({"AWS": "account", "Service": "host"}, principal.kind, "other"),
		"value": principal.value,
		"path": principal.path,
	}
]

_values(statement) := [{"element": condition.name, "kind": kind, "value": value, "path": path} |
	some condition in policy.conditions(statement)
	kind := _kind(condition.key)
	raw := statement.Condition[condition.operator][condition.name]
	some position, value in condition.values
	is_string(value)
	path := policy.member_path(condition.path, raw, position)
]

_kind(key) := "account" if {
	key in {"aws:sourceaccount", "aws:principalaccount", "kms:calleraccount", "aws:resourceaccount"}
} else := "host" if {
	key == "kms:viaservice"
} else := "free" if {
	startswith(key, "kms:encryptioncontext")
} else := "other"

# The placeholders in a value, each with what belongs there.
_placeholders(place) := _leftovers(place) if {
	count(_leftovers(place)) > 0
} else := _in_arn(split(place.value, ":")) if {
	startswith(place.value, "arn:")
	count(split(place.value, ":")) > 5
} else := {place.value: _account} if {
	place.kind == "account"
	_account_word(place.value)
} else := {label: _region | some label in split(place.value, "."); _region_word(label)} if {
	place.kind == "host"
} else := {place.value: _word(place.value)} if {
	place.kind in {"resource", "other", "account"}
	_word(place.value) != ""
} else := {}

_leftovers(place) := object.union_n([_templates(place.value), _angled(place), _bracketed(place)])

# ${name}, as templates have it; with a colon in it (${aws:username}) it is a variable of IAM, with two
# (${AWS::AccountId}) it is not.
_templates(value) := {leftover: "the value" |
	some leftover in regex.find_n(`\$\{[^}]+\}`, value, -1)
	not regex.match(`^\$\{(\s*[A-Za-z0-9-]+:[^:]|[*?$]\})`, leftover)
} if {
	contains(value, "${")
} else := {}

_angled(place) := {leftover: "the value" | some leftover in regex.find_n(`<[^<>]+>`, place.value, -1)} if {
	contains(place.value, "<")
	_structured(place)
} else := {}

_bracketed(place) := {part: "the value" |
	some part in split(replace(place.value, "/", ":"), ":")
	regex.match(`^\[[^\[\]]+\]$`, part)
} if {
	contains(place.value, "[")
	_structured(place)
} else := {}

# Text of an encryption context may be anything, unless it is an ARN.
_structured(place) if place.kind != "free"

_structured(place) if startswith(place.value, "arn:")

_in_arn(fields) := object.union_n([
	{fields[3]: _region | _region_word(fields[3])},
	{fields[4]: _account | _account_word(fields[4])},
	{part: _word(part) |
		some field in array.slice(fields, 5, count(fields))
		some part in split(field, "/")
		_word(part) != ""
	},
])

_region := "the Region (such as us-east-1)"

_account := "the 12-digit account id"

_region_word(field) if {
	contains(lower(field), "region")
	not contains(field, "${")
}

_account_word(field) if {
	contains(lower(field), "account")
	not contains(field, "${")
}

_account_word(field) if regex.match(`^[xX]{12}$`, field)

_account_word(field) if regex.match(`^\{.*\}$`, field)

_word(part) := object.get(_words, part, "")

_words := object.union(
	{part: _account | some part in ["account_ID", "account-id", "account_id", "accountId", "AccountId", "ACCOUNT_ID"]},
	{
		"key_ID": _key,
		"key-id": _key,
		"key_id": _key,
		"keyId": _key,
		"KEY_ID": _key,
		"trailName": "the trail's name",
		"trail-name": "the trail's name",
		"myBucketName": "the bucket's name",
		"username": "the user's name",
		"roleArn": "the role's ARN",
	},
)

_key := "the key's id (or \"*\" as the whole Resource: in a key policy that is this key)"
