# METADATA
# title: aws:SourceArn names a trail of every account in the encryption context
# description: |
#   All conditions of a statement have to hold. A statement whose encryption context admits several accounts, while
#   its aws:SourceArn names trails of fewer, refuses the trails of the accounts that are left out. It is an error
#   where such a trail is expected, else a warning: AWS's own example of a second account is written so.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-encrypt
# custom:
#   id: CT-TRAIL-SOURCEARN-MULTI
#   level: error
#   provenance: documented
package ctkms.rules.trail.source_arn_multi

import data.ctkms.cloudtrail.request
import data.ctkms.cloudtrail.trail
import data.ctkms.evaluation
import data.ctkms.exclusion
import data.ctkms.expectations
import data.ctkms.iam
import data.ctkms.policy
import data.ctkms.result
import data.ctkms.verdict

# METADATA
# description: "Each account that a statement's encryption context admits and its aws:SourceArn leaves out."
findings contains finding if {
	some entry in data.ctkms.evaluation.statements
	_for_cloudtrail(entry.statement)
	some account in _left_out(entry)
	one := _one(account)
	verdict.refused(one.decision)
	finding := result.finding("CT-TRAIL-SOURCEARN-MULTI", {
		"level": _level(account),
		"msg": sprintf("%v: its encryption context admits accounts %v, but its aws:SourceArn only trails of %v; %v", [
			policy.label(entry),
			concat(", ", sort(_accounts(entry, _context))),
			concat(", ", sort(_accounts(entry, "aws:sourcearn"))),
			sprintf("both conditions have to hold, so that trails of account %v are refused", [account]),
		]),
		"subject": one.probe.subject,
		"statement": entry,
		"path": _place(entry),
		"remediation": _advice(entry, account, one),
	})
}

_for_cloudtrail(statement) if {
	statement.Effect == "Allow"
	some principal in policy.principals(statement)
	principal.value == data.ctkms.cloudtrail.request.service
}

_left_out(entry) := _accounts(entry, _context) - _accounts(entry, "aws:sourcearn") if {
	count(_accounts(entry, _context)) > 1
	count(_accounts(entry, "aws:sourcearn")) > 0
} else := set()

_context := "kms:encryptioncontext:aws:cloudtrail:arn"

# The accounts that a statement's conditions on a key ask for; other text in place of an account id counts as one too.
_accounts(entry, key) := {expectations.account(value) |
	some condition in policy.conditions(entry.statement)
	condition.key == key
	exclusion.positive(condition.operator)
	some value in exclusion.texts(condition)
	expectations.account(value) != ""
}

_place(entry) := [condition.path |
	some condition in policy.conditions(entry.statement)
	condition.key == "aws:sourcearn"
][0]

# A refused request for a trail of the account: an expected one, or else that of any trail.
_one(account) := _expected(account)[0] if {
	count(_expected(account)) > 0
} else := {"probe": {"subject": _any_trail(account)}, "decision": decision} if {
	regex.match(`^[0-9]{12}$`, account)
	decision := iam.decide(data.ctkms.evaluation.prepared, _request(account))
} else := {"decision": {"decision": ""}}

_expected(account) := [one |
	some capability in ["encrypt", "encrypt_account"]
	some one in evaluation.tried(capability)
	contains(one.probe.subject, ":trail/")
	expectations.account(one.probe.subject) == account
	verdict.refused(one.decision)
]

_any_trail(account) := sprintf("arn:%v:cloudtrail:*:%v:trail/*", [_field(1), account])

_request(account) := trail.encrypt(
	sprintf("arn:%v:cloudtrail:%v:%v:trail/ctkms-any-trail", [_field(1), _field(3), account]),
	request.resource(data.ctkms.evaluation.key.arn),
	{"ctkms:unknown": "any bucket"},
)

_field(position) := split(data.ctkms.evaluation.key.arn, ":")[position] if {
	expectations.account(data.ctkms.evaluation.key.arn) != ""
} else := "aws" if {
	position == 1
} else := "us-east-1"

_level(account) := "error" if {
	count(_expected(account)) > 0
} else := "warning"

_advice(entry, account, one) := exclusion.advice(one) if {
	count(_expected(account)) > 0
} else := sprintf("Name a trail of account %v in aws:SourceArn of %v, or take the account out of the context.", [
	account,
	policy.label(entry),
])
