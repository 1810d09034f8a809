package ctkms.rules.policy.forall_context_test

import data.ctkms.rules.policy.forall_context
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-FORALL-CTX",
		"level": "error",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context",
	},
	fields,
)

test_passes_other_operators if {
	found := forall_context.findings with input as testing.of(testing.trail_policy)
	count(found) == 0
}

test_fails_on_an_encryption_context if {
	given := testing.of(testing.policy([
		testing.but(
			testing.decrypt,
			{"Condition": {"ForAllValues:StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": "x"}}},
		),
	]))
	found := forall_context.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 1 (AllowCloudTrailDecrypt): ForAllValues:StringLike on",
			"kms:EncryptionContext:aws:cloudtrail:arn; it is also true where the key is missing,",
			"and KMS refuses the policy",
		]),
		"path": ["Statement", 0, "Condition", "ForAllValues:StringLike", "kms:EncryptionContext:aws:cloudtrail:arn"],
		"remediation": "Use StringLike: the key has a single value",
		"statement": {"index": 0, "sid": "AllowCloudTrailDecrypt"},
	})}
}

test_fails_on_a_request_tag if {
	given := testing.of(testing.policy([
		testing.but(
			testing.decrypt,
			{"Condition": {"ForAllValues:StringEqualsIfExists": {"aws:RequestTag/team": "x"}}},
		),
	]))
	found := forall_context.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 1 (AllowCloudTrailDecrypt): ForAllValues:StringEqualsIfExists on",
			"aws:RequestTag/team; it is also true where the key is missing, and KMS refuses the",
			"policy",
		]),
		"path": ["Statement", 0, "Condition", "ForAllValues:StringEqualsIfExists", "aws:RequestTag/team"],
		"remediation": "Use StringEqualsIfExists: the key has a single value",
		"statement": {"index": 0, "sid": "AllowCloudTrailDecrypt"},
	})}
}

test_passes_the_keys_of_the_context if {
	given := testing.of(testing.policy([
		testing.but(
			testing.decrypt,
			{"Condition": {"ForAllValues:StringLike": {"kms:EncryptionContextKeys": "x"}}},
		),
	]))
	found := forall_context.findings with input as given
	count(found) == 0
}

test_passes_any_value if {
	given := testing.of(testing.policy([
		testing.but(
			testing.decrypt,
			{"Condition": {"ForAnyValue:StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": "x"}}},
		),
	]))
	found := forall_context.findings with input as given
	count(found) == 0
}
