# METADATA
# title: Only people of expected accounts are named
# description: |
#   Tries what those may do with the key whom the policy names in accounts that the expectations do not list, and
#   reports who succeeds: by decrypting, re-encrypting or granting they get at CloudTrail's data. Of what a caller
#   chooses, such as the encryption context, they bring what the conditions ask for. Those whom
#   CT-TRAIL-READER-UNLISTED or CT-EDS-USER-UNLISTED reports are left to it.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
# custom:
#   id: KP-PRINCIPAL-ACCOUNT
#   level: warning
#   provenance: inferred
package ctkms.rules.policy.principal_account

import data.ctkms.expectations
import data.ctkms.people.outsider
import data.ctkms.people.unlisted
import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Each principal of an account that nobody expects whom a statement lets use the key."
findings contains result.finding("KP-PRINCIPAL-ACCOUNT", {
	"level": _level,
	"msg": sprintf("%v lets %v use %v, and account %v %v", [
		policy.label(entry),
		who,
		outsider.actions(admitted),
		expectations.account(who),
		_unexpected[_level],
	]),
	"statement": entry,
	"path": path,
	"remediation": sprintf("Take %v out of the statement, or list account %v under accounts in the expectations.", [
		who,
		expectations.account(who),
	]),
}) if {
	some entry in data.ctkms.evaluation.statements
	let_in := object.union_n([{one.probe.principal: {one.probe.id: one}} | some one in outsider.foreigners(entry)])
	some who, by_id in let_in
	not who in _reported
	admitted := [one | some one in by_id]
	some path in unlisted.places(entry.index, who)
}

# Where nobody says which accounts there are, a stranger cannot be told from a partner.
default _level := "note"

_level := "warning" if {
	count(expectations.map(data.ctkms.expectations.all, "accounts")) > 0
}

_unexpected := {
	"warning": "is not among the expected ones",
	"note": "is not spoken of in the expectations",
}

_reported contains found.principal if {
	some capability in ["unlisted", "unlisted_user"]
	some found in unlisted.found(capability)
}
