# METADATA
# title: The encryption context admits every account that encrypts
# description: |
#   A condition on kms:EncryptionContext:aws:cloudtrail:arn has to match trails of every account that will encrypt
#   with the key (arn:aws:cloudtrail:*:<account>:trail/*), under an operator that heeds wildcards (StringLike).
#   Trails of an account that is left out cannot be created, or deliver nothing.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-encrypt
# custom:
#   id: CT-TRAIL-CTX-ACCOUNT
#   level: error
#   provenance: documented
package ctkms.rules.trail.context_account

import data.ctkms.exclusion
import data.ctkms.expectations
import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Each trail or account that the condition on the encryption context leaves out."
findings contains finding if {
	some shut_out in exclusion.found(["encrypt", "encrypt_account"], {"kms:encryptioncontext:aws:cloudtrail:arn"})
	subject := shut_out.one.probe.subject
	finding := result.finding("CT-TRAIL-CTX-ACCOUNT", {
		"msg": sprintf("%v does not let CloudTrail encrypt for trails of account %v: %v", [
			policy.label(shut_out.entry), expectations.account(subject), _why(shut_out),
		]),
		"subject": subject,
		"statement": shut_out.entry,
		"path": shut_out.element.path,
		"remediation": exclusion.advice(shut_out.one),
	})
}

_why(shut_out) := sprintf("to %v the wildcard in %v (%v) is a plain character", [
	shut_out.condition.operator,
	_literal(shut_out)[0],
	shut_out.condition.name,
]) if {
	count(_literal(shut_out)) > 0
} else := sprintf("%v names accounts %v only", [shut_out.condition.name, concat(", ", sort(_accounts(shut_out)))]) if {
	exclusion.positive(shut_out.condition.operator)
	count(_accounts(shut_out)) > 1
	not expectations.account(shut_out.one.probe.subject) in _accounts(shut_out)
} else := sprintf("%v names account %v only", [shut_out.condition.name, concat("", _accounts(shut_out))]) if {
	exclusion.positive(shut_out.condition.operator)
	count(_accounts(shut_out)) == 1
	not expectations.account(shut_out.one.probe.subject) in _accounts(shut_out)
} else := shut_out.element.why

_literal(shut_out) := exclusion.taken_literally(
	shut_out.condition,
	shut_out.one.probe.request.context["kms:EncryptionContext:aws:cloudtrail:arn"],
)

_accounts(shut_out) := {expectations.account(value) | some value in exclusion.texts(shut_out.condition)} - {"", "*"}
