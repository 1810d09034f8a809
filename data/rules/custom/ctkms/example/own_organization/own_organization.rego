# METADATA
# title: Only callers of our organization use the key
# description: |
#   Tries to decrypt as somebody of another organization, with and without CloudTrail's encryption context. A
#   statement for everyone, or for another account, should demand our aws:PrincipalOrgID.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid
# custom:
#   id: EXAMPLE-OWN-ORGANIZATION
#   level: error
package custom.ctkms.example.own_organization

import data.ctkms.api

# METADATA
# description: "Each statement that lets, or may let, somebody of another organization in."
findings contains api.finding("EXAMPLE-OWN-ORGANIZATION", fields) if {
	_organization != ""
	some context in _contexts
	decided := api.decide(api.request("arn:aws:iam::999999999999:user/Stranger", "kms:Decrypt", context))
	some index in array.concat(decided.allowed_by, decided.maybe_allowed_by)
	entry := api.statement(index)
	fields := {
		"msg": sprintf("%v lets callers of other organizations than %v in", [api.label(entry), _organization]),
		"statement": entry,
		"path": ["Principal"],
		"remediation": sprintf(
			`Add "StringEquals": {"aws:PrincipalOrgID": "%v"} to the Condition of the statement`,
			[_organization],
		),
	}
}

# METADATA
# description: "Without our organization there is nothing to compare with."
not_evaluated contains {"rule": "EXAMPLE-OWN-ORGANIZATION", "why": why} if {
	_organization == ""
	why := "the expectations do not name the organization"
}

_organization := object.get(data.ctkms.api.expected, ["organization", "id"], "")

_stranger := {"aws:PrincipalOrgID": "o-stranger000"}

_contexts contains _stranger

_contexts contains object.union(_stranger, {"kms:EncryptionContext:aws:cloudtrail:arn": trail}) if {
	some trail, _ in data.ctkms.api.trails
}
