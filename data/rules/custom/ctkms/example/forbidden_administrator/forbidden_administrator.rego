# METADATA
# title: None of certain people administers the key
# description: |
#   Tries to change the key policy and to schedule the key's deletion as each of those whom the data file beside these
#   rules names. What the key policy leaves to the IAM policies of the account is not its fault.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-administrators
# custom:
#   id: EXAMPLE-FORBIDDEN-ADMINISTRATOR
#   level: error
package custom.ctkms.example.forbidden_administrator

import data.ctkms.api

# METADATA
# description: "Each of them whom the key policy lets do so, with the statement; a warning where that cannot be told."
findings contains api.finding("EXAMPLE-FORBIDDEN-ADMINISTRATOR", fields) if {
	some principal in data.custom.example.forbidden_administrators
	some action in ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"]
	decided := api.decide(api.request(principal, action, {}))
	[verb, level] := _words[decided.decision]
	some index in array.concat(decided.allowed_by, decided.maybe_allowed_by)
	entry := api.statement(index)
	fields := {
		"level": level,
		"msg": sprintf("%v %v %v administer the key (%v)", [api.label(entry), verb, principal, action]),
		"statement": entry,
		"path": ["Principal"],
		"remediation": sprintf("Take %v out of the statement, or deny it these actions", [principal]),
	}
}

_words := {"allow": ["lets", "error"], "unknown": ["may let", "warning"]}
