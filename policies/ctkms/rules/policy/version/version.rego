# METADATA
# title: The policy has Version 2012-10-17
# description: |
#   The Version names the policy language. Version 2008-10-17 is still valid, and a policy without Version is read
#   like it: policy variables such as ${aws:username} are then plain text. No other value is valid; it is not the date
#   of a change.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# custom:
#   id: KP-VERSION
#   level: warning
#   provenance: documented
package ctkms.rules.policy.version

import data.ctkms.policy
import data.ctkms.result

default _version := "2012-10-17"

_version := object.get(data.ctkms.evaluation.key.policy, "Version", null) if {
	is_object(data.ctkms.evaluation.key.policy)
}

# METADATA
# description: "No Version."
findings contains result.finding("KP-VERSION", {
	"msg": sprintf("The policy has no Version, which KMS documents as required%v", [_without_variables]),
	"remediation": _remediation,
}) if {
	_version == null
	data.ctkms.evaluation.key.kind != "statement"
}

# METADATA
# description: "A statement on its own has none."
findings contains result.finding("KP-VERSION", {
	"level": "note",
	"msg": "This is a statement on its own; the policy that it goes into needs \"Version\": \"2012-10-17\"",
	"remediation": "Add the statement to the list under \"Statement\" of the whole key policy",
}) if {
	_version == null
	data.ctkms.evaluation.key.kind == "statement"
}

# METADATA
# description: "The old Version."
findings contains result.finding("KP-VERSION", {
	"msg": sprintf("Version 2008-10-17 is outdated%v", [_without_variables]),
	"level": _level,
	"path": ["Version"],
	"remediation": _remediation,
}) if {
	_version == "2008-10-17"
}

# METADATA
# description: "Anything else."
findings contains result.finding("KP-VERSION", {
	"msg": sprintf("Version %v does not exist: it names the policy language, not the date of a change", [
		policy.compact(_version),
	]),
	"level": "error",
	"path": ["Version"],
	"remediation": _remediation,
}) if {
	not _version in {null, "2012-10-17", "2008-10-17"}
	not policy.is_unknown(_version)
}

_remediation := "Set \"Version\": \"2012-10-17\""

default _level := "warning"

_level := "error" if {
	count(_using_variables) > 0
}

default _without_variables := "; policy variables (${…}) would be plain text"

_without_variables := sprintf(", and %v would need 2012-10-17: policy variables (${…}) are plain text without it", [
	concat(", ", _using_variables),
]) if {
	count(_using_variables) > 0
}

# Policy variables are named like condition keys, with a colon; ${account_id} is a template's.
_using_variables := [policy.label(entry) |
	some entry in data.ctkms.evaluation.statements
	texts := policy.compact([value |
		some member, value in entry.statement
		member in {"Resource", "NotResource", "Condition"}
	])
	contains(texts, "${")
	regex.match(`\$\{(?:[A-Za-z0-9-]+:[^:{}][^{}]*|[*?$])\}`, texts)
]
