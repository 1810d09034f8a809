# METADATA
# title: Remedies
# description: |
#   The statement that a refused request lacks, as AWS documents it, and the words to offer it. Nothing is offered
#   that was not tried: the
#   policy with the statement added is evaluated first.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
# custom:
#   library: true
package ctkms.remedy

import data.ctkms.evaluation
import data.ctkms.expectations
import data.ctkms.policy

# METADATA
# description: "What to do about a refused request."
text(probe, decision) := sprintf("Change the IAM policies of %v: one of them denies %v.", [
	probe.principal,
	probe.request.action,
]) if {
	decision.decision == "explicit_deny"
	count(decision.denied_by) == 0
} else := _about_deny(probe, decision) if {
	decision.decision == "explicit_deny"
} else := sprintf("Add this statement (tried: the request is then %v): %v", [_words(tried), added]) if {
	added := json.marshal(statement(probe))
	tried := evaluation.decide_with([statement(probe)], set(), probe.request)
	tried.decision in {"allow", "needs_iam_policy"}
} else := "No statement that could be added changes this; rewrite the policy after AWS's page."

# METADATA
# description: "The documented statement that grants what a probe asks."
statement(probe) := object.union(
	{
		"Sid": _sid(probe),
		"Effect": "Allow",
		"Principal": _principal(probe),
		"Action": _action(probe),
		"Resource": "*",
	},
	_condition(probe),
)

_words(decision) := "allowed" if {
	decision.decision == "allow"
} else := "allowed together with an IAM policy of the caller"

_about_deny(probe, decision) := sprintf(
	"Let %v leave this request out. Without %v the request is %v.",
	[concat(" and ", labels), pronoun, words],
) if {
	count(decision.denied_by) > 0
	labels := [policy.label(evaluation.statement(index)) | some index in decision.denied_by]
	pronoun := ["it", "them"][min([count(labels), 2]) - 1]
	without := {index | some index in decision.denied_by}
	words := outcome(evaluation.decide_with([], without, probe.request).decision)
} else := sprintf("Remove the Deny that hits this request from the IAM policies of %v.", [probe.principal])

# METADATA
# scope: document
# description: "True for the ARN of an account's root, or its id, which stand for the account as a whole."
account_itself(principal) if endswith(principal, ":root")

account_itself(principal) if regex.match(`^[0-9]{12}$`, principal)

# METADATA
# scope: document
# description: "A decision in words."
outcome("allow") := "allowed"

outcome("needs_iam_policy") := "allowed together with an IAM policy of the caller"

outcome("unknown") := "still open: not all that decides it is known"

outcome(decision) := "still not allowed, because no other statement grants it" if {
	not decision in {"allow", "needs_iam_policy", "unknown"}
}

_sid(probe) := "AllowKeyAdministration" if {
	probe.capability == "administer"
	not account_itself(probe.principal)
} else := _sids[probe.capability]

_sids := {
	"encrypt": "AllowCloudTrailEncrypt",
	"encrypt_account": "AllowCloudTrailEncryptForAccount",
	"encrypt_further": "AllowCloudTrailEncrypt",
	"bucket_level": "AllowCloudTrailEncrypt",
	"describe": "AllowCloudTrailDescribeKey",
	"decrypt_service": "AllowCloudTrailDecrypt",
	"read": "EnableCloudTrailLogDecryptPermissions",
	"read_further": "EnableCloudTrailLogDecryptPermissions",
	"use": "EnableUserKeyPermissionsForEventDataStore",
	"copy": "AllowCopyRole",
	"notify": "AllowCloudTrailPublishToTopic",
	"administer": "EnableIAMUserPermissions",
}

_service_capabilities := {
	"encrypt",
	"encrypt_account",
	"encrypt_further",
	"bucket_level",
	"describe",
	"decrypt_service",
	"notify",
}

_principal(probe) := {"Service": probe.principal} if {
	probe.capability in _service_capabilities
} else := {"AWS": probe.principal}

_action(probe) := "kms:GenerateDataKey*" if {
	probe.capability in {"encrypt", "encrypt_account", "encrypt_further", "bucket_level"}
	_of_trail(probe)
} else := ["kms:Decrypt", "kms:GenerateDataKey"] if {
	probe.capability in {"use", "copy", "notify"}
} else := "kms:*" if {
	probe.capability == "administer"
	account_itself(probe.principal)
} else := _administration if {
	probe.capability == "administer"
} else := probe.request.action

# What key administrators may do in AWS's default key policy.
_administration := [
	"kms:CancelKeyDeletion",
	"kms:Create*",
	"kms:Delete*",
	"kms:Describe*",
	"kms:Disable*",
	"kms:Enable*",
	"kms:Get*",
	"kms:List*",
	"kms:Put*",
	"kms:Revoke*",
	"kms:RotateKeyOnDemand",
	"kms:ScheduleKeyDeletion",
	"kms:TagResource",
	"kms:UntagResource",
	"kms:Update*",
]

_condition(probe) := {"Condition": {
	"StringEquals": {"aws:SourceArn": probe.subject},
	"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": _any_trail_of(probe.subject)},
}} if {
	probe.capability in {"encrypt", "encrypt_further"}
	_of_trail(probe)
	"kms:EncryptionContext:aws:cloudtrail:arn" in object.keys(probe.request.context)
} else := {"Condition": {"StringLike": {"aws:SourceArn": probe.subject}}} if {
	probe.capability in {"describe", "decrypt_service"}
	_of_trail(probe)
	contains(probe.subject, "*")
} else := {"Condition": {"StringEquals": {"aws:SourceArn": probe.subject}}} if {
	probe.capability in {"encrypt_further", "bucket_level", "describe", "decrypt_service"}
	_of_trail(probe)
} else := {"Condition": {"StringLike": {
	"aws:SourceArn": probe.subject,
	"kms:EncryptionContext:aws:cloudtrail:arn": probe.subject,
}}} if {
	probe.capability == "encrypt_account"
} else := {"Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}}} if {
	probe.capability in {"read", "read_further"}
} else := {"Condition": object.union(_copied_bucket(probe.request.context), {"StringEquals": {
	"aws:SourceAccount": expectations.account(probe.subject),
	"aws:SourceArn": probe.subject,
}})} if {
	probe.capability == "copy"
} else := {}

_copied_bucket(context) := {"StringLike": {"kms:EncryptionContext:aws:s3:arn": sprintf("%v/*", [bucket])}} if {
	path := context["kms:EncryptionContext:aws:s3:arn"]
	is_string(path)
	bucket := split(path, "/")[0]
} else := {}

_of_trail(probe) if contains(probe.subject, ":trail/")

_any_trail_of(arn) := sprintf("arn:%v:cloudtrail:*:%v:trail/*", [split(arn, ":")[1], expectations.account(arn)])
